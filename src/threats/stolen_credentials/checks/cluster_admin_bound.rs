//! Subject is bound to cluster-admin
//!
//! ## What
//! A ClusterRoleBinding of `cluster-admin` to anyone but the group `system:masters`, or a RoleBinding of it (admin of
//! that namespace).
//!
//! ## Why
//! The login of this subject is the cluster: every Secret, every node, every account.
//!
//! ## Fix
//! Removes the subject from the binding. Bind a role with what it needs instead.
//!
//! ## References
//! - CIS Kubernetes Benchmark 1.12, 5.1.1

use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "cluster-admin-bound",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "admins-few",
    needs: &[Kind::ClusterRoleBinding, Kind::RoleBinding],
    rests_on: RestsOn::Presence,
    standards: &[
        "cis:1.12/5.1.1",
        "attack:T1078",
        "owasp:2025/K01",
        "kubescape:C-0185",
    ],
    scope: Scope::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: runner, namespace: ci}
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
    ],
};

fn run(object: &Object, _: &View<'_>, out: &mut Sink) {
    let Object::Binding(binding) = object else {
        return;
    };
    if !binding.role.cluster || &*binding.role.name != "cluster-admin" {
        return;
    }
    let (severity, why) = match object.key().namespace {
        None => (
            Severity::Critical,
            "whoever holds this login owns the cluster",
        ),
        Some(_) => (
            Severity::High,
            "whoever holds this login owns the namespace",
        ),
    };
    for (at, subject) in binding.subjects.iter().enumerate() {
        if *subject == Subject::Group("system:masters".into()) {
            continue;
        }
        out.fires(Part::Subject(subject.to_string().into()), severity, why)
            .because(Evidence::explicit(
                object.key(),
                format!("subjects[{at}]"),
                subject,
            ))
            .because(Evidence::explicit(
                object.key(),
                "roleRef.name",
                "cluster-admin",
            ));
    }
}

fn fix(finding: &Finding, _: &View<'_>) -> Option<Remedy> {
    let Part::Subject(text) = &finding.id.part else {
        return None;
    };
    let change = Change::new(
        &finding.id.object,
        Edit::RemoveSubject(Subject::parse(text)?),
    );
    Some(Remedy::review(
        [change],
        format!("everything that {text} does with these rights"),
    ))
}
