//! The file of a saved snapshot: facts and what was visible, so that what could not be seen stays so.

use serde::{Deserialize, Serialize};

use crate::model::sight::State;
use crate::model::{ClusterInfo, Kind, Object, Sight, Str};

/// Name of the format, first in the file.
pub const SCHEMA: &str = "bartizan.snapshot-file/2";

/// The format that a text says it has, whichever version of it; `None` for any other text.
pub(super) fn schema_of(text: &str) -> Option<String> {
    let (family, _) = SCHEMA.split_at(SCHEMA.len() - 1);
    let start = text.trim_start().strip_prefix('{')?.trim_start();
    let value = start
        .strip_prefix("\"schema\"")?
        .trim_start()
        .strip_prefix(':')?
        .trim_start()
        .strip_prefix('"')?;
    let (schema, _) = value.split_once('"')?;
    schema.starts_with(family).then(|| schema.to_owned())
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_told_before_anything_is_read() {
        let told = |text: &str| schema_of(text);
        assert_eq!(
            told(&format!("{{\"schema\":\"{SCHEMA}\",\"objects\":[]}}")).as_deref(),
            Some(SCHEMA)
        );
        assert_eq!(
            told("\n{ \"schema\" : \"bartizan.snapshot-file/1\"").as_deref(),
            Some("bartizan.snapshot-file/1")
        );
        for other in [
            "",
            "{",
            "{\"kind\":\"List\"}",
            "{\"schema\":\"bartizan.report/1\"}",
            "a: bartizan.snapshot-file/2",
        ] {
            assert_eq!(told(other), None, "{other}");
        }
    }
}
