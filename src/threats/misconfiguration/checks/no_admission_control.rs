//! Nothing refuses a pod
//!
//! ## What
//! Clusters with workloads outside Kubernetes' own namespaces in which no namespace enforces a Pod Security level above
//! privileged by its labels, no ValidatingAdmissionPolicy is bound, and no validating webhook is asked about new pods. A
//! default level in the API server's own configuration file is not in the API.
//!
//! ## Why
//! Rights say who may make pods, admission says which. Without it `create pods` in any one namespace is a privileged pod,
//! and so a node.
//!
//! ## Fix
//! None is printed here: each namespace is raised by itself, after a look at what that would refuse. The finding on each
//! namespace (pod-security-not-enforced) has the labels.
//!
//! ## References
//! - CIS Kubernetes Benchmark 1.12, 5.2.1
//! - Kubernetes documentation, Pod Security Admission; Validating Admission Policy

use crate::semantics::admission::{is_asked_about_new_pods, pod_policies};
use crate::semantics::pod_security::Level;
use crate::semantics::pod_security::labels::{Mode, effective};
use crate::semantics::running;
use crate::semantics::system_namespaces::is_system;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "no-admission-control",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "pod-security-enforced",
    needs: &[
        Kind::Namespace,
        Kind::ValidatingAdmissionPolicy,
        Kind::ValidatingAdmissionPolicyBinding,
        Kind::ValidatingWebhookConfiguration,
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
    ],
    rests_on: RestsOn::Absence,
    standards: &["cis:1.12/5.2.1", "kubescape:C-0192"],
    scope: Scope::Cluster(run),
    fix: Fix::None(
        "each namespace is raised by itself, after a look at what that refuses: see pod-security-not-enforced",
    ),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {pod-security.kubernetes.io/enforce: privileged, pod-security.kubernetes.io/warn: restricted}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: 'registry.example.com/web:1.4.2'}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: certificates}
webhooks:
- name: webhook.certificates.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  rules:
  - {apiGroups: [certificates.example.com], apiVersions: [v1], operations: [CREATE], resources: [issuers]}
  clientConfig: {url: 'https://hooks.example.com:8443/issuers'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: dns, namespace: kube-system}
spec:
  containers:
  - {name: dns, image: 'registry.example.com/dns:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: guard}
webhooks:
- name: guard.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  rules:
  - {apiGroups: ['*'], apiVersions: ['*'], operations: [CREATE], resources: ['*/*']}
  clientConfig: {url: 'https://hooks.example.com:8443/verify'}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
    ],
};

fn run(view: &View<'_>, out: &mut Sink) {
    // One guard that is seen is enough, whatever else is hidden.
    if view.context(is_guarded) {
        return;
    }
    let guarded = is_guarded(view);
    let users: Vec<Str> = users(view);
    let Some(first) = users.first() else {
        return;
    };
    if guarded {
        return;
    }
    let why = match users.len() {
        1 => format!("whoever may make pods in {first} may make one that owns its node"),
        n => format!(
            "whoever may make pods in one of {n} namespaces may make one that owns its node"
        ),
    };
    let cluster = ObjectKey::of_namespace("kube-system"); // it stands for the cluster, as its uid does
    let label = Mode::Enforce.label();
    let draft = out.fires(Part::Whole, Severity::Medium, why);
    draft.on(&cluster).because(Evidence::new(
        &cluster,
        "",
        "no ValidatingAdmissionPolicy refuses pods, and no validating webhook is asked about new ones",
        Origin::Default,
    ));
    for name in users.iter().take(SHOWN) {
        let labels = view.namespace(name).seen().map(|n| &n.meta.labels);
        let (value, origin) = match labels.and_then(|labels| labels.get(label)) {
            Some(value) => (value.to_string(), Origin::Explicit),
            None => ("unset".to_owned(), Origin::Default),
        };
        let key = ObjectKey::of_namespace(name);
        let path = format!("metadata.labels['{label}']");
        draft.because(Evidence::new(&key, path, value, origin));
    }
}

/// Namespaces cited: a hundred say no more.
const SHOWN: usize = 3;

/// Anything that may refuse a pod. Blindness is noted.
fn is_guarded(view: &View<'_>) -> bool {
    let levels = view.list(Kind::Namespace, "").any(|object| {
        let enforced = effective(&object.meta().labels, Mode::Enforce).level;
        enforced.is_some_and(|level| level > Level::Privileged)
    });
    let webhooks = view
        .list(Kind::ValidatingWebhookConfiguration, "")
        .any(|object| {
            matches!(&**object, Object::Webhooks(config) if config.webhooks.iter().any(is_asked_about_new_pods))
        });
    let policies = !pod_policies(view).is_empty();
    levels || webhooks || policies
}

/// Namespaces of people in which something runs, or will. Blindness is noted.
fn users(view: &View<'_>) -> Vec<Str> {
    let mut names = view.namespaces();
    names.retain(|name| {
        // It looks everywhere: each place need not be remembered.
        view.widen_reads();
        !is_system(name) && running::anything(view, name)
    });
    names
}
