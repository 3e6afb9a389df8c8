//! Subject reaches kubelets through the API server
//!
//! ## What
//! A ClusterRoleBinding of a role that allows `get` or `create` on `nodes/proxy`, by name or by wildcard. In a
//! RoleBinding the right is dead: nodes are in no namespace. `nodes` alone does not hold it.
//!
//! ## Why
//! `get nodes/proxy` runs commands in every container of every node, on every version of Kubernetes: the kubelet's `exec`
//! is opened with a GET. No admission controller and no audit rule for `pods/exec` sees it. Monitoring agents ask for it
//! out of habit.
//!
//! ## Fix
//! Puts `nodes/metrics` and `nodes/stats` in its place, which is what agents read. Where a wildcard holds it or the role
//! is not to be edited, removes the subject from the binding.
//!
//! ## References
//! - Kubernetes, Role Based Access Control Good Practices, "Access to proxy subresource of Nodes"
//! - kubernetes/kubernetes#119640
//! - CIS Kubernetes Benchmark 1.12, 5.1.10

use crate::model::objects::access::Rule;
use crate::semantics::rbac::Clause;
use crate::semantics::rbac::rule::{Ask, allows_some};
use crate::semantics::rbac::split::Taken;
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::holders::holders;
use crate::threats::stolen_credentials::remedies::{Narrowed, take, take_away};

/// The check.
pub static CHECK: Check = Check {
    id: "node-proxy-granted",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "node-proxy-closed",
    needs: &[Kind::ClusterRoleBinding, Kind::ClusterRole],
    rests_on: RestsOn::Presence,
    standards: &[
        "cis:1.12/5.1.10",
        "attack:T1609",
        "owasp:2025/K02",
        "kubescape:C-0279",
        "trivy:KSV-0047",
    ],
    scope: Scope::Object(&[Kind::ClusterRoleBinding], run),
    fix: Fix::Choice(fix),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: agent}
rules:
- {apiGroups: [''], resources: [nodes, nodes/proxy], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: agent}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: agent}
subjects:
- {kind: ServiceAccount, name: agent, namespace: monitoring}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: kubelets}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:kubelet-api-admin'}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: agent}
rules:
- {apiGroups: [''], resources: [nodes, nodes/metrics, nodes/stats], verbs: ['*']}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: agent}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: agent}
subjects:
- {kind: ServiceAccount, name: agent, namespace: monitoring}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: agent}
rules:
- {apiGroups: [''], resources: [nodes/proxy], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: agent, namespace: monitoring}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: agent}
subjects:
- {kind: ServiceAccount, name: agent, namespace: monitoring}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    for holder in holders(object, view, reaches) {
        let who = holder.subject;
        let (severity, why) = if holder.clauses.iter().all(|c| !c.rule.names.is_empty()) {
            let why = format!("{who} runs commands in every container of the nodes named");
            (Severity::High, why)
        } else {
            let why =
                format!("{who} runs commands in every container of every node, past admission");
            (Severity::Critical, why)
        };
        holder.report(out, severity, why);
    }
}

fn reaches(clause: &Clause<'_>) -> bool {
    ["get", "create"]
        .into_iter()
        .any(|verb| allows_some(clause.rule, &Ask::any(verb, "", "nodes/proxy")))
}

const PROXY: Taken<'_> = Taken {
    verbs: &[],
    groups: &[""],
    resources: &["nodes/proxy"],
};

fn fix(finding: &Finding, view: &View<'_>) -> Vec<Remedy> {
    let narrowed = |rule: &Rule| match take(rule, &[PROXY]) {
        Narrowed::To(mut rest, gone) => {
            rest.extend(gone.iter().map(with_metrics));
            Narrowed::To(rest, gone)
        }
        other => other,
    };
    take_away(finding, view, narrowed)
}

/// What an agent reads of a kubelet, in place of all that a kubelet does.
fn with_metrics(gone: &Rule) -> Rule {
    Rule {
        resources: Box::new(["nodes/metrics".into(), "nodes/stats".into()]),
        ..gone.clone()
    }
}
