//! A subject is admin of the cluster by another name
//!
//! ## What
//! See the title; every ClusterRoleBinding counts.
//!
//! ## Why
//! The rights are held by whoever comes by the login.
//!
//! ## References
//! - MITRE ATT&CK T1078, Valid Accounts

use crate::threats::prelude::*;

const CUTS: &[&str] = &["admins-few"];

/// The story.
pub static STORY: Story = Story {
    id: "admin-by-another-name",
    since: "0.1",
    threat: ThreatId::StolenCredentials,
    goal: "cluster-admin",
    steps: &[StoryStep {
        title: "the subject holds every right",
        cut_by: CUTS,
    }],
    needs: &[Kind::ClusterRoleBinding],
    scope: Scope::Cluster(run),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: wide}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: runner, namespace: ci}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: narrow}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {kind: ServiceAccount, name: reader, namespace: ci}
",
        ),
    ],
};

fn run(view: &View<'_>, out: &mut Scenes) {
    for object in view.list(Kind::ClusterRoleBinding, "") {
        let Object::Binding(binding) = &**object else {
            continue;
        };
        if !binding.role.cluster || &*binding.role.name != "cluster-admin" {
            continue;
        }
        for subject in binding
            .subjects
            .iter()
            .filter(|s| **s != Subject::Group("system:masters".into()))
        {
            let says = format!("Whoever holds the login of {subject} is admin of the cluster.");
            let evidence = vec![Evidence::explicit(
                &binding.meta.key,
                "roleRef.name",
                &binding.role.name,
            )];
            out.works(Actor::Subject(subject.clone()), says)
                .step(
                    format!("{subject} is bound to cluster-admin"),
                    CUTS,
                    evidence,
                )
                .cut(Change::new(
                    &binding.meta.key,
                    Edit::RemoveSubject(subject.clone()),
                ));
        }
    }
}
