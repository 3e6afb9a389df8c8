//! An object that could not be decoded is there all the same: who looks for it by name does not know, and nobody else is
//! told anything new.

use std::collections::BTreeMap;
use std::sync::Arc;

use bartizan::engine::Engine;
use bartizan::engine::snapshot::Says;
use bartizan::model::sight::State;
use bartizan::model::{Delta, Kind, Object, ObjectKey};
use jiff::Timestamp;

use crate::engine_world::{documents, kind};

const WORLD: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop, labels: {app: cart}}
spec:
  containers:
  - {name: cart, image: 'registry.example.com/cart:1.4.2', securityContext: {privileged: true}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: all, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
- {apiGroups: [''], resources: [secrets], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}]
";

fn engine() -> Engine {
    let mut pool = bartizan::source::wire::Pool::new();
    let decode = |value: &serde_json::Value| -> Object {
        bartizan::source::wire::decode_value(kind(value), value, &mut pool).unwrap()
    };
    let objects: Vec<Object> = documents(WORLD).iter().map(decode).collect();
    let seen = Kind::all().map(|kind| Delta::State {
        kind,
        namespace: None,
        state: State::Live,
    });
    let put = objects.into_iter().map(|o| Delta::Put(Arc::new(o)));
    let mut engine = Engine::default();
    engine.apply(seen.chain(put).collect(), Timestamp::UNIX_EPOCH);
    engine
}

/// Checks and what they say of an object; an unknown one stands for the namespace.
fn says(engine: &mut Engine) -> BTreeMap<String, &'static str> {
    let snapshot = engine.publish();
    let rows = snapshot.rows();
    rows.map(|row| {
        let object = row
            .object
            .as_ref()
            .map_or(String::new(), ToString::to_string);
        let word = match &row.says {
            Says::Fires(_) => "fires",
            Says::Unknown(_) => "unknown",
        };
        (format!("{} {object}", row.check), word)
    })
    .collect()
}

fn breaks(engine: &mut Engine, key: &ObjectKey) {
    let broken = Delta::Broken {
        key: key.clone(),
        why: "spec: odd".into(),
    };
    engine.apply(vec![broken], Timestamp::UNIX_EPOCH);
}

#[test]
fn a_role_that_was_not_read_is_not_a_role_that_does_not_exist() {
    let mut engine = engine();
    let before = says(&mut engine);
    assert_eq!(before["secrets-readable rolebinding shop/reader"], "fires");
    let role = ObjectKey::namespaced(Kind::Role, "shop", "reader");
    breaks(&mut engine, &role);
    let after = says(&mut engine);
    for check in ["binding-to-nobody", "secrets-readable"] {
        let row = format!("{check} rolebinding shop/reader");
        assert_eq!(after.get(&row), Some(&"unknown"), "{after:#?}");
    }
    // Nothing else: what fired without it fires.
    for (key, word) in before.iter().filter(|(k, _)| !k.contains("shop/reader")) {
        assert_eq!(after.get(key), Some(word), "{key}");
    }
    engine.apply(vec![Delta::Gone(role)], Timestamp::UNIX_EPOCH);
    assert_eq!(
        says(&mut engine)["binding-to-nobody rolebinding shop/reader"],
        "fires"
    );
}

#[test]
fn a_policy_that_was_not_read_may_be_the_one_that_isolates() {
    let mut engine = engine();
    assert_eq!(
        says(&mut engine).get("no-default-deny-ingress ns shop"),
        None
    );
    let policy = ObjectKey::namespaced(Kind::NetworkPolicy, "shop", "all");
    breaks(&mut engine, &policy);
    assert_eq!(
        says(&mut engine)["no-default-deny-ingress ns shop"],
        "unknown"
    );
    engine.apply(vec![Delta::Gone(policy)], Timestamp::UNIX_EPOCH);
    assert_eq!(
        says(&mut engine)["no-default-deny-ingress ns shop"],
        "fires"
    );
}

#[test]
fn a_list_of_one_namespace_says_nothing_of_what_is_broken_in_another() {
    let mut engine = engine();
    breaks(&mut engine, &ObjectKey::namespaced(Kind::Pod, "pay", "odd"));
    let listed = Delta::Listed {
        kind: Kind::Pod,
        namespace: Some("shop".into()),
        keep: vec![ObjectKey::namespaced(Kind::Pod, "shop", "cart")],
    };
    engine.apply(vec![listed], Timestamp::UNIX_EPOCH);
    assert_eq!(engine.publish().not_assessed.len(), 1);
}
