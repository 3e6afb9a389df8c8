//! Visible lines: what is open, what stands below it.

use rustc_hash::FxHashMap;

use super::{Node, Tree};
use crate::ui::row::{Path, RowId};
use crate::ui::widgets::cursor::Rows;
use crate::ui::widgets::vtree::Branch;

/// One visible line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it stands for.
    pub node: Node,
    /// How deep it stands.
    pub depth: u16,
    /// Whether it has lines below it.
    pub branch: Branch,
    /// Index of the line it stands below; its own at the top.
    pub parent: u32,
}

/// Which branches are open. Held by identity; what differs from the rule is remembered, so that "all" costs nothing.
#[derive(Clone, Debug, Default)]
pub struct Expansion {
    all: Option<bool>,
    flipped: Flipped,
    /// The same while a filter is active: then everything that holds a match is open unless closed.
    filtered: Flipped,
}

/// Branches that differ from the rule, by the ways to them: where none differs below, no identity is needed.
#[derive(Clone, Debug, Default)]
struct Flipped {
    own: bool,
    below: FxHashMap<RowId, Flipped>,
}

impl Flipped {
    fn flip(&mut self, path: &[RowId]) {
        let Some((first, rest)) = path.split_first() else {
            self.own = !self.own;
            return;
        };
        let below = self.below.entry(first.clone()).or_default();
        below.flip(rest);
        if !below.own && below.below.is_empty() {
            self.below.remove(first);
        }
    }

    fn below(&self, id: impl FnOnce() -> Option<RowId>) -> Option<&Flipped> {
        if self.below.is_empty() {
            return None;
        }
        self.below.get(&id()?)
    }
}

impl Expansion {
    /// Opens all, closes all, in turn.
    pub fn toggle_all(&mut self) {
        *self = Expansion {
            all: Some(self.all != Some(true)),
            ..Expansion::default()
        };
    }

    /// Opens what is closed, closes what is open.
    pub fn flip(&mut self, path: &Path, filtered: bool) {
        let set = if filtered {
            &mut self.filtered
        } else {
            &mut self.flipped
        };
        set.flip(path);
    }

    fn is_open(&self, node: Node, filtered: bool) -> bool {
        if filtered {
            return self.all != Some(false);
        }
        let own = matches!(node, Node::Section(section) if section.is_open());
        self.all.unwrap_or(own)
    }
}

/// Lines as they are being listed.
struct Listing<'a> {
    tree: &'a Tree,
    expansion: &'a Expansion,
    filtered: bool,
    lines: Vec<Line>,
}

impl Listing<'_> {
    fn add(&mut self, node: Node, depth: u16, parent: u32, flipped: Option<&Flipped>) {
        if node.is_leaf() || !self.tree.has_children(node) {
            self.push(node, depth, parent, Branch::Leaf);
            return;
        }
        let own = flipped.and_then(|above| above.below(|| self.tree.id(node)));
        let rule = self.expansion.is_open(node, self.filtered);
        if rule == own.is_some_and(|own| own.own) {
            self.push(node, depth, parent, Branch::Closed);
            return;
        }
        let at = self.push(node, depth, parent, Branch::Open);
        if let Some((space, rows)) = self.tree.rows_of(node) {
            for row in rows {
                self.push(Node::Finding(space, *row), depth + 1, at, Branch::Leaf);
            }
            return;
        }
        for child in self.tree.children(node) {
            self.add(child, depth + 1, at, own);
        }
    }

    /// Adds a line, and says where it stands.
    fn push(&mut self, node: Node, depth: u16, parent: u32, branch: Branch) -> u32 {
        let at = self.lines.len() as u32;
        let parent = if depth == 0 { at } else { parent };
        self.lines.push(Line {
            node,
            depth,
            branch,
            parent,
        });
        at
    }
}

impl Tree {
    /// Lists the visible lines.
    pub fn build(&mut self, expansion: &Expansion) {
        let mut lines = std::mem::take(&mut self.lines);
        lines.clear();
        let filtered = self.is_filtered();
        let mut listing = Listing {
            tree: self,
            expansion,
            filtered,
            lines,
        };
        let flipped = if filtered {
            &expansion.filtered
        } else {
            &expansion.flipped
        };
        for node in self.top() {
            listing.add(node, 0, 0, Some(flipped));
        }
        self.lines = listing.lines;
    }

    /// The visible lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The line of an index.
    pub fn line(&self, at: usize) -> Option<&Line> {
        self.lines.get(at)
    }

    /// The lines above one, from the top on.
    pub fn ancestors(&self, at: usize) -> Vec<usize> {
        let mut all = Vec::new();
        let mut at = at;
        while let Some(line) = self.lines.get(at).filter(|line| line.depth > 0) {
            at = line.parent as usize;
            all.push(at);
        }
        all.reverse();
        all
    }

    /// The identity of a line with its way.
    pub fn id_at(&self, at: usize) -> Option<Path> {
        Rows::id(self, at)
    }

    /// Findings and story instances below a line, whatever is open, at most so many; each once.
    pub fn fixable_below(&self, at: usize, most: usize) -> Vec<RowId> {
        let mut all = Vec::new();
        let mut open: Vec<Node> = self
            .lines
            .get(at)
            .map(|line| line.node)
            .into_iter()
            .collect();
        while let Some(node) = open.pop() {
            if all.len() >= most {
                break;
            }
            match node {
                Node::Finding(..) | Node::Instance(..) => all.extend(self.id(node)),
                _ => open.extend(self.children(node).into_iter().rev()),
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|row| seen.insert(row.clone()));
        all
    }

    /// The identity of a line without its way.
    pub fn row(&self, at: usize) -> Option<RowId> {
        self.id(self.lines.get(at)?.node)
    }
}

impl Rows for Tree {
    type Id = Path;

    fn len(&self) -> usize {
        self.lines.len()
    }

    fn id(&self, at: usize) -> Option<Path> {
        let mut path: Path = self
            .ancestors(at)
            .into_iter()
            .filter_map(|at| self.row(at))
            .collect();
        path.push(self.row(at)?);
        Some(path)
    }

    fn find(&self, id: &Path, from: usize) -> Option<usize> {
        self.seek(id, from)
    }
}
