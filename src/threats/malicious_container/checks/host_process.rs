//! Windows container runs as a process of its node
//!
//! ## What
//! Containers with `windowsOptions.hostProcess: true`, their own or the pod's.
//!
//! ## Why
//! A host process container is no container: it runs on the node itself, with its network, its files and, as the system
//! account, every right there is.
//!
//! ## Fix
//! Takes `hostProcess` away, from the pod and from each container, and `hostNetwork` with it. What administers the node
//! cannot do without them.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Baseline, "`HostProcess`" (pod-security-admission `policy/check_windowsHostProcess.go`)
//! - KEP-1981, Windows privileged container support
//! - CIS Kubernetes Benchmark 1.12, 5.2.10

use crate::semantics::editable::editable;
use crate::semantics::effective::Effective;
use crate::threats::malicious_container::surroundings::Weight;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "host-process",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "containers-unprivileged",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["pss:baseline/windowsHostProcess", "cis:1.12/5.2.10", "attack:T1611", "owasp:2025/K01", "trivy:KSV-0103"],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: win-agent, namespace: monitoring}
spec:
  selector: {matchLabels: {app: win-agent}}
  template:
    metadata: {labels: {app: win-agent}}
    spec:
      os: {name: windows}
      hostNetwork: true
      securityContext: {windowsOptions: {hostProcess: true, runAsUserName: 'NT AUTHORITY\\SYSTEM'}}
      containers:
      - {name: agent, image: 'registry.example.com/win-agent:1.9.0'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: win-shell, namespace: ci}
spec:
  os: {name: windows}
  hostNetwork: true
  containers:
  - name: shell
    image: registry.example.com/win-tools:1.0.0
    securityContext: {windowsOptions: {hostProcess: true, runAsUserName: 'NT AUTHORITY\\LOCAL SERVICE'}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: win-tool, namespace: ci}
spec:
  os: {name: windows}
  hostNetwork: true
  containers:
  - name: tool
    image: registry.example.com/win-tools:1.0.0
    securityContext: {windowsOptions: {hostProcess: true, runAsUserName: 'NT AUTHORITY\\LOCAL SERVICE'}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: iis, namespace: shop}
spec:
  os: {name: windows}
  containers:
  - name: iis
    image: registry.example.com/iis:2022.1.0
    securityContext: {windowsOptions: {runAsUserName: ContainerUser}}
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

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    for c in &pod.spec.containers {
        let of_pod = pod.spec.security.host_process;
        let process = Effective::of(c.security.host_process, of_pod, false);
        if !process.value {
            continue;
        }
        let why = "it runs on the node itself, with the node's network and files";
        let weight = Weight::new(Severity::Critical, why).on_node(pod);
        out.fires(Part::Container(c.name.clone()), weight.severity, weight.why)
            .because(process.evidence(pod, c, "windowsOptions.hostProcess", true));
    }
}

/// The API wants all containers of a pod to be the same in this, so it is taken away everywhere.
fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let spec = editable(finding, view)?;
    let object = &finding.id.object;
    let mut changes = Vec::new();
    if spec.security.host_process.is_some() {
        changes.push(Change::pod(object, PodEdit::RemoveHostProcess));
    }
    let own = spec.containers.iter();
    let own = own.filter(|c| c.security.host_process.is_some() && c.list != List::Ephemeral);
    let edit = ContainerEdit::RemoveHostProcess;
    changes.extend(own.map(|c| Change::container(object, &c.name, edit.clone())));
    if spec.host_network {
        changes.push(Change::pod(object, PodEdit::HostNetwork(false)));
    }
    let breaks = "everything that it does to the node; a user name of the node has to become one of the image";
    (!changes.is_empty()).then(|| Remedy::review(changes, breaks))
}
