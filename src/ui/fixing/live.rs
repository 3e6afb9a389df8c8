//! The difference that the steps make to live objects, as these were fetched: values of variables are hidden in them.

use std::collections::BTreeMap;

use crate::engine::FixAnswer;
use crate::fix::Action;
use crate::fix::apply::{Objects, read, run};
use crate::fix::diff::{DiffLine, between};
use crate::model::ObjectKey;
use crate::theme::Meaning;
use crate::ui::canvas::owned;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// What came of fetching.
pub type Live = BTreeMap<ObjectKey, Result<String, String>>;

/// Objects that must be fetched: those that exist before the steps are taken.
pub fn targets(answers: &[&FixAnswer]) -> Vec<ObjectKey> {
    let plans = answers.iter().filter_map(|answer| answer.plan.as_ref());
    let steps = plans.flat_map(|plan| &plan.steps);
    let mut keys: Vec<ObjectKey> = steps
        .filter(|step| matches!(step.action, Action::Patch(_) | Action::Delete))
        .map(|step| step.target.clone())
        .collect();
    keys.sort();
    keys.dedup();
    keys
}

/// The difference to every live object, or what stands in its way, in sentences.
pub fn differences(answers: &[&FixAnswer], live: &Live, sheet: &mut Sheet) {
    let wanted = targets(answers);
    let mut before = Objects::new();
    for key in &wanted {
        match live.get(key) {
            None => note(sheet, format!("{key}: being fetched ..."), Meaning::Loading),
            Some(Err(why)) => note(sheet, format!("{key}: {why}"), Meaning::Error),
            Some(Ok(text)) => match read(text) {
                Ok(value) => drop(before.insert(key.clone(), value)),
                Err(why) => note(sheet, format!("{key}: {why}"), Meaning::Error),
            },
        }
    }
    if before.len() < wanted.len() {
        return;
    }
    let mut after = before.clone();
    for plan in answers.iter().filter_map(|answer| answer.plan.as_ref()) {
        if let Err(why) = run(&plan.steps, &mut after) {
            let says = format!("the steps do not fit the live object: {why}");
            note(sheet, says, Meaning::Warning);
            return;
        }
    }
    let nothing = serde_json::Value::Null;
    for (key, patched) in &after {
        let old = before.get(key).unwrap_or(&nothing);
        object(sheet, key, &between(old, patched));
    }
    for key in before.keys().filter(|key| !after.contains_key(key)) {
        note(sheet, format!("{key} is deleted"), Meaning::Removed);
    }
}

fn object(sheet: &mut Sheet, key: &ObjectKey, lines: &[DiffLine]) {
    sheet.blank();
    sheet.text(vec![owned(key.to_string(), Meaning::Heading)]);
    if lines.is_empty() {
        note(
            sheet,
            "nothing that is shown differs".to_owned(),
            Meaning::Muted,
        );
    }
    for line in lines {
        let meaning = match line {
            DiffLine::Gap => Meaning::Hunk,
            DiffLine::Same(_) => Meaning::YamlValue,
            DiffLine::Removed(_) => Meaning::Removed,
            DiffLine::Added(_) => Meaning::Added,
        };
        sheet.hanging(4, vec![owned(line.text(), meaning)]);
    }
}

fn note(sheet: &mut Sheet, text: String, meaning: Meaning) {
    sheet.hanging(2, vec![owned(text, meaning), Piece::new("", Meaning::Text)]);
}
