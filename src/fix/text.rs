//! A plan as the text that is copied: documents, with what to know about each as comments above it.

use super::plan::{Plan, Step};
use super::yaml::comment;

impl Plan {
    /// Every document and every command, as one YAML stream. Comments hold the commands, what may break and the way back.
    pub fn text(&self) -> String {
        let mut text = self.head();
        let many = self.steps.len() > 1;
        for (at, step) in self.steps.iter().enumerate() {
            let documents_before = self.steps[..at].iter().any(|s| !s.yaml.is_empty());
            if documents_before && !step.yaml.is_empty() {
                text += "---\n";
            }
            let place = many.then(|| format!("step {} of {}: ", at + 1, self.steps.len()));
            text += &step.text(&place.unwrap_or_default());
        }
        text
    }

    /// What concerns the plan as a whole.
    fn head(&self) -> String {
        let mut text = String::new();
        let lines = self.asks.iter().map(|says| ("first decide", says));
        let lines = lines.chain(self.managed_by.iter().map(|says| ("managed", says)));
        let lines = lines.chain(self.notes.iter().map(|says| ("note", says)));
        let lines = lines.chain(self.breaks.iter().map(|says| ("may break", says)));
        for (word, says) in lines.chain(self.cannot.iter().map(|says| ("not possible", says))) {
            text += &comment(&format!("{word}: {says}"));
        }
        if let Some(proof) = &self.proof {
            text += &comment(&format!("proof: {}", proof.says()));
        }
        for (word, says) in &self.ways {
            text += &comment(&format!("{word}: {says}"));
        }
        text
    }
}

impl Step {
    /// The document with its comments, as it may stand in a file of its own.
    pub fn text(&self, place: &str) -> String {
        let mut text = comment(&format!("{place}{} {}", self.action.word(), self.target));
        if !self.note.is_empty() {
            text += &comment(&format!("note: {}", self.note));
        }
        if !self.command.is_empty() {
            text += &comment(&self.command);
        }
        if !self.way_back.is_empty() {
            text += &comment(&format!("way back: {}", self.way_back));
        }
        text + &self.yaml
    }
}
