//! The live source against a fake API server: what the watch protocol does in good order and in bad.

use std::time::Duration;

use bartizan::model::sight::State;
use bartizan::model::{Kind, Object, ObjectKey, Reason};
use serde_json::json;

use crate::api_world::World;
use crate::fake_api::{FakeApi, Reply};

fn pod(name: &str) -> serde_json::Value {
    json!({"metadata": {"name": name, "namespace": "shop", "labels": {"app": "cart"}}, "spec": {"containers": [{"name": "c", "image": "i:1"}]}})
}

fn account(name: &str) -> serde_json::Value {
    json!({"metadata": {"name": name, "namespace": "shop"}})
}

const BLIND: State = State::Blind(Reason::Unreachable);

#[test]
fn everything_is_listed_watched_and_said_to_be_live() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    fake.put("serviceaccounts", account("default"));
    let mut world = fake.watch();
    world.until("all live", |w| {
        Kind::all().all(|kind| w.state(kind) == Some(&State::Live))
    });
    assert!(
        world.has(Kind::Pod, "shop", "cart-1")
            && world.has(Kind::ServiceAccount, "shop", "default")
    );
    assert_eq!(world.cluster.identity, "sre-readonly");
    assert_eq!(world.cluster.uid, "uid-of-the-cluster");
    assert_eq!(
        world.cluster.version.as_ref().map(|v| (v.major, v.minor)),
        Some((1, 36))
    );
    fake.put("pods", pod("cart-2"));
    world.until("an addition", |w| w.has(Kind::Pod, "shop", "cart-2"));
    let mut changed = pod("cart-2");
    changed["status"] = json!({"podIP": "10.0.0.9", "phase": "Running"});
    fake.put("pods", changed);
    let key = ObjectKey::namespaced(Kind::Pod, "shop", "cart-2");
    world.until("a change", |w| matches!(w.objects.get(&key).map(AsRef::as_ref), Some(Object::Pod(pod)) if pod.ips.len() == 1));
    fake.delete("pods", Some("shop"), "cart-1");
    world.until("a deletion", |w| !w.has(Kind::Pod, "shop", "cart-1"));
}

#[test]
fn small_kinds_come_before_big_ones() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    let mut world = fake.watch();
    world.settle();
    let at = |word: &str| {
        world
            .said
            .iter()
            .position(|said| said.starts_with(word))
            .unwrap()
    };
    assert!(at("state NetworkPolicy") < at("state Pod"));
    let log = fake.log();
    let asked = |part: &str| log.iter().position(|line| line.contains(part)).unwrap();
    assert!(
        asked("/networkpolicies?") < asked("/api/v1/pods?"),
        "{log:#?}"
    );
}

#[test]
fn lists_come_in_pages_of_500_and_are_complete() {
    let fake = FakeApi::new();
    for n in 0..1201 {
        fake.put("pods", pod(&format!("cart-{n:04}")));
    }
    let mut world = fake.watch();
    world.until("pods are live", |w| {
        w.state(Kind::Pod) == Some(&State::Live)
    });
    assert_eq!(world.names(Kind::Pod).len(), 1201);
    assert_eq!(fake.count(&["/api/v1/pods?", "limit=500"]), 3);
    assert!(world.said.iter().any(|said| said == "loading Pod 500"));
    assert!(world.said.iter().any(|said| said == "listed Pod None 1201"));
}

#[test]
fn a_list_that_is_denied_is_not_visible_and_not_asked_for_again_at_once() {
    let fake = FakeApi::new();
    // The review allows what the list then denies: a webhook authorizer that is behind.
    fake.hook(|asked| {
        asked
            .is_list("pods")
            .then_some(Reply::Status(403, "Forbidden", "pods is forbidden"))
    });
    let mut world = fake.watch();
    world.until("forbidden", |w| {
        w.state(Kind::Pod) == Some(&State::Blind(Reason::Forbidden))
    });
    world.listen(Duration::from_secs(3));
    assert_eq!(fake.count(&["GET", "/api/v1/pods?"]), 1);
    fake.heal();
    fake.put("pods", pod("cart-1"));
    world.handle.relist();
    world.until("visible after a key", |w| {
        w.state(Kind::Pod) == Some(&State::Live) && w.has(Kind::Pod, "shop", "cart-1")
    });
}

