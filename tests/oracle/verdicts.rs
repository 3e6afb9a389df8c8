//! What the Pod Security judge prints, and the same of ours.

use std::fmt;

use anyhow::{Context as _, Result, bail};
use bartizan::model::objects::pod::Pod;
use bartizan::model::{Kind, Object};
use bartizan::semantics::pod_security::{Level, PodFacts, Standard};
use bartizan::source::wire::{Pool, decode_json};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::judge::Judge;

/// The program.
pub const JUDGE: Judge = Judge("pod-security");

/// A pod, with what upstream says of it everywhere.
#[derive(Deserialize)]
pub struct Judged<'a> {
    #[serde(default)]
    pub file: String,
    #[serde(borrow)]
    pub pod: &'a RawValue,
    pub verdicts: Vec<Verdict>,
}

/// What upstream says at a level, and at which minors it says just that.
#[derive(Deserialize)]
pub struct Verdict {
    pub level: String,
    pub minors: Vec<u32>,
    pub violations: Vec<Said>,
}

/// A violation.
#[derive(Debug, Deserialize, PartialEq, Eq)]
pub struct Said {
    pub control: String,
    pub reason: String,
    pub detail: String,
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.control, self.reason, self.detail)
    }
}

/// The answer to one question.
#[derive(Deserialize)]
pub struct Answer {
    pub allowed: bool,
    pub violations: Vec<Said>,
}

/// What a standard says of a pod.
pub fn said<'a>(
    standard: &Standard,
    level: &str,
    minor: u32,
    pod: impl Into<PodFacts<'a>>,
) -> Result<Vec<Said>> {
    let level = Level::parse(level).context("a level")?;
    let all = standard.violations(level, minor, pod).map(|v| Said {
        control: v.control.to_owned(),
        reason: v.refusal.reason.to_owned(),
        detail: v.refusal.detail,
    });
    Ok(all.collect())
}

impl Judged<'_> {
    /// The facts of the pod.
    pub fn facts(&self, pool: &mut Pool) -> Result<Pod> {
        match decode_json(Kind::Pod, self.pod.get(), pool) {
            Ok(Object::Pod(pod)) => Ok(pod),
            other => bail!("{}: {other:?}", self.pod),
        }
    }
}
