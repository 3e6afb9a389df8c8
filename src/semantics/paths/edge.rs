//! What leads from one node to the next, and why.

use super::rights::Right;
use crate::model::Evidence;
use crate::model::change::Change;

/// A kind of step, as data.
#[derive(Debug, PartialEq, Eq)]
pub struct EdgeKind {
    /// Stable id; empty for what is passed through and is no step of its own.
    pub id: &'static str,
    /// What is done, after the name of who does it. `{to}` is where it leads, `{at}` the place (`in shop`).
    pub words: &'static str,
    /// How hard it is: 0 nothing is left to do, 1 one call of the API, 2 several, or something that may be noticed.
    pub cost: u32,
    /// Which rule of Kubernetes makes it work.
    pub source: &'static str,
}

impl EdgeKind {
    /// No step of its own.
    pub fn is_pass(&self) -> bool {
        self.id.is_empty()
    }
}

/// What an edge rests on.
#[derive(Clone, Debug)]
pub enum Cause<'a> {
    /// A rule of a role.
    Right(Right<'a>),
    /// A field of an object.
    Fact(Evidence),
}

impl Cause<'_> {
    /// As evidence.
    pub fn evidence(&self) -> Vec<Evidence> {
        match self {
            Cause::Right(right) => right.evidence(),
            Cause::Fact(evidence) => vec![evidence.clone()],
        }
    }
}

/// An edge.
#[derive(Clone, Debug)]
pub struct Edge<'a> {
    /// Index of the node that it leaves.
    pub from: usize,
    /// Index of the node that it reaches.
    pub to: usize,
    /// Its kind.
    pub kind: &'static EdgeKind,
    /// What it rests on.
    pub causes: Vec<Cause<'a>>,
    /// What a person must know to judge it.
    pub note: Option<String>,
    /// Why it is not certain: something that is not visible decides.
    pub unsure: Option<String>,
    /// Changes of objects, besides those of rights, each of which ends it.
    pub cuts: Vec<Change>,
}
