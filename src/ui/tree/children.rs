//! What stands below what.

use super::space::Own;
use super::{Node, Section, Space, Tree};
use crate::engine::controls::Holds;
use crate::engine::stories::{State, StoryState};
use crate::engine::{ControlState, Row};
use crate::model::{ObjectKey, Severity};
use crate::ui::filter::Found;
use crate::ui::prefs::Sort;
use crate::ui::view;

impl Tree {
    /// The inventory of the view: in the overview the one that organises the threat.
    pub(super) fn inventory(&self) -> &'static str {
        if self.view == view::OVERVIEW {
            view::inventory(self.threat)
        } else {
            self.view
        }
    }

    /// The lines at the top: sections, or the rows of an inventory.
    pub(super) fn top(&self) -> Vec<Node> {
        if self.view != view::OVERVIEW {
            return self.inventory_rows(self.view);
        }
        let sections = [
            Section::Works,
            Section::Unsure,
            Section::Fails,
            Section::Inventory(self.inventory()),
            Section::Stopped,
            Section::Holds,
            Section::Hidden,
        ];
        sections
            .into_iter()
            .map(Node::Section)
            .filter(|node| self.has_children(*node))
            .collect()
    }

    /// Whether anything stands below a node.
    pub(super) fn has_children(&self, node: Node) -> bool {
        let space = |at: u32| self.spaces.get(at as usize);
        match node {
            Node::Section(_) | Node::Story(_) | Node::Account(..) => {
                !self.children(node).is_empty()
            }
            Node::Runner(at) => self
                .images
                .runners
                .get(at as usize)
                .is_some_and(|runner| !runner.findings.is_empty()),
            Node::Control(at) => self.control_count(at) > 0,
            Node::Check(id) => self.check_count(id).0 > 0,
            Node::Space(at) => space(at).is_some_and(|space| {
                !space.shown.is_empty()
                    || !space.unknown.is_empty()
                    || self.gone_in(space).next().is_some()
            }),
            Node::Item(..) | Node::Repository(_) | Node::Tag(_) | Node::Digest(_) => true,
            Node::Workload(at, n) => self
                .inventory_item(at, n, |s, n| s.table.workloads.get(n).map(|r| &r.key))
                .is_some(),
            Node::Policy(at, n) => self
                .inventory_item(at, n, |s, n| s.table.policies.get(n).map(|r| &r.key))
                .is_some(),
            Node::Service(at, n) => self
                .inventory_item(at, n, |s, n| s.table.services.get(n).map(|r| &r.key))
                .is_some(),
            Node::Subject(at) => self
                .subjects
                .get(at as usize)
                .is_some_and(|s| !s.findings.is_empty()),
            Node::Instance(..)
            | Node::Finding(..)
            | Node::Unknown(..)
            | Node::Hidden(_)
            | Node::Gone(_) => false,
        }
    }

    /// What stands below a node, in order.
    pub(super) fn children(&self, node: Node) -> Vec<Node> {
        match node {
            Node::Section(section) => self.section(section),
            Node::Story(at) => self.instances(at),
            Node::Control(at) => self.control(at),
            Node::Check(id) => self.findings_of(id),
            Node::Space(at) => self.space(at),
            Node::Item(at, item) => self.item(at, item),
            Node::Workload(at, n) => {
                self.of_object(at, n, |s, n| s.table.workloads.get(n).map(|r| &r.key))
            }
            Node::Policy(at, n) => {
                self.of_object(at, n, |s, n| s.table.policies.get(n).map(|r| &r.key))
            }
            Node::Service(at, n) => {
                self.of_object(at, n, |s, n| s.table.services.get(n).map(|r| &r.key))
            }
            Node::Account(at, n) => self.of_account(at, n),
            Node::Subject(at) => {
                let rows = self
                    .subjects
                    .get(at as usize)
                    .map(|s| s.findings.as_slice());
                findings(rows.unwrap_or(&[]))
            }
            Node::Repository(_) | Node::Tag(_) | Node::Digest(_) | Node::Runner(_) => {
                self.of_image(node)
            }
            Node::Instance(..)
            | Node::Finding(..)
            | Node::Unknown(..)
            | Node::Hidden(_)
            | Node::Gone(_) => Vec::new(),
        }
    }

    fn section(&self, section: Section) -> Vec<Node> {
        match section {
            Section::Works => self.stories(State::Works),
            Section::Unsure => self.stories(State::Unsure),
            Section::Stopped => self.stories(State::Stopped),
            Section::Fails => self.controls(|holds| matches!(holds, Holds::Fails(_))),
            Section::Holds if self.snapshot.is_loading() => Vec::new(),
            Section::Holds => self.controls(|holds| *holds == Holds::Holds),
            Section::Hidden => self.controls(|holds| *holds == Holds::NotVisible),
            Section::Inventory(view) => self.inventory_rows(view),
        }
    }

    fn stories(&self, state: State) -> Vec<Node> {
        // While kinds are still being read nothing is claimed to be stopped.
        if state == State::Stopped && self.snapshot.is_loading() {
            return Vec::new();
        }
        let own = self.snapshot.stories.iter().enumerate();
        let mut all: Vec<(u32, usize)> = own
            .filter(|(_, s)| s.story.threat == self.threat && s.state == state)
            .map(|(at, s)| (at as u32, s.working().count()))
            .filter(|(at, _)| self.story_is_listed(*at))
            .collect();
        if self.prefs.sort == Sort::Severity {
            all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        }
        all.into_iter().map(|(at, _)| Node::Story(at)).collect()
    }

    fn story_is_listed(&self, at: u32) -> bool {
        let state = self.snapshot.stories.get(at as usize);
        self.filter.is_empty()
            || state.is_some_and(|s| self.holds_story(s, None) || !self.instances(at).is_empty())
    }

    fn holds_story(&self, state: &StoryState, object: Option<&ObjectKey>) -> bool {
        self.filter.holds(&Found {
            object,
            check: state.story.id,
            title: self.catalogue.story_title(state.story.id),
            ..Found::default()
        })
    }

    fn instances(&self, at: u32) -> Vec<Node> {
        let Some(state) = self.snapshot.stories.get(at as usize) else {
            return Vec::new();
        };
        let system = |key: &ObjectKey| {
            self.prefs.hide_system
                && self
                    .snapshot
                    .spaces
                    .get(key.home())
                    .is_some_and(|table| table.system)
        };
        let instances = state.instances.iter().enumerate();
        instances
            .filter(|(_, i)| match &i.actor {
                crate::threats::Actor::Object(key) => {
                    !system(key) && (self.filter.is_empty() || self.holds_story(state, Some(key)))
                }
                crate::threats::Actor::Subject(subject) => {
                    self.filter.is_empty()
                        || self.filter.holds(&Found {
                            check: state.story.id,
                            title: self.catalogue.story_title(state.story.id),
                            more: &subject.to_string(),
                            ..Found::default()
                        })
                }
            })
            .map(|(n, _)| Node::Instance(at, n as u32))
            .collect()
    }

    fn controls(&self, holds: impl Fn(&Holds) -> bool) -> Vec<Node> {
        let own = self.snapshot.controls.iter().enumerate();
        let mut all: Vec<(u32, usize)> = own
            .filter(|(_, c)| c.threat == self.threat && holds(&c.holds))
            .map(|(at, _)| (at as u32, self.control_count(at as u32)))
            .filter(|(at, n)| *n > 0 || self.control_is_listed(*at))
            .collect();
        if self.prefs.sort == Sort::Severity {
            all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        }
        all.into_iter().map(|(at, _)| Node::Control(at)).collect()
    }

    fn control_is_listed(&self, at: u32) -> bool {
        let control = self.snapshot.controls.get(at as usize);
        self.filter.is_empty()
            || control.is_some_and(|c| {
                self.filter.holds(&Found {
                    check: c.control.slug,
                    title: c.control.title,
                    ..Found::default()
                })
            })
    }

    /// Listed findings of the checks of a control.
    pub(super) fn control_count(&self, at: u32) -> usize {
        self.snapshot
            .controls
            .get(at as usize)
            .map_or(0, |control| {
                control.checks.iter().map(|id| self.check_count(id).0).sum()
            })
    }

    /// Listed findings of a check, and the worst.
    pub(super) fn check_count(&self, id: &str) -> (usize, Option<Severity>) {
        self.counts.get(id).copied().unwrap_or_default()
    }

    fn control(&self, at: u32) -> Vec<Node> {
        let Some(ControlState { checks, .. }) = self.snapshot.controls.get(at as usize) else {
            return Vec::new();
        };
        let firing: Vec<&'static str> = checks
            .iter()
            .copied()
            .filter(|id| self.check_count(id).0 > 0)
            .collect();
        match firing.as_slice() {
            [only] => self.findings_of(only),
            _ => firing.into_iter().map(Node::Check).collect(),
        }
    }

    /// Listed findings of a check in every namespace, and those that were closed a moment ago.
    fn findings_of(&self, check: &'static str) -> Vec<Node> {
        let spaces = self.spaces.iter().zip(0..);
        let listed: Vec<(u32, &[Own])> = spaces
            .map(|(space, at)| (at, space.listed(check)))
            .filter(|(_, own)| !own.is_empty())
            .collect();
        let rows = || {
            let all = listed.iter();
            all.flat_map(|(at, own)| own.iter().map(|own| (*own, Node::Finding(*at, own.row))))
        };
        let gone = self.signs.gone().iter().zip(0..);
        let mut all: Vec<Node> = gone
            .filter(|((id, _), _)| id.check == check)
            .map(|(_, at)| Node::Gone(at))
            .collect();
        all.reserve(self.check_count(check).0);
        match self.prefs.sort {
            Sort::Name => all.extend(rows().map(|(_, node)| node)),
            Sort::Severity => {
                for severity in Severity::ALL {
                    let own = rows().filter(|(own, _)| own.severity == severity);
                    all.extend(own.map(|(_, node)| node));
                }
            }
            Sort::Newest => {
                let mut own: Vec<(Own, Node)> = rows().collect();
                own.sort_by_key(|(own, _)| std::cmp::Reverse(own.since));
                all.extend(own.into_iter().map(|(_, node)| node));
            }
        }
        all
    }

    fn space(&self, at: u32) -> Vec<Node> {
        let Some(space) = self.spaces.get(at as usize) else {
            return Vec::new();
        };
        let gone = self.gone_in(space).map(Node::Gone);
        let items = space.shown.iter().map(|item| Node::Item(at, *item));
        let unknown = space.unknown.iter().map(|row| Node::Unknown(at, *row));
        gone.chain(items).chain(unknown).collect()
    }

    /// Findings of this threat in a namespace that were closed a moment ago.
    fn gone_in<'a>(&'a self, space: &'a Space) -> impl Iterator<Item = u32> + 'a {
        let gone = self.signs.gone().iter().enumerate();
        gone.filter(|(_, (id, _))| *id.object.home() == **space.name())
            .map(|(at, _)| at as u32)
    }

    /// What stands below an object: its findings, as rows of a namespace.
    pub(super) fn rows_of(&self, node: Node) -> Option<(u32, &[u32])> {
        let Node::Item(at, item) = node else {
            return None;
        };
        let space = self.spaces.get(at as usize);
        Some((at, space.map_or(&[][..], |space| space.rows_of(item))))
    }

    fn item(&self, at: u32, item: u32) -> Vec<Node> {
        let rows = self.rows_of(Node::Item(at, item));
        let rows = rows.iter().flat_map(|(_, rows)| rows.iter());
        rows.map(|row| Node::Finding(at, *row)).collect()
    }

    fn inventory_item<'a>(
        &'a self,
        at: u32,
        n: u32,
        key: impl Fn(&'a Space, usize) -> Option<&'a ObjectKey>,
    ) -> Option<u32> {
        let space = self.spaces.get(at as usize)?;
        let item = space.item_of(key(space, n as usize)?)?;
        (!space.rows_of(item).is_empty()).then_some(item)
    }

    fn of_object<'a>(
        &'a self,
        at: u32,
        n: u32,
        key: impl Fn(&'a Space, usize) -> Option<&'a ObjectKey>,
    ) -> Vec<Node> {
        self.inventory_item(at, n, key)
            .map(|item| self.item(at, item))
            .unwrap_or_default()
    }

    /// Findings on a service account, and those that name it.
    fn of_account(&self, at: u32, n: u32) -> Vec<Node> {
        let Some(key) = self
            .spaces
            .get(at as usize)
            .and_then(|s| s.table.accounts.get(n as usize))
            .map(|row| &row.key)
        else {
            return Vec::new();
        };
        let name = format!("sa:{}/{}", key.home(), key.name);
        let mut all = self.of_object(at, n, |s, n| s.table.accounts.get(n).map(|r| &r.key));
        let wide = self.spaces.iter().position(|space| space.name().is_empty());
        for space in [wide.map(|w| w as u32), Some(at)].into_iter().flatten() {
            let rows = self.spaces.get(space as usize);
            let own = rows.into_iter().flat_map(|s| {
                let named = s
                    .kept()
                    .iter()
                    .filter(|row| s.row(**row).is_some_and(|row| names(row, &name)));
                named.map(|row| Node::Finding(space, *row))
            });
            all.extend(own);
        }
        all
    }
}

fn names(row: &Row, subject: &str) -> bool {
    let part = row.finding().map(|finding| &finding.id.part);
    matches!(part, Some(crate::model::Part::Subject(name)) if **name == *subject)
}

fn findings(rows: &[(u32, u32)]) -> Vec<Node> {
    rows.iter()
        .map(|(at, row)| Node::Finding(*at, *row))
        .collect()
}
