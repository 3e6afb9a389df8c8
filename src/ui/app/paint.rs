//! The whole screen: header, pane, overlays, the line of notes, the key bar.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};

use super::way::Level;
use super::{App, bar, header};
use crate::term::Why;
use crate::theme::Meaning;
use crate::ui::canvas::{Canvas, owned, piece};
use crate::ui::context::Context;
use crate::ui::layout::{self, Parts, Room};
use crate::ui::msg::{Note, Tone};
use crate::ui::pane::Slot;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::text::wrap;

/// Lines that a note takes at most.
const NOTE_LINES: u16 = 4;

/// Paints everything. Returns where something is typed.
pub(super) fn paint(app: &App, screen: Rect, buffer: &mut Buffer) -> Option<Position> {
    let mut caret = None;
    let core = &app.core;
    let mut canvas = Canvas::new(screen, buffer, &mut caret, &core.theme, core.glyphs);
    canvas.clear(Meaning::Text);
    let room = layout::room(screen);
    if room == Room::Tiny {
        let text = format!(
            "{}x{} is too small; 20x5 or more",
            screen.width, screen.height
        );
        canvas.text(0, 0, &text, Meaning::Warning);
    } else if let Some(main) = app.way.main.last() {
        all(app, main, screen, &mut canvas);
    }
    if core.glyphs.is_ascii() {
        let whole = canvas.area;
        to_ascii(whole, canvas.cells().0);
    }
    caret
}

fn all(app: &App, main: &Level, screen: Rect, canvas: &mut Canvas<'_>) {
    let core = &app.core;
    let parts = layout::parts(screen, main.def.slot == Slot::First);
    let row = main.pane.selected();
    let mut cx = core.context_of(main, row.as_ref());
    cx.screen = screen;
    cx.area = parts.body;
    if parts.header.height > 0 {
        header::draw(core, &app.way, &cx, &mut canvas.part(parts.header));
    }
    main.pane.draw(&cx, &mut canvas.part(parts.body));
    bar::draw(&cx, main.def, &mut canvas.part(parts.bar));
    for level in &app.way.over {
        over(app, level, &cx, parts, canvas);
    }
    notes(app, &cx, parts, canvas);
}

/// An overlay: its box, its title, itself, its key bar.
fn over(app: &App, level: &Level, below: &Context<'_>, parts: Parts, canvas: &mut Canvas<'_>) {
    let Slot::Over { width, height } = level.def.slot else {
        return;
    };
    let outer = layout::over(parts.body, width, height);
    let own = level.pane.selected();
    let mut cx = app.core.context_of(level, own.as_ref().or(below.selected));
    cx.area = layout::inside(outer);
    cx.beneath = Some(below);
    let mut frame = canvas.part(outer);
    frame.clear(Meaning::Popup);
    border(&mut frame);
    let title = level
        .pane
        .title(&cx)
        .unwrap_or_else(|| level.def.title.to_owned());
    let room = outer.width.saturating_sub(4);
    let mut top = frame.part(Rect::new(outer.x + 2, outer.y, room, 1));
    top.pieces(0, 0, &[owned(format!(" {title} "), Meaning::Title)]);
    if let Some((text, meaning)) = level.pane.status(&cx) {
        top.right(0, &[owned(format!(" {text} "), meaning)]);
    }
    level.pane.draw(&cx, &mut canvas.part(cx.area));
    let mut line = canvas.part(parts.bar);
    line.clear(Meaning::Text);
    bar::draw(&cx, level.def, &mut line);
}

fn border(canvas: &mut Canvas<'_>) {
    let glyphs = canvas.glyphs;
    let (width, height) = (canvas.width(), canvas.height());
    if width < 2 || height < 2 {
        return;
    }
    let line = glyphs.rule.repeat(usize::from(width) - 2);
    let [top_left, top_right, bottom_right, bottom_left] = glyphs.corners;
    let meaning = Meaning::BorderFocused;
    let text = |t: String| [Piece::new(t, meaning)];
    canvas.pieces(0, 0, &text(format!("{top_left}{line}{top_right}")));
    canvas.pieces(
        0,
        height - 1,
        &text(format!("{bottom_left}{line}{bottom_right}")),
    );
    for y in 1..height - 1 {
        canvas.pieces(0, y, &text(glyphs.bar.to_owned()));
        canvas.pieces(width - 1, y, &text(glyphs.bar.to_owned()));
    }
}

