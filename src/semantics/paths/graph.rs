//! The graph: nodes, edges, and which edges leave a node. Filled by the builder, in an order that the same facts always give.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::build::Env;
use super::edge::{Cause, Edge, EdgeKind};
use super::net::Net;
use super::node::Node;
use super::rights::Right;
use crate::model::Missing;

/// Nodes whose edges rest on more than what they hold: a change of that makes them again.
#[derive(Clone, Debug, Default)]
pub(super) struct Rests {
    /// On the levels of namespaces.
    pub(super) levels: Rc<BTreeSet<usize>>,
    /// On what roles hold that they may bind, and others as whom they may act.
    pub(super) others: Rc<BTreeSet<usize>>,
    /// On what runs, by name of a pod or of its node.
    pub(super) pods: Rc<BTreeSet<usize>>,
}

/// Notes a node among those that rest on something.
pub(super) fn note(nodes: &mut Rc<BTreeSet<usize>>, node: usize) {
    if !nodes.contains(&node) {
        Rc::make_mut(nodes).insert(node);
    }
}

/// Who can become whom, and reach what.
#[derive(Clone, Debug, Default)]
pub struct Graph<'a> {
    // Shared with the graph after a change, which mostly adds nothing here.
    nodes: Rc<Vec<Node>>,
    index: Rc<FxHashMap<Node, usize>>,
    edges: Vec<Rc<Edge<'a>>>,
    leaving: Vec<Rc<Vec<usize>>>,
    known: FxHashMap<(usize, usize, &'static str), usize>,
    /// Some edge rests on a whole way beside its own causes, or would.
    pub(super) has_joined: bool,
    /// Who stands where the levels of namespaces, other roles, and pods by name decide of edges, or would.
    pub(super) rests: Rests,
    /// What it was made from.
    pub(super) env: Env<'a>,
    /// Its edges as searches walk them, made when one begins.
    net: OnceCell<Rc<Net>>,
    /// What could not be seen: there may be more edges.
    pub not_visible: Vec<Missing>,
}

impl<'a> Graph<'a> {
    /// Index of a node, which is added unless it is there.
    pub(super) fn node(&mut self, node: Node) -> usize {
        if let Some(at) = self.index.get(&node) {
            return *at;
        }
        self.net.take();
        let at = self.nodes.len();
        Rc::make_mut(&mut self.nodes).push(node.clone());
        Rc::make_mut(&mut self.index).insert(node, at);
        self.leaving.push(Rc::default());
        at
    }

    /// Makes room for so many edges.
    pub(super) fn reserve(&mut self, edges: usize) {
        self.edges.reserve(edges);
        self.known.reserve(edges);
    }

    /// Adds an edge. A second one of the same kind between the same nodes is kept only where it is certain and the first is
    /// not.
    pub(super) fn push(&mut self, edge: Edge<'a>) {
        if edge.from == edge.to || self.is_older(&edge) {
            return;
        }
        self.net.take();
        let key = (edge.from, edge.to, edge.kind.id);
        let at = self.edges.len();
        let old = self.known.get(&key).copied();
        if let Some(old) = old.and_then(|old| self.edges.get_mut(old)) {
            if old.unsure.is_some() && edge.unsure.is_none() {
                *old = Rc::new(edge);
            }
            return;
        }
        self.known.insert(key, at);
        if let Some(leaving) = self.leaving.get_mut(edge.from) {
            Rc::make_mut(leaving).push(at);
        }
        self.edges.push(Rc::new(edge));
    }

    /// Says something of every edge that was added since there were so many, and of which nothing is said.
    pub(super) fn note_since(&mut self, count: usize, note: &str) {
        for edge in self.edges.iter_mut().skip(count) {
            if edge.note.is_none() && !edge.kind.is_pass() {
                Rc::make_mut(edge).note = Some(note.to_owned());
            }
        }
    }

    /// Takes away every edge that leaves a node. (Their indexes stay, and lead nowhere.)
    pub(super) fn clear(&mut self, node: usize) {
        self.net.take();
        let gone = self.leaving.get_mut(node).map(std::mem::take);
        for edge in gone.iter().flat_map(|edges| edges.iter()) {
            if let Some(edge) = self.edges.get(*edge) {
                self.known.remove(&(edge.from, edge.to, edge.kind.id));
            }
        }
    }

    /// Somebody could do it without the role that was bound on the way: that edge leaves them as they were before.
    fn is_older(&self, edge: &Edge<'_>) -> bool {
        let gained = matches!(self.nodes.get(edge.from), Some(Node::Gained(..)));
        let mut rights = edge.causes.iter().filter_map(|cause| match cause {
            Cause::Right(right) => Some(right),
            Cause::Fact(_) => None,
        });
        gained && !rights.any(|right| matches!(right, Right::Gained(..)))
    }

    /// Its edges as searches walk them.
    pub(super) fn net(&self) -> Rc<Net> {
        Rc::clone(self.net.get_or_init(|| Rc::new(Net::of(self))))
    }

    /// Index of a node that is there.
    pub fn find(&self, node: &Node) -> Option<usize> {
        self.index.get(node).copied()
    }

    /// All nodes.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// All edges.
    pub fn edges(&self) -> &[Rc<Edge<'a>>] {
        &self.edges
    }

    /// Indexes of the edges that leave a node.
    pub fn leaving(&self, node: usize) -> &[usize] {
        self.leaving.get(node).map_or(&[], |edges| edges.as_slice())
    }

    /// The edges that lead to a node.
    pub(super) fn entering(&self, node: usize) -> impl Iterator<Item = &Edge<'a>> {
        let all = self.leaving.iter().flat_map(|edges| edges.iter());
        let all = all.filter_map(|at| self.edges.get(*at));
        all.map(|edge| &**edge).filter(move |edge| edge.to == node)
    }

    /// A node as the command line writes it.
    pub fn name(&self, at: usize) -> String {
        self.nodes
            .get(at)
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    /// There is an edge of this kind between the same nodes.
    pub fn has(&self, other: &Graph<'_>, edge: &Edge<'_>) -> bool {
        let same = |at: usize| other.nodes.get(at).and_then(|node| self.find(node));
        let (Some(from), Some(to)) = (same(edge.from), same(edge.to)) else {
            return false;
        };
        self.known.contains_key(&(from, to, edge.kind.id))
    }

    /// What is done on an edge, without whom it leads to: `has a token issued in shop for`.
    pub(super) fn manner(&self, edge: &Edge<'a>) -> String {
        let at = self.nodes.get(edge.to).map(Node::at).unwrap_or_default();
        edge.kind.words.replace("{at}", &at).replace("{to}", "it")
    }

    /// An edge in words, without who goes it: `makes a pod in shop`.
    pub fn words(&self, edge: &Edge<'a>) -> String {
        let Some(to) = self.nodes.get(edge.to) else {
            return String::new();
        };
        words(edge.kind, to)
    }
}

fn words(kind: &EdgeKind, to: &Node) -> String {
    let mut text = kind.words.to_owned();
    if text.contains("{at}") {
        text = text.replace("{at}", &to.at());
    }
    if text.contains("{to}") {
        let name = match to {
            Node::Token(subject) => subject.to_string(),
            to => to.to_string(),
        };
        text = text.replace("{to}", &name);
    }
    text
}
