//! Pods of one's own, and the level of their namespace.

use super::{CART, NOTHING, first, found, holding, in_shop};
use crate::semantics::paths::Way;

fn namespace(label: &str) -> String {
    format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, labels: {{{label}}}}}")
}

fn level(level: &str) -> String {
    namespace(&format!("pod-security.kubernetes.io/enforce: {level}"))
}

#[test]
fn the_level_of_the_namespace_decides_whether_pods_own_nodes() {
    let make = |more: &str| holding("", "create||pods", more);
    let open = make(&level("privileged"));
    assert_eq!(first(&open, CART, "node-root"), ["privileged-pod"]);
    for shut in ["baseline", "restricted", "nonsense"] {
        let world = make(&level(shut));
        assert_eq!(
            first(&world, CART, "node-root"),
            ["create-pods", "holds-everything", "relabel-namespace"]
        );
        assert_eq!(
            first(&world, CART, "cluster-admin"),
            ["create-pods", "holds-everything"]
        );
    }
    let unset = found(&make(""), CART, "node-root");
    let step = &unset.paths[0].steps[0];
    assert_eq!(step.edge, "privileged-pod");
    assert!(
        step.says.contains("default of the cluster is not visible"),
        "{}",
        step.says
    );
    assert!(step.evidence.iter().any(|e| e.value == "unset"));
}

#[test]
fn what_may_refuse_a_pod_makes_it_unsure() {
    let guard = |rule: &str, selector: &str| {
        format!(
            "{}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {{name: guard}}
webhooks:
- name: guard.example.com
  namespaceSelector: {selector}
  rules:
  - {{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [{rule}]}}
  clientConfig: {{url: 'https://hooks.example.com/verify'}}
",
            level("privileged")
        )
    };
    let asked = found(
        &holding("", "create||pods", &guard("pods", "{}")),
        CART,
        "node-root",
    );
    let direct = |ways: &[Way]| {
        ways.iter()
            .any(|way| way.steps.len() == 1 && way.steps[0].edge == "privileged-pod")
    };
    assert!(!direct(&asked.paths) && direct(&asked.unsure));
    for other in [
        guard("secrets", "{}"),
        guard("pods", "{matchLabels: {guarded: 'yes'}}"),
    ] {
        let free = found(&holding("", "create||pods", &other), CART, "node-root");
        assert!(direct(&free.paths) && !direct(&free.unsure));
    }
}

#[test]
fn whoever_writes_the_namespace_takes_the_level_off() {
    let rules = "create||pods\npatch||namespaces";
    let shut = level("restricted");
    let inside = holding("", rules, &shut);
    assert_eq!(
        first(&inside, CART, "node-root"),
        ["relabel-namespace"],
        "a namespace is in itself"
    );
    let named = holding("", "create||pods\npatch||namespaces|other", &shut);
    assert_ne!(first(&named, CART, "node-root"), ["relabel-namespace"]);
}

#[test]
fn templates_are_rewritten_where_they_are() {
    let rule = "update|apps|deployments";
    assert_eq!(in_shop(rule, "cluster-admin"), NOTHING, "there is none");
    let deployment = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: 'registry.example.com/web:1'}]
";
    let there = |rule: &str| first(&holding("", rule, deployment), CART, "cluster-admin");
    assert_eq!(there(rule), ["rewrite-template", "holds-everything"]);
    assert_eq!(
        there("patch|apps|deployments|web"),
        ["rewrite-template", "holds-everything"]
    );
    assert_eq!(there("patch|apps|deployments|other"), NOTHING);
    assert_eq!(there("update||deployments"), NOTHING, "the group is apps");
    assert_eq!(
        there("create|batch|jobs"),
        ["create-workloads", "holds-everything"]
    );
    assert_eq!(there("update|batch|jobs"), NOTHING);
}

#[test]
fn a_volume_on_the_node_takes_a_claim_and_a_pod_that_may_be_root() {
    let with = |level_of: &str, wide: &str| {
        let rules = "create||pods\ncreate||persistentvolumeclaims";
        let found = found(&holding(wide, rules, &level(level_of)), CART, "node-root");
        let mut steps = found.paths.iter().flat_map(|way| &way.steps);
        steps.any(|step| step.edge == "node-volume" && step.from == CART)
    };
    assert!(with("baseline", "create||persistentvolumes"));
    assert!(!with("restricted", "create||persistentvolumes"));
    assert!(!with("baseline", "get||persistentvolumes"));
}
