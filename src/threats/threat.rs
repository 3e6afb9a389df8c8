//! A threat group: its text, its seed questions, its controls.

use super::control::Control;
use crate::model::ThreatId;

/// One of the five groups, declared in `<threat>/mod.rs`.
#[derive(Debug)]
pub struct Threat {
    /// Which.
    pub id: ThreatId,
    /// Title: `External attacker`.
    pub title: &'static str,
    /// Who or what this is, in two or three sentences.
    pub text: &'static str,
    /// The questions of the source texts that decide whether it affects a cluster.
    pub questions: &'static [Question],
    /// The key controls.
    pub controls: &'static [Control],
    /// Names of the views of its pane, in the order that `v` walks them.
    pub views: &'static [&'static str],
}

/// A seed question.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// `E-1` and so on.
    pub id: &'static str,
    /// The question.
    pub text: &'static str,
    /// Which text asks it.
    pub seed: &'static str,
}
