//! Which ways to a clipboard a person allows.

use crate::term::clipboard::{Family, Route, routes};
use crate::term::env::Env;
use std::fmt;
use std::str::FromStr;

/// The setting `clipboard`.
#[derive(Debug, Clone, Copy, Default)]
pub enum Setting {
    /// What fits where the person is.
    #[default]
    Auto,
    /// Only routes of this kind, whether or not they seem to fit.
    Family(Family),
    /// Only this route.
    Route(&'static Route),
    /// None: the file alone.
    Off,
}

impl Setting {
    /// The routes to try, in order.
    pub fn routes(self, env: &Env) -> Vec<&'static Route> {
        let mut all = routes();
        match self {
            Self::Auto => all.retain(|route| (route.available)(env)),
            // GNU screen swallows a bare OSC 52, and elsewhere its wrapper arrives as noise: never both.
            Self::Family(family) => all.retain(|route| {
                route.family == family && (route.id != "screen" || env.in_screen())
            }),
            Self::Route(only) => all.retain(|route| route.id == only.id),
            Self::Off => all.clear(),
        }
        all
    }
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let family = [Family::Tmux, Family::Osc52, Family::Native]
            .into_iter()
            .find(|family| family.name() == text);
        let route = || routes().into_iter().find(|route| route.id == text);
        match text {
            "auto" => Ok(Self::Auto),
            "off" => Ok(Self::Off),
            _ => family.map(Self::Family).or_else(|| route().map(Self::Route)).ok_or_else(|| {
                let ids: Vec<&str> = routes().into_iter().map(|route| route.id).collect();
                format!("{text:?} is not a way to a clipboard; write auto, tmux, osc52, native, off or one of {}", ids.join(", "))
            }),
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Off => "off",
            Self::Family(family) => family.name(),
            Self::Route(route) => route.id,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(setting: &str, pairs: &[(&str, &str)]) -> Vec<&'static str> {
        let setting: Setting = setting.parse().unwrap();
        setting
            .routes(&Env::from_pairs(pairs.iter().copied()))
            .into_iter()
            .map(|route| route.id)
            .collect()
    }

    /// An environment in which every tool is installed.
    fn tools() -> (tempfile::TempDir, String) {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        for tool in ["tmux", "wl-copy", "xclip", "xsel"] {
            let file = folder.path().join(tool);
            std::fs::write(&file, "#!/bin/sh\n").unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        let path = folder.path().to_str().unwrap().to_owned();
        (folder, path)
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_ladder() {
        let (_folder, path) = tools();
        let at = |pairs: &[(&'static str, &'static str)]| {
            let mut pairs: Vec<(&str, &str)> = pairs.to_vec();
            pairs.push(("PATH", &path));
            ids("auto", &pairs)
        };
        let ssh = ("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22");
        assert_eq!(at(&[("TMUX", "/tmp/t,1,0"), ssh]), ["tmux", "osc52"]);
        assert_eq!(at(&[("STY", "1.pts"), ssh]), ["screen", "osc52"]);
        assert_eq!(at(&[ssh]), ["osc52"]);
        assert_eq!(
            at(&[ssh, ("DISPLAY", "localhost:10")]),
            ["osc52"],
            "forwarded X11 is not where the person looks first"
        );
        assert_eq!(at(&[]), ["osc52"]);
        assert_eq!(
            at(&[("WAYLAND_DISPLAY", "wayland-0")]),
            ["wl-copy", "osc52"]
        );
        assert_eq!(at(&[("DISPLAY", ":0")]), ["xclip", "xsel", "osc52"]);
        assert_eq!(
            at(&[("TMUX", "/tmp/t,1,0"), ("DISPLAY", ":0")]),
            ["tmux", "xclip", "xsel", "osc52"]
        );
        assert_eq!(
            ids("auto", &[("TMUX", "/tmp/t,1,0"), ("PATH", "/nowhere")]),
            ["osc52"]
        );
        // A tmux on the person's own machine shows in TERM only; bare OSC 52 is right there.
        assert_eq!(at(&[ssh, ("TERM", "screen-256color")]), ["osc52"]);
    }

    #[test]
    fn a_choice_is_obeyed() {
        assert_eq!(ids("off", &[("TMUX", "x")]), [""; 0]);
        assert_eq!(ids("tmux", &[]), ["tmux"]);
        assert_eq!(ids("osc52", &[("TMUX", "x")]), ["osc52"]);
        assert_eq!(ids("osc52", &[("STY", "x")]), ["screen", "osc52"]);
        assert_eq!(ids("xsel", &[]), ["xsel"]);
        assert_eq!(ids("native", &[]), ["wl-copy", "xclip", "xsel", "pbcopy"]);
    }

    #[test]
    fn settings_print_and_parse() {
        for text in ["auto", "tmux", "osc52", "native", "off", "xclip", "screen"] {
            assert_eq!(text.parse::<Setting>().unwrap().to_string(), text);
        }
        assert!(
            "clip"
                .parse::<Setting>()
                .unwrap_err()
                .contains("write auto, tmux, osc52, native, off")
        );
    }
}
