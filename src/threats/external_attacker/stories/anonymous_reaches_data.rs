//! A caller without a login holds rights
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

const CUTS: &[&str] = &["anonymous-holds-nothing"];

/// The story.
pub static STORY: Story = Story {
    id: "anonymous-reaches-data",
    since: "0.1",
    threat: ThreatId::ExternalAttacker,
    goal: "any-secret",
    steps: &[StoryStep {
        title: "a binding names callers without a login",
        cut_by: CUTS,
    }],
    needs: &[Kind::ClusterRoleBinding],
    scope: Scope::Cluster(run),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: wide}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:anonymous'}
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
    for subject in [
        Subject::User("system:anonymous".into()),
        Subject::Group("system:unauthenticated".into()),
    ] {
        for binding in view
            .bindings(&subject, "")
            .filter(|b| &*b.role.name != "system:public-info-viewer")
        {
            let says = format!(
                "Anybody who reaches the API server holds {} without a login.",
                binding.role.name
            );
            let evidence = vec![Evidence::explicit(
                &binding.meta.key,
                "roleRef.name",
                &binding.role.name,
            )];
            out.works(Actor::Subject(subject.clone()), says)
                .step(
                    format!("{subject} is bound to {}", binding.role.name),
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
