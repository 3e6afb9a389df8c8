//! Container holds a capability that reaches beyond it
//!
//! ## What
//! Containers whose `capabilities.add` holds `ALL`, `SYS_ADMIN`, `SYS_MODULE`, `SYS_RAWIO`, `SYS_BOOT`, `SYS_PTRACE`,
//! `DAC_READ_SEARCH`, `BPF`, `PERFMON`, `MAC_ADMIN`, `MAC_OVERRIDE`, `SYSLOG` or `NET_ADMIN`, in any case and with or without
//! `CAP_`, as the runtimes take them. A privileged container has all of them and is reported as that.
//!
//! ## Why
//! `SYS_MODULE` loads code into the kernel, `SYS_ADMIN` mounts the node's file systems, `DAC_READ_SEARCH` opens any file of
//! the node: these are the node. The others read or steer the kernel that all containers of the node share.
//!
//! ## Fix
//! Takes these capabilities out of `add` and leaves the rest of both lists as it is.
//!
//! ## References
//! - Linux `capabilities(7)`
//! - Kubernetes Pod Security Standards, Baseline, "Capabilities" (pod-security-admission `policy/check_capabilities_baseline.go`)
//! - CIS Kubernetes Benchmark 1.12, 5.2.9

use crate::semantics::capabilities::{Dangerous, Reach, as_dangerous, held};
use crate::semantics::editable::{editable, editable_container};
use crate::semantics::effective::{is_privileged, may_be_root};
use crate::semantics::isolation::{has_user_namespace, is_windows};
use crate::threats::malicious_container::surroundings::{FACED_KINDS, Weight};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "dangerous-capabilities",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "containers-unprivileged",
    needs: FACED_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/capabilities_baseline",
        "cis:1.12/5.2.9",
        "attack:T1611",
        "owasp:2025/K01",
        "kubescape:C-0046",
        "trivy:KSV-0005",
        "trivy:KSV-0022",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: debug-shell, namespace: default}
spec:
  containers:
  - name: shell
    image: registry.example.com/tools:1.0.0
    securityContext: {capabilities: {add: [cap_sys_admin, CHOWN]}}
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: mesh, namespace: shop}
spec:
  selector: {matchLabels: {app: mesh}}
  template:
    metadata: {labels: {app: mesh}}
    spec:
      initContainers:
      - name: redirect
        image: registry.example.com/mesh-init:1.26.0
        securityContext: {capabilities: {add: [NET_ADMIN, NET_RAW], drop: [ALL]}}
      containers:
      - {name: app, image: 'registry.example.com/app:1.0.0'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
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
      - name: web
        image: registry.example.com/web:1.4.2
        securityContext: {capabilities: {add: [SYS_ADMIN]}}
",
        )
        .with_status(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
status: {loadBalancer: {ingress: [{ip: 34.1.2.3}]}}
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
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    securityContext: {capabilities: {add: [NET_ADMIN], drop: [net_admin]}}
  - name: agent
    image: registry.example.com/agent:1.4.2
    securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN]}}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    if is_windows(pod.spec) {
        return;
    }
    for c in pod.spec.containers.iter().filter(|c| !is_privileged(c)) {
        let held = held(&c.security);
        let worst = held.iter().map(|(_, d)| *d);
        // The list is in order of danger; of equal severities the first one is named.
        let Some(worst) = worst.rev().max_by_key(|d| severity(pod, d)) else {
            continue;
        };
        let names: Vec<&str> = held.iter().map(|(name, _)| *name).collect();
        let weight = weigh(pod, c, worst).faced(pod, view);
        out.fires(Part::Container(c.name.clone()), weight.severity, weight.why)
            .in_container(
                pod,
                c,
                "securityContext.capabilities.add",
                names.join(", "),
                Origin::Explicit,
            );
    }
}

fn severity(pod: &PodLike<'_>, capability: &Dangerous) -> Severity {
    match capability.reach {
        Reach::Node => Severity::Critical,
        Reach::Processes if pod.spec.host_pid => Severity::Critical,
        Reach::Network if pod.spec.host_network => Severity::High,
        Reach::Files | Reach::Kernel => Severity::High,
        Reach::Processes | Reach::Network => Severity::Medium,
    }
}

fn weigh(pod: &PodLike<'_>, c: &Container, worst: &Dangerous) -> Weight {
    let scope = match worst.reach {
        Reach::Network if !pod.spec.host_network => " of the pod's own network",
        Reach::Network => " of the node",
        Reach::Processes if pod.spec.host_pid => ", those of the node",
        Reach::Processes => ", those of the pod",
        _ => "",
    };
    let why = format!("{} lets it {}{scope}", worst.name, worst.lets);
    let mut weight = Weight::new(severity(pod, worst), why);
    if has_user_namespace(pod.spec) {
        // Capabilities count against the pod's own user namespace alone: two steps, not one.
        weight.severity = weight.severity.lowered();
    }
    if !may_be_root(pod.spec, c) {
        weight = weight
            .lowered("it never is root, and added capabilities come into force for root only");
    }
    weight.in_kernel(pod)
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let c = editable_container(editable(finding, view)?, &finding.id.part)?;
    let lists = &c.security;
    let (taken, kept): (Vec<Str>, Vec<Str>) = lists
        .add
        .iter()
        .cloned()
        .partition(|name| as_dangerous(name).is_some());
    let edit = ContainerEdit::Capabilities(kept.into(), lists.drop.clone());
    Some(Remedy::review(
        [Change::container(&finding.id.object, &c.name, edit)],
        format!("what the container does with {}", taken.join(", ")),
    ))
}
