//! The live source with few rights: what may be seen is seen, the rest is not visible, and nobody is flooded with
//! requests that must fail.

use bartizan::model::sight::State;
use bartizan::model::{Kind, ObjectKey, Reason};
use bartizan::source::FetchError;
use bartizan::source::live::Options;
use serde_json::json;

use crate::fake_api::{FakeApi, Reply};

const FORBIDDEN: State = State::Blind(Reason::Forbidden);

fn filled() -> FakeApi {
    let fake = FakeApi::new();
    for namespace in ["shop", "pay"] {
        fake.put(
            "pods",
            json!({"metadata": {"name": "p", "namespace": namespace}}),
        );
        fake.put(
            "services",
            json!({"metadata": {"name": "s", "namespace": namespace}, "spec": {}}),
        );
    }
    fake.put("namespaces", json!({"metadata": {"name": "pay"}}));
    fake
}

#[test]
fn a_login_of_one_namespace_sees_that_namespace() {
    let fake = filled();
    fake.allow(|verb, plural, namespace| {
        namespace == Some("shop") && (plural != "namespaces" || verb == "get")
    });
    let mut world = fake.watch();
    world.until("pods of shop", |w| {
        w.narrow(Kind::Pod, "shop") == Some(&State::Live) && w.has(Kind::Pod, "shop", "p")
    });
    world.until("the namespace itself", |w| {
        w.narrow(Kind::Namespace, "shop") == Some(&State::Live)
            && w.objects.contains_key(&ObjectKey::of_namespace("shop"))
    });
    world.settle();
    for kind in Kind::all() {
        assert_eq!(world.state(kind), Some(&FORBIDDEN), "{kind} cluster-wide");
    }
    assert!(!world.has(Kind::Pod, "pay", "p") && world.narrow(Kind::Pod, "pay").is_none());
    assert!(
        world.narrow(Kind::Node, "shop").is_none(),
        "nodes are in no namespace"
    );
    let refused = fake.count(&["GET", "/api/v1/pods?"])
        + fake.count(&["/namespaces/pay"])
        + fake.count(&["GET", "/nodes"]);
    assert_eq!(refused, 0, "{:#?}", fake.log());
    fake.put(
        "pods",
        json!({"metadata": {"name": "new", "namespace": "shop"}}),
    );
    world.until("followed", |w| w.has(Kind::Pod, "shop", "new"));
}

#[test]
fn dash_n_says_where_to_look() {
    let fake = filled();
    fake.allow(|verb, plural, namespace| {
        namespace.is_some() && (plural != "namespaces" || verb == "get")
    });
    let options = Options {
        namespaces: vec!["pay".into()],
        ..Options::default()
    };
    let mut world = fake.watch_with(&options);
    world.until("pods of pay", |w| w.has(Kind::Pod, "pay", "p"));
    world.until("services of pay", |w| {
        w.narrow(Kind::Service, "pay") == Some(&State::Live)
    });
    assert!(!world.has(Kind::Pod, "shop", "p"));
    world
        .handle
        .set_namespaces(vec!["shop".into(), "pay".into()]);
    world.until("both", |w| {
        w.has(Kind::Pod, "shop", "p") && w.has(Kind::Pod, "pay", "p")
    });
}

#[test]
fn a_login_that_may_list_namespaces_looks_into_all_of_them() {
    let fake = filled();
    fake.allow(|_, plural, namespace| {
        plural == "namespaces"
            || (namespace == Some("pay") && plural == "pods")
            || (namespace == Some("shop") && plural == "services")
    });
    let mut world = fake.watch();
    world.until("what it may see in each", |w| {
        w.has(Kind::Pod, "pay", "p") && w.has(Kind::Service, "shop", "s")
    });
    world.settle();
    assert_eq!(world.state(Kind::Namespace), Some(&State::Live));
    assert!(
        world.narrow(Kind::Pod, "shop").is_none() && world.narrow(Kind::Service, "pay").is_none()
    );
}

#[test]
fn a_login_without_any_right_sees_nothing_and_asks_for_nothing_twice() {
    let fake = filled();
    fake.allow(|_, _, _| false);
    let mut world = fake.watch();
    world.settle();
    assert!(Kind::all().all(|kind| world.state(kind) == Some(&FORBIDDEN)));
    world.listen(std::time::Duration::from_secs(2));
    assert!(world.objects.is_empty());
    assert!(
        world
            .states
            .keys()
            .all(|(_, namespace)| namespace.is_none())
    );
    let lists = fake
        .log()
        .iter()
        .filter(|line| line.contains("limit=") || line.contains("watch="))
        .count();
    assert_eq!(lists, 0, "{:#?}", fake.log());
    // One tells which authorizers are asked, one what this login may.
    assert_eq!(fake.count(&["selfsubjectrulesreviews"]), 2);
}

