//! Ways to take a right away, the one that takes least first: out of the role, to the account's own namespace, from the
//! subject.
//!
//! What an account needs is not written anywhere in the API: each way says what goes, and none claims to know the least that
//! is enough. Roles that Kubernetes or its aggregation controller writes are not edited (the next start or sync would undo
//! it): there the subject goes.

mod copied;
mod named;
mod namespaced;
mod narrow;
mod not_edited;
pub(crate) mod own_account;
mod sources;

use crate::model::objects::access::{Binding, Rule};
use crate::semantics::rbac::power::Power;
use crate::semantics::rbac::{Identity, stock};
use crate::threats::prelude::*;

use copied::copied;
pub(crate) use named::by_name;
use namespaced::namespaced;
use narrow::narrow;
pub(crate) use narrow::{Narrowed, take};
use not_edited::not_edited;
use sources::narrow_sources;

/// The binding of a finding, while it still names the finding's subject.
fn bound<'a>(finding: &Finding, view: &View<'a>) -> Option<(&'a Binding, Subject)> {
    let Part::Subject(text) = &finding.id.part else {
        return None;
    };
    let subject = Subject::parse(text)?;
    match view.get(&finding.id.object).seen().map(|o| &**o) {
        Some(Object::Binding(binding)) if binding.subjects.contains(&subject) => {
            Some((binding, subject))
        }
        _ => None,
    }
}

/// Takes the finding's subject out of its binding.
pub(crate) fn remove_subject(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let (binding, subject) = bound(finding, view)?;
    let key = &binding.meta.key;
    let edit = Edit::RemoveSubject(subject.clone());
    let remedy = Remedy::review(
        [Change::new(key, edit)],
        format!("everything that {subject} does with the rights of this binding"),
    );
    Some(remedy.called(format!("take {subject} out of {key}")))
}

/// Takes a right away: out of the role, or of the roles that fill it, where that is possible; else the subject goes, or is bound to a copy of the role, or in
/// its own namespace alone. Each but the first says why the role is left as it is.
pub(crate) fn take_away(
    finding: &Finding,
    view: &View<'_>,
    narrowed: impl Fn(&Rule) -> Narrowed,
) -> Vec<Remedy> {
    let why = not_edited(finding, view, &narrowed);
    let others = remove_subject(finding, view)
        .into_iter()
        .chain(copied(finding, view, &narrowed))
        .chain(namespaced(finding, view));
    let told = others.map(|remedy| match &why {
        Some(why) => remedy.note(why.clone()),
        None => remedy,
    });
    narrow(finding, view, &narrowed)
        .or_else(|| narrow_sources(finding, view, &narrowed))
        .into_iter()
        .chain(told)
        .collect()
}

/// Takes the subject out of its binding, or binds it in its own namespace alone.
pub(crate) fn less_or_none(finding: &Finding, view: &View<'_>) -> Vec<Remedy> {
    remove_subject(finding, view)
        .into_iter()
        .chain(namespaced(finding, view))
        .collect()
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
