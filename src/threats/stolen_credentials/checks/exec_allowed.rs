//! Subject starts commands in running containers
//!
//! ## What
//! A binding of a role that allows `create` on `pods/exec`; before Kubernetes 1.35 `get` is enough, because a WebSocket
//! is opened with GET. The resource must be `pods/exec`, `*/exec` or `*`: `pods` alone does not hold it, and `pods/*` is
//! no wildcard.
//!
//! ## Why
//! A shell in a container is everything that the container has: its token, its mounted Secrets, its place in the network,
//! and its way to the node where it is privileged. It leaves no trace in the container's image or spec.
//!
//! ## Fix
//! Takes `pods/exec` out of the role, or the subject out of the binding where a wildcard holds it or the role is not to
//! be edited. Give it to a role for emergencies, bound for as long as one lasts.
//!
//! ## References
//! - MITRE ATT&CK T1609, Container Administration Command
//! - kubernetes/kubernetes#78741 and feature gate AuthorizePodWebsocketUpgradeCreatePermission (1.35)

use crate::semantics::rbac::Scope as RbacScope;
use crate::semantics::rbac::power::get_is_enough;
use crate::semantics::rbac::rule::{Ask, allows_some};
use crate::semantics::rbac::split::Taken;
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::holders::holders;
use crate::threats::stolen_credentials::remedies::{take, take_away};

/// The check.
pub static CHECK: Check = Check {
    id: "exec-allowed",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "no-shells",
    needs: &[
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
    ],
    rests_on: RestsOn::Presence,
    standards: &[
        "attack:T1609",
        "owasp:2025/K02",
        "kubescape:C-0002",
        "trivy:KSV-0053",
    ],
    scope: Scope::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], run),
    fix: Fix::Choice(fix),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: debug}
rules:
- {apiGroups: [''], resources: [pods, pods/exec], verbs: [get, list, create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: debug}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: debug}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: edit, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects:
- {kind: ServiceAccount, name: deployer, namespace: ci}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: edit, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: support}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {example.com/to-support: 'true'}}]}
rules:
- {apiGroups: [''], resources: [pods, pods/exec, pods/log], verbs: [get, create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: shells, labels: {example.com/to-support: 'true'}}
rules:
- {apiGroups: [''], resources: [pods, pods/exec, pods/log], verbs: [get, create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: support}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: support}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: support}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: pods, namespace: shop}
rules:
- {apiGroups: [''], resources: [pods, 'pods/*'], verbs: ['*']}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: pods, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pods}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: viewers}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let verbs: &[&str] = if get_is_enough(view) {
        &["create", "get"]
    } else {
        &["create"]
    };
    let starts = |clause: &crate::semantics::rbac::Clause<'_>| {
        verbs
            .iter()
            .any(|verb| allows_some(clause.rule, &Ask::any(verb, "", "pods/exec")))
    };
    for holder in holders(object, view, starts) {
        let who = holder.subject;
        let named = holder.clauses.iter().all(|c| !c.rule.names.is_empty());
        let (severity, why) = match holder.scope {
            _ if named => (
                Severity::Medium,
                format!("{who} starts commands in pods of these names only"),
            ),
            RbacScope::Cluster => (
                Severity::Critical,
                format!("{who} starts commands in every container of the cluster"),
            ),
            RbacScope::Namespace(namespace) => (
                Severity::High,
                format!("{who} starts commands in every container of {namespace}"),
            ),
        };
        holder.report(out, severity, why);
    }
}

const STARTING: Taken<'_> = Taken {
    verbs: &[],
    groups: &[""],
    resources: &["pods/exec"],
};

fn fix(finding: &Finding, view: &View<'_>) -> Vec<Remedy> {
    take_away(finding, view, |rule| take(rule, &[STARTING]))
}
