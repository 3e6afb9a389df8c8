//! The five threats: in the model or not, standing, what works, since when, and the loudest fact of each.

use crate::engine::Standing;
use crate::model::ThreatId;
use crate::theme::Meaning;
use crate::ui::canvas::{Canvas, owned};
use crate::ui::context::Context;
use crate::ui::facts;
use crate::ui::say;
use crate::ui::since;
use crate::ui::widgets::piece::Piece;

/// Where the columns begin, counted from the right end: they stand together however wide the screen is.
struct Columns {
    inside: u16,
    now: u16,
    works: u16,
}

/// Columns of a screen of this width; `None`: too narrow for all of them.
fn columns(width: u16) -> Columns {
    if width >= 76 {
        Columns {
            inside: width - 37,
            now: width - 33,
            works: width - 24,
        }
    } else {
        // IN and SINCE give way, then the tally.
        Columns {
            inside: width,
            now: width.saturating_sub(if width >= 44 { 24 } else { 8 }),
            works: if width >= 44 { width - 16 } else { width },
        }
    }
}

/// The heads of the columns.
pub fn heading(y: u16, canvas: &mut Canvas<'_>) {
    let width = canvas.width();
    let at = columns(width);
    let title = if width >= 60 {
        "WHO COULD HURT THIS CLUSTER"
    } else {
        "WHO"
    };
    canvas.text(3, y, title, Meaning::Heading);
    canvas.text(at.inside, y, "IN", Meaning::Heading);
    canvas.text(at.now, y, "NOW", Meaning::Heading);
    if width >= 76 {
        canvas.text(at.works, y, "STORIES THAT WORK", Meaning::Heading);
        canvas.right(y, &[Piece::new("SINCE", Meaning::Heading)]);
    } else {
        canvas.text(at.works, y, "STORIES", Meaning::Heading);
    }
}

/// One threat on one line, or two with its loudest fact. Returns the line below.
pub fn threat(
    cx: &Context<'_>,
    id: ThreatId,
    selected: bool,
    loudest: bool,
    y: u16,
    canvas: &mut Canvas<'_>,
) -> u16 {
    let width = canvas.width();
    let at = columns(width);
    let title = say::threat(id).map_or("", |threat| threat.title);
    let standing = facts::standing(cx.snapshot, id);
    let name = [
        Piece::new(format!("   {} ", id.number()), Meaning::Key),
        Piece::new(title, Meaning::Title),
    ];
    let area = ratatui::layout::Rect {
        width: at.inside.min(at.now).saturating_sub(1),
        ..canvas.area
    };
    canvas.part(area).pieces(0, y, &name);
    match standing {
        Some(standing) => row(cx, standing, &at, y, canvas),
        None => {
            canvas.text(at.now, y, "...", Meaning::Loading);
        }
    }
    if selected {
        canvas.text(1, y, cx.glyphs.cursor, Meaning::Text);
        canvas.paint(0, y, width, Meaning::Selected);
    }
    if !loudest {
        return y + 1;
    }
    let (line, meaning) = loudest_of(cx, standing);
    canvas.pieces(5, y + 1, &[owned(line, meaning)]);
    y + 2
}

fn row(cx: &Context<'_>, standing: &Standing, at: &Columns, y: u16, canvas: &mut Canvas<'_>) {
    let inside = if standing.inside { "in" } else { "out" };
    canvas.text(at.inside, y, inside, Meaning::Muted);
    let (word, meaning) = say::standing(standing, cx.is_loading());
    canvas.text(at.now, y, word, meaning);
    if standing.inside {
        let narrow = canvas.width() < 76;
        let moved = moved(cx, standing.threat).filter(|_| !narrow);
        let tally = aligned(&say::tally(standing, cx.is_loading()));
        let taken = moved.as_ref().map_or(0, |moved| moved.width() + 1);
        let room = usize::from(canvas.width().saturating_sub(at.works));
        let tally = if narrow || tally.len() + taken > room {
            say::short_tally(standing)
        } else {
            tally
        };
        canvas.text(at.works, y, &tally, Meaning::Number);
        if let Some(moved) = moved {
            canvas.right(y, &[moved]);
        }
    } else {
        let text = if canvas.width() < 76 {
            "out"
        } else {
            "out of your model"
        };
        canvas.text(at.works, y, text, Meaning::Out);
    }
}

/// `9 of 14`, the numbers of all rows one below the other.
fn aligned(tally: &str) -> String {
    match tally.split_once(" of ") {
        Some((works, rest)) if works.chars().all(|c| c.is_ascii_digit()) => {
            let digits = rest.chars().take_while(char::is_ascii_digit).count();
            let gap = " ".repeat(2_usize.saturating_sub(digits));
            format!("{works:>3} of {gap}{rest}")
        }
        _ => tally.to_owned(),
    }
}

fn loudest_of(cx: &Context<'_>, standing: Option<&Standing>) -> (String, Meaning) {
    match standing {
        None => ("waiting for the first facts".to_owned(), Meaning::Loading),
        Some(standing)
            if standing.inside && say::standing(standing, cx.is_loading()).0 == "..." =>
        {
            (
                format!("waiting for {}", say::loading(cx.snapshot)),
                Meaning::Loading,
            )
        }
        Some(standing) => (standing.line.clone(), Meaning::Muted),
    }
}

/// What this session saw change in a threat: `+3  10m`.
fn moved(cx: &Context<'_>, threat: ThreatId) -> Option<Piece<'static>> {
    let mut net = 0_i64;
    let mut last = None;
    for entry in cx.snapshot.changes.iter() {
        let (more, less) = if threat.is_attacker() {
            let of = |ids: &[crate::engine::diff::InstanceId]| {
                ids.iter()
                    .filter(|id| {
                        facts::story(cx.snapshot, id.story)
                            .is_some_and(|s| s.story.threat == threat)
                    })
                    .count()
            };
            (of(&entry.diff.begun), of(&entry.diff.ended))
        } else {
            let home = |id: &str| {
                cx.catalogue
                    .check(id)
                    .and_then(|check| check.threats.first())
                    .copied()
            };
            let of = |ids: &[(crate::model::FindingId, crate::model::Severity)]| {
                ids.iter()
                    .filter(|(id, _)| home(id.check) == Some(threat))
                    .count()
            };
            (of(&entry.diff.opened), of(&entry.diff.closed))
        };
        if more + less > 0 {
            last = last.or(Some(entry.at));
            let signed = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
            net += signed(more) - signed(less);
        }
    }
    let age = since::age(last?, cx.now);
    let meaning = match net {
        1.. => Meaning::Worse,
        0 => Meaning::Changed,
        _ => Meaning::Better,
    };
    Some(Piece::new(format!("{net:+} {age:>4}"), meaning))
}
