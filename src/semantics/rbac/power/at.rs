//! Questions that the families ask of what is held in one scope.

use super::{Ability, Power};
use crate::model::Str;
use crate::semantics::rbac::grants::{Clause, Held, Scope};
use crate::semantics::rbac::rule::{Ask, allows, allows_some};
use crate::view::View;

/// What somebody holds, looked at in one scope.
pub(crate) struct At<'h, 'a> {
    pub(crate) view: &'h View<'a>,
    pub(crate) held: &'h Held<'a>,
    pub(crate) scope: Scope<'a>,
}

impl<'a> At<'_, 'a> {
    /// A rule that allows one of the verbs for every name.
    pub(super) fn any(&self, verbs: &[&str], group: &str, resource: &str) -> Option<Clause<'a>> {
        self.held.clauses(self.scope).find(|clause| {
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
        self.held.clauses(self.scope).find(|clause| {
            verbs
                .iter()
                .any(|verb| allows(clause.rule, &Ask::any(verb, group, resource).named(name)))
        })
    }

    /// Rules that allow one of the verbs for some names only.
    pub(super) fn named(&self, verbs: &[&str], group: &str, resource: &str) -> Vec<Clause<'a>> {
        let clauses = self.held.clauses(self.scope);
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
