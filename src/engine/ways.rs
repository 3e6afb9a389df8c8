//! The graph of ways, made once for all rules that ask for it, and only when one does.

use std::cell::OnceCell;

use crate::semantics::paths::{Graph, Survey, build};
use crate::view::{Reads, View, World};

/// The graph of one world.
#[derive(Debug)]
pub(super) struct Ways<'a> {
    world: &'a World,
    made: OnceCell<(Graph<'a>, Reads)>,
}

impl<'a> Ways<'a> {
    /// Of this world; nothing is made yet.
    pub(super) fn new(world: &'a World) -> Self {
        Ways {
            world,
            made: OnceCell::new(),
        }
    }

    fn made(&self) -> &(Graph<'a>, Reads) {
        self.made.get_or_init(|| {
            let view = View::new(self.world);
            let graph = build(&view, &[]);
            view.widen_reads();
            (graph, view.take_reads())
        })
    }
}

/// The graph as rules see it: what one of them reckons out is there for the next.
#[derive(Debug)]
pub(super) struct Surveyed<'u, 'a> {
    ways: &'u Ways<'a>,
    survey: OnceCell<Survey<'u, 'a>>,
}

impl<'u, 'a> Surveyed<'u, 'a> {
    /// Of this graph; nothing is made yet.
    pub(super) fn new(ways: &'u Ways<'a>) -> Self {
        Surveyed {
            ways,
            survey: OnceCell::new(),
        }
    }

    /// The graph to be asked, and what it was made from.
    pub(super) fn get(&self) -> (&Survey<'u, 'a>, &'u Reads) {
        let (graph, reads) = self.ways.made();
        (self.survey.get_or_init(|| Survey::new(graph)), reads)
    }
}
