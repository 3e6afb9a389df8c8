//! Finds the line of an identity again, in a tree of a hundred thousand lines as well.
//!
//! An identity is turned into the few nodes that it can be now; lines are then compared by these small numbers. An identity
//! that nothing has any longer is known to be gone without looking at a line.

use super::{Node, Tree};
use crate::model::{FindingId, ObjectKey};
use crate::ui::row::{Path, RowId};
use crate::ui::widgets::cursor::outwards;

/// One step of a way, as it is looked for.
enum Sought<'a> {
    /// One of these.
    Nodes(Vec<Node>),
    /// Kinds of which there are few: what is called so.
    Named(&'a RowId),
}

impl Tree {
    /// The line of a way, looked for outwards from an index.
    pub(super) fn seek(&self, path: &Path, from: usize) -> Option<usize> {
        let steps: Vec<Sought<'_>> = path.iter().map(|id| self.sought(id)).collect();
        let gone = |step: &Sought<'_>| matches!(step, Sought::Nodes(nodes) if nodes.is_empty());
        if steps.iter().any(gone) {
            return None;
        }
        outwards(self.lines.len(), from, |at| self.stands(at, &steps))
    }

    /// Whether a line stands at the end of a way.
    fn stands(&self, at: usize, steps: &[Sought<'_>]) -> bool {
        let Some(mut line) = self.lines.get(at) else {
            return false;
        };
        if usize::from(line.depth) + 1 != steps.len() {
            return false;
        }
        steps.iter().rev().all(|step| {
            let fits = self.fits(line.node, step);
            if let Some(parent) = self.lines.get(line.parent as usize) {
                line = parent;
            }
            fits
        })
    }

    fn fits(&self, node: Node, step: &Sought<'_>) -> bool {
        match step {
            Sought::Nodes(nodes) => nodes.contains(&node),
            Sought::Named(_) if matches!(node, Node::Finding(..) | Node::Item(..)) => false,
            Sought::Named(id) => self.is_named(node, id),
        }
    }

    fn is_named(&self, node: Node, id: &RowId) -> bool {
        match (node, id) {
            (Node::Unknown(at, row), RowId::Unknown(check, object)) => self
                .spaces
                .get(at as usize)
                .and_then(|space| space.row(row))
                .is_some_and(|row| row.check == *check && row.object == *object),
            (Node::Unknown(..), _) => false,
            _ => self.id(node).as_ref() == Some(id),
        }
    }

    fn sought<'a>(&self, id: &'a RowId) -> Sought<'a> {
        match id {
            RowId::Finding(id) => Sought::Nodes(self.nodes_of_finding(id)),
            RowId::Object(key) => Sought::Nodes(self.nodes_of_object(key)),
            other => Sought::Named(other),
        }
    }

    /// Namespaces that can hold rows about an object: its own, for a Namespace also the cluster's.
    fn homes(&self, key: &ObjectKey) -> impl Iterator<Item = u32> {
        let own = key.namespace.as_deref().unwrap_or("");
        let home = Some(key.home()).filter(|home| *home != own);
        let all = [Some(own), home].into_iter().flatten();
        all.filter_map(|name| {
            let found = self
                .spaces
                .binary_search_by(|space| (**space.name()).cmp(name));
            found.ok().map(|at| at as u32)
        })
    }

    fn nodes_of_finding(&self, id: &FindingId) -> Vec<Node> {
        let mut all = Vec::new();
        for at in self.homes(&id.object) {
            let Some(space) = self.spaces.get(at as usize) else {
                continue;
            };
            let own = space.listed(id.check).iter().map(|own| own.row);
            let own = own.filter(|row| {
                let finding = space.row(*row).and_then(|row| row.finding());
                finding.is_some_and(|finding| finding.id == *id)
            });
            all.extend(own.map(|row| Node::Finding(at, row)));
        }
        let gone = self.signs.gone().iter().zip(0..);
        let gone = gone.filter(|((own, _), _)| own == id);
        all.extend(gone.map(|(_, at)| Node::Gone(at)));
        all
    }

    fn nodes_of_object(&self, key: &ObjectKey) -> Vec<Node> {
        let runners = self.images.runners.iter().zip(0..);
        let runners = runners.filter(|(runner, _)| runner.key == *key);
        let mut all: Vec<Node> = runners.map(|(_, at)| Node::Runner(at)).collect();
        for at in self.homes(key) {
            let Some(space) = self.spaces.get(at as usize) else {
                continue;
            };
            let table = &space.table;
            all.extend(space.item_of(key).map(|item| Node::Item(at, item)));
            let place = |n: Option<usize>| n.map(|n| n as u32);
            let workload = place(table.workloads.iter().position(|row| row.key == *key));
            let account = place(table.accounts.iter().position(|row| row.key == *key));
            let policy = place(table.policies.iter().position(|row| row.key == *key));
            let service = place(table.services.iter().position(|row| row.key == *key));
            all.extend(workload.map(|n| Node::Workload(at, n)));
            all.extend(account.map(|n| Node::Account(at, n)));
            all.extend(policy.map(|n| Node::Policy(at, n)));
            all.extend(service.map(|n| Node::Service(at, n)));
        }
        all
    }
}
