//! A subject makes privileged pods
//!
//! ## What
//! A subject may make pods, itself or through a controller, in a namespace where nothing that can be seen refuses
//! privileged ones: no Pod Security level is enforced there, or `privileged` is, or the subject may change the level.
//! What a namespace without a label gets is a setting of the API server that the API does not show; it counts as
//! privileged. Where an admission webhook or policy is asked about new pods, it may refuse them: the story is unsure.
//!
//! ## Why
//! A privileged pod is root on its node, and with it every pod, token and Secret on that node. Making a pod is one
//! request.
//!
//! ## References
//! - MITRE ATT&CK T1610, Deploy Container
//! - MITRE ATT&CK T1611, Escape to Host
//! - Kubernetes, Pod Security Admission

use crate::threats::prelude::*;
use crate::threats::stolen_credentials::login_taken;

const MAKES: &[&str] = &["pod-makers-fenced", "pod-security-enforced"];
const LEADS: &[&str] = &["pod-security-enforced"];

/// The story.
pub static STORY: Story = Story {
    id: "makes-privileged-pods",
    since: "0.1",
    threat: ThreatId::StolenCredentials,
    goal: "node-root",
    steps: &[
        StoryStep {
            title: "the subject makes pods where privileged ones are admitted",
            cut_by: MAKES,
        },
        StoryStep {
            title: "what it makes leads to a node",
            cut_by: LEADS,
        },
    ],
    needs: WAYS,
    scope: Scope::Paths(run),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: edit, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects:
- {kind: ServiceAccount, name: deployer, namespace: ci}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: owner, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: edit, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects:
- {kind: ServiceAccount, name: deployer, namespace: ci}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: view, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {kind: ServiceAccount, name: deployer, namespace: ci}
",
        ),
    ],
};

/// What the first step does.
const FIRST: &[&str] = &[
    "privileged-pod",
    "relabel-namespace",
    "create-namespace",
    "node-volume",
    "privileged-debug-container",
];

fn run(survey: &Survey<'_, '_>, out: &mut Scenes) {
    let how = Walk {
        story: &STORY,
        ends: "is root on a node",
    };
    let quest = survey.quest(&Goal::NodeRoot, FIRST);
    for subject in survey.subjects() {
        let (who, actor) = (login_taken::who(subject), Actor::Subject(subject.clone()));
        if let Some(way) = quest.from_subject(subject) {
            how.tell(&who, actor, &way, out);
        } else if let Some((namespace, rights, label)) = survey.fenced(subject) {
            let says = format!("{who} makes pods in {namespace}, which refuses privileged ones.");
            let evidence = [rights, vec![label]].concat();
            out.stopped(actor, 0, &["pod-security-enforced"], says)
                .step(
                    format!("{namespace} refuses privileged pods"),
                    MAKES,
                    evidence,
                );
        }
    }
}
