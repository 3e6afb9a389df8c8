//! What acting as somebody else lends under constrained impersonation (KEP-5284): a right to be somebody, and a right to do
//! the thing as them. It counts where somebody who may be acted as may do it; on since 1.36.
//!
//! Source: kubernetes/apiserver `pkg/endpoints/filters/impersonation/mode.go`. Only users and groups are looked at here:
//! accounts and nodes are followed step by step in the paths.

use super::{Ability, At, Power};
use crate::model::Subject;
use crate::semantics::rbac::grants::Clause;
use crate::semantics::rbac::identity::MASTERS;
use crate::semantics::rbac::rule::{Ask, allows, allows_some};
use crate::semantics::rbac::{Action, Target, who_can};

const RBAC: &str = "rbac.authorization.k8s.io";
const GROUP: &str = "authentication.k8s.io";
const BE: &str = "impersonate:user-info";

type Row = (Ability, &'static [&'static str], &'static str, &'static str);

/// What is lent: an ability, and the requests that come to it. Whoever is acted as is asked for `bind` and `escalate` too.
const LENT: [Row; 8] = [
    (
        Ability::RewriteRoles,
        &["update", "patch"],
        RBAC,
        "clusterroles",
    ),
    (
        Ability::BindRoles,
        &["create", "update", "patch"],
        RBAC,
        "clusterrolebindings",
    ),
    (
        Ability::IssueTokens,
        &["create"],
        "",
        "serviceaccounts/token",
    ),
    (
        Ability::RewriteObjects,
        &["create", "update", "patch"],
        "admissionregistration.k8s.io",
        "mutatingwebhookconfigurations",
    ),
    (
        Ability::ReachKubelets,
        &["get", "create"],
        "",
        "nodes/proxy",
    ),
    (
        Ability::ReadSecrets,
        &["get", "list", "watch"],
        "",
        "secrets",
    ),
    (Ability::EnterContainers, &["create"], "", "pods/exec"),
    (Ability::MakePods, &["create"], "", "pods"),
];

pub(super) fn find<'a>(at: &At<'_, 'a>, out: &mut Vec<Power<'a>>) {
    let version = at.view.cluster().version.as_ref();
    let served = version.is_none_or(|version| version.major != 1 || version.minor >= 36);
    let users = may_be(at, "users");
    if users.is_empty() || !served {
        return;
    }
    let groups = may_be(at, "groups");
    for (ability, verbs, group, resource) in LENT {
        let lent = verbs.iter().find_map(|verb| {
            let on = format!("impersonate-on:user-info:{verb}");
            let on = at.any(&[&on], group, resource)?;
            let target = Target::new(verb, group, resource).within(at.scope.namespace());
            let be = somebody(at, target, &users, &groups)?;
            Some(be.into_iter().chain([on]).collect::<Vec<_>>())
        });
        let known = |power: &Power<'_>| power.ability == ability && power.names.is_empty();
        if let Some(by) = lent.filter(|_| !out.iter().any(known)) {
            out.push(at.power(ability, by));
        }
    }
}

/// Rules that let one be users or groups. Both are cluster-scoped: a `RoleBinding` gives none.
fn may_be<'a>(at: &At<'_, 'a>, resource: &str) -> Vec<Clause<'a>> {
    let clauses = at.clauses.iter().copied();
    let wide = clauses.filter(|clause| clause.grant.scope().is_cluster());
    wide.filter(|clause| allows_some(clause.rule, &Ask::any(BE, GROUP, resource)))
        .collect()
}

/// The rules by which one is somebody who may do it.
fn somebody<'a>(
    at: &At<'_, 'a>,
    target: Target,
    users: &[Clause<'a>],
    groups: &[Clause<'a>],
) -> Option<Vec<Clause<'a>>> {
    let named = |clauses: &[Clause<'a>], resource: &str, name: &str| {
        let ask = Ask::any(BE, GROUP, resource).named(name);
        let mut clauses = clauses.iter().copied();
        clauses.find(|clause| allows(clause.rule, &ask))
    };
    let who = who_can(at.view, &Action::Resource(target));
    who.iter().find_map(|who| match &who.subject {
        Subject::User(name) => {
            let own =
                name.starts_with("system:serviceaccount:") || name.starts_with("system:node:");
            (!own)
                .then(|| named(users, "users", name))?
                .map(|be| vec![be])
        }
        Subject::Group(name) if &**name != MASTERS => {
            // A group is claimed together with a user, whoever that is.
            let bearer = users.first().copied()?;
            Some(vec![bearer, named(groups, "groups", name)?])
        }
        _ => None,
    })
}
