//! The table of a namespace: its rows of verdicts and its inventory.

use std::sync::Arc;

use super::evaluation::{Evaluation, check_rules};
use super::inventory;
use super::ladder::Ladder;
use super::since::Since;
use super::snapshot::{Row, Says, SpaceTable};
use super::tally::Tally;
use crate::model::{Finding, Kind, Missing, ObjectKey, Str};
use crate::semantics::system_namespaces::is_system;
use crate::threats::Check;
use crate::view::World;

/// The table of a namespace (`""`: cluster scope) as it is now, with the counts of its checks.
pub(super) fn table(
    world: &World,
    evaluation: &Evaluation,
    since: &Since,
    namespace: &Str,
) -> (SpaceTable, Tally) {
    let (rows, tally) = rows(world, evaluation, since, namespace);
    let (workloads, images, pods) = inventory::workloads(world, namespace, &rows);
    let table = SpaceTable {
        namespace: namespace.clone(),
        system: is_system(namespace),
        accounts: inventory::accounts(world, namespace, &workloads),
        policies: inventory::policies(world, namespace),
        services: inventory::services(world, namespace),
        ladder: (!namespace.is_empty()).then(|| Ladder::of(world, namespace, &workloads)),
        rows,
        workloads,
        images,
        pods,
    };
    (table, tally)
}

/// Findings and unknowns, in order of check (registry), object, part.
fn rows(
    world: &World,
    evaluation: &Evaluation,
    since: &Since,
    namespace: &Str,
) -> (Vec<Row>, Tally) {
    let (mut rows, mut tally) = (Vec::new(), Tally::default());
    for (at, check) in check_rules() {
        let first = rows.len();
        let cell = evaluation.checks.get(at, namespace);
        for (subject, outcome) in cell.into_iter().flat_map(|cell| &cell.outcomes) {
            rows.extend(outcome.items.iter().map(|finding| fires(finding, since)));
            if !outcome.unknown.is_empty() {
                rows.push(Row {
                    check: check.id,
                    object: subject.clone(),
                    says: Says::Unknown(outcome.unknown.clone().into()),
                    since: None,
                });
            }
        }
        rows.extend(blind_row(world, check, namespace));
        tally.count(at, &rows[first..]);
    }
    (rows, tally)
}

fn fires(finding: &Arc<Finding>, since: &Since) -> Row {
    Row {
        check: finding.id.check,
        object: Some(finding.id.object.clone()),
        since: since.of(&finding.id),
        says: Says::Fires(finding.clone()),
    }
}

/// The row that says that subjects of a check are hidden in this place.
fn blind_row(world: &World, check: &Check, namespace: &Str) -> Option<Row> {
    let kinds = check.subject_kinds().iter();
    let missing: Vec<Missing> = if namespace.is_empty() {
        kinds
            .filter_map(|kind| world.sight().blind(*kind, None))
            .collect()
    } else {
        let own = |kind: &&Kind| world.sight().narrow(**kind).any(|(ns, _)| ns == namespace);
        kinds
            .filter(own)
            .filter_map(|kind| world.sight().blind(*kind, Some(namespace)))
            .collect()
    };
    let object = (!namespace.is_empty()).then(|| ObjectKey::of_namespace(namespace));
    (!missing.is_empty()).then(|| Row {
        check: check.id,
        object,
        says: Says::Unknown(missing.into()),
        since: None,
    })
}
