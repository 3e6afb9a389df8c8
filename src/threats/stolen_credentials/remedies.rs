//! Ways to take a right away: from one subject, or out of the role.
//!
//! Roles that Kubernetes or its aggregation controller writes are not edited (the next start or sync would undo it):
//! there the subject goes.

use crate::model::change::RuleEdit;
use crate::model::objects::access::{Binding, Role, Rule};
use crate::semantics::rbac::power::Power;
use crate::semantics::rbac::{Identity, role_key, role_of, stock};
use crate::threats::prelude::*;

/// What becomes of a rule.
pub(crate) enum Narrowed {
    /// It stays.
    Kept,
    /// It allows less.
    To(Rule),
    /// Nothing of it is left.
    Gone,
    /// A wildcard holds the right: it cannot be taken out alone.
    Inseparable,
}

/// Takes the finding's subject out of its binding.
pub(crate) fn remove_subject(finding: &Finding, _: &View<'_>) -> Option<Remedy> {
    let Part::Subject(text) = &finding.id.part else {
        return None;
    };
    let edit = Edit::RemoveSubject(Subject::parse(text)?);
    Some(Remedy::review(
        [Change::new(&finding.id.object, edit)],
        format!("everything that {text} does with the rights of this binding"),
    ))
}

/// Takes the right out of the role where that is possible, else the subject out of the binding.
pub(crate) fn narrow(
    finding: &Finding,
    view: &View<'_>,
    narrowed: impl Fn(&Rule) -> Narrowed,
) -> Option<Remedy> {
    edits(finding, view, narrowed).or_else(|| remove_subject(finding, view))
}

fn edits(
    finding: &Finding,
    view: &View<'_>,
    narrowed: impl Fn(&Rule) -> Narrowed,
) -> Option<Remedy> {
    let Some(Object::Binding(binding)) = view.get(&finding.id.object).seen().map(|o| &**o) else {
        return None;
    };
    let role = role_of(view, binding).seen()?;
    if !is_ours(role) {
        return None;
    }
    let mut changes = Vec::new();
    // From the last rule to the first: a rule that goes moves those behind it.
    for (at, rule) in role.rules.iter().enumerate().rev() {
        let edit = match narrowed(rule) {
            Narrowed::Kept => continue,
            Narrowed::Inseparable => return None,
            Narrowed::Gone => RuleEdit::Remove(Box::new(rule.clone())),
            Narrowed::To(then) => RuleEdit::Replace(Box::new(rule.clone()), Box::new(then)),
        };
        changes.push(Change::new(&role.meta.key, Edit::Rule(at, edit)));
    }
    if changes.is_empty() {
        return None;
    }
    let remedy = Remedy::review(
        changes,
        format!("what subjects of {} do with this right", role.meta.key),
    );
    Some(match shared_by(view, binding) {
        0 => remedy,
        others => remedy.may_break(format!("{others} other bindings grant the same role")),
    })
}

/// Written by the people of this cluster: neither stock nor filled by the aggregation controller.
fn is_ours(role: &Role) -> bool {
    role.aggregation.is_none() && stock::role_writer(role).is_none() && !role.assumed
}

/// Bindings of the same role, this one apart.
fn shared_by(view: &View<'_>, binding: &Binding) -> usize {
    let role = role_key(binding);
    view.context(|view| {
        let wide = view.list(Kind::ClusterRoleBinding, "");
        let narrow = view.list_all(Kind::RoleBinding);
        wide.chain(narrow)
            .filter(|object| matches!(&***object, Object::Binding(b) if role_key(b) == role))
            .count()
            .saturating_sub(1)
    })
}

/// Single changes that end every one of these powers: a subject out of the binding that all of them need.
pub(crate) fn single_cuts(who: &Identity, powers: &[Power<'_>]) -> Vec<Change> {
    let needs = |power: &Power<'_>, binding: &Binding| {
        let mut by = power.by.iter();
        by.any(|clause| clause.grant.binding.meta.key == binding.meta.key)
    };
    let mut cuts: Vec<Change> = Vec::new();
    for clause in powers.first().map_or(&[][..], |power| &power.by) {
        let grant = clause.grant;
        let named = grant.binding.subjects.iter().filter(|s| who.is_named_by(s));
        let once = named.count() == 1;
        let stock = stock::is_untouched(grant.binding, grant.role);
        let Some(subject) = grant.subject().filter(|_| once && !stock) else {
            continue;
        };
        let edit = Edit::RemoveSubject(subject.clone());
        let change = Change::new(&grant.binding.meta.key, edit);
        if powers.iter().all(|power| needs(power, grant.binding)) && !cuts.contains(&change) {
            cuts.push(change);
        }
    }
    cuts
}

/// A rule without one resource, for checks on what a resource grants as a whole.
pub(crate) fn without_resource(rule: &Rule, groups: &[&str], resource: &str) -> Narrowed {
    let concerns = rule
        .groups
        .iter()
        .any(|g| &**g == "*" || groups.contains(&&**g));
    let subresource = resource.split_once('/').map(|(_, sub)| format!("*/{sub}"));
    let wild = |held: &Str| &**held == "*" || Some(&**held) == subresource.as_deref();
    if concerns && rule.resources.iter().any(wild) {
        return Narrowed::Inseparable;
    }
    if !concerns || !rule.resources.iter().any(|held| **held == *resource) {
        return Narrowed::Kept;
    }
    let rest: Box<[Str]> = rule
        .resources
        .iter()
        .filter(|held| ***held != *resource)
        .cloned()
        .collect();
    if rest.is_empty() {
        return Narrowed::Gone;
    }
    Narrowed::To(Rule {
        resources: rest,
        ..rule.clone()
    })
}

/// A rule without some verbs.
pub(crate) fn without_verbs(rule: &Rule, verbs: &[&str]) -> Narrowed {
    if rule.verbs.iter().any(|verb| &**verb == "*") {
        return Narrowed::Inseparable;
    }
    let rest: Box<[Str]> = rule
        .verbs
        .iter()
        .filter(|verb| !verbs.contains(&&***verb))
        .cloned()
        .collect();
    if rest.len() == rule.verbs.len() {
        Narrowed::Kept
    } else if rest.is_empty() {
        Narrowed::Gone
    } else {
        Narrowed::To(Rule {
            verbs: rest,
            ..rule.clone()
        })
    }
}
