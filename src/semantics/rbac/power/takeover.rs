//! Abilities that end with the whole cluster, and how.

use super::{Ability, Power, powers};
use crate::model::Subject;
use crate::semantics::rbac::grants::subjects;
use crate::semantics::rbac::identity::Identity;
use crate::view::{Look, View};

/// A way to every right in the cluster.
#[derive(Clone, Debug)]
pub struct Takeover<'a> {
    /// The ability that opens it.
    pub power: Power<'a>,
    /// The account that it leads through, with what that account may do; `None` when it leads there at once.
    pub through: Option<(Subject, Power<'a>)>,
}

impl Takeover<'_> {
    /// The way in a sentence that follows the name of who goes it.
    pub fn says(&self) -> String {
        match &self.through {
            None => ending(&self.power).unwrap_or_default().to_owned(),
            Some((account, next)) => {
                let verb = match self.power.ability {
                    Ability::ActAsAccounts => "acts as",
                    _ => "has a token issued for",
                };
                let then = ending(next).unwrap_or_default();
                format!("{verb} {account}, which {then}")
            }
        }
    }
}

/// How a power that is the cluster at once ends; `None` for every other.
pub fn ending(power: &Power<'_>) -> Option<&'static str> {
    if !power.scope.is_cluster() || !power.names.is_empty() {
        return None;
    }
    match power.ability {
        Ability::Everything => Some("holds every right"),
        Ability::RewriteRoles => Some("writes every right into a role"),
        Ability::BindRoles => Some("binds cluster-admin to whom it likes"),
        Ability::ActAsAnybody => {
            Some("acts as anybody, administrators and the control plane included")
        }
        Ability::IssueCertificates => {
            Some("has a certificate issued for a name or group that holds every right")
        }
        Ability::RewriteObjects => {
            Some("has every object rewritten while others write it, administrators included")
        }
        _ => None,
    }
}

/// Accounts that own the cluster at once, with the power that does it: what issuing tokens or acting as accounts leads to.
pub fn strong_accounts<'a>(view: &View<'a>) -> Vec<(&'a Subject, Power<'a>)> {
    let accounts = subjects(view)
        .into_iter()
        .filter(|s| matches!(s, Subject::ServiceAccount { .. }));
    accounts
        .filter_map(|account| {
            let mut all = powers(view, &Identity::of(account)).into_iter();
            all.find(|p| ending(p).is_some()).map(|p| (account, p))
        })
        .collect()
}

/// Every way to the cluster among some powers. `strong`: what [`strong_accounts`] found.
pub fn takeovers<'a>(
    view: &View<'a>,
    found: &[Power<'a>],
    strong: &[(&'a Subject, Power<'a>)],
) -> Vec<Takeover<'a>> {
    let mut ways = Vec::new();
    for power in found {
        if ending(power).is_some() {
            ways.push(Takeover {
                power: power.clone(),
                through: None,
            });
        } else if let Some((account, next)) = stepping_stone(view, power, strong) {
            ways.push(Takeover {
                power: power.clone(),
                through: Some(((*account).clone(), next.clone())),
            });
        }
    }
    ways
}

/// The first strong account that the power reaches. A token is only issued for an account that exists; nobody needs to
/// exist to be impersonated.
fn stepping_stone<'s, 'a>(
    view: &View<'a>,
    power: &Power<'a>,
    strong: &'s [(&'a Subject, Power<'a>)],
) -> Option<&'s (&'a Subject, Power<'a>)> {
    let issues = power.ability == Ability::IssueTokens;
    if !issues && power.ability != Ability::ActAsAccounts {
        return None;
    }
    strong.iter().find(|(subject, _)| {
        let Subject::ServiceAccount { namespace, name } = subject else {
            return false;
        };
        let named = power.names.is_empty() || power.names.contains(name);
        named
            && power.scope.reaches(namespace)
            && (!issues || matches!(view.account(namespace, name), Look::Seen(_)))
    })
}
