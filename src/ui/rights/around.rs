//! Whom somebody becomes, who becomes them, where their token is mounted: rows above the matrix, each with a sheet.

use crate::engine::{Neighbour, NeighboursAnswer, RightsAnswer};
use crate::theme::Meaning;
use crate::ui::canvas::owned;
use crate::ui::row::RowId;
use crate::ui::since::counted;
use crate::ui::widgets::sheet::Sheet;

/// A row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Becomes,
    Users,
    Mounted,
    Dangling,
}

impl Side {
    const ALL: [Side; 4] = [Side::Becomes, Side::Users, Side::Mounted, Side::Dangling];

    /// Its row.
    fn row(self) -> RowId {
        RowId::Section(match self {
            Side::Becomes => "becomes",
            Side::Users => "used by",
            Side::Mounted => "mounted",
            Side::Dangling => "dangling",
        })
    }

    /// The one of a row.
    pub(super) fn of(row: &RowId) -> Option<Side> {
        Side::ALL.into_iter().find(|side| side.row() == *row)
    }
}

/// What is known of what is around somebody.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    pub(super) rights: &'a RightsAnswer,
    /// The slower answer, once it is there.
    pub(super) near: Option<&'a NeighboursAnswer>,
}

impl<'a> Around<'a> {
    /// The rows that have something to say.
    pub(super) fn rows(self) -> impl Iterator<Item = RowId> + use<'a> {
        let has = move |side: &Side| match side {
            Side::Becomes => self
                .near
                .is_some_and(|near| near.around.everybody || !near.around.becomes.is_empty()),
            Side::Users => self.near.is_some_and(|near| !near.around.users.is_empty()),
            Side::Mounted => !self.rights.mounted.is_empty(),
            Side::Dangling => !self.rights.dangling.is_empty(),
        };
        Side::ALL.into_iter().filter(has).map(Side::row)
    }

    /// A row in a few words.
    pub(super) fn says(self, side: Side) -> String {
        match side {
            Side::Becomes if self.is_everybody() => {
                "may become anybody: every right is theirs".into()
            }
            Side::Becomes => {
                let all = self.neighbours(side);
                let (count, names) = names(all);
                format!("may become {count} in one step: {names}")
            }
            Side::Users => {
                let (count, names) = names(self.neighbours(side));
                let verb = if count == 1 { "becomes" } else { "become" };
                format!("{count} {verb} it in one step: {names}")
            }
            Side::Mounted => {
                let all = &self.rights.mounted;
                let first: Vec<String> = all.iter().map(ToString::to_string).collect();
                format!("token mounted in: {}", first.join(", "))
            }
            Side::Dangling => {
                let all = self.rights.dangling.len();
                let says = counted(all, "binding names a role", "bindings name roles");
                format!("{says} that nobody made")
            }
        }
    }

    /// All that there is to say of a row.
    pub(super) fn sheet(self, side: Side, subject: &str, sheet: &mut Sheet) {
        let mut line = |text: String, meaning| {
            sheet.text(vec![owned(text, meaning)]);
        };
        match side {
            Side::Becomes | Side::Users => {
                let head = match side {
                    Side::Becomes => format!("{subject} may become, in one step"),
                    _ => format!("one step makes each of these {subject}"),
                };
                line(head, Meaning::Title);
                if side == Side::Becomes && self.is_everybody() {
                    line("anybody: it holds every right".into(), Meaning::Text);
                }
                let mut last = None;
                for near in self.neighbours(side) {
                    if last != Some(&near.does) {
                        line(format!("{}:", near.does), Meaning::Muted);
                        last = Some(&near.does);
                    }
                    let unsure = if near.is_unsure { "  unsure" } else { "" };
                    line(format!("  {}{unsure}", near.who), Meaning::Text);
                }
                if side == Side::Users {
                    let more = "Whoever holds every right is left out.";
                    line(more.into(), Meaning::Muted);
                }
                let hidden = self.near.map_or(0, |near| near.missing.len());
                if hidden > 0 {
                    let places = counted(hidden, "place is", "places are");
                    let says = format!("{places} not visible: there may be more");
                    line(says, Meaning::Unknown);
                }
            }
            Side::Mounted => {
                let all = &self.rights.mounted;
                let says = counted(all.len(), "workload has", "workloads have");
                line(format!("{says} this token mounted"), Meaning::Title);
                for key in all {
                    line(format!("  {} {}", key.kind.name(), key.name), Meaning::Text);
                }
            }
            Side::Dangling => {
                let head = "Whoever makes a role of that name gives it to them.";
                line(head.into(), Meaning::Title);
                for key in &self.rights.dangling {
                    let says = format!("  {} {}", key.kind.name(), key.name);
                    line(says, Meaning::Unknown);
                }
            }
        }
    }

    fn is_everybody(self) -> bool {
        self.near.is_some_and(|near| near.around.everybody)
    }

    fn neighbours(self, side: Side) -> &'a [Neighbour] {
        match (side, self.near) {
            (Side::Becomes, Some(near)) => &near.around.becomes,
            (Side::Users, Some(near)) => &near.around.users,
            _ => &[],
        }
    }
}

/// How many, and each name once.
fn names(all: &[Neighbour]) -> (usize, String) {
    let mut names: Vec<&str> = all.iter().map(|near| &*near.who).collect();
    names.sort_unstable();
    names.dedup();
    (names.len(), names.join(", "))
}
