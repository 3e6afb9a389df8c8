//! A control, and what is not visible.

use super::field;
use crate::engine::controls::Holds;
use crate::theme::Meaning;
use crate::ui::canvas::owned;
use crate::ui::context::Context;
use crate::ui::facts;
use crate::ui::say;
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

pub(super) fn control(cx: &Context<'_>, slug: &str, sheet: &mut Sheet) {
    let Some(state) = facts::control(cx.snapshot, slug) else {
        return;
    };
    sheet.text(vec![Piece::new(state.control.title, Meaning::Title)]);
    let loading = cx.is_loading() && !matches!(state.holds, Holds::Fails(_));
    let (word, meaning) = if loading {
        ("...", Meaning::Loading)
    } else {
        (state.holds.word(), say::holds(&state.holds))
    };
    let mut line = vec![Piece::new(word, meaning)];
    if let Holds::Fails(n) = state.holds {
        let n = counted(n, "finding", "findings");
        line.push(owned(format!("  on {n}"), Meaning::Number));
    }
    sheet.text(line);
    sheet.blank();
    field(sheet, "asked for", state.control.seed, Meaning::Text);
    if let Some(how) = state.control.not_visible {
        field(sheet, "to see it", how, Meaning::Text);
    }
    if !state.checks.is_empty() {
        sheet.heading("decided by");
        for check in &state.checks {
            let title = cx.catalogue.check_title(check);
            sheet.hanging(4, vec![Piece::new(format!("  {title}"), Meaning::Text)]);
        }
    }
    stories(cx, slug, sheet);
}

/// Stories that it would cut.
fn stories(cx: &Context<'_>, slug: &str, sheet: &mut Sheet) {
    let stories = cx.snapshot.stories.iter();
    let cut: Vec<_> = stories
        .filter(|s| s.story.steps.iter().any(|step| step.cut_by.contains(&slug)))
        .collect();
    if cut.is_empty() {
        return;
    }
    sheet.heading("stops");
    for state in cut {
        let (word, meaning) = say::state(state.state);
        let title = Piece::new(cx.catalogue.story_title(state.story.id), Meaning::Text);
        sheet.row(2, title, vec![Piece::new(word, meaning)]);
    }
}

pub(super) fn hidden(cx: &Context<'_>, what: &str, sheet: &mut Sheet) {
    let found = cx.snapshot.not_visible.iter().find(|n| n.what == what);
    let Some(hidden) = found else {
        super::story::gone(sheet, "This is visible now.");
        return;
    };
    sheet.text(vec![owned(&*hidden.what, Meaning::Title)]);
    sheet.text(vec![
        Piece::new("not visible", Meaning::Unknown),
        Piece::new(", and never counted as safe", Meaning::Text),
    ]);
    sheet.blank();
    field(sheet, "why", &*hidden.reason, Meaning::Text);
    field(sheet, "to see it", &*hidden.how, Meaning::Text);
}
