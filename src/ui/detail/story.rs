//! A story and its instances: the sentence, each step with what it rests on, what would stop it.

use super::{Values, evidence, missing};
use crate::engine::StoryState;
use crate::theme::Meaning;
use crate::threats::{Actor, Ending, Instance};
use crate::ui::canvas::owned;
use crate::ui::context::Context;
use crate::ui::facts;
use crate::ui::say;
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

pub(super) fn kind(cx: &Context<'_>, id: &'static str, sheet: &mut Sheet) {
    let Some(state) = facts::story(cx.snapshot, id) else {
        return;
    };
    head(cx, state, sheet);
    if let Some(text) = cx.catalogue.story(id) {
        sheet.blank();
        paragraphs(sheet, text.doc.what);
        sheet.heading("why it matters");
        paragraphs(sheet, text.doc.why);
        sheet.heading("ends with");
        sheet.text(vec![Piece::new(format!("  {}", text.goal), Meaning::Text)]);
    }
    sheet.heading("steps");
    for (at, step) in state.story.steps.iter().enumerate() {
        numbered(sheet, at, step.title, Meaning::Text);
        controls(cx, step.cut_by, sheet);
    }
    if !state.unknown.is_empty() {
        sheet.heading("cannot be ruled out");
        missing(sheet, &state.unknown);
    }
}

fn head(cx: &Context<'_>, state: &StoryState, sheet: &mut Sheet) {
    let title = cx.catalogue.story_title(state.story.id);
    sheet.text(vec![Piece::new(title, Meaning::Title)]);
    let (word, meaning) = say::state(state.state);
    let n = state.working().count();
    let unsure = state.instances.iter().filter(|i| i.is_unsure()).count();
    let stopped = state.instances.len() - n - unsure;
    let mut line = vec![Piece::new(word, meaning)];
    if n > 0 {
        line.push(owned(
            format!("  in {}", counted(n, "place", "places")),
            Meaning::Text,
        ));
    }
    if unsure > 0 {
        line.push(owned(format!("  unsure in {unsure}"), Meaning::Unknown));
    }
    if stopped > 0 {
        line.push(owned(format!("  stopped in {stopped}"), Meaning::Muted));
    }
    sheet.text(line);
}

pub(super) fn instance(
    cx: &Context<'_>,
    id: &'static str,
    actor: &Actor,
    values: &dyn Values,
    sheet: &mut Sheet,
) {
    let Some(instance) = facts::instance(cx.snapshot, id, actor) else {
        gone(sheet, "This story works here no longer.");
        return;
    };
    let title = cx.catalogue.story_title(id);
    sheet.text(vec![Piece::new(title, Meaning::Title)]);
    sheet.text(vec![owned(&*instance.says, Meaning::Text)]);
    sheet.heading("because");
    let about = match actor {
        Actor::Object(key) => Some(key),
        Actor::Subject(_) => None,
    };
    for (at, step) in instance.steps.iter().enumerate() {
        numbered(sheet, at, &step.says, Meaning::Text);
        for cited in &step.evidence {
            evidence(sheet, cited, about);
        }
    }
    match &instance.ending {
        Ending::Works => stops(cx, instance, values, sheet),
        Ending::Unsure { at, why } => {
            sheet.heading("cannot be known");
            let says = format!("  whether step {} holds: {why}", at + 1);
            sheet.hanging(2, vec![owned(says, Meaning::Unknown)]);
            stops(cx, instance, values, sheet);
        }
        Ending::Stopped { at, by } => {
            sheet.heading("stopped");
            let step = facts::story(cx.snapshot, id).and_then(|s| s.story.steps.get(*at));
            let title = step.map_or("a step", |s| s.title);
            sheet.hanging(
                2,
                vec![owned(format!("  does not hold: {title}"), Meaning::Stopped)],
            );
            controls(cx, by, sheet);
        }
    }
}

/// What would stop it: each single change with the stories it ends, else the controls that would.
fn stops(cx: &Context<'_>, instance: &Instance, values: &dyn Values, sheet: &mut Sheet) {
    sheet.heading("stops if");
    let mut said: Vec<String> = Vec::new();
    for cut in instance.steps.iter().flat_map(|step| &step.cuts) {
        let says = cut.says();
        if said.contains(&says) {
            continue;
        }
        let worth = match values.ends(cut) {
            Some((n, true)) => format!("ended {}", counted(n, "story", "stories")),
            Some((n, false)) => format!("ends {}", counted(n, "story", "stories")),
            None => String::new(),
        };
        let mark = cx.glyphs.item;
        let mut line = vec![
            Piece::new(format!("{mark} "), Meaning::Muted),
            owned(&*says, Meaning::Text),
        ];
        if !worth.is_empty() {
            line.push(Piece::new(format!("  {worth}"), Meaning::Better));
        }
        sheet.hanging(2, line);
        said.push(says);
    }
    if said.is_empty() {
        for step in &instance.steps {
            controls(cx, step.cut_by, sheet);
        }
    } else {
        sheet.text(vec![
            Piece::new("y", Meaning::Key),
            Piece::new(" shows the change and copies it", Meaning::Muted),
        ]);
    }
}

/// Controls by title.
fn controls(cx: &Context<'_>, slugs: &[&'static str], sheet: &mut Sheet) {
    for slug in slugs {
        let Some(state) = facts::control(cx.snapshot, slug) else {
            continue;
        };
        sheet.hanging(
            4,
            vec![
                Piece::new("  cut by: ", Meaning::Muted),
                Piece::new(state.control.title, Meaning::Text),
                Piece::new(
                    format!("  {}", state.holds.word()),
                    say::holds(&state.holds),
                ),
            ],
        );
    }
}

fn numbered(sheet: &mut Sheet, at: usize, says: &str, meaning: Meaning) {
    let number = Piece::new(format!("{} ", at + 1), Meaning::Number);
    sheet.hanging(2, vec![number, owned(says, meaning)]);
}

/// Text of an article, a paragraph each.
pub(super) fn paragraphs(sheet: &mut Sheet, text: &'static str) {
    for paragraph in text.split("\n\n") {
        let one: Vec<&str> = paragraph.lines().collect();
        sheet.text(vec![Piece::new(one.join(" "), Meaning::Text)]);
    }
}

/// Says that what the row was about is gone.
pub(super) fn gone(sheet: &mut Sheet, text: &'static str) {
    sheet.text(vec![Piece::new(text, Meaning::Gone)]);
}
