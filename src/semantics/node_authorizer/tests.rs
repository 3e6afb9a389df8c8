//! Cases of the authorizer's own tests (kubernetes/kubernetes `plugin/pkg/auth/authorizer/node/node_authorizer_test.go`) and
//! what hides them. The server itself is asked in `tests/control-plane/trials/node_reviews.rs`.

use super::*;
use crate::model::sight::State;
use crate::model::{ClusterInfo, Kind, Reason, ServerVersion};
use crate::semantics::authorizers::{Authorizers, Verdict};
use crate::semantics::rbac::{Target, Wish};
use crate::semantics::testing::world;
use crate::view::{View, World};

const PODS: &str = "
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec:
  nodeName: n1
  serviceAccountName: cart
  imagePullSecrets: [{name: pull}]
  containers:
  - {name: main, image: 'x:1', env: [{name: A, valueFrom: {secretKeyRef: {name: key, key: a}}}], envFrom: [{configMapRef: {name: map}}]}
  volumes:
  - {name: d, persistentVolumeClaim: {claimName: data}}
  - {name: e, ephemeral: {volumeClaimTemplate: {}}}
  - {name: f, csi: {driver: d, nodePublishSecretRef: {name: driver}}}
  - {name: p, projected: {sources: [{configMap: {name: projected}}]}}
status: {phase: Succeeded}
---
apiVersion: v1
kind: Pod
metadata: {name: of-file, namespace: shop, annotations: {kubernetes.io/config.mirror: x}}
spec: {nodeName: n2, serviceAccountName: strong, containers: [{name: main, image: 'x:1', envFrom: [{secretRef: {name: key}}]}]}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: disk}
spec:
  claimRef: {namespace: shop, name: data}
  csi: {driver: d, volumeHandle: h, nodeStageSecretRef: {namespace: store, name: stage}}
";

fn ask(world: &World, node: &str, target: Target) -> Opinion {
    let view = View::new(world);
    let what = crate::semantics::rbac::Action::Resource(target);
    decide(&view, &References::all(&view), node, &Wish::from(&what))
}

fn at(verb: &str, resource: &str, name: &str) -> Target {
    Target::new(verb, "", resource).within("shop").named(name)
}

fn is_allowed(opinion: &Opinion) -> bool {
    matches!(opinion, Opinion::Allowed(_))
}

#[test]
fn a_node_has_what_its_pods_refer_to_and_nobody_elses() {
    let world = world(PODS);
    let stage = Target::new("get", "", "secrets")
        .within("store")
        .named("stage");
    let own = [
        at("get", "secrets", "key"),
        at("watch", "secrets", "pull"),
        at("list", "secrets", "driver"),
        stage,
        at("get", "configmaps", "map"),
        at("get", "configmaps", "projected"),
        at("get", "persistentvolumeclaims", "data"),
        at("get", "persistentvolumeclaims", "cart-e"),
        at("patch", "persistentvolumeclaims/status", "data"),
        Target::new("get", "", "persistentvolumes").named("disk"),
        at("create", "serviceaccounts/token", "cart"),
        at("get", "serviceaccounts", "cart"),
        at("get", "pods", "cart"),
    ];
    for target in own {
        assert!(is_allowed(&ask(&world, "n1", target.clone())), "{target:?}");
        for other in ["n2", "n3"] {
            assert!(
                !is_allowed(&ask(&world, other, target.clone())),
                "{other} {target:?}"
            );
        }
    }
}

#[test]
fn a_pod_of_a_file_gives_its_node_nothing() {
    let world = world(PODS);
    for target in [
        at("get", "secrets", "key"),
        at("create", "serviceaccounts/token", "strong"),
    ] {
        assert!(!is_allowed(&ask(&world, "n2", target)));
    }
    assert!(is_allowed(&ask(&world, "n2", at("get", "pods", "of-file"))));
}

#[test]
fn refusals_are_in_the_servers_words() {
    let world = world(PODS);
    let said = |target| match ask(&world, "n1", target) {
        Opinion::None(reason) => reason,
        other => panic!("{other:?}"),
    };
    let unrelated = "no relationship found between node 'n1' and this object";
    assert_eq!(said(at("get", "secrets", "other")), unrelated);
    assert_eq!(said(at("list", "secrets", "")), "No Object name found");
    assert_eq!(
        said(at("update", "secrets", "key")),
        "can only read resources of this type"
    );
    assert_eq!(
        said(Target::new("get", "", "nodes").named("n2")),
        "node 'n1' cannot read 'n2', only its own Node object"
    );
    assert_eq!(said(Target::new("get", "apps", "deployments")), "");
}

#[test]
fn older_servers_let_nodes_read_each_other() {
    let mut world = world(PODS);
    let list = Target::new("list", "", "nodes");
    assert!(!is_allowed(&ask(&world, "n1", list.clone())));
    world.set_cluster(ClusterInfo {
        version: ServerVersion::parse("v1.31.4"),
        ..ClusterInfo::default()
    });
    assert!(is_allowed(&ask(&world, "n1", list)));
    assert!(!is_allowed(&ask(
        &world,
        "n1",
        at("get", "serviceaccounts", "cart")
    )));
}

#[test]
fn what_hides_pods_hides_what_their_nodes_have() {
    let mut world = world(PODS);
    let forbidden = State::Blind(Reason::Forbidden);
    world.sight_mut().set(Kind::Pod, Some("shop"), forbidden);
    let opinion = ask(&world, "n2", at("get", "secrets", "key"));
    assert!(matches!(opinion, Opinion::Hidden { .. }), "{opinion:?}");
    // What was seen counts all the same.
    assert!(is_allowed(&ask(&world, "n1", at("get", "secrets", "key"))));
}

#[test]
fn who_is_no_node_is_asked_by_rbac_alone() {
    let world = world(PODS);
    let mut authorizers = Authorizers::new(&world);
    let what = crate::semantics::rbac::Action::Resource(at("get", "secrets", "key"));
    let mut review = |name: &str, groups: &[&str]| -> Verdict<'static> {
        let who = Identity::new(name, groups.iter().map(|group| (*group).into()));
        let caller = authorizers.caller(&who);
        let verdict = authorizers.review(caller, &Wish::from(&what));
        Verdict {
            reason: verdict.reason.into_owned().into(),
            ..verdict
        }
    };
    assert!(review("system:node:n1", &[NODES]).allowed);
    assert!(!review("system:node:n1", &["system:authenticated"]).allowed);
    assert!(!review("n1", &[NODES]).allowed);
    let unknown = review("system:node:", &[NODES]);
    assert_eq!(&*unknown.reason, "unknown node for user \"system:node:\"");
    let master = review("system:node:n2", &[NODES, "system:masters"]);
    assert!(master.allowed && master.as_node.is_none());
}
