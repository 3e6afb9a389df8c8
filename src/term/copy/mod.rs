//! Copying a text: always into a file, and by the best way there is towards the person's clipboard.
//!
//! The word is "sent", never "copied": a terminal does not say whether it took the text (OSC 52 has no answer). A text that
//! holds a Secret's value must not get here; that is for the caller to see to.

mod feed;
mod file;
mod osc52;
mod setting;

pub use file::keep;
pub use setting::Setting;

pub(super) use feed::feed;
pub(super) use osc52::osc52;

use super::clipboard::Route;
use super::env::Env;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Above this some terminals drop the text without a word (kitty before 0.2x at 6,138 bytes, termux at 6 to 7 kB).
const WARN_ABOVE: usize = 6_000;
/// Above this no terminal is asked: base64 makes 100 kB of it, where most stop.
const REFUSE_ABOVE: usize = 75_000;

/// Why a route did not work.
#[derive(Debug, thiserror::Error)]
pub enum ClipboardError {
    /// The program is not there.
    #[error("{0} is not installed")]
    NotInstalled(&'static str),
    /// The program failed.
    #[error("{program}: {why}")]
    Program {
        /// The program.
        program: &'static str,
        /// What it said, or its status.
        why: String,
    },
    /// The terminal took no bytes.
    #[error("the terminal: {0}")]
    Terminal(#[from] io::Error),
}

/// How to copy.
#[derive(Debug, Clone, Copy)]
pub struct Copier<'a> {
    /// What the person allows.
    pub setting: Setting,
    /// Where the person is.
    pub env: &'a Env,
    /// The folder for the files.
    pub folder: &'a Path,
}

/// What became of a copy.
#[derive(Debug)]
pub struct Outcome {
    /// The route that took the text.
    pub route: Option<&'static Route>,
    /// The size of the text.
    pub bytes: usize,
    /// Where the text is kept.
    pub file: io::Result<PathBuf>,
    /// What else was tried, and why it did not work.
    pub failed: Vec<ClipboardError>,
    /// Why no route was even tried.
    held_back: Option<HeldBack>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HeldBack {
    Off,
    TooLarge,
}

impl Copier<'_> {
    /// Copies a text. `parts` name its file: the check, the namespace, the object. `out` goes to the terminal.
    pub fn copy(&self, parts: &[&str], text: &str, out: &mut dyn Write) -> Outcome {
        let mut outcome = Outcome {
            route: None,
            bytes: text.len(),
            file: keep(self.folder, parts, text),
            failed: Vec::new(),
            held_back: matches!(self.setting, Setting::Off).then_some(HeldBack::Off),
        };
        for route in self.setting.routes(self.env) {
            if route.family.ends_in_terminal() && text.len() > REFUSE_ABOVE {
                outcome.held_back = Some(HeldBack::TooLarge);
                continue;
            }
            match (route.send)(text, self.env, out) {
                Ok(()) => {
                    outcome.route = Some(route);
                    outcome.held_back = None;
                    break;
                }
                Err(error) => outcome.failed.push(error),
            }
        }
        outcome
    }

    /// The route that would be taken first, for `bartizan info`.
    pub fn first_route(&self) -> Option<&'static Route> {
        self.setting.routes(self.env).first().copied()
    }
}

impl Outcome {
    /// Whether the person should look twice: the text may not be where they expect it.
    pub fn needs_care(&self) -> bool {
        self.file.is_err()
            || self.may_be_dropped()
            || (self.route.is_none() && self.held_back != Some(HeldBack::Off))
    }

    fn may_be_dropped(&self) -> bool {
        self.bytes > WARN_ABOVE
            && self
                .route
                .is_some_and(|route| route.family.ends_in_terminal())
    }

