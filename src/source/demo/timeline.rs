//! The timeline: what happens while somebody watches.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

/// The file.
#[derive(Clone, Debug, Deserialize)]
pub struct Timeline {
    /// Pause after the last step, before the first again.
    #[serde(deserialize_with = "seconds")]
    pub again: Duration,
    /// The steps.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, Deserialize)]
pub struct Step {
    /// Pause before it.
    #[serde(deserialize_with = "seconds")]
    pub after: Duration,
    /// What happens, in a sentence.
    pub says: String,
    /// Over how long pods are replaced.
    #[serde(default, deserialize_with = "seconds")]
    pub rollout: Duration,
    /// Objects that replace what is there.
    #[serde(default)]
    pub apply: Vec<Value>,
    /// Statuses that follow.
    #[serde(default)]
    pub status: Vec<Value>,
    /// References to objects that go.
    #[serde(default)]
    pub delete: Vec<Value>,
}

impl Timeline {
    /// The embedded timeline.
    pub fn read() -> Option<Timeline> {
        serde_saphyr::from_str(super::file("timeline.yaml")).ok()
    }
}

fn seconds<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(from)?;
    let number = text
        .trim_end_matches('s')
        .parse()
        .map_err(serde::de::Error::custom)?;
    Ok(Duration::from_secs(number))
}
