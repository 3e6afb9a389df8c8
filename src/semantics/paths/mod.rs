//! Who can become whom, and reach what, step by step: the graph of attacks that the cluster's own rules allow.
//!
//! [`build`] makes the graph from a view, [`Goal`] says what is worth reaching, [`routes`] finds the cheapest ways there, and
//! [`cuts`] tries single changes by making the graph again without them, [`Survey`] is what stories ask. A step stands here only where the server, the
//! kubelet or the kernel would let it happen; halves that are worth nothing alone make none. What a right reaches is written
//! once for the right (see [`node`]), so the graph grows with rights plus objects and not with their product.
//!
//! Not here: routes over the network, kernel flaws, other authorizers, controllers that act for others (Argo CD, operators).

mod after;
mod build;
mod crowd;
mod cuts;
pub mod edge;
mod edges;
mod goal;
mod graph;
mod neighbours;
mod net;
pub mod node;
mod place;
mod quest;
mod relevant;
mod rights;
mod route;
mod search;
mod survey;
#[cfg(test)]
mod tests;

pub use build::build;
pub use cuts::{Cut, Question, cuts};
pub use goal::Goal;
pub use graph::Graph;
pub use neighbours::{Neighbour, Neighbours, neighbours};
pub use node::Node;
pub use quest::Quest;
pub use relevant::is_same;
pub use rights::Act;
pub use route::{Found, Start, Step, Way, routes};
pub use survey::{Inside, Survey};
