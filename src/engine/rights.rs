//! What somebody may do, as an answer of its own: abilities that are worth stealing first, then every right by resource.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Kind, Missing, ObjectKey, Severity, Str, Subject};
use crate::semantics::other_authorizers::other_authorizers;
use crate::semantics::rbac::power::powers_of;
use crate::semantics::rbac::{Clause, Held, Identity, Scope, held, role_key, rule};
use crate::semantics::token::tokens;
use crate::view::{Look, View, Workload, World};

/// Everything that is known of what somebody may do.
#[derive(Clone, Debug)]
pub struct RightsAnswer {
    /// Abilities that make them worth stealing, strongest first.
    pub powers: Vec<PowerRow>,
    /// Rights by resource and scope: wildcards first, then by name.
    pub rights: Vec<RightRow>,
    /// Workloads in which the account's token is mounted.
    pub mounted: Vec<ObjectKey>,
    /// Bindings that name a role which does not exist.
    pub dangling: Vec<ObjectKey>,
    /// What could not be seen: there may be more.
    pub missing: Vec<Missing>,
    /// Authorizers beside RBAC that may grant more: `rights granted by AWS IAM`.
    pub others: Vec<&'static str>,
}

/// An ability.
#[derive(Clone, Debug)]
pub struct PowerRow {
    /// What they are able to do, in words.
    pub says: String,
    /// How bad that is.
    pub severity: Severity,
    /// The rules that give it together.
    pub by: Vec<GrantRow>,
}

/// What may be done to a resource, or a path, in a scope.
#[derive(Clone, Debug)]
pub struct RightRow {
    /// `everywhere`, or a namespace.
    pub scope: String,
    /// `plural[.group][/subresource]`, or a path.
    pub resource: String,
    /// Verbs, without those that a wildcard says already.
    pub verbs: BTreeSet<Str>,
    /// Only these objects; empty: any.
    pub names: Vec<Str>,
    /// The rules that give it.
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

impl RightsAnswer {
    pub(super) fn of(world: &World, subject: &Subject) -> RightsAnswer {
        let view = View::new(world);
        let held = held(&view, &Identity::of(subject));
        let powers = powers_of(&view, &held).into_iter().map(|power| PowerRow {
            says: power.words(),
            severity: power.severity(),
            by: power.by.iter().map(GrantRow::of).collect(),
        });
        let powers = powers.collect();
        let mounted = match subject {
            Subject::ServiceAccount { namespace, name } => mounted(world, &view, namespace, name),
            _ => Vec::new(),
        };
        RightsAnswer {
            powers,
            rights: rights(&held),
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

fn rights(held: &Held<'_>) -> Vec<RightRow> {
    let mut found: BTreeMap<(Rank, String, String, Vec<Str>), RightRow> = BTreeMap::new();
    for clause in held.grants.iter().flat_map(|grant| grant.clauses()) {
        let scope = clause.grant.scope();
        for resource in resources(&clause, scope) {
            let place = match scope {
                Scope::Cluster => "everywhere".to_owned(),
                Scope::Namespace(name) => name.to_owned(),
            };
            let names = clause.rule.names.to_vec();
            let key = (
                rank(&resource),
                resource.clone(),
                place.clone(),
                names.clone(),
            );
            let row = found.entry(key).or_insert_with(|| RightRow {
                scope: place,
                resource,
                verbs: BTreeSet::new(),
                names,
                by: Vec::new(),
            });
            row.verbs.extend(clause.rule.verbs.iter().cloned());
            let grant = GrantRow::of(&clause);
            if !row.by.contains(&grant) {
                row.by.push(grant);
            }
        }
    }
    let mut rows: Vec<RightRow> = found.into_values().collect();
    for row in &mut rows {
        if row.verbs.contains("*") {
            row.verbs.retain(|verb| &**verb == "*");
        }
    }
    rows
}

/// Resources and paths of a rule as questions write them. Paths count cluster-wide alone.
fn resources(clause: &Clause<'_>, scope: Scope<'_>) -> Vec<String> {
    let rule = clause.rule;
    let mut all = Vec::new();
    for group in &rule.groups {
        for resource in &rule.resources {
            let (plural, sub) = match resource.split_once('/') {
                Some((plural, sub)) => (plural, format!("/{sub}")),
                None => (&**resource, String::new()),
            };
            all.push(match &**group {
                "" => format!("{plural}{sub}"),
                group => format!("{plural}.{group}{sub}"),
            });
        }
    }
    if scope.is_cluster() {
        all.extend(rule.urls.iter().map(ToString::to_string));
    }
    all
}

/// What is looked at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Wildcard,
    Credentials,
    Other,
    Path,
}

fn rank(resource: &str) -> Rank {
    let strong = [
        "secrets",
        "pods/exec",
        "nodes/proxy",
        "serviceaccounts/token",
    ];
    if resource.starts_with('/') {
        Rank::Path
    } else if resource.contains('*') {
        Rank::Wildcard
    } else if strong.contains(&resource) || resource.contains("rbac.authorization.k8s.io") {
        Rank::Credentials
    } else {
        Rank::Other
    }
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