/// The line of notes: what is typed, else what there is to tell, else what narrows the rows.
fn notes(app: &App, cx: &Context<'_>, parts: Parts, canvas: &mut Canvas<'_>) {
    let shared = parts.note == parts.bar;
    let mut line = canvas.part(parts.note);
    if let Some(prompt) = &app.prompt {
        line.clear(Meaning::Text);
        let room = usize::from(line.width()).saturating_sub(3);
        let (shown, column) = prompt.line.shown(room);
        let pieces = [
            Piece::new(" /", Meaning::Prompt),
            piece(shown, Meaning::Filter),
        ];
        line.pieces(0, 0, &pieces);
        line.caret(2 + column as u16, 0);
    } else if let Some(note) = &app.core.note {
        told(note, parts, canvas);
    } else if !shared {
        narrowed(app, cx, &mut line);
    }
}

/// A note, whole: the path of a file or the reason of a failure is of no use when its end is cut. It takes lines of the
/// pane above its own until the next key.
fn told(note: &Note, parts: Parts, canvas: &mut Canvas<'_>) {
    let meaning = match note.tone {
        Tone::Notice => Meaning::Notice,
        Tone::Warning => Meaning::Warning,
        Tone::Error => Meaning::Error,
    };
    let pieces = [Piece::new(" ", Meaning::Text), piece(&note.text, meaning)];
    let lines = wrap(&pieces, usize::from(parts.note.width), 1);
    let most = NOTE_LINES.min(parts.note.bottom().saturating_sub(parts.body.y));
    let height = (lines.len() as u16).clamp(1, most.max(1));
    let mut area = canvas.part(Rect {
        y: parts.note.bottom() - height,
        height,
        ..parts.note
    });
    area.clear(Meaning::Text);
    for (y, line) in (0..height).zip(&lines) {
        area.pieces(0, y, line);
    }
}

/// What narrows the rows, so that nobody takes a part for the whole.
fn narrowed(app: &App, cx: &Context<'_>, line: &mut Canvas<'_>) {
    let core = &app.core;
    let mut words = Vec::new();
    if !core.marks.is_empty() {
        words.push((format!("{} marked", core.marks.len()), Meaning::Marked));
    }
    if cx.filters {
        if let Some(floor) = core.prefs.floor {
            words.push((format!("{floor} and worse only"), Meaning::Filter));
        }
        if core.prefs.hide_system {
            words.push(("system namespaces hidden".to_owned(), Meaning::Filter));
        }
        if core.prefs.sort != crate::ui::prefs::Sort::default() {
            words.push((format!("by {}", core.prefs.sort.word()), Meaning::Muted));
        }
        let filter = core.shown.generation > 0 && !cx.filter.text().is_empty();
        if filter {
            words.insert(0, (format!("/{}", cx.filter.text()), Meaning::Filter));
        }
    }
    // The first screen has its own line for it.
    let told = app
        .way
        .main
        .last()
        .is_some_and(|level| level.def.slot == Slot::First);
    let trouble = &core.shown.cluster.trouble;
    if let Some(trouble) = Some(trouble).filter(|t| !told && !t.is_empty()) {
        words.push((trouble.clone(), Meaning::Warning));
    }
    let mut pieces = Vec::new();
    for (text, meaning) in words {
        let gap = if pieces.is_empty() { " " } else { "   " };
        pieces.push(Piece::new(gap, Meaning::Text));
        pieces.push(owned(text, meaning));
    }
    line.pieces(0, 0, &pieces);
}

/// Names may hold any letter; a screen that was asked to be ASCII shows a question mark for it.
fn to_ascii(area: Rect, buffer: &mut Buffer) {
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if let Some(cell) = buffer.cell_mut((x, y))
                && !cell.symbol().is_ascii()
            {
                cell.set_symbol("?");
            }
        }
    }
}

/// What differs between two frames of one size: rows, counts alone, or nothing.
pub(super) fn difference(before: &Buffer, after: &Buffer) -> Option<Why> {
    let is_count = |cell: &Cell| {
        let mut chars = cell.symbol().chars();
        chars.all(|c| c.is_ascii_digit() || c == ' ' || c == ',' || c == ':')
    };
    let mut why = None;
    for (old, new) in before.content.iter().zip(&after.content) {
        if old == new {
            continue;
        }
        if is_count(old) && is_count(new) && old.style() == new.style() {
            why = Some(Why::Counters);
        } else {
            return Some(Why::Rows);
        }
    }
    why
}
