//! Questions about what is under the cursor.

use super::{Command, Enabled, Group};
use crate::model::{Kind, ObjectKey, Part, Subject};
use crate::threats::Actor;
use crate::ui::action::Action;
use crate::ui::context::Context;
use crate::ui::facts;
use crate::ui::ladder::{climbs, is_namespace};
use crate::ui::row::{RowId, Target};

/// In the order of the help.
pub(super) static COMMANDS: &[Command] = &[
    Command {
        id: "ask.who",
        keys: "w",
        help: "who may do something, by RBAC",
        label: "who can",
        group: Group::Ask,
        opens: Some("who-can"),
        run: |_| vec![Action::Open("who-can", Target::Whole)],
        ..Command::BASE
    },
    Command {
        id: "ask.rights",
        keys: "i",
        help: "what this user, group or account may do",
        label: "rights",
        group: Group::Ask,
        opens: Some("rights"),
        enabled: has_rights,
        run: |cx| {
            let subject = cx.selected.and_then(subject);
            let subject = subject.map(|who| Target::Text(who.to_string().into()));
            subject
                .map(|who| Action::Open("rights", who))
                .into_iter()
                .collect()
        },
        ..Command::BASE
    },
    Command {
        id: "ask.foothold",
        keys: "f",
        help: "suppose this is taken: what is in reach",
        label: "foothold",
        group: Group::Ask,
        opens: Some("foothold"),
        enabled: |cx| match start(cx) {
            Some(_) => Ok(()),
            None => Err("only a workload, a user, a group or an account can be taken".into()),
        },
        run: |cx| {
            let start = start(cx);
            start
                .map(|target| Action::Open("foothold", target))
                .into_iter()
                .collect()
        },
        ..Command::BASE
    },
    Command {
        id: "ask.reach",
        keys: "a",
        help: "who reaches whom over the network",
        label: "reach",
        group: Group::Ask,
        opens: Some("can-reach"),
        run: |cx| {
            let workload = cx.selected.and_then(climbs);
            let known = workload.filter(|key| facts::workload(cx.snapshot, key).is_some());
            let text = known.map(|key| Target::Text(format!("{} ", key.path()).into()));
            vec![Action::Open("can-reach", text.unwrap_or_default())]
        },
        ..Command::BASE
    },
    Command {
        id: "ask.levels",
        keys: "P",
        help: "Pod Security levels, and the way up",
        label: "levels",
        group: Group::Ask,
        opens: Some("levels"),
        enabled: has_levels,
        run: |cx| {
            let key = cx.selected.and_then(climbs);
            key.map(|key| Action::Open("levels", Target::Row(RowId::Object(key))))
                .into_iter()
                .collect()
        },
        ..Command::BASE
    },
];

fn has_rights(cx: &Context<'_>) -> Enabled {
    if cx.selected.and_then(subject).is_some() {
        Ok(())
    } else {
        Err("only a user, a group or an account has rights".into())
    }
}

/// What a foothold may be in: a subject, or the workload that the row is about.
fn start(cx: &Context<'_>) -> Option<Target> {
    let row = cx.selected?;
    if let Some(subject) = subject(row) {
        return Some(Target::Text(subject.to_string().into()));
    }
    let key = climbs(row)?;
    let runs = facts::workload(cx.snapshot, &key).is_some();
    runs.then_some(Target::Row(RowId::Object(key)))
}

/// The subject that a row is about.
fn subject(row: &RowId) -> Option<Subject> {
    match row {
        RowId::Subject(name) => Subject::parse(name),
        RowId::Instance(_, Actor::Subject(subject)) => Some(subject.clone()),
        RowId::Finding(id) => match &id.part {
            Part::Subject(name) => Subject::parse(name),
            _ => account(&id.object),
        },
        other => other.object().and_then(account),
    }
}

fn account(key: &ObjectKey) -> Option<Subject> {
    let is_account = key.known() == Some(Kind::ServiceAccount);
    is_account.then(|| Subject::account(key.home(), &key.name))
}

fn has_levels(cx: &Context<'_>) -> Enabled {
    let key = cx.selected.and_then(climbs);
    let fits =
        key.is_some_and(|key| is_namespace(&key) || facts::workload(cx.snapshot, &key).is_some());
    if fits {
        Ok(())
    } else {
        Err("only a namespace or a workload has levels".into())
    }
}
