//! Manifests, directories, Lists, multi-document YAML, JSON dumps, standard input and saved snapshots as a source.
//!
//! A world from files is closed: what is absent does not exist, but its namespaces, their `default` accounts and the
//! stock RBAC of the version are assumed, and aggregated roles are filled (the caller hands the latter two in: they are
//! semantics). A broken document is reported with file and line, and the rest is used. Nothing here judges anything.

mod assumed;
mod document;
mod load;
mod paths;
mod saved;
mod watch;

pub(super) use assumed::assumed;
pub use load::{Complete, Loaded, Problem, decode_documents, load};
pub use saved::{SCHEMA, Saved};
pub use watch::{Options, batch, start};
