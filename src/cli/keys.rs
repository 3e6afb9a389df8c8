//! The explorer's keys under their headings, out of the one command table: for the help and the manual page.

use std::fmt::Write as _;

use crate::ui;
use crate::ui::command::Listed;

/// The keys, heading by heading: those that work everywhere, then those of each pane.
pub fn headings() -> Vec<(String, Vec<Listed>)> {
    let mut all: Vec<(String, Vec<Listed>)> = Vec::new();
    for listed in ui::commands() {
        let heading = match listed.pane {
            Some(pane) => format!("in {pane}"),
            None => listed.group.to_owned(),
        };
        match all.iter_mut().find(|(known, _)| *known == heading) {
            Some((_, under)) => under.push(listed),
            None => all.push((heading, vec![listed])),
        }
    }
    all
}

/// How a person reaches a command: its keys, or its name behind the key of the palette.
pub fn reached(listed: &Listed) -> String {
    if listed.keys.is_empty() {
        format!(":{}", listed.id)
    } else {
        listed.keys.clone()
    }
}

/// The keys as text, for the long help.
pub fn text() -> String {
    let mut text =
        "Keys of the explorer (a file of your own changes them; ? lists those of a place):"
            .to_owned();
    for (heading, under) in headings() {
        let _ = write!(text, "\n  {heading}");
        for listed in under {
            let _ = write!(text, "\n    {:<18} {}", reached(&listed), listed.help);
        }
    }
    text
}
