//! Pod changes kernel settings that are not safe
//!
//! ## What
//! Linux pods whose `securityContext.sysctls` name a setting that the Pod Security Standards of the server's version do
//! not list as safe.
//!
//! ## Why
//! A safe setting belongs to the pod alone. Others reach the node's other pods, or make the kernel hand out memory and
//! ports without bound. A kubelet starts such a pod only if its `allowedUnsafeSysctls` names the setting, which the API
//! does not show.
//!
//! ## Fix
//! Takes these settings away and keeps the safe ones.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Baseline, "Sysctls" (pod-security-admission `policy/check_sysctls.go`)
//! - kubernetes.io, Using sysctls in a Kubernetes Cluster

use crate::semantics::editable::editable;
use crate::semantics::isolation::is_windows;
use crate::semantics::pod_security::{Version, is_safe_sysctl as is_safe};
use crate::threats::malicious_container::surroundings::Weight;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "unsafe-sysctls",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "processes-least-privilege",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/sysctls",
        "attack:T1611",
        "owasp:2025/K01",
        "trivy:KSV-0026",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: cache, namespace: data}
spec:
  securityContext:
    sysctls:
    - {name: net.core.somaxconn, value: '4096'}
    - {name: net.ipv4.tcp_syncookies, value: '1'}
  containers:
  - {name: cache, image: 'registry.example.com/cache:7.0.1'}
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: data}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      securityContext: {sysctls: [{name: kernel.shmmax, value: '68719476736'}]}
      containers:
      - {name: db, image: 'registry.example.com/db:16.4.0'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext: {sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: '0'}]}
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
    ],
};

/// Places, names and values that are not safe on this server.
fn unsafe_ones<'a>(spec: &'a PodSpec, view: &View<'_>) -> Vec<(usize, &'a Str, &'a Str)> {
    let minor = Version::Latest.applied(view.cluster().version.as_ref());
    let all = spec.security.sysctls.iter().enumerate();
    all.filter(|(_, (name, _))| !is_safe(name, minor))
        .map(|(at, (name, value))| (at, name, value))
        .collect()
}

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    let found = unsafe_ones(pod.spec, view);
    if found.is_empty() || is_windows(pod.spec) {
        return;
    }
    let why = "settings of the kernel that can starve the node's other pods; its kubelet must allow them by name";
    let weight = Weight::new(Severity::Medium, why).in_kernel(pod);
    let draft = out.fires(Part::Whole, weight.severity, weight.why);
    for (at, name, value) in found {
        let path = format!("securityContext.sysctls[{at}]");
        draft.in_pod(pod, &path, format!("{name} = {value}"), Origin::Explicit);
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let found = unsafe_ones(editable(finding, view)?, view);
    let names: Vec<&str> = found.iter().map(|(_, name, _)| &***name).collect();
    let object = &finding.id.object;
    let changes = names
        .iter()
        .map(|name| Change::pod(object, PodEdit::RemoveSysctl((*name).into())));
    let breaks = format!(
        "what needs {} runs with the node's own value",
        names.join(", ")
    );
    (!names.is_empty()).then(|| Remedy::review(changes, breaks))
}
