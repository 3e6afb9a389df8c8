//! Pods that run, their nodes, and identities of the cloud.

use super::{CART, NOTHING, first, holding};

fn pod(name: &str, spec: &str) -> String {
    format!(
        "apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop}}
spec:
  nodeName: n1
  {spec}
  containers: [{{name: main, image: 'registry.example.com/app:1'}}]
"
    )
}

#[test]
fn who_enters_a_pod_takes_its_token_where_it_is_mounted() {
    let runs = |spec: &str| pod("boss", &format!("serviceAccountName: admin\n  {spec}"));
    let enter =
        |rule: &str, spec: &str| first(&holding("", rule, &runs(spec)), CART, "cluster-admin");
    let way = ["exec", "mounted-token", "holds-everything"];
    assert_eq!(enter("create||pods/exec", ""), way);
    assert_eq!(enter("create||pods/exec|boss", ""), way);
    assert_eq!(enter("create||pods/exec|other", ""), NOTHING);
    assert_eq!(enter("create||pods/*", ""), NOTHING);
    assert_eq!(
        enter("get||pods/exec", ""),
        NOTHING,
        "of an unknown version"
    );
    assert_eq!(
        enter("create||pods/exec", "automountServiceAccountToken: false"),
        NOTHING
    );
    assert_eq!(
        enter("patch||pods/ephemeralcontainers", "")[0],
        "debug-container"
    );
    assert_eq!(enter("update||pods", "")[0], "replace-image");
    assert_eq!(enter("update||pods/status", ""), NOTHING);
}

#[test]
fn a_pod_by_its_settings_owns_its_node_and_the_node_its_pods() {
    let escape = "apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec:
  nodeName: n1
  automountServiceAccountToken: false
  containers:
  - name: agent
    image: registry.example.com/agent:1
    securityContext: {privileged: true}
---
";
    // A token of every account that has a pod on the node, mounted or not.
    let boss = pod(
        "boss",
        "serviceAccountName: admin\n  automountServiceAccountToken: false",
    );
    let together = holding("", "", &[escape, &boss].concat());
    let agent = "po/shop/agent";
    assert_eq!(first(&together, agent, "node-root"), ["escape-container"]);
    assert_eq!(
        first(&together, agent, "cluster-admin"),
        ["escape-container", "node-token", "holds-everything"]
    );
    let apart = holding("", "", &[escape, &boss.replace("n1", "n2")].concat());
    assert_eq!(first(&apart, agent, "cluster-admin"), NOTHING);
    let users = escape.replace("nodeName: n1", "nodeName: n1\n  hostUsers: false");
    let fenced = holding("", "", &[&users, &*boss].concat());
    assert_eq!(first(&fenced, agent, "node-root"), NOTHING);
    let control = "---
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {node-role.kubernetes.io/control-plane: ''}}
";
    let keys = holding("", "", &[escape, control].concat());
    assert_eq!(
        first(&keys, agent, "cluster-admin"),
        ["escape-container", "control-plane"]
    );
}

#[test]
fn kubelets_are_reached_cluster_wide_alone() {
    let boss = pod("boss", "serviceAccountName: admin");
    let way = |wide: &str, shop: &str| first(&holding(wide, shop, &boss), CART, "cluster-admin");
    assert_eq!(
        way("get||nodes/proxy", ""),
        ["kubelet-exec", "mounted-token", "holds-everything"]
    );
    assert_eq!(
        way("get||nodes/proxy|n1", ""),
        ["kubelet-exec", "holds-everything"]
    );
    assert_eq!(way("get||nodes/proxy|n2", ""), NOTHING);
    assert_eq!(way("get||nodes", ""), NOTHING);
    assert_eq!(way("", "get||nodes/proxy"), NOTHING);
}

#[test]
fn a_cloud_identity_takes_a_token_or_a_pod() {
    let account = "apiVersion: v1
kind: ServiceAccount
metadata:
  name: backup
  namespace: shop
  annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::111122223333:role/backup'}
";
    let way = |rule: &str| first(&holding("", rule, account), CART, "cloud");
    assert_eq!(
        way("create||serviceaccounts/token|backup"),
        ["issue-token", "cloud-identity"]
    );
    assert_eq!(way("create||pods"), ["create-pods", "cloud-identity"]);
    assert_eq!(way("impersonate||serviceaccounts|backup"), NOTHING);
}
