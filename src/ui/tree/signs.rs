//! Signs of change for every row of a tree: a branch shows the sign of what changed inside it.

use std::collections::BTreeMap;

use crate::model::{FindingId, Severity};
use crate::threats::Actor;
use crate::ui::catalogue::Catalogue;
use crate::ui::row::RowId;
use crate::ui::since::{Sign, Signs};

/// Signs by row, branches included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TreeSigns {
    own: Signs,
    all: BTreeMap<RowId, Sign>,
}

impl TreeSigns {
    /// Those of a tree.
    pub fn new(own: Signs, catalogue: &Catalogue) -> TreeSigns {
        let mut all: BTreeMap<RowId, Sign> = BTreeMap::new();
        for (row, sign) in own.iter() {
            // Above a row that is gone something became better.
            let above = if sign == Sign::Gone {
                Sign::Better
            } else {
                sign
            };
            for branch in branches(row, catalogue) {
                let slot = all.entry(branch).or_insert(above);
                *slot = worse(*slot, above);
            }
            all.insert(row.clone(), sign);
        }
        TreeSigns { own, all }
    }

    /// The sign of a row.
    pub fn get(&self, row: &RowId) -> Option<Sign> {
        self.all.get(row).copied()
    }

    /// Findings that were closed a moment ago.
    pub fn gone(&self) -> &[(FindingId, Severity)] {
        &self.own.gone
    }

    /// Nothing changed.
    pub fn is_empty(&self) -> bool {
        self.own.is_empty()
    }
}

fn worse(a: Sign, b: Sign) -> Sign {
    let rank = |sign| match sign {
        Sign::Worse => 3,
        Sign::New => 2,
        Sign::Better => 1,
        Sign::Gone => 0,
    };
    if rank(a) >= rank(b) { a } else { b }
}

/// Branches in which a row stands.
fn branches(row: &RowId, catalogue: &Catalogue) -> Vec<RowId> {
    match row {
        RowId::Finding(id) => {
            let mut all = vec![
                RowId::Namespace(id.object.home().into()),
                RowId::Object(id.object.clone()),
                RowId::Check(id.check),
            ];
            all.extend(
                catalogue
                    .check(id.check)
                    .map(|text| RowId::Control(text.control)),
            );
            all
        }
        RowId::Instance(story, actor) => {
            let mut all = vec![RowId::Story(story)];
            match actor {
                Actor::Object(key) => {
                    all.push(RowId::Namespace(key.home().into()));
                    all.push(RowId::Object(key.clone()));
                }
                Actor::Subject(subject) => all.push(RowId::Subject(subject.to_string().into())),
            }
            all
        }
        _ => Vec::new(),
    }
}
