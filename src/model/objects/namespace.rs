//! Namespace.

use crate::model::Meta;

/// A Namespace; its Pod Security labels are in the metadata.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Namespace {
    /// Metadata.
    pub meta: Meta,
    /// `status.phase` is Terminating.
    pub terminating: bool,
    /// Assumed, not read: named by other objects of a world from files.
    pub assumed: bool,
}
