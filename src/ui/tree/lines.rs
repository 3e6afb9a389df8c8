//! Visible lines: what is open, what stands below it.

use rustc_hash::FxHashSet;

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
    flipped: FxHashSet<Path>,
    /// The same while a filter is active: then everything that holds a match is open unless closed.
    filtered: FxHashSet<Path>,
}

impl Expansion {
    /// Opens all, closes all, in turn.
    pub fn toggle_all(&mut self) {
        self.all = Some(self.all != Some(true));
        self.flipped.clear();
        self.filtered.clear();
    }

    /// Opens what is closed, closes what is open.
    pub fn flip(&mut self, path: Path, filtered: bool) {
        let set = if filtered {
            &mut self.filtered
        } else {
            &mut self.flipped
        };
        if !set.remove(&path) {
            set.insert(path);
        }
    }

    fn is_open(&self, node: Node, path: &Path, filtered: bool) -> bool {
        let (rule, flipped) = if filtered {
            (self.all != Some(false), &self.filtered)
        } else {
            let own = matches!(node, Node::Section(section) if section.is_open());
            (self.all.unwrap_or(own), &self.flipped)
        };
        rule != (!flipped.is_empty() && flipped.contains(path))
    }
}

impl Tree {
    /// Lists the visible lines.
    pub fn build(&mut self, expansion: &Expansion) {
        let mut lines = std::mem::take(&mut self.lines);
        lines.clear();
        let mut path = Path::new();
        for node in self.top() {
            self.add(node, 0, 0, expansion, &mut path, &mut lines);
        }
        self.lines = lines;
    }

    fn add(
        &self,
        node: Node,
        depth: u16,
        parent: u32,
        expansion: &Expansion,
        path: &mut Path,
        lines: &mut Vec<Line>,
    ) {
        let at = lines.len() as u32;
        let mut line = Line {
            node,
            depth,
            branch: Branch::Leaf,
            parent: if depth == 0 { at } else { parent },
        };
        if !self.has_children(node) {
            lines.push(line);
            return;
        }
        let Some(id) = self.id(node) else { return };
        path.push(id);
        let open = expansion.is_open(node, path, self.is_filtered());
        line.branch = if open { Branch::Open } else { Branch::Closed };
        lines.push(line);
        if open {
            for child in self.children(node) {
                self.add(child, depth + 1, at, expansion, path, lines);
            }
        }
        path.pop();
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

    fn is(&self, at: usize, id: &Path) -> bool {
        let Some(mut line) = self.lines.get(at) else {
            return false;
        };
        if usize::from(line.depth) + 1 != id.len() {
            return false;
        }
        for own in id.iter().rev() {
            if !Tree::is(self, line.node, own) {
                return false;
            }
            match self.lines.get(line.parent as usize) {
                Some(parent) => line = parent,
                None => return false,
            }
        }
        true
    }
}
