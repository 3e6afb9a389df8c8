//! Look-ups in a snapshot by identity: what a row's id stands for now, if it still does.

use std::sync::Arc;

use crate::engine::inventory::{AccountRow, PolicyRow, ServiceRow, WorkloadRow};
use crate::engine::stories::StoryState;
use crate::engine::{ControlState, Cut, Row, Snapshot, SpaceTable, Standing};
use crate::model::{Finding, FindingId, ObjectKey, ThreatId};
use crate::threats::{Actor, Instance};

/// The tables in which rows about an object stand: that of its namespace, and for a Namespace also the cluster's.
fn tables<'a>(snapshot: &'a Snapshot, object: &ObjectKey) -> impl Iterator<Item = &'a SpaceTable> {
    let own = object.namespace.as_deref().unwrap_or("");
    let home = Some(object.home()).filter(|home| *home != own);
    [Some(own), home]
        .into_iter()
        .flatten()
        .filter_map(|name| snapshot.spaces.get(name))
        .map(|table| &**table)
}

/// The finding of an id, if it still fires.
pub fn finding<'a>(snapshot: &'a Snapshot, id: &FindingId) -> Option<&'a Arc<Finding>> {
    row(snapshot, id).and_then(Row::finding)
}

/// The row of a finding, if it still fires.
pub fn row<'a>(snapshot: &'a Snapshot, id: &FindingId) -> Option<&'a Row> {
    let rows = tables(snapshot, &id.object).flat_map(|table| &table.rows);
    rows.filter(|row| row.check == id.check)
        .find(|row| row.finding().is_some_and(|finding| finding.id == *id))
}

/// Every row about an object.
pub fn rows_of<'a>(snapshot: &'a Snapshot, object: &'a ObjectKey) -> impl Iterator<Item = &'a Row> {
    let rows = tables(snapshot, object).flat_map(|table| &table.rows);
    rows.filter(move |row| row.object.as_ref() == Some(object))
}

/// A story kind.
pub fn story<'a>(snapshot: &'a Snapshot, id: &str) -> Option<&'a StoryState> {
    snapshot.stories.iter().find(|state| state.story.id == id)
}

/// An instance of a story.
pub fn instance<'a>(snapshot: &'a Snapshot, story_id: &str, actor: &Actor) -> Option<&'a Instance> {
    let state = story(snapshot, story_id)?;
    state.instances.iter().find(|i| i.actor == *actor)
}

/// A control.
pub fn control<'a>(snapshot: &'a Snapshot, slug: &str) -> Option<&'a ControlState> {
    snapshot
        .controls
        .iter()
        .find(|state| state.control.slug == slug)
}

/// A threat's standing.
pub fn standing(snapshot: &Snapshot, threat: ThreatId) -> Option<&Standing> {
    snapshot.standing.iter().find(|s| s.threat == threat)
}

/// A cut, by what it says.
pub fn cut<'a>(snapshot: &'a Snapshot, says: &str) -> Option<&'a Cut> {
    snapshot.cuts.iter().find(|cut| cut.says == says)
}

/// A workload's row.
pub fn workload<'a>(snapshot: &'a Snapshot, key: &ObjectKey) -> Option<&'a WorkloadRow> {
    tables(snapshot, key)
        .flat_map(|table| &table.workloads)
        .find(|row| row.key == *key)
}

/// A service account's row.
pub fn account<'a>(snapshot: &'a Snapshot, key: &ObjectKey) -> Option<&'a AccountRow> {
    tables(snapshot, key)
        .flat_map(|table| &table.accounts)
        .find(|row| row.key == *key)
}

/// A network policy's row.
pub fn policy<'a>(snapshot: &'a Snapshot, key: &ObjectKey) -> Option<&'a PolicyRow> {
    tables(snapshot, key)
        .flat_map(|table| &table.policies)
        .find(|row| row.key == *key)
}

/// The row of a service, ingress or gateway.
pub fn service<'a>(snapshot: &'a Snapshot, key: &ObjectKey) -> Option<&'a ServiceRow> {
    tables(snapshot, key)
        .flat_map(|table| &table.services)
        .find(|row| row.key == *key)
}
