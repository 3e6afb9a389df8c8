//! Whom somebody becomes in one step and who becomes them, as an answer of its own.

use crate::model::{Missing, Subject};
use crate::semantics::paths::{self, Neighbours, build};
use crate::view::{View, World};

/// One step around somebody.
#[derive(Clone, Debug)]
pub struct NeighboursAnswer {
    /// Who is there.
    pub around: Neighbours,
    /// What could not be seen: there may be more.
    pub missing: Vec<Missing>,
}

impl NeighboursAnswer {
    pub(super) fn of(world: &World, subject: &Subject) -> NeighboursAnswer {
        let view = View::new(world);
        let graph = build(&view, std::slice::from_ref(subject));
        NeighboursAnswer {
            around: paths::neighbours(&graph, subject),
            missing: graph.not_visible,
        }
    }
}