#[test]
fn a_review_that_denies_saves_the_request() {
    let fake = FakeApi::new();
    fake.allow(|_, plural, _| plural != "nodes");
    let mut world = fake.watch();
    world.until("forbidden", |w| {
        w.state(Kind::Node) == Some(&State::Blind(Reason::Forbidden))
    });
    world.settle();
    assert_eq!(fake.count(&["GET", "/nodes?"]), 0);
    fake.allow(|_, _, _| true);
    world.handle.relist();
    world.until("visible after a key", |w| {
        w.state(Kind::Node) == Some(&State::Live)
    });
}

#[test]
fn a_review_that_fails_is_no_denial() {
    let fake = FakeApi::new();
    fake.hook(|asked| {
        asked
            .path
            .ends_with("selfsubjectaccessreviews")
            .then_some(Reply::Status(500, "InternalError", "webhook down"))
    });
    let mut world = fake.watch();
    world.until("all live", |w| {
        Kind::all().all(|kind| w.state(kind) == Some(&State::Live))
    });
}

#[test]
fn an_evaluation_error_is_no_denial() {
    let fake = FakeApi::new();
    let answer = json!({"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "spec": {}, "status": {"allowed": false, "evaluationError": "webhook timed out"}});
    fake.hook(move |asked| {
        asked
            .path
            .ends_with("selfsubjectaccessreviews")
            .then(|| Reply::Text(201, "application/json", answer.to_string()))
    });
    let mut world = fake.watch();
    world.until("all live", |w| {
        Kind::all().all(|kind| w.state(kind) == Some(&State::Live))
    });
}

#[test]
fn an_add_on_that_is_not_served_has_no_objects_and_a_kind_of_kubernetes_is_not_visible() {
    let fake = FakeApi::new();
    fake.absent("gateways");
    fake.absent("networkpolicies");
    let mut world = fake.watch();
    world.until("gateways", |w| w.state(Kind::Gateway) == Some(&State::Live));
    world.until("policies", |w| {
        w.state(Kind::NetworkPolicy) == Some(&State::Blind(Reason::NotServed))
    });
    world.settle();
    assert_eq!(
        fake.count(&["/gateways"]) + fake.count(&["/networkpolicies"]),
        0
    );
    fake.present("networkpolicies");
    world.handle.relist();
    world.until("served now", |w| {
        w.state(Kind::NetworkPolicy) == Some(&State::Live)
    });
}

#[test]
fn a_404_on_a_list_reads_not_served() {
    let fake = FakeApi::new();
    let page = || Reply::Text(404, "text/plain", "404 page not found\n".to_owned());
    fake.hook(move |asked| {
        (asked.is_list("networkpolicies") || asked.is_list("gateways")).then(page)
    });
    let mut world = fake.watch();
    world.until("policies", |w| {
        w.state(Kind::NetworkPolicy) == Some(&State::Blind(Reason::NotServed))
    });
    world.until("gateways", |w| w.state(Kind::Gateway) == Some(&State::Live));
}

#[test]
fn a_watch_that_the_server_ends_is_resumed_without_a_list() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    let mut world = fake.watch();
    world.settle();
    world.until("pods watched", |_| fake.open_watches("pods") == 1);
    fake.close_watches("pods");
    fake.put("pods", pod("cart-2"));
    world.until("an addition in between", |w| {
        w.has(Kind::Pod, "shop", "cart-2")
    });
    assert_eq!(
        fake.count(&["GET", "/api/v1/pods?", "limit="]),
        1,
        "no second list"
    );
    assert!(
        world.gone.is_empty()
            && !world
                .said
                .iter()
                .any(|s| s.starts_with("state Pod") && s.contains("Stale"))
    );
}

#[test]
fn a_watch_that_breaks_is_resumed_and_keeps_the_data() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    let mut world = fake.watch();
    world.settle();
    fake.break_watches("pods");
    fake.put("pods", pod("cart-2"));
    world.until("resumed", |w| {
        w.has(Kind::Pod, "shop", "cart-2") && w.state(Kind::Pod) == Some(&State::Live)
    });
    assert!(world.has(Kind::Pod, "shop", "cart-1") && world.gone.is_empty());
    assert!(
        world.said.contains(&"state Pod None Stale".to_owned()),
        "its age was shown"
    );
    assert_eq!(
        fake.count(&["GET", "/api/v1/pods?", "limit="]),
        1,
        "no second list"
    );
}

