//! Pod may run on the nodes of the control plane
//!
//! ## What
//! Pods outside `kube-system` that tolerate the control plane's taint, or every taint, or that select its nodes (`node-
//! role.kubernetes.io/control-plane` or `master`). Daemons that tolerate everything are usual and weigh less.
//!
//! ## Why
//! On such a node lie the keys of the cluster: etcd's data, the certificates of the API server, the kubeconfig of the
//! administrator. A container that breaks out of a pod there owns the cluster, not one node.
//!
//! ## Fix
//! None is offered: which nodes a workload needs is for a person to say. Take the toleration and the selector out, or
//! keep the workload's own containers from breaking out.
//!
//! ## References
//! - kubernetes.io, Taints and Tolerations
//! - kubernetes.io, Well-Known Labels, Annotations and Taints

use crate::model::objects::pod_spec::Toleration;
use crate::semantics::system_namespaces::is_system;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "control-plane-tolerated",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "containers-unprivileged",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1611", "owasp:2025/K01"],
    scope: Scope::Pods(run),
    fix: Fix::None(
        "which nodes a workload needs is for a person to say: take the toleration and the selector out where none of them is needed",
    ),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule}]
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: ops, namespace: ci}
spec:
  selector: {matchLabels: {app: ops}}
  template:
    metadata: {labels: {app: ops}}
    spec:
      nodeSelector: {node-role.kubernetes.io/control-plane: ''}
      tolerations: [{operator: Exists}]
      containers:
      - {name: ops, image: 'registry.example.com/ops:2.0.0'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  tolerations: [{operator: Exists}]
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  nodeSelector: {node-role.kubernetes.io/master: ''}
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  tolerations: [{key: team, operator: Equal, value: shop, effect: NoSchedule}]
  nodeSelector: {kubernetes.io/os: linux}
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: proxy, namespace: kube-system}
spec:
  selector: {matchLabels: {app: proxy}}
  template:
    metadata: {labels: {app: proxy}}
    spec:
      tolerations: [{operator: Exists}]
      containers:
      - {name: proxy, image: 'registry.example.com/proxy:1.4.2'}
",
        ),
    ],
};

const ROLES: [&str; 2] = [
    "node-role.kubernetes.io/control-plane",
    "node-role.kubernetes.io/master",
];

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    if is_system(pod.namespace()) {
        return;
    }
    let tolerates = |t: &Toleration| {
        let any = t.key.is_empty() && &*t.operator == "Exists";
        let kept_out = matches!(&*t.effect, "" | "NoSchedule");
        kept_out && (any || ROLES.contains(&&*t.key))
    };
    let toleration = pod.spec.tolerations.iter().position(tolerates);
    let selects = ROLES
        .into_iter()
        .find(|role| pod.spec.node_selector.get(role).is_some());
    if toleration.is_none() && selects.is_none() {
        return;
    }
    let daemon = pod.workload.known() == Some(Kind::DaemonSet) && selects.is_none();
    let (severity, why) = if daemon {
        (
            Severity::Low,
            "it runs on every node, those that hold the cluster's keys too, as agents usually do",
        )
    } else {
        (
            Severity::Medium,
            "it may run beside etcd and the API server: a way out of it leads to the cluster's keys",
        )
    };
    let draft = out.fires(Part::Whole, severity, why);
    if let Some(at) = toleration {
        let found = &pod.spec.tolerations[at];
        let says = if found.key.is_empty() {
            "every taint"
        } else {
            &found.key
        };
        let path = format!("tolerations[{at}]");
        draft.in_pod(pod, &path, says.to_owned(), Origin::Explicit);
    }
    if let Some(role) = selects {
        draft.in_pod(pod, "nodeSelector", role, Origin::Explicit);
    }
}
