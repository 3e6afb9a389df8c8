//! Titles and texts of checks and stories by id, looked up once for a row instead of searched for.
//!
//! Screens are tested with a small catalogue of their own, so that a new check never changes them.

use std::collections::BTreeMap;

use crate::model::ThreatId;
use crate::threats::{self, Doc, Fix};

/// What screens say of checks and stories.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    checks: BTreeMap<&'static str, CheckText>,
    stories: BTreeMap<&'static str, StoryText>,
}

/// What screens say of a check.
#[derive(Clone, Copy, Debug)]
pub struct CheckText {
    /// Its article.
    pub doc: Doc,
    /// Groups that list it, its home first.
    pub threats: &'static [ThreatId],
    /// Slug of its control.
    pub control: &'static str,
    /// Ids in standards.
    pub standards: &'static [&'static str],
    /// Why it has no fix; `None`: it has one.
    pub no_fix: Option<&'static str>,
}

/// What screens say of a story.
#[derive(Clone, Copy, Debug)]
pub struct StoryText {
    /// Its article.
    pub doc: Doc,
    /// What the attacker has at the end.
    pub goal: &'static str,
}

impl Catalogue {
    /// All that are registered.
    pub fn registered() -> Catalogue {
        let mut all = Catalogue::default();
        for entry in threats::checks() {
            let rule = entry.rule;
            all.add_check(
                rule.id,
                CheckText {
                    doc: entry.doc,
                    threats: rule.threats,
                    control: rule.control,
                    standards: rule.standards,
                    no_fix: match rule.fix {
                        Fix::None(why) => Some(why),
                        Fix::Change(_) | Fix::Choice(_) => None,
                    },
                },
            );
        }
        for entry in threats::stories() {
            all.add_story(
                entry.rule.id,
                StoryText {
                    doc: entry.doc,
                    goal: entry.rule.goal,
                },
            );
        }
        all
    }

    /// Adds a check.
    pub fn add_check(&mut self, id: &'static str, text: CheckText) {
        self.checks.insert(id, text);
    }

    /// Adds a story.
    pub fn add_story(&mut self, id: &'static str, text: StoryText) {
        self.stories.insert(id, text);
    }

    /// A check.
    pub fn check(&self, id: &str) -> Option<&CheckText> {
        self.checks.get(id)
    }

    /// A story.
    pub fn story(&self, id: &str) -> Option<&StoryText> {
        self.stories.get(id)
    }

    /// The title of a check, or its id.
    pub fn check_title<'a>(&self, id: &'a str) -> &'a str
    where
        'static: 'a,
    {
        self.check(id).map_or(id, |text| text.doc.title)
    }

    /// The title of a story, or its id.
    pub fn story_title<'a>(&self, id: &'a str) -> &'a str
    where
        'static: 'a,
    {
        self.story(id).map_or(id, |text| text.doc.title)
    }

    /// Checks of a threat, by id.
    pub fn checks_of(&self, threat: ThreatId) -> impl Iterator<Item = (&'static str, &CheckText)> {
        let all = self.checks.iter().map(|(id, text)| (*id, text));
        all.filter(move |(_, text)| text.threats.contains(&threat))
    }
}