#[test]
fn a_version_that_is_too_old_inside_a_watch_lists_again_and_never_clears() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    fake.put("pods", pod("cart-2"));
    let mut world = fake.watch();
    world.settle();
    fake.forget("pods", Some("shop"), "cart-2");
    let expired = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Expired", "code": 410, "message": "too old"});
    fake.say(
        "pods",
        &format!("{{\"type\":\"ERROR\",\"object\":{expired}}}"),
    );
    world.until("what was missed is gone", |w| {
        !w.has(Kind::Pod, "shop", "cart-2")
    });
    assert!(world.has(Kind::Pod, "shop", "cart-1"));
    assert_eq!(
        world.gone.iter().map(String::as_str).collect::<Vec<_>>(),
        ["po shop/cart-2"],
        "nothing else ever went"
    );
}

#[test]
fn a_version_that_is_too_old_when_a_watch_starts_lists_again() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    fake.hook(|asked| {
        (asked.watches("pods") && asked.nth == 0).then_some(Reply::Status(
            410,
            "Expired",
            "too old resource version",
        ))
    });
    let mut world = fake.watch();
    world.until("a second list and a watch", |_| {
        fake.count(&["/api/v1/pods?", "limit="]) == 2 && fake.open_watches("pods") == 1
    });
    fake.put("pods", pod("cart-2"));
    world.until("followed", |w| w.has(Kind::Pod, "shop", "cart-2"));
}

#[test]
fn a_server_that_always_says_too_old_is_not_hammered() {
    let fake = FakeApi::new();
    fake.hook(|asked| {
        asked
            .watches("pods")
            .then_some(Reply::Status(410, "Expired", "too old resource version"))
    });
    let mut world = fake.watch();
    world.settle();
    world.listen(Duration::from_secs(5));
    let lists = fake.count(&["/api/v1/pods?", "limit="]);
    assert!(
        (2..=4).contains(&lists),
        "{lists} lists in about five seconds"
    );
}

#[test]
fn a_page_token_that_expires_starts_the_list_again_and_then_asks_for_all_at_once() {
    let fake = FakeApi::new();
    for n in 0..700 {
        fake.put("pods", pod(&format!("cart-{n:04}")));
    }
    fake.hook(|asked| {
        asked
            .query
            .contains_key("continue")
            .then_some(Reply::Status(
                410,
                "Expired",
                "the continue token is too old",
            ))
    });
    let mut world = fake.watch();
    world.until("pods are live", |w| {
        w.state(Kind::Pod) == Some(&State::Live)
    });
    assert_eq!(world.names(Kind::Pod).len(), 700);
    let firsts: Vec<_> = fake
        .log()
        .into_iter()
        .filter(|l| l.contains("/api/v1/pods?") && !l.contains("watch") && !l.contains("continue"))
        .collect();
    assert_eq!(firsts.len(), 3, "{firsts:#?}");
    assert!(firsts[0].contains("limit=500") && !firsts[2].contains("limit"));
    assert!(world.gone.is_empty());
}

#[test]
fn a_busy_server_says_how_long_to_wait() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    let busy = r#"{"kind":"Status","code":429,"reason":"TooManyRequests","details":{"retryAfterSeconds":1}}"#;
    fake.hook(move |asked| {
        (asked.is_list("pods") && asked.nth < 2)
            .then(|| Reply::Text(429, "application/json", busy.to_owned()))
    });
    let mut world = fake.watch();
    world.until("listed", |w| w.has(Kind::Pod, "shop", "cart-1"));
    assert!(
        !world
            .said
            .iter()
            .any(|s| s.starts_with("state Pod") && s.contains("Blind")),
        "busy is not blind"
    );
    assert_eq!(fake.count(&["/api/v1/pods?", "limit="]), 3);
}

