//! The file of a saved snapshot: facts and what was visible, so that what could not be seen stays so.

use serde::{Deserialize, Serialize};

use crate::model::sight::State;
use crate::model::{ClusterInfo, Kind, Object, Sight, Str};

/// Name of the format, first in the file.
pub const SCHEMA: &str = "bartizan.snapshot-file/1";

/// A saved snapshot. It holds facts only: no Secret was ever read, values of environment variables were dropped.
#[derive(Debug, Serialize, Deserialize)]
pub struct Saved {
    /// [`SCHEMA`].
    pub schema: String,
    /// The cluster it was taken of.
    pub cluster: ClusterInfo,
    /// State of each kind, cluster-wide or in a namespace.
    pub sight: Vec<(Kind, Option<Str>, State)>,
    /// The objects.
    pub objects: Vec<Object>,
}

impl Saved {
    /// From what is known.
    pub fn new<'a>(
        cluster: &ClusterInfo,
        sight: &Sight,
        objects: impl IntoIterator<Item = &'a Object>,
    ) -> Saved {
        let wide = Kind::all().map(|kind| (kind, None, sight.state(kind, None).clone()));
        let narrow = Kind::all().flat_map(|kind| {
            sight
                .narrow(kind)
                .map(move |(ns, state)| (kind, Some(ns.clone()), state.clone()))
                .collect::<Vec<_>>()
        });
        Saved {
            schema: SCHEMA.to_owned(),
            cluster: cluster.clone(),
            sight: wide.chain(narrow).collect(),
            objects: objects.into_iter().cloned().collect(),
        }
    }
}
