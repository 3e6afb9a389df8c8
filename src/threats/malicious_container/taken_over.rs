//! Stories of a container taken over: what its place leads to, by the graph of ways.

use std::collections::BTreeSet;

use crate::threats::prelude::*;

const MOUNTED: &[&str] = &["token-not-mounted"];

/// Ways from inside every workload.
pub(super) fn walk(
    survey: &Survey<'_, '_>,
    out: &mut Scenes,
    walk: Walk,
    goal: &Goal,
    first: &'static [&'static str],
) {
    let quest = survey.quest(goal, first);
    let workloads: BTreeSet<&ObjectKey> = survey.inside().map(|form| form.workload).collect();
    for workload in workloads {
        if let Some(way) = quest.from_workload(workload) {
            let who = format!("A container taken over in {workload}");
            walk.tell(&who, Actor::Object(workload.clone()), &way, out);
        }
    }
}

/// The same by the token that is mounted; workloads whose account would lead there, and that hold no token, are stopped.
pub(super) fn by_token(survey: &Survey<'_, '_>, out: &mut Scenes, how: Walk, goal: &Goal) {
    walk(survey, out, how, goal, &["mounted-token"]);
    let quest = survey.quest(goal, &[]);
    for form in survey.inside() {
        let Some(evidence) = form.tokenless else {
            continue;
        };
        if quest
            .from_anybody(form.account)
            .is_none_or(|way| way.is_unsure())
        {
            continue;
        }
        let actor = Actor::Object(form.workload.clone());
        let says = format!(
            "A container taken over in {} finds no token of {}, which {} in the end.",
            form.workload, form.account, how.ends
        );
        out.stopped(actor, 0, MOUNTED, says).step(
            "no container has the token",
            MOUNTED,
            vec![evidence.clone()],
        );
    }
}