#[test]
fn one_object_that_cannot_be_decoded_changes_nothing_else() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    fake.put("pods", json!({"metadata": {"name": "odd", "namespace": "shop"}, "spec": {"hostNetwork": "perhaps"}}));
    fake.put("pods", pod("cart-2"));
    let mut world = fake.watch();
    let odd = ObjectKey::namespaced(Kind::Pod, "shop", "odd");
    world.until("pods are live", |w| {
        w.state(Kind::Pod) == Some(&State::Live)
    });
    assert_eq!(world.names(Kind::Pod), ["cart-1", "cart-2"]);
    assert!(
        world.broken[&odd].starts_with("spec.hostNetwork: "),
        "{:?}",
        world.broken
    );
    fake.put("pods", pod("odd"));
    world.until("mended", |w| {
        w.broken.is_empty() && w.objects.contains_key(&odd)
    });
    fake.put(
        "pods",
        json!({"metadata": {"name": "odd", "namespace": "shop"}, "spec": {"containers": {}}}),
    );
    world.until("broken in a watch", |w| w.broken.contains_key(&odd));
    fake.delete("pods", Some("shop"), "odd");
    world.until("gone", |w| {
        w.broken.is_empty() && !w.objects.contains_key(&odd)
    });
    assert_eq!(
        fake.count(&["/api/v1/pods?", "limit="]),
        1,
        "no list was needed"
    );
}

#[test]
fn bookmarks_and_unknown_events_only_move_the_version() {
    let fake = FakeApi::new();
    let mut world = fake.watch();
    world.settle();
    world.until("pods watched", |_| fake.open_watches("pods") == 1);
    fake.say(
        "pods",
        r#"{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"4711"}}}"#,
    );
    fake.say("pods", r#"{"type":"SOMETHING","object":{"metadata":{"name":"x","namespace":"shop","resourceVersion":"4712"}}}"#);
    std::thread::sleep(Duration::from_millis(200));
    fake.close_watches("pods");
    world.until("resumed from there", |_| {
        fake.count(&["/api/v1/pods?", "watch=true", "resourceVersion=4712"]) == 1
    });
    assert!(world.names(Kind::Pod).is_empty());
}

#[test]
fn events_may_write_their_object_before_their_type() {
    let fake = FakeApi::new();
    let mut world = fake.watch();
    world.settle();
    world.until("pods watched", |_| fake.open_watches("pods") == 1);
    fake.say("pods", r#"{"object":{"metadata":{"name":"late","namespace":"shop","resourceVersion":"900"}},"type":"ADDED"}"#);
    world.until("read", |w| w.has(Kind::Pod, "shop", "late"));
}

#[test]
fn a_list_that_fails_is_not_visible_and_never_empty() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    fake.hook(|asked| {
        asked.is_list("pods").then_some(Reply::Text(
            503,
            "text/html",
            "<html>upstream unavailable</html>".into(),
        ))
    });
    let mut world = fake.watch();
    world.until("unreachable", |w| w.state(Kind::Pod) == Some(&BLIND));
    assert!(
        !world.said.iter().any(|s| s.starts_with("listed Pod")),
        "nothing may be said to be complete"
    );
    fake.heal();
    world.until("tried again", |w| {
        w.state(Kind::Pod) == Some(&State::Live) && w.has(Kind::Pod, "shop", "cart-1")
    });
}

#[test]
fn a_list_that_breaks_off_or_is_no_list_is_not_visible() {
    for reply in [
        Reply::Break("{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{\"meta".into()),
        Reply::Text(200, "text/html", "<html>Sign in</html>".into()),
        Reply::Refuse,
    ] {
        let fake = FakeApi::new();
        fake.put("pods", pod("cart-1"));
        let bad = reply.clone();
        fake.hook(move |asked| asked.is_list("pods").then(|| bad.clone()));
        let mut world = fake.watch();
        world.until("unreachable", |w| w.state(Kind::Pod) == Some(&BLIND));
        assert!(
            !world.said.iter().any(|s| s.starts_with("listed Pod")),
            "{reply:?}"
        );
        fake.heal();
        world.until("tried again", |w| w.state(Kind::Pod) == Some(&State::Live));
    }
}

#[test]
fn a_kind_that_may_be_listed_but_not_watched_keeps_its_data() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    fake.allow(|verb, plural, _| !(verb == "watch" && plural == "pods"));
    let mut world = fake.watch();
    world.until("stale, not blind", |w| {
        w.state(Kind::Pod) == Some(&State::Stale) && w.has(Kind::Pod, "shop", "cart-1")
    });
    fake.put("pods", pod("cart-2"));
    world.handle.relist();
    world.until("read again by a key", |w| {
        w.has(Kind::Pod, "shop", "cart-2")
    });
}

