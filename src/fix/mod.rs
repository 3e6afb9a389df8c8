//! From typed changes to documents and commands.
//!
//! A check answers with a [`Remedy`]: changes of facts, what they may break, how sure we are. This layer prints them as
//! YAML and kubectl commands (one file a style), applies printed documents to a full object (to prove that they do what
//! the change says), and recognises objects that something else manages. It never talks to a cluster.

mod remedy;

pub use remedy::{Confidence, Remedy};
