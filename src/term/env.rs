//! What the environment says about the terminal, taken once as values so that every decision can be tested.
//! Only the variables listed here are ever looked at; tokens and passwords that lie beside them are not.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Everything this layer ever reads.
const NAMES: [&str; 17] = [
    "COLORTERM",
    "COLUMNS",
    "DISPLAY",
    "EDITOR",
    "LINES",
    "NO_COLOR",
    "PAGER",
    "PATH",
    "SSH_CLIENT",
    "SSH_CONNECTION",
    "SSH_TTY",
    "STY",
    "TERM",
    "TMUX",
    "TMUX_PANE",
    "VISUAL",
    "WAYLAND_DISPLAY",
];

/// The environment as this layer knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Env {
    values: BTreeMap<String, OsString>,
}

impl Env {
    /// That of this process.
    pub fn of_process() -> Self {
        let values = NAMES
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), std::env::var_os(name)?)));
        Self {
            values: values.collect(),
        }
    }

    /// An environment made by hand.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self {
            values: pairs
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect(),
        }
    }

    /// The value of a variable that is set, not empty and text.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .and_then(|value| value.to_str())
            .filter(|value| !value.is_empty())
    }

    /// Whether a variable is set and not empty.
    pub fn has(&self, name: &str) -> bool {
        self.values.get(name).is_some_and(|value| !value.is_empty())
    }

    /// Whether the person sits at another machine.
    pub fn is_remote(&self) -> bool {
        ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"]
            .iter()
            .any(|name| self.has(name))
    }

    /// Whether tmux lies around this process. `TERM` says nothing about that: it also comes over ssh from a tmux on the
    /// person's own machine, and what is meant for tmux would then be lost.
    pub fn in_tmux(&self) -> bool {
        self.has("TMUX")
    }

    /// Whether GNU screen lies around this process; `TERM` says as little as for tmux.
    pub fn in_screen(&self) -> bool {
        self.has("STY")
    }

    /// Whether a desktop can be reached, whose clipboard a native tool could fill.
    pub fn has_display(&self) -> bool {
        cfg!(target_os = "macos") || self.has("WAYLAND_DISPLAY") || self.has("DISPLAY")
    }

    /// Where a program is. Relative folders in `PATH` are passed over: a clipboard tool must not come from wherever the
    /// person happens to stand.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        let folders = self.values.get("PATH").map_or(
            OsStr::new("/usr/local/bin:/usr/bin:/bin"),
            OsString::as_os_str,
        );
        std::env::split_paths(folders)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(name))
            .find(|file| is_program(file))
    }
}

fn is_program(file: &Path) -> bool {
    file.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn empty_is_unset_and_only_known_names_are_taken() {
        let env = Env::from_pairs([("TMUX", ""), ("TERM", "xterm")]);
        assert!(!env.in_tmux());
        assert_eq!(env.get("TERM"), Some("xterm"));
        assert!(NAMES.is_sorted());
        for name in Env::of_process().values.keys() {
            assert!(NAMES.contains(&name.as_str()), "{name}");
        }
    }

    #[test]
    fn a_multiplexer_is_not_guessed_from_term() {
        let env = Env::from_pairs([
            ("TERM", "screen-256color"),
            ("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22"),
        ]);
        assert!(!env.in_screen() && !env.in_tmux() && env.is_remote());
    }

    #[test]
    fn programs_come_from_absolute_folders_and_must_be_executable() {
        let folder = tempfile::tempdir().unwrap();
        let tool = folder.path().join("tool");
        fs::write(&tool, "#!/bin/sh\n").unwrap();
        let path = format!(".:relative:{}", folder.path().display());
        let env = Env::from_pairs([("PATH", path.as_str())]);
        assert_eq!(env.program("tool"), None, "not executable yet");
        fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(env.program("tool"), Some(tool));
        assert_eq!(env.program("absent"), None);
    }
}