#[test]
fn rights_that_grow_are_found_by_a_key() {
    let fake = filled();
    fake.allow(|_, _, _| false);
    let mut world = fake.watch();
    world.settle();
    fake.allow(|_, _, _| true);
    world.handle.relist();
    world.until("all live", |w| {
        Kind::all().all(|kind| w.state(kind) == Some(&State::Live))
    });
    assert!(world.has(Kind::Pod, "pay", "p"));
}

#[test]
fn rights_that_are_taken_away_are_said_and_found_again() {
    let fake = filled();
    let mut world = fake.watch();
    world.settle();
    fake.allow(|_, plural, _| plural != "pods");
    fake.close_watches("pods");
    world.until("known, with its age", |w| {
        w.state(Kind::Pod) == Some(&State::Stale)
    });
    assert!(world.has(Kind::Pod, "shop", "p"));
    world.handle.relist();
    world.until("not visible any more", |w| {
        w.state(Kind::Pod) == Some(&FORBIDDEN)
    });
}

#[test]
fn a_rules_review_that_cannot_tell_is_followed_by_single_questions() {
    let fake = filled();
    fake.allow(|_, plural, namespace| namespace == Some("shop") && plural == "pods");
    let answer = json!({"kind": "SelfSubjectRulesReview", "apiVersion": "authorization.k8s.io/v1", "spec": {}, "status":
        {"incomplete": true, "evaluationError": "webhook authorizer does not support user rule resolution", "resourceRules": [], "nonResourceRules": []}});
    fake.hook(move |asked| {
        asked
            .path
            .ends_with("selfsubjectrulesreviews")
            .then(|| Reply::Text(201, "application/json", answer.to_string()))
    });
    let mut world = fake.watch();
    world.until("a webhook is asked", |w| w.cluster.webhook_authorizer);
    world.until("pods of shop", |w| w.has(Kind::Pod, "shop", "p"));
    world.settle();
    assert_eq!(
        fake.count(&["GET", "/namespaces/shop/services"]),
        0,
        "a clear no is still a no"
    );
}

#[test]
fn a_full_object_is_read_when_asked_for_and_a_secret_never() {
    let fake = FakeApi::new();
    fake.put("pods", json!({"metadata": {"name": "p", "namespace": "shop", "annotations": {"a": "b"}}, "spec": {"nodeName": "n"}}));
    fake.put(
        "clusterroles",
        json!({"metadata": {"name": "odd name"}, "rules": []}),
    );
    let mut world = fake.watch();
    world.settle();
    let pod = world
        .handle
        .fetch(&ObjectKey::namespaced(Kind::Pod, "shop", "p"))
        .unwrap();
    assert_eq!(pod["metadata"]["annotations"]["a"], "b");
    let gone = world
        .handle
        .fetch(&ObjectKey::namespaced(Kind::Pod, "shop", "q"));
    assert_eq!(gone, Err(FetchError::Gone));
    let secret = ObjectKey::namespaced(
        bartizan::model::ObjectKind::from_manifest("v1", "Secret"),
        "shop",
        "db",
    );
    assert_eq!(world.handle.fetch(&secret), Err(FetchError::Secret));
    assert_eq!(fake.count(&["secret"]), 0);
    fake.allow(|verb, _, _| verb != "get");
    let denied = world
        .handle
        .fetch(&ObjectKey::namespaced(Kind::Pod, "shop", "p"));
    assert_eq!(denied, Err(FetchError::Failed("you may not".into())));
    world.handle.stop();
    let ended = world
        .handle
        .fetch(&ObjectKey::namespaced(Kind::Pod, "shop", "p"));
    assert!(matches!(ended, Err(FetchError::Failed(_))), "{ended:?}");
}

#[test]
fn a_name_that_no_path_can_hold_is_read_through_a_query() {
    let fake = FakeApi::new();
    fake.put(
        "clusterroles",
        json!({"metadata": {"name": "odd name"}, "rules": []}),
    );
    let mut world = fake.watch();
    world.settle();
    let role = world
        .handle
        .fetch(&ObjectKey::cluster(Kind::ClusterRole, "odd name"))
        .unwrap();
    let keys: Vec<&String> = role.as_object().unwrap().keys().collect();
    assert_eq!(
        (role["kind"].as_str(), keys[0].as_str()),
        (Some("ClusterRole"), "apiVersion")
    );
}
