//! The product itself in a pseudo terminal: the built binary on its embedded cluster, with a home of its own.

use crate::pty::{Pty, command};
use portable_pty::CommandBuilder;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// The built binary.
pub const BINARY: &str = env!("CARGO_BIN_EXE_bartizan");

/// However it is asked to end, it has ended after this; the promise is a second, the machine may be busy.
pub const SOON: Duration = Duration::from_secs(10);

/// What the first screen shows at every size that has room for it, once the facts are there.
pub const FIRST: &str = "1 External attacker";

/// A person's terminal with the explorer in it.
pub struct Explorer {
    pub pty: Pty,
    home: TempDir,
}

/// The explorer on the demo, as a person without any settings starts it.
pub fn demo(home: &Path) -> CommandBuilder {
    with_home(command(BINARY, &["--demo"]), home)
}

/// A command whose program finds its settings and keeps its files below this folder.
pub fn with_home(mut command: CommandBuilder, home: &Path) -> CommandBuilder {
    command.env("BARTIZAN_HOME", home);
    command.env("HOME", home);
    command.env_remove("KUBECONFIG");
    command
}

impl Explorer {
    /// On the first screen, with every fact there.
    pub fn start(cols: u16, rows: u16) -> Explorer {
        Explorer::start_with(cols, rows, |_| {})
    }

    /// The same, with something else in its environment.
    pub fn start_with(cols: u16, rows: u16, change: impl FnOnce(&mut CommandBuilder)) -> Explorer {
        let home = tempfile::tempdir().unwrap();
        let mut command = demo(home.path());
        change(&mut command);
        let pty = Pty::start(command, cols, rows);
        pty.wait_until("the first screen", is_first);
        Explorer { pty, home }
    }

    /// Where it keeps what it copies.
    pub fn fixes(&self) -> PathBuf {
        self.home.path().join("state/fixes")
    }

    /// Presses a key and waits for what it brings.
    pub fn press(&mut self, key: &str, brings: &str) {
        self.pty.send(key);
        self.pty.wait_for(brings);
    }

    /// The screen as text.
    pub fn text(&self) -> String {
        self.pty.screen(vt100::Screen::contents)
    }

    /// Steps down a list until the row under the cursor holds a text.
    pub fn step_to(&mut self, wanted: &str) {
        for _ in 0..200 {
            let before = cursor(&self.text());
            if before.contains(wanted) {
                return;
            }
            self.pty.send("j");
            self.pty.wait_until("the cursor one row further", |screen| {
                cursor(&screen.contents()) != before
            });
        }
        panic!("no row with {wanted:?}; the screen is:\n{}", self.text());
    }
}

/// The first screen, with every fact there.
pub fn is_first(screen: &vt100::Screen) -> bool {
    let text = screen.contents();
    text.contains(FIRST) && text.contains("OPEN")
}

/// The row under the cursor of a list.
pub fn cursor(screen: &str) -> String {
    let mut rows = screen.lines().map(str::trim_start);
    let row = rows.find_map(|row| row.strip_prefix('>'));
    row.unwrap_or_default().trim().to_owned()
}

/// The terminal is the person's again.
pub fn assert_given_back(pty: &mut Pty) {
    pty.drain();
    pty.screen(|screen| {
        assert!(!screen.alternate_screen(), "still on the second screen");
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        assert!(!screen.bracketed_paste(), "pastes are still marked");
        assert!(!screen.application_keypad() && !screen.application_cursor());
    });
    let sent = String::from_utf8_lossy(&pty.bytes()).into_owned();
    for (on, off) in [("\x1b[?7l", "\x1b[?7h"), ("\x1b[?2026h", "\x1b[?2026l")] {
        assert!(sent.rfind(off) > sent.rfind(on), "{off:?} is missing");
    }
}
