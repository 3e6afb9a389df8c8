//! Container keeps capabilities that it may not need
//!
//! ## What
//! Linux containers whose `capabilities.drop` lacks `ALL`, or that add any but `NET_BIND_SERVICE` back. The word is compared
//! letter for letter, as Pod Security does, though runtimes understand `all` too. Privileged containers are left out, and so
//! is a container that drops `ALL` and adds only what `dangerous-capabilities` or `capabilities-beyond-default` report.
//! That `NET_RAW` is kept is part of it.
//!
//! ## Why
//! A container starts with about fourteen of root's powers: changing owners, raw sockets, device nodes, ports below 1024.
//! Most programs need none of them, and each one is a tool for whoever breaks in.
//!
//! ## Fix
//! Drops `ALL` and keeps `NET_BIND_SERVICE` where it was added. Add by name what then proves to be missing.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Restricted, "Capabilities" (pod-security-admission `policy/check_capabilities_restricted.go`)
//! - containerd `pkg/oci` `defaultUnixCaps`

use crate::semantics::capabilities::{
    RESTRICTED, as_dangerous, beyond_default, drops_all, drops_exactly_all,
};
use crate::semantics::editable::{editable, editable_container};
use crate::semantics::effective::is_privileged;
use crate::semantics::isolation::is_windows;
use crate::threats::malicious_container::surroundings::Weight;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "capabilities-not-dropped",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "processes-least-privilege",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:restricted/capabilities_restricted",
        "cis:1.12/5.2.9",
        "owasp:2025/K01",
        "kubescape:C-0055",
        "trivy:KSV-0003",
        "trivy:KSV-0106",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
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
            "apiVersion: apps/v1
kind: StatefulSet
metadata: {name: queue, namespace: data}
spec:
  serviceName: queue
  selector: {matchLabels: {app: queue}}
  template:
    metadata: {labels: {app: queue}}
    spec:
      containers:
      - name: queue
        image: registry.example.com/queue:4.1.0
        securityContext: {capabilities: {add: [CHOWN, NET_BIND_SERVICE], drop: [ALL]}}
      - name: side
        image: registry.example.com/side:0.2.0
        securityContext: {capabilities: {drop: [all]}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    securityContext: {capabilities: {add: [NET_BIND_SERVICE], drop: [ALL]}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: tracer, namespace: pay}
spec:
  containers:
  - name: tracer
    image: registry.example.com/tracer:0.3.0
    securityContext: {capabilities: {add: [SYS_PTRACE, SYS_NICE], drop: [ALL]}}
  - name: agent
    image: registry.example.com/agent:1.4.2
    securityContext: {privileged: true}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    if is_windows(pod.spec) {
        return;
    }
    for c in pod.spec.containers.iter().filter(|c| !is_privileged(c)) {
        let lists = &c.security;
        let told = beyond_default(lists);
        let extra: Vec<&str> = extra(c)
            .filter(|name| as_dangerous(name).is_none() && !told.iter().any(|t| ***t == **name))
            .collect();
        let dropped = drops_exactly_all(lists);
        if dropped && extra.is_empty() {
            continue;
        }
        let why = match (dropped, drops_all(lists)) {
            (true, _) => format!("it adds {} back", extra.join(", ")),
            (false, true) => {
                "runtimes understand what is written here, Pod Security asks for ALL".to_owned()
            }
            (false, false) if lists.drop.is_empty() => {
                "it keeps every capability that the runtime starts with".to_owned()
            }
            (false, false) => format!("it drops {} and keeps the rest", lists.drop.join(", ")),
        };
        let weight = Weight::new(Severity::Low, why).on_node(pod);
        let draft = out.fires(Part::Container(c.name.clone()), weight.severity, weight.why);
        if !dropped {
            let (value, origin) = if lists.drop.is_empty() {
                ("unset".to_owned(), Origin::Default)
            } else {
                (lists.drop.join(", "), Origin::Explicit)
            };
            draft.in_container(pod, c, "securityContext.capabilities.drop", value, origin);
        }
        if !extra.is_empty() {
            let added = extra.join(", ");
            draft.in_container(
                pod,
                c,
                "securityContext.capabilities.add",
                added,
                Origin::Explicit,
            );
        }
    }
}

/// What is added beyond the restricted level, as written.
fn extra(c: &Container) -> impl Iterator<Item = &str> {
    c.security
        .add
        .iter()
        .map(|name| &**name)
        .filter(|name| *name != RESTRICTED)
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let c = editable_container(editable(finding, view)?, &finding.id.part)?;
    let keep: Vec<Str> = c
        .security
        .add
        .iter()
        .filter(|n| ***n == *RESTRICTED)
        .cloned()
        .collect();
    let lost = extra(c).collect::<Vec<_>>().join(", ");
    let edit = ContainerEdit::Capabilities(keep.into(), ["ALL".into()].into());
    let remedy = Remedy::review(
        [Change::container(&finding.id.object, &c.name, edit)],
        "programs that change owners or users, open raw sockets or bind ports below 1024: add that one capability by name",
    );
    Some(if lost.is_empty() {
        remedy
    } else {
        remedy.may_break(format!(
            "what the container does with {lost}, which it adds now"
        ))
    })
}
