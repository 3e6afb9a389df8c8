//! Questions that the families ask of what is held in one scope.

use super::{Ability, Power};
use crate::model::Str;
use crate::model::objects::access::Rule;
use crate::semantics::rbac::grants::{Clause, Held, Scope};
use crate::semantics::rbac::rule::{Ask, allows, allows_some};
use crate::view::View;

/// What somebody holds, looked at in one scope.
pub(super) struct At<'h, 'a> {
    pub(super) view: &'h View<'a>,
    pub(super) held: &'h Held<'a>,
    pub(super) scope: Scope<'a>,
    /// The rules that count here and can give an ability at all; most read a few plain kinds and cannot.
    pub(super) clauses: Vec<Clause<'a>>,
}

/// True when a rule may matter to a family: it writes, steps over limits, or reads what is worth reading.
fn is_potent(rule: &Rule) -> bool {
    let worth = |held: &Str| {
        held.starts_with('*') || ["secrets", "pods/exec", "nodes/proxy"].contains(&&**held)
    };
    let reads_only = rule
        .verbs
        .iter()
        .all(|verb| ["get", "list", "watch", "delete", "deletecollection"].contains(&&**verb));
    !rule.resources.is_empty() && (!reads_only || rule.resources.iter().any(worth))
}

impl<'h, 'a> At<'h, 'a> {
    pub(super) fn new(view: &'h View<'a>, held: &'h Held<'a>, scope: Scope<'a>) -> Self {
        let clauses = held.clauses(scope).filter(|c| is_potent(c.rule)).collect();
        At {
            view,
            held,
            scope,
            clauses,
        }
    }

    /// A rule that allows one of the verbs for every name.
    pub(super) fn any(&self, verbs: &[&str], group: &str, resource: &str) -> Option<Clause<'a>> {
        self.clauses.iter().copied().find(|clause| {
            verbs
                .iter()
                .any(|verb| allows(clause.rule, &Ask::any(verb, group, resource)))
        })
    }

    /// A rule that allows one of the verbs for one name.
    pub(super) fn one(
        &self,
        verbs: &[&str],
        group: &str,
        resource: &str,
        name: &str,
    ) -> Option<Clause<'a>> {
        self.clauses.iter().copied().find(|clause| {
            verbs
                .iter()
                .any(|verb| allows(clause.rule, &Ask::any(verb, group, resource).named(name)))
        })
    }

    /// Rules that allow one of the verbs for some names only.
    pub(super) fn named(&self, verbs: &[&str], group: &str, resource: &str) -> Vec<Clause<'a>> {
        let clauses = self.clauses.iter().copied();
        clauses
            .filter(|clause| {
                !clause.rule.names.is_empty()
                    && verbs
                        .iter()
                        .any(|verb| allows_some(clause.rule, &Ask::any(verb, group, resource)))
            })
            .collect()
    }

    /// A rule that allows one of the verbs for some name at least.
    pub(super) fn some(&self, verbs: &[&str], group: &str, resource: &str) -> Option<Clause<'a>> {
        self.any(verbs, group, resource)
            .or_else(|| self.named(verbs, group, resource).into_iter().next())
    }

    /// A rule by which objects of a resource can be written: `create` carries no name, `update` and `patch` do.
    pub(super) fn write(&self, group: &str, resource: &str) -> Option<Clause<'a>> {
        self.any(&["create"], group, resource)
            .or_else(|| self.some(&["update", "patch"], group, resource))
    }

    /// A power of this scope.
    pub(super) fn power(
        &self,
        ability: Ability,
        by: impl IntoIterator<Item = Clause<'a>>,
    ) -> Power<'a> {
        Power {
            ability,
            scope: self.scope,
            by: by.into_iter().collect(),
            names: Vec::new(),
        }
    }

    /// One power for all rules that are limited to names; none without such rules.
    pub(super) fn limited(&self, ability: Ability, rules: Vec<Clause<'a>>) -> Option<Power<'a>> {
        let mut names: Vec<Str> = rules
            .iter()
            .flat_map(|c| c.rule.names.iter().cloned())
            .collect();
        names.sort();
        names.dedup();
        (!rules.is_empty()).then(|| Power {
            names,
            ..self.power(ability, rules)
        })
    }
}
