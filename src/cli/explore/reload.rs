//! Themes and keys take effect when their file is saved. Files are looked at once a second: one stat each.

use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::time::{Duration, SystemTime};

use super::Event;
use super::setup::{self, Setup};
use crate::ui::Msg;

const PERIOD: Duration = Duration::from_secs(1);

/// Starts looking. Without a folder of the person's own there is nothing to look at, and no thread.
pub fn start(setup: &Setup, events: Sender<Event>) {
    let (dirs, level) = (setup.dirs.clone(), setup.level);
    if !dirs.config.is_dir() {
        return;
    }
    let name = setup
        .theme
        .clone()
        .unwrap_or_else(|| "default16".to_owned());
    let look = move || {
        let (keys, theme) = (dirs.keys(), dirs.themes().join(format!("{name}.toml")));
        let mut before = (stamp(&keys), stamp(&theme));
        loop {
            std::thread::sleep(PERIOD);
            let now = (stamp(&keys), stamp(&theme));
            let mut msgs = Vec::new();
            if now.0 != before.0 {
                msgs.push(Msg::Keymap(setup::keymap(&keys).map(Box::new)));
            }
            if now.1 != before.1 {
                msgs.push(Msg::Theme(setup::theme(&dirs, &name, level)));
            }
            before = now;
            for msg in msgs {
                if events.send(Event::Msg(Box::new(msg))).is_err() {
                    return;
                }
            }
        }
    };
    // Without the thread the explorer works; only saving a theme has no effect until the next start.
    drop(
        std::thread::Builder::new()
            .name("reload".to_owned())
            .spawn(look),
    );
}

fn stamp(path: &PathBuf) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|m| m.modified()).ok()
}
