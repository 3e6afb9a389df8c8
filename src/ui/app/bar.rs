//! The key bar, from the command table.

use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::command::{self, Command};
use crate::ui::context::Context;
use crate::ui::pane::PaneDef;
use crate::ui::widgets::piece::Piece;

/// One entry: keys, what they do, whether it can be done here.
struct Entry {
    keys: String,
    label: &'static str,
    enabled: bool,
}

/// Draws the bar of a pane on the canvas' first line.
pub(super) fn draw(cx: &Context<'_>, def: &PaneDef, canvas: &mut Canvas<'_>) {
    let room = usize::from(canvas.width());
    let mut pieces = Vec::new();
    let mut column = 1;
    let entries = entries(cx, def);
    let last = entries.len().saturating_sub(1);
    for (at, entry) in entries.into_iter().enumerate() {
        let (key, text) = if entry.enabled {
            (Meaning::Key, Meaning::KeyBar)
        } else {
            (Meaning::KeyOff, Meaning::KeyOff)
        };
        let gap = if column == 1 { 1 } else { 2 };
        let keys = Piece::new(entry.keys, key);
        let label = Piece::new(format!(" {}", entry.label), text);
        // An entry is whole or not there: half a word helps nobody. The last one may be its key alone.
        let alone = at == last || entry.label.is_empty();
        let whole = gap + keys.width() + label.width();
        let least = gap + keys.width();
        if column - 1 + if alone { least } else { whole } > room {
            break;
        }
        pieces.push(Piece::new(" ".repeat(gap), Meaning::KeyBar));
        column += least;
        pieces.push(keys);
        if column - 1 + label.width() <= room && !entry.label.is_empty() {
            column += label.width();
            pieces.push(label);
        }
    }
    canvas.pieces(0, 0, &pieces);
}

fn entries(cx: &Context<'_>, def: &PaneDef) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    for id in def.bar {
        let Some(command) = command::find(id) else {
            continue;
        };
        let Some(keys) = keys(cx, command) else {
            continue;
        };
        let enabled = (command.enabled)(cx).is_ok();
        match all.last_mut() {
            Some(last) if !command.label.is_empty() && last.label == command.label => {
                let first = last.keys.split('-').next().unwrap_or_default().to_owned();
                last.keys = format!("{first}-{keys}");
                last.enabled |= enabled;
            }
            _ => all.push(Entry {
                keys,
                label: command.label,
                enabled,
            }),
        }
    }
    all
}

/// The first key of a command as the bar writes it: names in lower case.
fn keys(cx: &Context<'_>, command: &Command) -> Option<String> {
    let key = cx.keymap.keys(command.id).first()?.to_string();
    Some(match key.as_str() {
        "Enter" | "Esc" | "Space" | "Tab" => key.to_lowercase(),
        _ => key,
    })
}
