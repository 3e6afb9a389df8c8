//! Subject is bound to cluster-admin
//!
//! ## What
//! A ClusterRoleBinding of `cluster-admin` to anyone but the group `system:masters`, or a RoleBinding of it (admin of
//! that namespace). The role is looked at: one of that name that does not exist, or that was emptied, makes nobody admin.
//! The binding that kubeadm writes for its own group `kubeadm:cluster-admins` is stock and stays silent.
//!
//! ## Why
//! The login of this subject is the cluster: every Secret, every node, every account. A token in a pod, a kubeconfig on a
//! laptop or a job in CI is enough to take all of it, and no audit rule tells the thief from the owner.
//!
//! ## Fix
//! Removes the subject from the binding. Bind a role with what it needs instead, in the namespaces where it needs it.
//!
//! ## References
//! - Kubernetes, Role Based Access Control Good Practices, "Least privilege"
//! - CIS Kubernetes Benchmark 1.12, 5.1.1

use crate::semantics::rbac::rule::is_everything;
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::holders::holders;
use crate::threats::stolen_credentials::remedies::less_or_none;

/// The check.
pub static CHECK: Check = Check {
    id: "cluster-admin-bound",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "admins-few",
    needs: &[
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
    ],
    rests_on: RestsOn::Presence,
    standards: &[
        "cis:1.12/5.1.1",
        "attack:T1078",
        "owasp:2025/K02",
        "kubescape:C-0185",
        "trivy:KSV-0111",
    ],
    scope: Scope::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], run),
    fix: Fix::Choice(less_or_none),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: runner, namespace: ci}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: runner, namespace: ci}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: owners, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: masters}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: system:masters}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: local, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: cluster-admin}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: cluster-admin, namespace: shop}
rules:
- {apiGroups: [''], resources: [pods], verbs: [get]}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::Binding(binding) = object else {
        return;
    };
    if !binding.role.cluster || &*binding.role.name != "cluster-admin" {
        return;
    }
    for holder in holders(object, view, |clause| is_everything(clause.rule)) {
        let (severity, why) = if holder.scope.is_cluster() {
            let why = format!(
                "whoever comes by the login of {} owns the cluster",
                holder.subject
            );
            (Severity::Critical, why)
        } else {
            let why = format!(
                "whoever comes by the login of {} owns the namespace {}",
                holder.subject,
                holder.scope.namespace()
            );
            (Severity::High, why)
        };
        holder.report(out, severity, why);
    }
}
