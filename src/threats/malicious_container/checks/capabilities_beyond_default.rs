//! Container adds a capability that runtimes do not give
//!
//! ## What
//! Linux containers whose `capabilities.add` holds something beyond the thirteen that the baseline level allows and that
//! "dangerous capability" does not tell already: `NET_RAW`, `SYS_NICE`, `SYS_RESOURCE`, `IPC_LOCK`, `SYS_TIME`, ... A
//! name that the container drops too is left out. Privileged containers are reported as that.
//!
//! ## Why
//! Each widens what code can do to the kernel or to its neighbours: `NET_RAW` forges packets of other pods on the same
//! network, `SYS_RESOURCE` lifts quotas, `SYS_TIME` sets the node's clock.
//!
//! ## Fix
//! Takes these out of `add` and leaves the rest of both lists as it is.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Baseline, "Capabilities" (pod-security-admission `policy/check_capabilities_baseline.go`)
//! - Linux `capabilities(7)`
//! - CIS Kubernetes Benchmark 1.12, 5.2.9

use crate::semantics::capabilities::{beyond_default, normal};
use crate::semantics::editable::{editable, editable_container};
use crate::semantics::effective::{is_privileged, may_be_root};
use crate::semantics::isolation::is_windows;
use crate::threats::malicious_container::surroundings::Weight;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "capabilities-beyond-default",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "processes-least-privilege",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/capabilities_baseline",
        "cis:1.12/5.2.9",
        "attack:T1611",
        "owasp:2025/K01",
        "kubescape:C-0046",
        "trivy:KSV-0022",
        "trivy:KSV-0119",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: ping, namespace: shop}
spec:
  containers:
  - name: ping
    image: registry.example.com/ping:1.0.0
    securityContext: {capabilities: {add: [NET_RAW], drop: [ALL]}}
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: clock, namespace: data}
spec:
  selector: {matchLabels: {app: clock}}
  template:
    metadata: {labels: {app: clock}}
    spec:
      containers:
      - name: clock
        image: registry.example.com/clock:1.17.2
        securityContext: {capabilities: {add: [IPC_LOCK, SYS_TIME, CHOWN]}}
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
    securityContext: {capabilities: {add: [NET_BIND_SERVICE, CHOWN], drop: [ALL]}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: debug, namespace: shop}
spec:
  containers:
  - name: debug
    image: registry.example.com/tools:1.0.0
    securityContext: {capabilities: {add: [SYS_ADMIN]}}
  - name: agent
    image: registry.example.com/agent:1.0.0
    securityContext: {privileged: true, capabilities: {add: [SYS_TIME]}}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    if is_windows(pod.spec) {
        return;
    }
    for c in pod.spec.containers.iter().filter(|c| !is_privileged(c)) {
        let found = beyond_default(&c.security);
        if found.is_empty() {
            continue;
        }
        let names: Vec<&str> = found.iter().map(|name| &***name).collect();
        let names = names.join(", ");
        let mut weight = if found.iter().any(|name| normal(name) == "SYS_TIME") {
            let why = "SYS_TIME sets the clock of the node, for all its pods";
            Weight::new(Severity::Medium, why)
        } else {
            let why = format!("it may do more to the kernel and its neighbours than most: {names}");
            Weight::new(Severity::Low, why)
        };
        if !may_be_root(pod.spec, c) {
            weight = weight
                .says("it never is root, and added capabilities come into force for root only");
        }
        let weight = weight.in_kernel(pod);
        let field = "securityContext.capabilities.add";
        out.fires(Part::Container(c.name.clone()), weight.severity, weight.why)
            .in_container(pod, c, field, names, Origin::Explicit);
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let c = editable_container(editable(finding, view)?, &finding.id.part)?;
    let taken: Vec<Str> = beyond_default(&c.security).into_iter().cloned().collect();
    let kept = c.security.add.iter().filter(|name| !taken.contains(name));
    let edit = ContainerEdit::Capabilities(kept.cloned().collect(), c.security.drop.clone());
    let change = Change::container(&finding.id.object, &c.name, edit);
    let breaks = format!("what the container does with {}", taken.join(", "));
    (!taken.is_empty()).then(|| Remedy::review([change], breaks))
}
