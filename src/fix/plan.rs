//! A plan: the steps that make a remedy's changes real, with what they may break and the way back.

use super::remedy::{Confidence, Remedy};
use super::style::{self, Style};
use super::{Delivery, draft, managed_by};
use crate::model::ObjectKey;
use crate::view::View;

/// What a person is shown, and what they run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Steps, in the order in which they must be taken.
    pub steps: Vec<Step>,
    /// What may break, each in a sentence.
    pub breaks: Vec<String>,
    /// What else to know, each in a sentence.
    pub notes: Vec<String>,
    /// How sure it is that nothing else suffers.
    pub confidence: Confidence,
    /// What a person must decide or fill in first.
    pub asks: Option<String>,
    /// Where the change belongs when something else manages an object, each in a sentence.
    pub managed_by: Vec<String>,
    /// What could not be put into steps, each in a sentence.
    pub cannot: Vec<String>,
    /// What recomputation says; filled in by the engine.
    pub proof: Option<Proof>,
    /// What it does to ways of attack, a word and a sentence each; filled in by the engine. Not cleaned.
    pub ways: Vec<(&'static str, String)>,
    /// Styles that print all of it, by their names: the default first, then in order of name.
    pub styles: Vec<&'static str>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it does.
    pub action: Action,
    /// The object that it is about.
    pub target: ObjectKey,
    /// The document that the command reads; empty without one.
    pub yaml: String,
    /// The file that the command expects the document in; empty without a document.
    pub file: String,
    /// The exact command; empty where none can do it.
    pub command: String,
    /// What undoes it: a command, or a sentence where no command can; empty where nothing has to be undone.
    pub way_back: String,
    /// What else to know; empty without.
    pub note: String,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Applies a whole manifest.
    Apply,
    /// Patches an object.
    Patch(PatchKind),
    /// Creates an object again that a step before has deleted.
    Create,
    /// Deletes an object.
    Delete,
    /// Only a command: nothing changes but what it says.
    Command,
}

/// Format of a patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchKind {
    /// Strategic merge patch.
    Strategic,
    /// JSON patch (RFC 6902).
    Json,
    /// JSON merge patch (RFC 7386).
    Merge,
}

/// What the changes do to the verdicts, found by recomputing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Findings that stop firing.
    pub silences: usize,
    /// Findings that start firing.
    pub adds: usize,
    /// Those of them that have only moved: the same subject had them by another object, and no less severe.
    pub moves: usize,
    /// Instances of stories that work, before.
    pub stories_before: usize,
    /// The same after.
    pub stories_after: usize,
    /// Pods that run the old template until they are rolled.
    pub old_pods: usize,
}

impl Action {
    /// The word of the `do` field in `bartizan fix -o json`.
    pub fn word(self) -> &'static str {
        match self {
            Action::Apply => "apply",
            Action::Patch(_) => "patch",
            Action::Create => "create",
            Action::Delete => "delete",
            Action::Command => "command",
        }
    }
}

impl PatchKind {
    /// As `--type` takes it.
    pub fn word(self) -> &'static str {
        match self {
            PatchKind::Strategic => "strategic",
            PatchKind::Json => "json",
            PatchKind::Merge => "merge",
        }
    }
}

impl Proof {
    /// `silences 1, adds 0; stories 11 -> 4`, and the pods that have yet to be rolled.
    pub fn says(&self) -> String {
        let moved = match self.moves {
            0 => String::new(),
            n if n == self.adds => " (moved from there)".to_owned(),
            n => format!(" ({n} of them moved from there)"),
        };
        let (silences, adds) = (self.silences, self.adds);
        let mut parts = vec![format!("silences {silences}, adds {adds}{moved}")];
        if self.stories_before > 0 || self.stories_after > 0 {
            parts.push(format!(
                "stories {} -> {}",
                self.stories_before, self.stories_after
            ));
        }
        match self.old_pods {
            0 => {}
            1 => parts.push("1 pod still runs the old template until rolled".to_owned()),
            n => parts.push(format!("{n} pods still run the old template until rolled")),
        }
        parts.join("; ")
    }
}

/// The plan for a remedy, in a style.
pub fn plan(remedy: &Remedy, view: &View<'_>, style: &Style, delivery: &Delivery) -> Plan {
    let drafts = view.context(|view| draft::drafts(remedy, view));
    let mut plan = Plan {
        steps: Vec::new(),
        breaks: remedy.breaks.clone(),
        notes: remedy.notes.clone(),
        confidence: remedy.confidence,
        asks: remedy.asks.clone(),
        managed_by: Vec::new(),
        cannot: drafts.cannot.clone(),
        proof: None,
        ways: Vec::new(),
        styles: style::whole(&drafts.all, delivery),
    };
    for draft in &drafts.all {
        for says in draft.breaks() {
            add(&mut plan.breaks, says);
            plan.confidence = Confidence::Review;
        }
        let manager = draft.before.as_deref().and_then(managed_by::of);
        plan.managed_by.extend(manager.into_iter().map(|m| m.says));
    }
    plan.managed_by.dedup();
    let printed = (style.print)(&drafts.all, delivery);
    plan.steps = printed.steps;
    plan.cannot.extend(printed.cannot);
    plan
}

fn add(list: &mut Vec<String>, says: String) {
    if !list.contains(&says) {
        list.push(says);
    }
}
