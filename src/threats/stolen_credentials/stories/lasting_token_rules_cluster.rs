//! A token that never ends leads to every right
//!
//! ## What
//! An account that holds every right, or leads to them, has a token of the old form in a Secret: one that works until the
//! Secret is deleted. (Such Secrets are not read; the account names them.)
//!
//! ## Why
//! A copy taken years ago, from a laptop, a pipeline or a backup, still opens the API server, and nobody needs to break
//! into the cluster to use it.
//!
//! ## References
//! - KEP-2799, Reduction of Secret-based Service Account Tokens
//! - MITRE ATT&CK T1528, Steal Application Access Token

use crate::threats::prelude::*;

const LASTS: &[&str] = &["bindings-current"];
const LEADS: &[&str] = &["account-rights-restricted", "admins-few"];

/// The story.
pub static STORY: Story = Story {
    id: "lasting-token-rules-cluster",
    since: "0.1",
    threat: ThreatId::StolenCredentials,
    goal: "cluster-admin",
    steps: &[
        StoryStep {
            title: "the account has a token that never ends",
            cut_by: LASTS,
        },
        StoryStep {
            title: "the account comes by every right",
            cut_by: LEADS,
        },
    ],
    needs: WAYS,
    scope: Scope::Paths(run),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: deployer, namespace: ops}
secrets:
- name: deployer-token-x7x2k
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admin}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: deployer, namespace: ops}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: deployer, namespace: ops}
secrets:
- name: deployer-token-x7x2k
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: viewer}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {kind: ServiceAccount, name: deployer, namespace: ops}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: deployer, namespace: ops}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admin}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: deployer, namespace: ops}
",
        ),
    ],
};

fn run(survey: &Survey<'_, '_>, out: &mut Scenes) {
    let how = Walk {
        story: &STORY,
        ends: "holds every right in the cluster",
    };
    let quest = survey.quest(&Goal::ClusterAdmin, &[]);
    for (subject, evidence) in survey.lasting() {
        if let Some(way) = quest.from_anybody(&subject) {
            let had = format!("{subject} has a token that never ends");
            let who = format!("Whoever copied the lasting token of {subject} still");
            let actor = Actor::Subject(subject);
            how.tell_after((had, vec![evidence]), &who, actor, &way, out);
        }
    }
}
