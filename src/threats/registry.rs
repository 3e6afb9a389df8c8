//! The lists that the build script writes, and look-ups in them.

use super::{Check, Control, Story, Threat};
use crate::model::ThreatId;

/// A registered rule: the static of its file, the file, and the article at its head.
#[derive(Debug)]
pub struct Entry<T: 'static> {
    /// The rule.
    pub rule: &'static T,
    /// Path from the repository's root.
    pub file: &'static str,
    /// The article.
    pub doc: Doc,
}

/// The `//!` text of a rule's file, cut at its headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doc {
    /// First line: the title on screen.
    pub title: &'static str,
    /// Text under `## What`.
    pub what: &'static str,
    /// Text under `## Why`.
    pub why: &'static str,
    /// Text under `## Fix`; empty for stories.
    pub fix: &'static str,
    /// Text under `## References`.
    pub references: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/threats.rs"));

/// Every check, in order of threat and id.
pub fn checks() -> &'static [Entry<Check>] {
    CHECKS
}

/// Every story, in order of threat and id.
pub fn stories() -> &'static [Entry<Story>] {
    STORIES
}

/// The five groups, in order.
pub fn threats() -> [&'static Threat; 5] {
    [
        &super::external_attacker::THREAT,
        &super::malicious_container::THREAT,
        &super::stolen_credentials::THREAT,
        &super::misconfiguration::THREAT,
        &super::vulnerable_applications::THREAT,
    ]
}

/// The check of an id.
pub fn check(id: &str) -> Option<&'static Entry<Check>> {
    checks().iter().find(|entry| entry.rule.id == id)
}

/// The story of an id.
pub fn story(id: &str) -> Option<&'static Entry<Story>> {
    stories().iter().find(|entry| entry.rule.id == id)
}

/// The control of a slug, with its group.
pub fn control(slug: &str) -> Option<(ThreatId, &'static Control)> {
    threats().into_iter().find_map(|t| {
        t.controls
            .iter()
            .find(|c| c.slug == slug)
            .map(|c| (t.id, c))
    })
}
