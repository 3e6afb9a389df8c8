//! What a source tells the engine. Batches are cheap to send and applied as one.

use std::sync::Arc;

use super::sight::State;
use super::{ClusterInfo, Kind, Object, ObjectKey, Str};

/// One change in what is known.
#[derive(Clone, Debug)]
pub enum Delta {
    /// The object now looks like this.
    Put(Arc<Object>),
    /// The object is gone.
    Gone(ObjectKey),
    /// An object exists but could not be decoded: a visible "not assessed" row, never a silent pass.
    Broken {
        /// Its identity.
        key: ObjectKey,
        /// Why, for a person.
        why: String,
    },
    /// A complete list of a kind in a place: everything of it that is not in `keep` is gone.
    Listed {
        /// Kind.
        kind: Kind,
        /// Namespace; `None` is the whole cluster.
        namespace: Option<Str>,
        /// Identities in the list, sorted.
        keep: Vec<ObjectKey>,
    },
    /// The kind's visibility changed.
    State {
        /// Kind.
        kind: Kind,
        /// Namespace; `None` is the whole cluster.
        namespace: Option<Str>,
        /// New state.
        state: State,
    },
    /// Progress of a first list, for the counters.
    Loading {
        /// Kind.
        kind: Kind,
        /// Objects so far.
        seen: usize,
    },
    /// Connection, version or identity changed.
    Cluster(Box<ClusterInfo>),
    /// A note from the source for the changes pane (the demo's timeline says what it does).
    Note(String),
    /// Everything known so far is void: another context was chosen.
    Reset,
}

/// Deltas that belong together.
pub type Batch = Vec<Delta>;
