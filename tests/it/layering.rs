//! Folder = layer: who may use whom, read from the `use` lines and paths; and which outside crates stay in which layer.

use std::fs;
use std::path::{Path, PathBuf};

/// What each layer may use of the crate's own (`*` is everything). From DESIGN: left may use right.
const MAY_USE: &[(&str, &[&str])] = &[
    ("cli", &["*"]),
    (
        "ui",
        &[
            "engine", "threats", "fix", "model", "theme", "term", "clock",
        ],
    ),
    ("report", &["engine", "threats", "model"]),
    ("engine", &["threats", "semantics", "view", "fix", "model"]),
    ("threats", &["semantics", "view", "fix", "model"]),
    ("fix", &["semantics", "view", "model"]),
    ("semantics", &["view", "model"]),
    ("view", &["model"]),
    ("source", &["model", "clock"]),
    ("term", &["theme"]),
    ("theme", &[]),
    ("config", &["model", "theme"]),
    ("model", &[]),
];

/// Outside crates and std modules that only some places may name.
const ONLY_IN: &[(&str, &[&str], &str)] = &[
    (
        "kube::",
        &["src/source/live"],
        "one layer talks to the API server",
    ),
    (
        "k8s_openapi::",
        &["src/source/live"],
        "one layer talks to the API server",
    ),
    (
        "crossterm::",
        &["src/term", "src/ui/keys"],
        "one layer talks to the terminal",
    ),
    (
        "std::env::",
        &[
            "src/config",
            "src/term",
            "src/cli",
            "src/source",
            "src/main.rs",
            "src/build.rs",
        ],
        "inputs enter in known places",
    ),
    (
        "std::fs",
        &[
            "src/config",
            "src/term",
            "src/cli",
            "src/source",
            "src/main.rs",
            "src/build.rs",
        ],
        "inputs enter in known places",
    ),
    ("Instant::now", &["src/clock.rs"], "time is passed in"),
    ("SystemTime::now", &["src/clock.rs"], "time is passed in"),
    ("Timestamp::now", &["src/clock.rs"], "time is passed in"),
];

fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|e| e == "rs") {
            all.push(path);
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let mut all = Vec::new();
    sources(Path::new("src"), &mut all);
    all.sort();
    all.into_iter()
        .map(|p| {
            (
                p.to_str().unwrap().replace('\\', "/"),
                fs::read_to_string(&p).unwrap(),
            )
        })
        .collect()
}

/// Code lines only: comments may name anything. Test modules at the end of a file may too.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let end = text.find("#[cfg(test)]").unwrap_or(text.len());
    text[..end]
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim_start().starts_with("//"))
        .map(|(at, l)| (at + 1, l))
}

#[test]
fn layers_use_only_what_stands_to_their_right() {
    let mut wrong = Vec::new();
    for (file, text) in all_sources() {
        let layer = file
            .trim_start_matches("src/")
            .split(['/', '.'])
            .next()
            .unwrap()
            .to_owned();
        let layer = if file.starts_with("src/ui/widgets") {
            "term".to_owned()
        } else {
            layer
        };
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == layer) else {
            continue;
        };
        for (line, code) in code(&text) {
            for used in code.split("crate::").skip(1) {
                let used: String = used
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let own = used == layer || used.is_empty();
                if !own
                    && !allowed.contains(&"*")
                    && !allowed.contains(&used.as_str())
                    && !file.starts_with("src/ui/widgets")
                {
                    wrong.push(format!("{file}:{line}: {layer} may not use {used}"));
                }
                if file.starts_with("src/ui/widgets") && !["theme", "ui"].contains(&used.as_str()) {
                    wrong.push(format!(
                        "{file}:{line}: widgets may use theme only, not {used}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn outside_crates_stay_in_their_layer() {
    let mut wrong = Vec::new();
    for (file, text) in all_sources() {
        for (line, code) in code(&text) {
            for (name, places, why) in ONLY_IN {
                let named = code.match_indices(name).any(|(at, _)| {
                    !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                });
                if named && !places.iter().any(|p| file.starts_with(p)) {
                    wrong.push(format!("{file}:{line}: `{name}` outside {places:?}: {why}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<String> = all_sources()
        .into_iter()
        .filter(|(_, t)| !t.starts_with("//!"))
        .map(|(f, _)| f)
        .collect();
    assert!(silent.is_empty(), "without //!: {silent:?}");
}

#[test]
fn no_file_is_longer_than_eight_hundred_lines() {
    let long: Vec<String> = all_sources()
        .into_iter()
        .filter(|(_, t)| t.lines().count() > 800)
        .map(|(f, _)| f)
        .collect();
    assert!(long.is_empty(), "split by concept: {long:?}");
}
