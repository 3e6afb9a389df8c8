//! One file is enough: a new check, story, pane, theme, clipboard route, report format, fix style or subcommand is
//! registered by being there. Shown by running the package's own build script on a copy of the tree with one file more in
//! each place, and by nothing else naming what is in such a file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where a file is enough, what a new one is called, and the list in which it appears.
const PLACES: [(&str, &str, &str); 8] = [
    (
        "src/threats/malicious_container/checks",
        "new_one.rs",
        "threats.rs",
    ),
    (
        "src/threats/stolen_credentials/stories",
        "new_one.rs",
        "threats.rs",
    ),
    ("src/ui/panes", "new_one.rs", "panes.rs"),
    ("themes", "new-one.toml", "themes.rs"),
    ("src/term/clipboard", "new_one.rs", "clipboard.rs"),
    ("src/report", "new_one.rs", "formats.rs"),
    ("src/fix/style", "new_one.rs", "styles.rs"),
    ("src/cli/commands", "new_one.rs", "commands.rs"),
];

const ARTICLE: &str = "//! A title\n//!\n//! ## What\n//! x\n//!\n//! ## Why\n//! x\n//!\n//! ## Fix\n//! x\n//!\n//! ## References\n//! x\n";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// What the build script writes for a tree: each list with its lines.
fn lists(script: &Path, tree: &Path) -> Vec<(String, BTreeSet<String>)> {
    let out = tempfile::tempdir().unwrap();
    let run = Command::new(script)
        .current_dir(tree)
        .env("OUT_DIR", out.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    assert!(!said.contains("cargo::error"), "{said}");
    let mut files: Vec<PathBuf> = fs::read_dir(out.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let read = |file: &PathBuf| {
        let lines = fs::read_to_string(file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        (name, lines.lines().map(str::to_owned).collect())
    };
    files.iter().map(read).collect()
}

#[test]
fn a_new_file_is_registered_and_changes_nothing_else() {
    let work = tempfile::tempdir().unwrap();
    let script = work.path().join("build");
    let built = Command::new(option_env!("RUSTC").unwrap_or("rustc"))
        .args(["--edition", "2024", "--cfg", "lists_only", "-o"])
        .arg(&script)
        .arg(root().join("src/build.rs"))
        .status()
        .unwrap();
    assert!(built.success(), "the lists need nothing but std");
    let tree = work.path().join("tree");
    for folder in ["src", "themes", "tests/control-plane/trials", "assets/demo"] {
        copy(&root().join(folder), &tree.join(folder));
    }
    let before = lists(&script, &tree);
    for (folder, name, list) in PLACES {
        let file = tree.join(folder).join(name);
        fs::write(&file, ARTICLE).unwrap();
        let after = lists(&script, &tree);
        fs::remove_file(&file).unwrap();
        for ((name, old), (_, new)) in before.iter().zip(&after) {
            let added: Vec<&String> = new.difference(old).collect();
            assert!(old.is_subset(new), "{folder}: {name} lost something");
            assert_eq!(
                added.len(),
                usize::from(name == list),
                "{folder}: {name} {added:?}"
            );
            assert!(
                added
                    .iter()
                    .all(|l| l.contains("new_one") || l.contains("new-one"))
            );
        }
    }
}

/// Every source file with its text.
fn sources(folder: &Path, all: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            all.push((path, text));
        }
    }
}

#[test]
fn nothing_names_what_is_in_a_file_of_its_own() {
    let mut all = Vec::new();
    sources(&root().join("src"), &mut all);
    let mut seen = 0;
    for (folder, ..) in PLACES
        .iter()
        .filter(|(folder, ..)| folder.starts_with("src"))
    {
        let kind = Path::new(folder).file_name().unwrap().to_str().unwrap();
        let own = all
            .iter()
            .filter(|(path, _)| path.parent().unwrap().ends_with(kind));
        for (file, _) in own.filter(|(path, _)| !path.ends_with("mod.rs")) {
            let stem = file.file_stem().unwrap().to_str().unwrap();
            let name = format!("{kind}::{stem}::");
            let names = all.iter().filter(|(path, _)| path != file);
            let named: Vec<&PathBuf> = names
                .filter(|(_, text)| text.contains(&name))
                .map(|(path, _)| path)
                .collect();
            assert_eq!(named, Vec::<&PathBuf>::new(), "they name {name}");
            seen += 1;
        }
    }
    assert!(seen > 80, "{seen}");
}
