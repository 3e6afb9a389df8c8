//! A subject is admin of the cluster by another name
//!
//! ## What
//! A subject holds every right, or rights that come to the same: it binds or rewrites roles beyond its own, acts as
//! anybody, has certificates issued for any name, rewrites objects while others write them; or it acts as an account, or
//! has a token issued for one, that does.
//!
//! ## Why
//! A list of who is bound to `cluster-admin` does not show these. Their logins are worth as much, and are guarded less.
//!
//! ## References
//! - MITRE ATT&CK T1078, Valid Accounts
//! - MITRE ATT&CK T1098.006, Additional Container Cluster Roles
//! - Kubernetes, Role Based Access Control Good Practices, "Kubernetes RBAC - privilege escalation risks"

use crate::semantics::rbac::power::{Power, Takeover, powers, strong_accounts, takeovers};
use crate::semantics::rbac::{Clause, Identity, subjects};
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::remedies::single_cuts;

const HOLDS: &[&str] = &["admins-few", "no-wildcards", "no-escalation-verbs"];
const LEADS: &[&str] = &["admins-few"];

/// The story.
pub static STORY: Story = Story {
    id: "admin-by-another-name",
    since: "0.1",
    threat: ThreatId::StolenCredentials,
    goal: "cluster-admin",
    steps: &[
        StoryStep {
            title: "the subject holds a way to more rights",
            cut_by: HOLDS,
        },
        StoryStep {
            title: "the way ends with every right",
            cut_by: LEADS,
        },
    ],
    needs: &[
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
        Kind::ServiceAccount,
    ],
    scope: Scope::Cluster(run),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: access}
rules:
- {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}
- {apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: access}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: access}
subjects:
- {kind: ServiceAccount, name: access, namespace: ops}
",
        ),
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
kind: ClusterRole
metadata: {name: access}
rules:
- {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind, escalate]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: access}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: access}
subjects:
- {kind: ServiceAccount, name: access, namespace: ops}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: owners, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
",
        ),
    ],
};

fn run(view: &View<'_>, out: &mut Scenes) {
    let strong = strong_accounts(view);
    for subject in subjects(view) {
        let who = Identity::of(subject);
        if who.is_master() {
            continue;
        }
        // Ways that a binding gives to this very subject: those of a group it is in are told once, for the group.
        let mut found = powers(view, &who);
        found.retain(|power| !power.is_stock() && names(power, subject));
        let ways = takeovers(view, &found, &strong);
        if let Some(first) = ways.first() {
            tell(subject, &who, first, &ways, out);
        }
    }
}

fn names(power: &Power<'_>, subject: &Subject) -> bool {
    power
        .by
        .iter()
        .any(|clause| clause.grant.binding.subjects.contains(subject))
}

fn tell(
    subject: &Subject,
    who: &Identity,
    first: &Takeover<'_>,
    ways: &[Takeover<'_>],
    out: &mut Scenes,
) {
    let says = format!("Whoever comes by the login of {subject} {}.", first.says());
    let instance = out.works(Actor::Subject(subject.clone()), says);
    let evidence = first.power.by.iter().flat_map(Clause::evidence).collect();
    let more = match ways.len() - 1 {
        0 => String::new(),
        n => format!(" ({n} more ways)"),
    };
    let may = format!("{subject} may {}{more}", first.power.words());
    instance.step(may, HOLDS, evidence);
    let powers: Vec<Power<'_>> = ways.iter().map(|way| way.power.clone()).collect();
    for change in single_cuts(who, &powers) {
        instance.cut(change);
    }
    let last = first
        .through
        .as_ref()
        .map_or(&first.power, |(_, next)| next);
    let ends = last.by.iter().flat_map(Clause::evidence).collect();
    instance.step(format!("with it {subject} {}", first.says()), LEADS, ends);
}