    fn not_sent(&self) -> String {
        let size = Size(self.bytes);
        match self.held_back {
            Some(HeldBack::Off) => "clipboard is off".to_owned(),
            Some(HeldBack::TooLarge) => format!("not sent: {size} is more than terminals take"),
            None => {
                let reasons: Vec<String> = self.failed.iter().map(ToString::to_string).collect();
                let reasons = if reasons.is_empty() {
                    "no way to a clipboard here".to_owned()
                } else {
                    reasons.join("; ")
                };
                format!("not sent: {reasons}")
            }
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.route {
            Some(route) => write!(
                f,
                "sent to clipboard ({}, {})",
                route.name,
                Size(self.bytes)
            )?,
            None => f.write_str(&self.not_sent())?,
        }
        match &self.file {
            Ok(path) if self.route.is_some() => write!(f, "; also in {}", path.display())?,
            Ok(path) => write!(f, "; it is in {}", path.display())?,
            Err(why) => write!(f, "; no file: {why}")?,
        }
        if self.may_be_dropped() && self.file.is_ok() {
            f.write_str("; some terminals drop this much, the file has it all")?;
        }
        Ok(())
    }
}

/// A size as people read it.
struct Size(usize);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0..1_000 => write!(f, "{} B", self.0),
            1_000..10_000 => write!(f, "{}.{} kB", self.0 / 1_000, self.0 % 1_000 / 100),
            _ => write!(f, "{} kB", self.0 / 1_000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(setting: &str, env: &Env, text: &str, folder: &Path) -> (Outcome, String) {
        let mut out = Vec::new();
        let copier = Copier {
            setting: setting.parse().unwrap(),
            env,
            folder,
        };
        let outcome = copier.copy(&["host-port", "shop", "cart"], text, &mut out);
        (outcome, String::from_utf8(out).unwrap())
    }

    fn remote() -> Env {
        Env::from_pairs([("SSH_CONNECTION", "a 1 b 22"), ("PATH", "/nowhere")])
    }

    #[test]
    fn over_ssh_the_terminal_is_asked_and_the_file_is_there() {
        let home = tempfile::tempdir().unwrap();
        let (outcome, sent) = copy("auto", &remote(), "kind: Pod\n", home.path());
        assert_eq!(sent, osc52("kind: Pod\n"));
        let file = home.path().join("host-port_shop_cart.yaml");
        assert_eq!(
            outcome.to_string(),
            format!(
                "sent to clipboard (OSC 52, 10 B); also in {}",
                file.display()
            )
        );
        assert!(!outcome.needs_care());
        assert_eq!(std::fs::read_to_string(file).unwrap(), "kind: Pod\n");
    }

    #[test]
    fn sizes_are_warned_about_and_refused() {
        let home = tempfile::tempdir().unwrap();
        let message = |bytes: usize| {
            let (outcome, sent) = copy("auto", &remote(), &"x".repeat(bytes), home.path());
            (outcome.needs_care(), sent.is_empty(), outcome.to_string())
        };
        assert_eq!((message(6_000).0, message(6_001).0), (false, true));
        assert!(
            message(6_001)
                .2
                .ends_with("some terminals drop this much, the file has it all")
        );
        assert!(!message(75_000).1);
        let (care, silent, text) = message(75_001);
        assert!(care && silent);
        assert!(
            text.starts_with("not sent: 75 kB is more than terminals take; it is in "),
            "{text}"
        );
    }

    #[test]
    fn a_large_text_still_goes_to_a_native_tool() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let tool = home.path().join("xsel");
        std::fs::write(&tool, "#!/bin/sh\ncat > /dev/null\n").unwrap();
        std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:/usr/bin:/bin", home.path().display());
        let env = Env::from_pairs([("PATH", path.as_str()), ("DISPLAY", ":0")]);
        let (outcome, sent) = copy("xsel", &env, &"x".repeat(80_000), home.path());
        assert!(
            outcome
                .to_string()
                .starts_with("sent to clipboard (xsel, 80 kB); also in "),
            "{outcome}"
        );
        assert!(!outcome.needs_care() && sent.is_empty());
    }

    #[test]
    fn what_fails_is_followed_by_the_next_way() {
        let home = tempfile::tempdir().unwrap();
        let env = Env::from_pairs([("TMUX", "/nowhere/socket,1,0"), ("PATH", "/nowhere")]);
        let (outcome, sent) = copy("auto", &env, "a", home.path());
        assert!(
            outcome
                .to_string()
                .starts_with("sent to clipboard (OSC 52, 1 B)"),
            "{outcome}"
        );
        assert!(!sent.is_empty());
        let (outcome, sent) = copy("tmux", &env, "a", home.path());
        assert!(
            outcome
                .to_string()
                .starts_with("not sent: tmux is not installed; it is in "),
            "{outcome}"
        );
        assert!(outcome.needs_care() && sent.is_empty());
    }

    #[test]
    fn off_means_the_file_alone() {
        let home = tempfile::tempdir().unwrap();
        let (outcome, sent) = copy("off", &remote(), "a", home.path());
        assert!(
            outcome
                .to_string()
                .starts_with("clipboard is off; it is in "),
            "{outcome}"
        );
        assert!(!outcome.needs_care() && sent.is_empty());
    }

    #[test]
    fn no_file_is_said() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        std::fs::write(&file, "").unwrap();
        let (outcome, _) = copy("auto", &remote(), "a", &file);
        assert!(
            outcome
                .to_string()
                .starts_with("sent to clipboard (OSC 52, 1 B); no file: "),
            "{outcome}"
        );
        assert!(outcome.needs_care());
    }

    #[test]
    fn nothing_ever_says_copied() {
        let home = tempfile::tempdir().unwrap();
        for (setting, size) in [
            ("auto", 1),
            ("auto", 9_000),
            ("auto", 90_000),
            ("off", 1),
            ("tmux", 1),
        ] {
            let (outcome, _) = copy(setting, &remote(), &"x".repeat(size), home.path());
            assert!(!outcome.to_string().contains("copied"), "{outcome}");
        }
    }

    #[test]
    fn sizes_read_well() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_234, "1.2 kB"),
            (9_999, "9.9 kB"),
            (75_001, "75 kB"),
        ] {
            assert_eq!(Size(bytes).to_string(), text);
        }
    }
}
