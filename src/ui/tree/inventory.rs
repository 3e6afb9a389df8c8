//! The rows of an inventory, in order, narrowed by the filter.

use super::{Node, Tree, word};
use crate::engine::standing::Word;
use crate::model::{ObjectKey, Severity};
use crate::ui::filter::Found;
use crate::ui::prefs::Sort;

/// What rows of an inventory are put in order by.
struct Order<'a> {
    node: Node,
    works: usize,
    worst: Option<Severity>,
    fires: usize,
    newest: i64,
    key: Option<&'a ObjectKey>,
}

impl Tree {
    /// Every row of an inventory that the filter leaves.
    pub(super) fn inventory_rows(&self, view: &str) -> Vec<Node> {
        match view {
            "namespaces" => self.namespaces(),
            "workloads" => self.objects(|at, space| {
                let rows = space.table.workloads.iter().enumerate();
                rows.map(|(n, row)| (Node::Workload(at, n as u32), &row.key))
                    .collect()
            }),
            "accounts" => {
                let subjects = (0..self.subjects.len() as u32).map(Node::Subject);
                let subjects = subjects.filter(|node| self.subject_is_listed(*node));
                let accounts = self.objects(|at, space| {
                    let rows = space.table.accounts.iter().enumerate();
                    rows.map(|(n, row)| (Node::Account(at, n as u32), &row.key))
                        .collect()
                });
                subjects.chain(accounts).collect()
            }
            "policies" => self.objects(|at, space| {
                let rows = space.table.policies.iter().enumerate();
                rows.map(|(n, row)| (Node::Policy(at, n as u32), &row.key))
                    .collect()
            }),
            "services" => self.objects(|at, space| {
                let rows = space.table.services.iter().enumerate();
                rows.map(|(n, row)| (Node::Service(at, n as u32), &row.key))
                    .collect()
            }),
            "images" => (0..self.images.repositories.len() as u32)
                .map(Node::Repository)
                .collect(),
            _ => Vec::new(),
        }
    }

    fn subject_is_listed(&self, node: Node) -> bool {
        let Node::Subject(at) = node else {
            return false;
        };
        self.subjects.get(at as usize).is_some_and(|subject| {
            self.filter.is_empty()
                || !subject.findings.is_empty()
                || self.filter.holds(&Found {
                    more: &subject.name,
                    ..Found::default()
                })
        })
    }

    /// Namespaces; the cluster as a whole where something is said of it.
    fn namespaces(&self) -> Vec<Node> {
        let mut all: Vec<(Word, Option<Severity>, usize, i64, Node)> = Vec::new();
        for (at, space) in self.spaces.iter().enumerate() {
            let node = Node::Space(at as u32);
            let empty = space.fires == 0 && space.unknown.is_empty() && !self.has_children(node);
            if empty && space.name().is_empty() {
                continue;
            }
            if empty && !self.filter.is_empty() && !self.holds_namespace(space.name()) {
                continue;
            }
            let (word, works) = self.standing_of(at as u32);
            all.push((
                word,
                space.worst,
                works.max(space.fires),
                space.newest,
                node,
            ));
        }
        match self.prefs.sort {
            Sort::Severity => {
                all.sort_by_key(|(word, worst, n, ..)| std::cmp::Reverse((*word, *worst, *n)))
            }
            Sort::Newest => all.sort_by_key(|(.., newest, _)| std::cmp::Reverse(*newest)),
            Sort::Name => {}
        }
        all.into_iter().map(|(.., node)| node).collect()
    }

    fn holds_namespace(&self, name: &str) -> bool {
        self.filter.holds(&Found {
            namespace: Some(name),
            ..Found::default()
        })
    }

    /// The word of a namespace, and how many stories work there.
    pub(super) fn standing_of(&self, at: u32) -> (Word, usize) {
        let Some(space) = self.spaces.get(at as usize) else {
            return (Word::Unsure, 0);
        };
        let works = self.acting.space(space.name());
        let hidden = !space.unknown.is_empty() || self.acting.is_unsure(space.name());
        (word(self.threat, works, space.fires, hidden), works)
    }

    fn objects<'a>(
        &'a self,
        of: impl Fn(u32, &'a super::Space) -> Vec<(Node, &'a ObjectKey)>,
    ) -> Vec<Node> {
        let mut all: Vec<Order<'a>> = Vec::new();
        for (at, space) in self.spaces.iter().enumerate() {
            for (node, key) in of(at as u32, space) {
                let item = space.item_of(key).and_then(|i| space.items.get(i as usize));
                let fires = item.map_or(0, super::space::Item::len);
                if fires == 0 && !self.filter.is_empty() {
                    let found = Found {
                        object: Some(key),
                        ..Found::default()
                    };
                    if !self.filter.holds(&found) {
                        continue;
                    }
                }
                all.push(Order {
                    node,
                    works: self.acting.object(key),
                    worst: item.and_then(|item| item.worst),
                    fires,
                    newest: item.map_or(0, super::space::Item::newest),
                    key: Some(key),
                });
            }
        }
        match self.prefs.sort {
            Sort::Severity => {
                all.sort_by_key(|row| std::cmp::Reverse((row.works, row.worst, row.fires)))
            }
            Sort::Newest => all.sort_by_key(|row| std::cmp::Reverse(row.newest)),
            Sort::Name => all.sort_by_key(|row| row.key.map(|key| (key.home(), &key.name))),
        }
        all.into_iter().map(|row| row.node).collect()
    }
}