#[test]
fn reading_again_drops_what_was_missed_and_nothing_else() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    fake.put("pods", pod("cart-2"));
    let mut world = fake.watch();
    world.settle();
    world.until("watched", |_| fake.open_watches("pods") == 1);
    fake.forget("pods", Some("shop"), "cart-1");
    world.handle.relist();
    world.until("gone", |w| !w.has(Kind::Pod, "shop", "cart-1"));
    assert!(world.has(Kind::Pod, "shop", "cart-2"));
}

#[test]
fn replica_sets_come_as_metadata_and_orphans_whole() {
    let fake = FakeApi::new();
    let template = json!({"replicas": 1, "template": {"spec": {"containers": [{"name": "c", "image": "i:1"}]}}});
    let owner = json!([{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": "u", "controller": true}]);
    fake.put("replicasets", json!({"metadata": {"name": "owned", "namespace": "shop", "ownerReferences": owner}, "spec": template}));
    fake.put(
        "replicasets",
        json!({"metadata": {"name": "lone", "namespace": "shop"}, "spec": template}),
    );
    let mut world = fake.watch();
    world.until("live", |w| w.state(Kind::ReplicaSet) == Some(&State::Live));
    let kind_of = |world: &World, name: &str| match world
        .objects
        .get(&ObjectKey::namespaced(Kind::ReplicaSet, "shop", name))
        .map(AsRef::as_ref)
    {
        Some(Object::MetadataOnly(_)) => "metadata",
        Some(Object::Workload(_)) => "workload",
        _ => "nothing",
    };
    assert_eq!(
        (kind_of(&world, "owned"), kind_of(&world, "lone")),
        ("metadata", "workload")
    );
    assert_eq!(
        fake.count(&["/replicasets?", "limit=500", "PartialObjectMetadataList"]),
        1
    );
    assert_eq!(
        fake.count(&["/replicasets?", "fieldSelector=metadata.name%3Dlone"]),
        1
    );
    // Its Deployment is deleted with --cascade=orphan: now it is a workload.
    fake.put(
        "replicasets",
        json!({"metadata": {"name": "owned", "namespace": "shop"}, "spec": template}),
    );
    world.until("orphaned", |w| kind_of(w, "owned") == "workload");
}

#[test]
fn a_server_before_aggregated_discovery_is_asked_group_by_group() {
    let fake = FakeApi::new();
    fake.without_aggregated_discovery();
    fake.absent("gateways");
    fake.absent("httproutes");
    let mut world = fake.watch();
    world.until("all live", |w| {
        Kind::all().all(|kind| w.state(kind) == Some(&State::Live))
    });
    assert_eq!(fake.count(&["GET /apis/apps/v1 "]), 1);
    assert_eq!(fake.count(&["/gateways"]), 0);
}

#[test]
fn only_reads_and_reviews_ever_leave_and_nothing_asks_for_secrets() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    let mut world = fake.watch();
    world.settle();
    for line in fake.log() {
        let read = line.starts_with("GET ");
        let review = line.starts_with("POST /apis/auth") && line.contains("/selfsubject");
        assert!((read || review) && !line.contains("secrets"), "{line}");
    }
}

#[test]
fn it_ends_when_told_and_when_nobody_listens() {
    let fake = FakeApi::new();
    let mut world = fake.watch();
    world.settle();
    world.handle.stop();
    assert!(world.ended());
    let fake = FakeApi::new();
    let mut world = fake.watch();
    world.settle();
    drop(world);
    fake.put("pods", pod("cart-1"));
    let end = std::time::Instant::now() + Duration::from_secs(10);
    while fake.open_watches("pods") > 0 {
        assert!(std::time::Instant::now() < end, "watches stay open");
        std::thread::sleep(Duration::from_millis(50));
    }
}
