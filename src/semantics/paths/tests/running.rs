//! Pods that run, their nodes, and identities of the cloud.

use super::{CART, Goal, NOTHING, Start, alone, build, first, found, holding, routes, routes_of};
use crate::model::{Kind, ObjectKey};
use crate::view::View;

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
    // Whether a process listens is not known.
    let attach = holding("", "create||pods/attach", &runs(""));
    let ways = found(&attach, CART, "cluster-admin");
    assert!(ways.paths.is_empty() && ways.unsure.len() == 1, "{ways:?}");
    let unsure: Vec<&str> = ways.unsure[0].steps.iter().map(|step| step.edge).collect();
    assert_eq!(unsure, ["attach", "mounted-token", "holds-everything"]);
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
    let boss = pod("boss", "serviceAccountName: admin");
    let together = holding("", "", &[escape, &boss].concat());
    let agent = "po/shop/agent";
    assert_eq!(first(&together, agent, "node-root"), ["escape-container"]);
    assert_eq!(
        first(&together, agent, "cluster-admin"),
        ["escape-container", "node-token", "holds-everything"]
    );
    // A token that no volume asks for is refused where NodeRestriction runs, since 1.33.
    let quiet = boss.replace("spec:", "spec:\n  automountServiceAccountToken: false");
    let mut quiet = holding("", "", &[escape, &quiet].concat());
    let ways = found(&quiet, agent, "cluster-admin");
    assert!(ways.paths.is_empty() && ways.unsure.len() == 1, "{ways:?}");
    quiet.set_cluster(crate::model::ClusterInfo {
        version: crate::model::ServerVersion::parse("v1.32.1"),
        ..Default::default()
    });
    assert_eq!(
        first(&quiet, agent, "cluster-admin"),
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
fn what_a_node_holds_is_not_known_where_nothing_says_which_it_is() {
    let template = "apiVersion: apps/v1
kind: Deployment
metadata: {name: agent, namespace: shop}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      automountServiceAccountToken: false
      containers:
      - name: agent
        image: registry.example.com/agent:1
        securityContext: {privileged: true}
";
    let agent = ObjectKey::namespaced(Kind::Deployment, "shop", "agent");
    let mut world = alone(holding("", "", template));
    world.set_cluster(crate::model::ClusterInfo {
        source: crate::model::cluster::SourceName::Files,
        ..Default::default()
    });
    let graph = build(&View::new(&world), &[]);
    let found = routes(&graph, &Start::Workload(agent), &Goal::ClusterAdmin, 5);
    assert!(found.paths.is_empty(), "{found:?}");
    let steps = &found.unsure[0].steps;
    let edges: Vec<&str> = steps.iter().map(|step| step.edge).collect();
    assert_eq!(edges, ["escape-container", "unplaced-node"]);
    assert!(
        steps[1]
            .unsure
            .as_deref()
            .unwrap()
            .contains("not in these files")
    );
}

#[test]
fn files_of_the_node_that_are_only_read_show_its_credentials() {
    let reader = |path: &str, more: &str| {
        format!(
            "apiVersion: v1
kind: Pod
metadata: {{name: agent, namespace: shop}}
spec:
  nodeName: n1
  automountServiceAccountToken: false
  volumes: [{{name: host, hostPath: {{path: {path}}}}}]
  containers:
  - name: agent
    image: registry.example.com/agent:1
    volumeMounts: [{{name: host, mountPath: /host, readOnly: true}}]
    {more}
---
"
        )
    };
    let boss = pod("boss", "serviceAccountName: admin");
    let agent = "po/shop/agent";
    let way = |path: &str, more: &str, to: &str| {
        let world = holding("", "", &[&*reader(path, more), &boss].concat());
        first(&world, agent, to)
    };
    let admin = "cluster-admin";
    assert_eq!(
        way("/var/lib/kubelet/pods", "", admin),
        ["reads-pod-token", "holds-everything"]
    );
    assert_eq!(
        way("/var/lib/kubelet/pki", "", admin),
        ["reads-kubelet-login", "node-token", "holds-everything"]
    );
    assert_eq!(way("/var/lib", "", admin)[0], "reads-pod-token");
    // A Secret in a volume is a file, one in a variable is not.
    let secrets = "apiVersion: v1
kind: Pod
metadata: {name: boss, namespace: shop}
spec:
  nodeName: n1
  automountServiceAccountToken: false
  volumes: [{name: tls, secret: {secretName: tls}}]
  containers:
  - name: main
    image: registry.example.com/app:1
    volumeMounts: [{name: tls, mountPath: /tls}]
    env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: p}}}]
