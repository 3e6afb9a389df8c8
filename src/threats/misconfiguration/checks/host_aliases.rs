//! Pod brings host names of its own
//!
//! ## What
//! Pods with `hostAliases`: entries that the kubelet writes into `/etc/hosts` of every container.
//!
//! ## Why
//! A name that is answered here never reaches the cluster's DNS: a service can be led elsewhere for one pod alone, and no
//! record of DNS shows it.
//!
//! ## Fix
//! Takes `hostAliases` away.
//!
//! ## References
//! - kubernetes.io, Adding entries to Pod /etc/hosts with `HostAliases`
//! - trivy KSV-0007, hostAliases is set

use crate::semantics::editable::editable;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "host-aliases",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "workloads-kept-well",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1565", "owasp:2025/K01", "trivy:KSV-0007"],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  hostAliases: [{ip: 203.0.113.7, hostnames: [pay.shop.svc]}]
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: monitoring}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      hostAliases: [{ip: 10.0.0.7, hostnames: [license.example.com]}]
      containers:
      - {name: agent, image: 'registry.example.com/agent:1.4.2'}
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
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  hostAliases: []
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    let names: Vec<&str> = pod.spec.host_aliases.iter().map(|name| &**name).collect();
    let Some(first) = names.first() else {
        return;
    };
    let inside = names
        .iter()
        .any(|name| name.contains(".svc") || !name.contains('.'));
    let (severity, why) = if inside {
        (
            Severity::Medium,
            format!("a name of the cluster ({first}) is answered by the pod itself, past DNS"),
        )
    } else {
        (
            Severity::Low,
            format!("{first} is answered by the pod itself, past DNS"),
        )
    };
    out.fires(Part::Whole, severity, why).in_pod(
        pod,
        "hostAliases",
        names.join(", "),
        Origin::Explicit,
    );
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let spec = editable(finding, view)?;
    let names = spec.host_aliases.join(", ");
    (!spec.host_aliases.is_empty()).then(|| {
        Remedy::review(
            [Change::pod(&finding.id.object, PodEdit::RemoveHostAliases)],
            format!("what the pod reaches as {names}: DNS has to answer for it"),
        )
    })
}
