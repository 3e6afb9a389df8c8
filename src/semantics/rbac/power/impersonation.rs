//! Acting as somebody else (P09 to P12).
//!
//! Source: kubernetes/apiserver `pkg/endpoints/filters/impersonation`. Users and groups are asked for without a namespace,
//! so only a `ClusterRoleBinding` gives them; accounts in their own. A group can only be claimed together with a user or
//! an account: `impersonate groups` alone is worth nothing.

use super::{Ability, At, Power};
use crate::semantics::rbac::grants::Clause;
use crate::semantics::rbac::identity::MASTERS;
use crate::semantics::rbac::rule::{Ask, allows_some};

const VERB: &[&str] = &["impersonate"];

pub(super) fn find<'a>(at: &At<'_, 'a>, out: &mut Vec<Power<'a>>) {
    if at.scope.is_cluster() {
        out.extend(anybody(at));
        let named = at.named(VERB, "", "users");
        out.extend(at.limited(Ability::ActAsAnybody, named));
    }
    out.extend(
        at.any(VERB, "", "serviceaccounts")
            .map(|clause| at.power(Ability::ActAsAccounts, [clause])),
    );
    let named = at.named(VERB, "", "serviceaccounts");
    out.extend(at.limited(Ability::ActAsAccounts, named));
}

/// Every user, or a user or account with the group that is allowed everything.
fn anybody<'a>(at: &At<'_, 'a>) -> Option<Power<'a>> {
    let users = at.any(VERB, "", "users");
    let groups = at.one(VERB, "", "groups", MASTERS);
    match (users, groups) {
        (Some(users), groups) => {
            Some(at.power(Ability::ActAsAnybody, [users].into_iter().chain(groups)))
        }
        (None, Some(groups)) => {
            let bearer = at.some(VERB, "", "users").or_else(|| some_account(at))?;
            Some(at.power(Ability::ActAsAnybody, [bearer, groups]))
        }
        (None, None) => None,
    }
}

/// A right to act as an account, in any namespace.
fn some_account<'a>(at: &At<'_, 'a>) -> Option<Clause<'a>> {
    let mut grants = at.held.grants.iter().flat_map(|grant| grant.clauses());
    let ask = Ask::any("impersonate", "", "serviceaccounts");
    grants.find(|c| allows_some(c.rule, &ask))
}
