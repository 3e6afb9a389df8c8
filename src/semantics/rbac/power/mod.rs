//! What rights add up to: the abilities that make an identity worth stealing.
//!
//! One file a family; each looks at what is held in one scope and reports an ability with the rules that give it. Halves
//! that are worth nothing alone (`bind` without the right to write bindings, `impersonate groups` without anybody to
//! impersonate) give none. The catalogue and its sources are the permissions P01 to P80 of the project's reference; only
//! abilities that checks or stories of this version need are here.

mod at;
mod certificates;
mod constrained;
mod everything;
mod impersonation;
mod labels;
mod nodes;
mod pods;
mod role_edits;
mod secrets;
mod shells;
#[cfg(test)]
mod tests;
mod tokens;
mod webhooks;

use super::grants::{Clause, Held, Scope, held};
use super::identity::Identity;
use super::stock;
use crate::model::{Severity, Str};
use crate::view::View;

pub use labels::may_relabel;
pub use pods::{CONTROLLERS, makes_pods};
pub use role_edits::binds_local_roles;
pub use secrets::reads_secrets;
pub use shells::get_is_enough;

use at::At;

/// An ability, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ability {
    /// Every verb on every resource.
    Everything,
    /// Rewrites roles beyond what it holds.
    RewriteRoles,
    /// Binds roles that it does not hold.
    BindRoles,
    /// Acts as any user or as a member of any group.
    ActAsAnybody,
    /// Acts as any service account.
    ActAsAccounts,
    /// Has certificates issued for whatever name it likes.
    IssueCertificates,
    /// Has tokens issued for service accounts.
    IssueTokens,
    /// Rewrites objects while they are written.
    RewriteObjects,
    /// Runs commands in every container through the kubelet.
    ReachKubelets,
    /// Reads Secrets.
    ReadSecrets,
    /// Runs commands in running containers.
    EnterContainers,
    /// Makes pods, itself or through a controller.
    MakePods,
}

/// An ability of somebody, in a scope.
#[derive(Clone, Debug)]
pub struct Power<'a> {
    /// The ability.
    pub ability: Ability,
    /// Where.
    pub scope: Scope<'a>,
    /// The rules that give it together.
    pub by: Vec<Clause<'a>>,
    /// It is limited to objects of these names; empty: any.
    pub names: Vec<Str>,
}

type Family = for<'h, 'a> fn(&At<'h, 'a>, &mut Vec<Power<'a>>);

const FAMILIES: &[Family] = &[
    everything::find,
    role_edits::find,
    impersonation::find,
    certificates::find,
    tokens::find,
    webhooks::find,
    nodes::find,
    secrets::find,
    shells::find,
    pods::find,
    // What is held without it is not lent.
    constrained::find,
];

/// Everything that an identity is able to do, strongest first within a scope, the cluster before namespaces.
pub fn powers<'a>(view: &View<'a>, who: &Identity) -> Vec<Power<'a>> {
    powers_of(view, &held(view, who))
}

/// The same of what somebody holds.
pub fn powers_of<'a>(view: &View<'a>, held: &Held<'a>) -> Vec<Power<'a>> {
    let mut found = powers_in(view, held, Scope::Cluster);
    let wide: Vec<Ability> = found.iter().map(|p| p.ability).collect();
    for namespace in held.namespaces() {
        let here = powers_in(view, held, Scope::Namespace(namespace));
        found.extend(here.into_iter().filter(|p| !wide.contains(&p.ability)));
    }
    found
}

/// What somebody is able to do in one scope, rights that are held cluster-wide included.
pub fn powers_in<'a>(view: &View<'a>, held: &Held<'a>, scope: Scope<'a>) -> Vec<Power<'a>> {
    let at = At::new(view, held, scope);
    let mut found = Vec::new();
    if at.clauses.is_empty() {
        return found;
    }
    for family in FAMILIES {
        family(&at, &mut found);
    }
    // An ability without a limit says all that the same one with a limit says.
    let free: Vec<Ability> = found
        .iter()
        .filter(|p| p.names.is_empty())
        .map(|p| p.ability)
        .collect();
    found.retain(|p| p.names.is_empty() || !free.contains(&p.ability));
    found.sort_by_key(|p| p.ability);
    found
}

impl Power<'_> {
    /// How bad it is that somebody holds it, the scope taken into account.
    pub fn severity(&self) -> Severity {
        let wide = self.scope.is_cluster();
        let full = if wide {
            Severity::Critical
        } else {
            Severity::High
        };
        if self.names.is_empty() {
            full
        } else {
            full.lowered().lowered()
        }
    }

    /// What it comes to, in words that follow "may": `read every Secret in shop`.
    pub fn words(&self) -> String {
        let what = self.ability.words();
        let named = if self.names.is_empty() {
            String::new()
        } else {
            format!(" (only {})", self.names.join(", "))
        };
        format!("{what}{named} {}", self.scope.words())
    }

    /// Held by nothing but stock bindings of stock roles, as they were written.
    pub fn is_stock(&self) -> bool {
        self.by
            .iter()
            .all(|c| stock::is_untouched(c.grant.binding, c.grant.role))
    }
}

impl Ability {
    /// In words that follow "may".
    pub fn words(self) -> &'static str {
        match self {
            Ability::Everything => "do everything",
            Ability::RewriteRoles => "write rights into roles that it does not hold",
            Ability::BindRoles => "bind roles that it does not hold",
            Ability::ActAsAnybody => "act as anybody",
            Ability::ActAsAccounts => "act as any service account",
            Ability::IssueCertificates => "have client certificates issued for any name",
            Ability::IssueTokens => "have tokens issued for service accounts",
            Ability::RewriteObjects => "rewrite objects while they are written",
            Ability::ReachKubelets => "run commands in every container through the kubelets",
            Ability::ReadSecrets => "read Secrets",
            Ability::EnterContainers => "run commands in running containers",
            Ability::MakePods => "make pods",
        }
    }
}
