//! What stands on a line of the tree.

mod column;
mod images;
mod inventory;

use super::space::part;
use super::{Line, Node, Section, Tree};
use crate::engine::controls::Holds;
use crate::engine::stories::State;
use crate::model::{Finding, ObjectKey, ThreatId};
use crate::theme::Meaning;
use crate::threats::{Actor, Ending};
use crate::ui::canvas::{Cell, owned, piece};
use crate::ui::facts;
use crate::ui::filter::position;
use crate::ui::ladder;
use crate::ui::say;
use crate::ui::since::{count, counted};
use crate::ui::widgets::piece::Piece;
use column::{NAME, SEVERITY, TALLY, amount, kind, pods_cell, severity, tally_cell, works};

impl Tree {
    /// The cells of a line.
    pub fn cells(&self, line: &Line) -> Vec<Cell<'_>> {
        match line.node {
            Node::Section(section) => self.section_cells(section),
            Node::Story(at) => self.story(at),
            Node::Instance(at, n) => self.instance(at, n),
            Node::Control(at) => self.control_cells(at),
            Node::Check(id) => {
                let (n, worst) = self.check_count(id);
                vec![
                    self.title(self.catalogue.check_title(id), Meaning::Text),
                    amount(counted(n, "finding", "findings")),
                    severity(worst),
                ]
            }
            Node::Space(at) => self.space_cells(at),
            Node::Item(at, item) => self.item_cells(at, item),
            Node::Finding(at, row) => {
                let found = self
                    .spaces
                    .get(at as usize)
                    .and_then(|s| s.row(row)?.finding());
                let parent = self.lines.get(line.parent as usize).map(|line| line.node);
                found.map_or_else(Vec::new, |found| self.finding(found, parent))
            }
            Node::Unknown(at, row) => {
                let row = self.spaces.get(at as usize).and_then(|s| s.row(row));
                let title = row.map_or("", |row| self.catalogue.check_title(row.check));
                vec![
                    self.title(title, Meaning::Text),
                    Cell::fixed(11, Piece::new("not visible", Meaning::Unknown)),
                ]
            }
            Node::Workload(at, n) => {
                self.with(at, |s| s.table.workloads.get(n as usize), Self::workload)
            }
            Node::Account(at, n) => {
                self.with(at, |s| s.table.accounts.get(n as usize), Self::account)
            }
            Node::Policy(at, n) => {
                self.with(at, |s| s.table.policies.get(n as usize), Self::policy)
            }
            Node::Service(at, n) => {
                self.with(at, |s| s.table.services.get(n as usize), Self::service)
            }
            Node::Subject(at) => self
                .subjects
                .get(at as usize)
                .map_or_else(Vec::new, |subject| {
                    vec![
                        self.name(&subject.name, Meaning::Text),
                        works(self.acting.subject(&subject.name)),
                        severity(subject.worst),
                    ]
                }),
            Node::Repository(at) => self.repository(at),
            Node::Tag(at) => self.tag(at),
            Node::Digest(at) => self.digest(at),
            Node::Runner(at) => self.runner(at),
            Node::Hidden(at) => {
                let hidden = self.snapshot.not_visible.get(at as usize);
                vec![self.title(hidden.map_or("", |hidden| &hidden.what), Meaning::Unknown)]
            }
            Node::Gone(at) => {
                self.signs
                    .gone()
                    .get(at as usize)
                    .map_or_else(Vec::new, |(id, _)| {
                        vec![
                            self.name(&id.object.name, Meaning::Gone),
                            Cell::grow(
                                8,
                                vec![piece(self.catalogue.check_title(id.check), Meaning::Gone)],
                            ),
                            Cell::fixed(SEVERITY, Piece::new("gone", Meaning::Gone)).to_right(),
                        ]
                    })
            }
        }
    }

    /// A title that takes what room there is, with what the filter looks for marked in it.
    fn title<'a>(&self, text: &'a str, meaning: Meaning) -> Cell<'a> {
        Cell::grow(NAME, self.marked(text, meaning))
    }

    /// The same for a name.
    fn name<'a>(&self, text: &'a str, meaning: Meaning) -> Cell<'a> {
        self.title(text, meaning).name()
    }

    fn marked<'a>(&self, text: &'a str, meaning: Meaning) -> Vec<Piece<'a>> {
        let whole = piece(text, meaning);
        let found = self.filter.needles().find_map(|needle| {
            let at = position(&whole.text, needle)?;
            let end = at + needle.len();
            let parts = (
                whole.text.get(..at)?,
                whole.text.get(at..end)?,
                whole.text.get(end..)?,
            );
            Some([
                Piece::new(parts.0.to_owned(), meaning),
                Piece::new(parts.1.to_owned(), Meaning::Match),
                Piece::new(parts.2.to_owned(), meaning),
            ])
        });
        match found {
            Some(parts) => parts.into_iter().filter(|p| !p.text.is_empty()).collect(),
            None => vec![whole],
        }
    }

    fn section_cells(&self, section: Section) -> Vec<Cell<'_>> {
        let n = self.children(Node::Section(section)).len();
        let meaning = match section {
            Section::Works | Section::Fails => Meaning::Works,
            Section::Unsure | Section::Hidden => Meaning::Unknown,
            _ => Meaning::Number,
        };
        vec![
            Cell::grow(NAME, vec![Piece::new(section.title(), Meaning::Heading)]),
            Cell::fixed(SEVERITY, Piece::new(count(n), meaning)).to_right(),
        ]
    }

    fn story(&self, at: u32) -> Vec<Cell<'_>> {
        let Some(state) = self.snapshot.stories.get(at as usize) else {
            return Vec::new();
        };
        let title = self.catalogue.story_title(state.story.id);
        let working = state.working().count();
        let tally = match state.state {
            State::Works => counted(working, "way", "ways"),
            State::Stopped if state.instances.is_empty() => String::new(),
            State::Stopped => format!("{} stopped", count(state.instances.len())),
            State::Unsure => "unsure".to_owned(),
        };
        let meaning = say::state(state.state).1;
        vec![self.title(title, Meaning::Text), tally_cell(tally, meaning)]
    }

    fn instance(&self, at: u32, n: u32) -> Vec<Cell<'_>> {
        let state = self.snapshot.stories.get(at as usize);
        let Some(instance) = state.and_then(|state| state.instances.get(n as usize)) else {
            return Vec::new();
        };
        let (word, meaning) = match instance.ending {
            Ending::Works => ("works", Meaning::Works),
            Ending::Unsure { .. } => ("unsure", Meaning::Unknown),
            Ending::Stopped { .. } => ("stopped", Meaning::Stopped),
        };
        let end = Cell::fixed(SEVERITY, Piece::new(word, meaning)).to_right();
        match &instance.actor {
            Actor::Object(key) => {
                let pods = facts::workload(&self.snapshot, key).map_or(0, |w| w.pods);
                vec![self.object(key), kind(key), pods_cell(pods), end]
            }
            Actor::Subject(subject) => {
                let name = owned(subject.to_string(), Meaning::Text);
                vec![Cell::grow(NAME, vec![name]), end]
            }
        }
    }

    /// `shop/cart`.
    fn object(&self, key: &ObjectKey) -> Cell<'static> {
        let text = match &key.namespace {
            Some(namespace) => format!("{namespace}/{}", key.name),
            None => key.name.to_string(),
        };
        let pieces = self.marked(&text, Meaning::Text);
        Cell::grow(NAME, pieces.into_iter().map(Piece::into_owned).collect()).name()
    }

    fn control_cells(&self, at: u32) -> Vec<Cell<'_>> {
        let Some(control) = self.snapshot.controls.get(at as usize) else {
            return Vec::new();
        };
        let tally = match control.holds {
            Holds::Fails(all) => {
                let listed = self.control_count(at);
                // A filter or a floor must not make a control look better than it is.
                if listed == all {
                    count(all)
                } else {
                    format!("{} of {}", count(listed), count(all))
                }
            }
            _ => control.holds.word().to_owned(),
        };
        vec![
            self.title(control.control.title, Meaning::Text),
            tally_cell(tally, say::holds(&control.holds)),
        ]
    }

    fn space_cells(&self, at: u32) -> Vec<Cell<'_>> {
        let Some(space) = self.spaces.get(at as usize) else {
            return Vec::new();
        };
        let (word, _) = self.standing_of(at);
        let open = word == crate::engine::standing::Word::Open;
        let standing = if self.snapshot.is_loading() && !open {
            Piece::new("...", Meaning::Loading)
        } else {
            Piece::new(word.word(), say::word(word))
        };
        let name = if space.name().is_empty() {
            vec![Piece::new("cluster-wide", Meaning::Title)]
        } else {
            self.marked(space.name(), Meaning::Title)
        };
        let mut findings = counted(space.fires, "finding", "findings");
        if space.fires == 0 {
            findings.clear();
        }
        let level = space
            .table
            .ladder
            .as_ref()
            .filter(|_| self.asks_for_levels());
        let level = level.map_or(Piece::new("", Meaning::Text), ladder::word);
        vec![
            Cell::grow(12, name).name(),
            Cell::fixed(7, standing).keep(1),
            Cell::fixed(10, level),
            Cell::fixed(TALLY, Piece::new(findings, Meaning::Number)).to_right(),
            pods_cell(space.table.pods),
        ]
    }

    /// Pods and their settings are the matter of this threat.
    fn asks_for_levels(&self) -> bool {
        matches!(
            self.threat,
            ThreatId::MaliciousContainer | ThreatId::Misconfiguration
        )
    }

    fn item_cells(&self, at: u32, item: u32) -> Vec<Cell<'_>> {
        let space = self.spaces.get(at as usize);
        let Some((space, key)) = space.and_then(|space| Some((space, space.object(item)?))) else {
            return Vec::new();
        };
        let facts = space.items.get(item as usize);
        let n = facts.map_or(0, super::space::Item::len);
        vec![
            self.name(&key.name, Meaning::Text),
            kind(key),
            Cell::fixed(5, Piece::new(count(n), Meaning::Number)).to_right(),
            severity(facts.and_then(|item| item.worst)),
        ]
    }

    /// A finding: what its line's parent does not say already.
    fn finding<'a>(&'a self, found: &'a Finding, parent: Option<Node>) -> Vec<Cell<'a>> {
        let of_object = matches!(
            parent,
            Some(
                Node::Item(..)
                    | Node::Workload(..)
                    | Node::Account(..)
                    | Node::Policy(..)
                    | Node::Service(..)
                    | Node::Runner(_)
            )
        );
        let title = self.catalogue.check_title(found.id.check);
        let first = if of_object {
            self.title(title, Meaning::Text)
        } else {
            self.object(&found.id.object)
        };
        let mut cells = vec![first];
        if matches!(parent, Some(Node::Subject(_))) {
            cells.push(Cell::grow(NAME, vec![piece(title, Meaning::Muted)]));
        } else {
            let name = part(&found.id.part);
            cells.push(Cell::fixed(14, piece(name, Meaning::Muted)));
        }
        cells.push(severity(Some(found.severity)));
        cells
    }
}
