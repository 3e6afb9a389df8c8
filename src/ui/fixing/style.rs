//! Which styles the fix has, and the next of them.

use crate::engine::FixAnswer;
use crate::fix::style;
use crate::theme::Meaning;
use crate::ui::canvas::owned;
use crate::ui::context::Context;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// Names of the styles that print every answer whole, the default first.
fn styles(answers: &[&FixAnswer]) -> Vec<&'static str> {
    let mut plans = answers.iter().filter_map(|answer| answer.plan.as_ref());
    let Some(first) = plans.next() else {
        return Vec::new();
    };
    let mut names = first.styles.clone();
    plans.for_each(|plan| names.retain(|name| plan.styles.contains(name)));
    names
}

/// The style after this one, round about; `None` where there is no other.
pub fn next(now: &str, answers: &[&FixAnswer]) -> Option<&'static str> {
    let names = styles(answers);
    let at = names.iter().position(|name| *name == now);
    let after = at.map_or(0, |at| (at + 1) % names.len());
    names.get(after).copied().filter(|name| *name != now)
}

/// The style that is shown, and the others with the key that leads to them.
pub fn line(cx: &Context<'_>, now: &str, answers: &[&FixAnswer], sheet: &mut Sheet) {
    let plans = answers.iter().filter_map(|answer| answer.plan.as_ref());
    let Some(style) = style::style(now).filter(|_| plans.clone().any(|p| !p.steps.is_empty()))
    else {
        return;
    };
    let mut line = vec![
        Piece::new("style      ", Meaning::Muted),
        Piece::new(style.id, Meaning::Text),
        Piece::new(format!(": {}", style.title), Meaning::Muted),
    ];
    let names = styles(answers);
    let others: Vec<&str> = names.into_iter().filter(|name| *name != now).collect();
    let key = cx.keymap.spelled("fix.style");
    if !others.is_empty() && !key.is_empty() {
        line.push(Piece::new("; ", Meaning::Muted));
        line.push(owned(key, Meaning::Key));
        line.push(owned(format!(" for {}", others.join(", ")), Meaning::Muted));
    }
    sheet.hanging(11, line);
}
