//! Stories of a login that was stolen: what it leads to, by the graph of ways and by bindings that name it.

use crate::threats::prelude::*;

/// Begins the sentence of an instance.
pub(super) fn who(subject: &Subject) -> String {
    format!("Whoever comes by the login of {subject}")
}

/// Ways from everybody.
pub(super) fn walk(
    survey: &Survey<'_, '_>,
    out: &mut Scenes,
    walk: Walk,
    goal: &Goal,
    first: &'static [&'static str],
) {
    walk_without(survey, out, walk, goal, (first, &[]));
}

/// The same, with kinds of edges that are no part of the first step.
pub(super) fn walk_without(
    survey: &Survey<'_, '_>,
    out: &mut Scenes,
    walk: Walk,
    goal: &Goal,
    (first, never): (&'static [&'static str], &'static [&'static str]),
) {
    let quest = survey.quest_without(goal, first, never);
    for subject in survey.subjects() {
        if let Some(way) = quest.from_subject(subject) {
            walk.tell(&who(subject), Actor::Subject(subject.clone()), &way, out);
        }
    }
}
