//! What stands on the lines of the inventories: workloads, accounts, policies, services.

use super::column::{NAME, amount, kind, pods_cell, severity, works};
use crate::engine::inventory::{AccountRow, PolicyRow, ServiceRow, WorkloadRow};
use crate::model::{ObjectKey, Severity};
use crate::theme::Meaning;
use crate::ui::canvas::{Cell, piece};
use crate::ui::ladder;
use crate::ui::since::{age, counted};
use crate::ui::tree::{Space, Tree};
use crate::ui::widgets::piece::Piece;

impl Tree {
    pub(super) fn with<'a, R: 'a>(
        &'a self,
        at: u32,
        row: impl Fn(&'a Space) -> Option<&'a R>,
        draw: impl Fn(&'a Self, &'a Space, &'a R) -> Vec<Cell<'a>>,
    ) -> Vec<Cell<'a>> {
        let space = self.spaces.get(at as usize);
        space
            .and_then(|space| row(space).map(|row| draw(self, space, row)))
            .unwrap_or_default()
    }

    pub(super) fn workload<'a>(&'a self, space: &'a Space, row: &'a WorkloadRow) -> Vec<Cell<'a>> {
        vec![
            self.object(&row.key),
            kind(&row.key),
            Cell::fixed(10, Piece::new(row.meets.word(), ladder::meaning(row.meets))),
            pods_cell(row.pods),
            works(self.acting.object(&row.key)),
            severity(worst_of(space, &row.key)),
        ]
    }

    pub(super) fn account<'a>(&'a self, space: &'a Space, row: &'a AccountRow) -> Vec<Cell<'a>> {
        let name = format!("sa:{}/{}", row.key.home(), row.key.name);
        let token = if row.automount_off {
            "no token"
        } else {
            "token"
        };
        let made = row.created.map(|made| age(made, self.now));
        let made = made.unwrap_or_default();
        vec![
            Cell::grow(
                NAME,
                self.marked(&name, Meaning::Text)
                    .into_iter()
                    .map(Piece::into_owned)
                    .collect(),
            )
            .name(),
            Cell::fixed(8, Piece::new(token, Meaning::Muted)),
            amount(counted(row.used_by, "workload", "workloads")),
            amount(counted(row.bindings, "binding", "bindings")),
            Cell::fixed(5, Piece::new(made, Meaning::Muted)).to_right(),
            works(self.acting.subject(&name) + self.acting.object(&row.key)),
            severity(worst_of(space, &row.key)),
        ]
    }

    pub(super) fn policy<'a>(&'a self, space: &'a Space, row: &'a PolicyRow) -> Vec<Cell<'a>> {
        let selects = row
            .selects
            .map_or_else(|| "pods hidden".to_owned(), |n| counted(n, "pod", "pods"));
        vec![
            self.object(&row.key),
            Cell::fixed(18, Piece::new(row.directions, Meaning::Muted)),
            amount(selects),
            severity(worst_of(space, &row.key)),
        ]
    }

    pub(super) fn service<'a>(&'a self, space: &'a Space, row: &'a ServiceRow) -> Vec<Cell<'a>> {
        vec![
            self.object(&row.key),
            Cell::fixed(12, Piece::new(row.kind, Meaning::Muted)),
            Cell::grow(6, vec![piece(&row.outside, Meaning::Text)]),
            works(self.acting.object(&row.key)),
            severity(worst_of(space, &row.key)),
        ]
    }
}

fn worst_of(space: &Space, key: &ObjectKey) -> Option<Severity> {
    let item = space.item_of(key)?;
    space.items.get(item as usize)?.worst
}
