//! What somebody may do, as an answer of its own: abilities that are worth stealing first, then every right by resource.

mod matrix;

use crate::model::{Kind, Missing, ObjectKey, Severity, Str, Subject};
use crate::semantics::other_authorizers::other_authorizers;
use crate::semantics::rbac::power::{Ability, Power, powers_of};
use crate::semantics::rbac::{Clause, Identity, Scope, held, role_key, rule};
use crate::semantics::token::tokens;
use crate::view::{Look, View, Workload, World};

pub use matrix::{RightCell, RightKey, RightRow, VERBS, What};

/// Everything that is known of what somebody may do.
#[derive(Clone, Debug)]
pub struct RightsAnswer {
    /// Abilities that make them worth stealing, the worst first.
    pub powers: Vec<PowerRow>,
    /// Rights by resource and place, the most dangerous first.
    pub rights: Vec<RightRow>,
    /// The rules that they rest on.
    pub grants: Vec<GrantRow>,
    /// Workloads in which the account's token is mounted.
    pub mounted: Vec<ObjectKey>,
    /// Bindings that name a role which does not exist.
    pub dangling: Vec<ObjectKey>,
    /// What could not be seen: there may be more.
    pub missing: Vec<Missing>,
    /// Authorizers beside RBAC that may grant more: `rights granted by AWS IAM`.
    pub others: Vec<&'static str>,
}

/// What makes an ability of somebody itself and no other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PowerKey {
    /// The ability.
    pub ability: Ability,
    /// The namespace in which it counts; `None`: everywhere.
    pub scope: Option<Str>,
    /// Only these objects; empty: any.
    pub names: Vec<Str>,
}

/// An ability.
#[derive(Clone, Debug)]
pub struct PowerRow {
    /// Which one.
    pub key: PowerKey,
    /// What they are able to do, in words.
    pub says: String,
    /// How bad that is.
    pub severity: Severity,
    /// The rules that give it together.
    pub by: Vec<GrantRow>,
}

/// A rule, and the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRow {
    /// The binding.
    pub binding: ObjectKey,
    /// As whom it names them: themselves, or a group that they are in.
    pub as_whom: String,
    /// The role.
    pub role: ObjectKey,
    /// Index of the role's rule.
    pub at: usize,
    /// The rule in words.
    pub rule: String,
}

impl GrantRow {
    pub(super) fn of(clause: &Clause<'_>) -> GrantRow {
        let binding = clause.grant.binding;
        GrantRow {
            binding: binding.meta.key.clone(),
            as_whom: clause
                .grant
                .subject()
                .map(ToString::to_string)
                .unwrap_or_default(),
            role: role_key(binding),
            at: clause.at,
            rule: rule::describe(clause.rule),
        }
    }
}

impl PowerRow {
    fn of(power: &Power<'_>) -> PowerRow {
        let scope = power.scope;
        PowerRow {
            key: PowerKey {
                ability: power.ability,
                scope: (!scope.is_cluster()).then(|| scope.namespace().into()),
                names: power.names.clone(),
            },
            says: power.words(),
            severity: power.severity(),
            by: power.by.iter().map(GrantRow::of).collect(),
        }
    }
}

impl RightsAnswer {
    /// These rules.
    pub fn giving<'s>(&'s self, by: &'s [usize]) -> impl Iterator<Item = &'s GrantRow> {
        by.iter().filter_map(|at| self.grants.get(*at))
    }

    pub(super) fn of(world: &World, subject: &Subject) -> RightsAnswer {
        let view = View::new(world);
        let held = held(&view, &Identity::of(subject));
        let powers = powers_of(&view, &held);
        let (rights, grants) = matrix::matrix(&view, &held, &powers);
        let mounted = match subject {
            Subject::ServiceAccount { namespace, name } => mounted(world, &view, namespace, name),
            _ => Vec::new(),
        };
        RightsAnswer {
            powers: ranked(&powers),
            rights,
            grants,
            mounted,
            dangling: held.dangling.iter().map(|b| b.meta.key.clone()).collect(),
            missing: view.take_blind(),
            others: other_authorizers(world)
                .iter()
                .map(|other| other.what)
                .collect(),
        }
    }
}

/// Abilities, the worst first; of equals the strongest. Whoever may do everything in a place has all others there too.
fn ranked(powers: &[Power<'_>]) -> Vec<PowerRow> {
    let whole = |place: Scope<'_>| {
        let mut all = powers.iter();
        all.any(|power| power.ability == Ability::Everything && power.scope == place)
    };
    let implied = |power: &&Power<'_>| {
        power.ability != Ability::Everything && (whole(Scope::Cluster) || whole(power.scope))
    };
    let own = powers.iter().filter(|power| !implied(power));
    let mut rows: Vec<PowerRow> = own.map(PowerRow::of).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.severity));
    rows
}

/// Workloads of the account's namespace whose pods hold its token.
pub(super) fn mounted(
    world: &World,
    view: &View<'_>,
    namespace: &str,
    name: &str,
) -> Vec<ObjectKey> {
    let holds = |workload: &Workload<'_>| {
        let pods = workload.pod_likes();
        pods.iter().any(|(pod, _)| {
            pod.spec.account_name() == name
                && matches!(tokens(pod, view), Look::Seen(found) if !found.is_empty())
        })
    };
    let all = Workload::all(world, namespace);
    // Noted: without sight of pods an empty list proves nothing.
    drop(view.list(Kind::Pod, namespace));
    all.iter()
        .filter(|w| holds(w))
        .map(|w| w.key.clone())
        .collect()
}
