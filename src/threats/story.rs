//! A story: an attack as steps. It works only if every step holds right now.

use super::check::Scope;
use super::scenes::Scenes;
use crate::model::{Kind, ThreatId};

/// A story kind. Its title and text are the `//!` article of its file (`## What`, `## Why`, `## References`).
#[derive(Debug)]
pub struct Story {
    /// The file's name with dashes. Never reused.
    pub id: &'static str,
    /// Release in which it appeared.
    pub since: &'static str,
    /// The attacker whose story it is.
    pub threat: ThreatId,
    /// What the attacker has at the end: `node-root`, `any-secret`, `cluster-admin`, ...
    pub goal: &'static str,
    /// The steps, each with the controls that cut it.
    pub steps: &'static [StoryStep],
    /// Kinds that it can depend on.
    pub needs: &'static [Kind],
    /// What it looks at, and the rule that puts instances into [`Scenes`].
    pub scope: Scope<Scenes>,
    /// Manifests on which it works and on which it does not.
    pub examples: &'static [super::Example],
}

/// One step of a story kind.
#[derive(Clone, Copy, Debug)]
pub struct StoryStep {
    /// What happens, in a few words.
    pub title: &'static str,
    /// Slugs of the controls that stop it.
    pub cut_by: &'static [&'static str],
}
