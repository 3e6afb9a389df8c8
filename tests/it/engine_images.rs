//! The images of a namespace: what is asked for beside what runs.

use bartizan::engine::Engine;
use bartizan::engine::images::{ImageRow, Place, Ran};
use bartizan::model::{Kind, Object};
use bartizan::source::wire::{Pool, decode_json};
use bartizan::view::World;

const A: &str = "sha256:4b3c1a0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef";
const B: &str = "sha256:0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef4b3c1a";

fn pod(name: &str, image: &str, id: &str, started: &str) -> String {
    format!(
        r#"{{"metadata":{{"name":"{name}","namespace":"shop","labels":{{"app":"web"}},
        "ownerReferences":[{{"apiVersion":"apps/v1","kind":"StatefulSet","name":"web","uid":"u","controller":true}}]}},
        "spec":{{"imagePullSecrets":[{{"name":"login"}}],"containers":[{{"name":"web","image":"{image}"}}],
        "volumes":[{{"name":"model","image":{{"reference":"registry:5000/model:1"}}}}]}},
        "status":{{"phase":"Running","startTime":"{started}","containerStatuses":[{{"name":"web","image":"x","imageID":"{id}",
        "volumeMounts":[{{"name":"model","volumeStatus":{{"image":{{"imageRef":"registry:5000/model@{A}"}}}}}}]}}]}}}}"#
    )
}

fn rows(objects: &[(Kind, String)]) -> Vec<ImageRow> {
    let mut pool = Pool::new();
    let decoded = objects
        .iter()
        .map(|(kind, json)| decode_json(*kind, json, &mut pool).unwrap());
    let world = World::closed(decoded.collect::<Vec<Object>>());
    let snapshot = Engine::of(world).publish();
    snapshot.spaces["shop"].images.clone()
}

#[test]
fn what_is_asked_for_and_what_runs_stand_beside_each_other() {
    let set = r#"{"metadata":{"name":"web","namespace":"shop"},"spec":{"template":{"spec":{"containers":[{"name":"web","image":"web:2"}]}}}}"#;
    let image = |digest| format!("docker.io/library/web@{digest}");
    let all = rows(&[
        (Kind::StatefulSet, set.to_owned()),
        (
            Kind::Pod,
            pod("web-0", "web:1", &image(A), "2026-01-02T00:00:00Z"),
        ),
        (
            Kind::Pod,
            pod("web-1", "web:1", &image(A), "2026-01-01T00:00:00Z"),
        ),
        (
            Kind::Pod,
            pod("web-2", "web:1", &image(B), "2026-01-03T00:00:00Z"),
        ),
        (Kind::Pod, pod("web-3", "web:1", A, "2026-01-03T00:00:00Z")),
    ]);
    let names: Vec<(&str, &str, bool)> = all
        .iter()
        .map(|row| (&*row.image, &*row.name, row.uses[0].template))
        .collect();
    assert_eq!(
        names,
        [
            ("registry:5000/model:1", "registry:5000/model", false),
            ("web:1", "docker.io/library/web", false),
            ("web:2", "docker.io/library/web", true),
        ]
    );
    assert_eq!(all[0].uses[0].place, Place::Volume);
    assert_eq!(
        (&all[0].uses[0].runs[0].ran, all[0].uses[0].runs[0].pods),
        (&Ran::Digest(A.into()), 4)
    );
    let runs = &all[1].uses[0].runs;
    let seen: Vec<_> = runs.iter().map(|run| (&run.ran, run.pods)).collect();
    assert_eq!(
        seen,
        [
            (&Ran::Digest(B.into()), 1),
            (&Ran::Digest(A.into()), 2),
            (&Ran::Local(A.into()), 1)
        ]
    );
    assert_eq!(runs[1].oldest, Some(1_767_225_600));
    assert_eq!(&*all[1].uses[0].secrets[0], "login");
    assert!(all[2].uses[0].runs.is_empty());
}