";
    let pods = [&*reader("/var/lib/kubelet/pods", ""), secrets].concat();
    let world = holding("", "", &pods);
    assert_eq!(
        first(&world, agent, "secret:shop/tls"),
        ["reads-pod-secret"]
    );
    assert_eq!(first(&world, agent, "secret:shop/db"), NOTHING);
    // It is read, and nothing runs there.
    let only = alone(holding(
        "",
        "",
        &[&*reader("/var/lib/kubelet", ""), &boss].concat(),
    ));
    assert_eq!(first(&only, agent, "sa:shop/admin"), ["reads-pod-token"]);
    assert_eq!(first(&only, agent, "node-root"), NOTHING);
    assert_eq!(way("/var/log", "", admin), NOTHING);
    // Files of root.
    let user = "securityContext: {runAsUser: 1000, allowPrivilegeEscalation: false}";
    assert_eq!(way("/var/lib/kubelet/pods", user, admin), NOTHING);
    // Any file by its handle; whether its file system can be reached is not told.
    let handle = "securityContext: {capabilities: {add: [DAC_READ_SEARCH]}}";
    let world = holding("", "", &[&*reader("/var/log", handle), &boss].concat());
    let ways = found(&world, agent, admin);
    assert!(ways.paths.is_empty() && !ways.unsure.is_empty(), "{ways:?}");
    // Keys lie on the nodes of the control plane alone.
    let keys = |labels: &str| {
        let node = format!(
            "apiVersion: v1
kind: Node
metadata: {{name: n1, labels: {{{labels}}}}}
"
        );
        let pods = reader("/etc/kubernetes/pki", "");
        first(&holding("", "", &[pods, node].concat()), agent, admin)
    };
    assert_eq!(
        keys("node-role.kubernetes.io/control-plane: ''"),
        ["reads-control-plane"]
    );
    assert_eq!(keys("zone: a"), NOTHING);
}

#[test]
fn a_kubelets_login_has_what_its_pods_refer_to() {
    let boss = pod(
        "boss",
        "serviceAccountName: admin\n  imagePullSecrets: [{name: pull}]",
    );
    let kubelet = "user:system:node:n1";
    assert_eq!(
        routes_of(&holding("", "", &boss), kubelet, "cluster-admin"),
        ["node-token", "holds-everything"]
    );
    let world = alone(holding("", "", &boss));
    let way = |from: &str, to: &str| routes_of(&world, from, to);
    assert_eq!(way(kubelet, "secret:shop/pull"), ["node-secret"]);
    assert_eq!(way(kubelet, "secret:shop/other"), NOTHING);
    assert_eq!(way("user:system:node:n2", "secret:shop/pull"), NOTHING);
    // A certificate may be made out to it.
    let rules = "create|certificates.k8s.io|certificatesigningrequests
        update|certificates.k8s.io|certificatesigningrequests/approval
        approve|certificates.k8s.io|signers";
    let issues = alone(holding(rules, "", &boss));
    assert_eq!(
        routes_of(&issues, CART, "secret:shop/pull"),
        ["issue-certificate", "node-secret"]
    );
    // All kubelets may be given more by their group.
    let bound = format!(
        "{boss}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: nodes}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: everything}}
subjects: [{{kind: Group, name: 'system:nodes'}}]
---
apiVersion: v1
kind: Pod
metadata: {{name: agent, namespace: shop}}
spec:
  nodeName: n1
  containers: [{{name: agent, image: 'registry.example.com/agent:1', securityContext: {{privileged: true}}}}]
"
    );
    let bound = alone(holding("", "", &bound));
    assert_eq!(
        first(&bound, "po/shop/agent", "cluster-admin"),
        ["escape-container", "kubelet-login", "holds-everything"]
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
