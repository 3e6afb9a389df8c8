//! What to cut first, what is not visible, what changed last.

use std::collections::BTreeSet;

use crate::engine::Cut;
use crate::engine::diff::InstanceId;
use crate::theme::Meaning;
use crate::ui::canvas::{Canvas, owned};
use crate::ui::context::Context;
use crate::ui::say;
use crate::ui::since::{self, counted};
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::text::fit;
use unicode_width::UnicodeWidthStr as _;

/// Where the text stands beside its label.
fn indent(width: u16) -> u16 {
    if width >= 60 { 13 } else { 1 }
}

fn label(text: &'static str, y: u16, canvas: &mut Canvas<'_>) {
    if canvas.width() >= 60 {
        canvas.text(1, y, text, Meaning::Heading);
    }
}

/// CUT FIRST: the best single change and what it ends; then others by what they end beyond it.
pub fn cuts(cx: &Context<'_>, lines: u16, y: u16, canvas: &mut Canvas<'_>) {
    if lines == 0 {
        return;
    }
    label("CUT FIRST", y, canvas);
    let x = indent(canvas.width());
    let Some(first) = cx.snapshot.cuts.first() else {
        let working = cx.snapshot.standing.iter().map(|s| s.works).sum::<usize>();
        let (text, meaning) = match (cx.snapshot.generation, cx.is_loading(), working) {
            (0, ..) | (_, true, 0) => ("waiting for facts".to_owned(), Meaning::Loading),
            (_, false, 0) => (
                "no story works as far as can be seen".to_owned(),
                Meaning::Muted,
            ),
            _ if cx.snapshot.weighing => ("being worked out".to_owned(), Meaning::Loading),
            _ => (
                "no single change that is known ends a story that works".to_owned(),
                Meaning::Muted,
            ),
        };
        canvas.text(x, y, &text, meaning);
        return;
    };
    canvas.text(x, y, &first.says, Meaning::Text);
    if lines == 1 {
        return;
    }
    let order = in_turn(&cx.snapshot.cuts, usize::from(lines) - 1);
    let mut pieces = vec![owned(
        format!(
            "ends {} of {}",
            first.ends.len(),
            counted(first.of, "story", "stories")
        ),
        Meaning::Better,
    )];
    if first.of > 1 {
        pieces.push(Piece::new(" that work", Meaning::Muted));
    }
    let mut rest = order.iter();
    if lines == 2
        && let Some((next, n)) = rest.next()
    {
        pieces.push(owned(
            format!("; then {}: {n} more", next.says),
            Meaning::Muted,
        ));
    }
    canvas.pieces(x, y + 1, &pieces);
    for (line, (next, n)) in (2..lines).zip(rest) {
        let pieces = [
            owned(&*next.says, Meaning::Text),
            owned(format!("  {n} more"), Meaning::Better),
        ];
        canvas.pieces(x, y + line, &pieces);
    }
}

/// The cuts to make after the first, each with what it ends that those before did not.
fn in_turn(cuts: &[Cut], most: usize) -> Vec<(&Cut, usize)> {
    let mut ended: BTreeSet<&InstanceId> = BTreeSet::new();
    ended.extend(cuts.first().iter().flat_map(|cut| &cut.ends));
    let mut order = Vec::new();
    while order.len() < most {
        let beyond = |cut: &Cut| cut.ends.iter().filter(|id| !ended.contains(id)).count();
        // Of equal ones the earlier: cuts come best first.
        let best = cuts.iter().rev().max_by_key(|cut| beyond(cut));
        let Some((best, n)) = best.map(|cut| (cut, beyond(cut))).filter(|(_, n)| *n > 0) else {
            break;
        };
        ended.extend(&best.ends);
        order.push((best, n));
    }
    order
}

/// NOT VISIBLE: what, and that it is never counted as safe.
pub fn hidden(cx: &Context<'_>, lines: u16, y: u16, canvas: &mut Canvas<'_>) {
    if lines == 0 {
        return;
    }
    label("NOT VISIBLE", y, canvas);
    let x = indent(canvas.width());
    let broken = match cx.snapshot.not_assessed.len() {
        0 => None,
        1 => Some("1 object not assessed".to_owned()),
        n => Some(format!("{n} objects not assessed")),
    };
    let hidden = cx.snapshot.not_visible.iter().map(|hidden| &*hidden.what);
    let all: Vec<&str> = broken.as_deref().into_iter().chain(hidden).collect();
    if all.is_empty() {
        let text = if cx.snapshot.generation == 0 || cx.is_loading() {
            "nothing has been read yet"
        } else {
            "nothing that the checks need is hidden"
        };
        canvas.text(x, y, text, Meaning::Muted);
        return;
    }
    let room = usize::from(canvas.width().saturating_sub(x));
    let list = if lines > 2 { lines - 1 } else { 1 };
    let mut items = all.iter().copied().peekable();
    let mut left = all.len();
    for line in 0..list {
        let mut text = String::new();
        while let Some(next) = items.peek() {
            let more = format!(", {left} more");
            let joined = if text.is_empty() { 0 } else { 2 };
            let last = line + 1 == list && left > 1;
            let needed = text.chars().count()
                + joined
                + next.chars().count()
                + if last { more.len() } else { 0 };
            if needed > room && !text.is_empty() {
                break;
            }
            if !text.is_empty() {
                text.push_str(", ");
            }
            text.push_str(next);
            items.next();
            left -= 1;
        }
        if line + 1 == list && left > 0 {
            text.push_str(&format!(", {left} more"));
        }
        canvas.text(x, y + line, &text, Meaning::Unknown);
    }
    if lines > 1 {
        let key = cx.keymap.spelled("go.not-visible");
        let how = if key.is_empty() {
            String::new()
        } else {
            format!("; {key} says how to see each")
        };
        let text = format!("none of these is counted as safe{how}");
        canvas.text(x, y + list, &text, Meaning::Muted);
    }
}

/// LAST CHANGE: what changed, and which verdicts with it.
pub fn changes(cx: &Context<'_>, lines: u16, y: u16, canvas: &mut Canvas<'_>) {
    if lines == 0 {
        return;
    }
    label("LAST CHANGE", y, canvas);
    let x = indent(canvas.width());
    if cx.snapshot.changes.is_empty() {
        canvas.text(x, y, "none in this session", Meaning::Muted);
        return;
    }
    for (line, entry) in (0..lines).zip(cx.snapshot.changes.iter()) {
        let age = match since::age(entry.at, cx.now).as_str() {
            "now" => "just now".to_owned(),
            age => format!("{age} ago"),
        };
        let age = owned(format!("{age:<8}  "), Meaning::Muted);
        let arrow = Piece::new(format!(" {} ", cx.glyphs.arrow), Meaning::Muted);
        let what = say::consequence(entry, cx.catalogue, true)
            .into_iter()
            .next();
        // What came of it says more than which field it was: it keeps up to half of the line.
        let room = usize::from(canvas.width().saturating_sub(x)).saturating_sub(age.width());
        let came = what
            .as_ref()
            .map_or(0, |(text, _)| text.width() + arrow.width());
        let first = fit(
            &say::change(entry),
            room - came.min(room / 2),
            cx.glyphs.cut,
        )
        .into_owned();
        let mut pieces = vec![age, owned(first, Meaning::Text)];
        if let Some((text, meaning)) = what {
            pieces.push(arrow);
            pieces.push(owned(text, meaning));
        }
        canvas.pieces(x, y + line, &pieces);
    }
}
