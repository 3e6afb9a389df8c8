//! What stands on the lines of the images: repository, tag, digest, workload.

use super::column::{NAME, PODS, kind, pods_cell, severity};
use crate::engine::images::Place;
use crate::model::objects::container::List;
use crate::theme::Meaning;
use crate::ui::canvas::{Cell, owned};
use crate::ui::since::{count, counted};
use crate::ui::tree::images::{Branch, Reach};
use crate::ui::tree::{Says, Tree};
use crate::ui::widgets::piece::Piece;

/// Digits of a digest that tell it apart on a line; the sheet shows all.
const SHORT: usize = 12;

impl Tree {
    pub(super) fn repository(&self, at: u32) -> Vec<Cell<'_>> {
        let Some(branch) = self.images.repositories.get(at as usize) else {
            return Vec::new();
        };
        let tags = counted((branch.to - branch.from) as usize, "tag", "tags");
        let mut cells = vec![self.name(&branch.name, Meaning::Text)];
        cells.push(if branch.reach.drift > 1 {
            drift(&branch.reach)
        } else {
            Cell::fixed(9, owned(tags, Meaning::Muted)).to_right()
        });
        cells.extend(reach(&branch.reach));
        cells
    }

    pub(super) fn tag(&self, at: u32) -> Vec<Cell<'_>> {
        let Some(branch) = self.images.tags.get(at as usize) else {
            return Vec::new();
        };
        let name = if branch.name.is_empty() {
            Cell::grow(NAME, vec![Piece::new("no tag", Meaning::Muted)])
        } else {
            self.name(&branch.name, Meaning::Text)
        };
        let mut cells = vec![name];
        match branch.says {
            Says::Moves => cells.push(word("moves", Meaning::Fires)),
            Says::Pinned => cells.push(word("pinned", Meaning::Muted)),
            _ => {}
        }
        cells.push(if branch.reach.drift > 1 {
            drift(&branch.reach)
        } else {
            Cell::fixed(9, Piece::new("", Meaning::Muted))
        });
        cells.extend(reach(&branch.reach));
        cells
    }

    pub(super) fn digest(&self, at: u32) -> Vec<Cell<'_>> {
        let Some(branch) = self.images.digests.get(at as usize) else {
            return Vec::new();
        };
        let mut cells = vec![Cell::grow(NAME, self.content(branch))];
        match branch.says {
            Says::Pinned => cells.push(word("pinned", Meaning::Muted)),
            Says::Local => cells.push(word("on the node", Meaning::Fires)),
            Says::Elsewhere => cells.push(word("other name", Meaning::Muted)),
            Says::Nothing | Says::Moves | Says::NotRunning => {}
        }
        // Below the count of digests of its tag.
        cells.push(Cell::fixed(9, Piece::new("", Meaning::Muted)));
        cells.extend(reach(&branch.reach));
        cells
    }

    fn content<'a>(&self, branch: &'a Branch) -> Vec<Piece<'a>> {
        if branch.says == Says::NotRunning {
            return vec![Piece::new("not running", Meaning::Muted)];
        }
        let short = short(&branch.name);
        self.marked(&short, Meaning::Text)
            .into_iter()
            .map(Piece::into_owned)
            .collect()
    }

    pub(super) fn runner(&self, at: u32) -> Vec<Cell<'_>> {
        let Some(runner) = self.images.runners.get(at as usize) else {
            return Vec::new();
        };
        let says = if runner.pods_only {
            "pods only"
        } else {
            match runner.place {
                Place::Container(List::Regular) => "",
                Place::Container(List::Init) => "init",
                Place::Container(List::Sidecar) => "sidecar",
                Place::Container(List::Ephemeral) => "ephemeral",
                Place::Volume => "volume",
            }
        };
        let mut cells = vec![self.object(&runner.key)];
        if says.is_empty() {
            cells.push(kind(&runner.key));
        } else {
            cells.push(word(says, Meaning::Muted));
        }
        cells.push(pods_cell(runner.pods));
        cells.push(severity(self.worst(&runner.findings)));
        cells
    }
}

/// `sha256:4b3c1a0d2e5f`, with the repository before it where it is another one.
fn short(text: &str) -> String {
    let (head, hash) = text.rsplit_once(':').unwrap_or(("", text));
    let hash: String = hash.chars().take(SHORT).collect();
    if head.is_empty() {
        hash
    } else {
        format!("{head}:{hash}")
    }
}

fn word(text: &'static str, meaning: Meaning) -> Cell<'static> {
    Cell::fixed(text.len() as u16, Piece::new(text, meaning)).keep(1)
}

/// Several digests of one tag: loud.
fn drift(reach: &Reach) -> Cell<'static> {
    let text = format!("{} digests", count(reach.drift));
    let width = text.len() as u16;
    Cell::fixed(width.max(9), owned(text, Meaning::Fires))
        .to_right()
        .keep(1)
}

fn reach(reach: &Reach) -> Vec<Cell<'static>> {
    let namespaces = format!("{} ns", count(reach.namespaces));
    let pods = match reach.pods {
        0 => "no pods".to_owned(),
        n => counted(n, "pod", "pods"),
    };
    vec![
        Cell::fixed(6, owned(namespaces, Meaning::Number)).to_right(),
        Cell::fixed(PODS, owned(pods, Meaning::Number)).to_right(),
        severity(reach.worst),
    ]
}
