//! Finds the one-file extensions: every file of certain folders is registered by being there.
//!
//! Writes one list a folder family into `OUT_DIR` and fails, naming the file, when a required heading is absent from a
//! rule's article. Folders are listed for `rerun-if-changed`, or an added file would not be noticed.
#![allow(
    clippy::format_collect,
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a build script may only fail"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const THREATS: [&str; 5] = [
    "external_attacker",
    "malicious_container",
    "stolen_credentials",
    "misconfiguration",
    "vulnerable_applications",
];

/// Folders whose `*.rs` files each hold one `pub static NAME: Type`, found by automod: (folder, module path, static,
/// type, generated file).
const LISTS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "src/term/clipboard",
        "crate::term::clipboard",
        "ROUTE",
        "crate::term::clipboard::Route",
        "clipboard.rs",
    ),
    (
        "src/ui/panes",
        "crate::ui::panes",
        "PANE",
        "crate::ui::pane::PaneDef",
        "panes.rs",
    ),
    (
        "src/report",
        "crate::report",
        "FORMAT",
        "crate::report::Format",
        "formats.rs",
    ),
    (
        "src/fix/style",
        "crate::fix::style",
        "STYLE",
        "crate::fix::style::Style",
        "styles.rs",
    ),
    (
        "src/semantics/pod_security/controls",
        "crate::semantics::pod_security::controls",
        "CONTROL",
        "crate::semantics::pod_security::Control",
        "pod_security_controls.rs",
    ),
    (
        "src/cli/commands",
        "crate::cli::commands",
        "COMMAND",
        "crate::cli::command::Command",
        "commands.rs",
    ),
];

fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    threats();
    for (folder, module, name, kind, out) in LISTS {
        let files = rust_files(folder);
        let entries: String = files
            .iter()
            .map(|f| format!("    &{module}::{}::{name},\n", stem(f)))
            .collect();
        write(
            out,
            &format!(
                "/// Every file of `{folder}`, in order of name.\npub static ALL: &[&{kind}] = &[\n{entries}];\n"
            ),
        );
    }
    themes();
    demo();
    println!("cargo::rerun-if-changed=tests/it");
    trials("tests/control-plane/trials", "trials.rs");
    trials("tests/oracle/trials", "oracle_trials.rs");
}

/// A function that gathers the trials of a folder.
fn trials(folder: &str, out: &str) {
    let calls: String = rust_files(folder)
        .iter()
        .map(|f| format!("    all.extend(trials::{}::trials());\n", stem(f)))
        .collect();
    write(
        out,
        &format!(
            "fn all_trials() -> Vec<libtest_mimic::Trial> {{\n    let mut all = Vec::new();\n{calls}    all\n}}\n"
        ),
    );
}

fn threats() {
    let (mut checks, mut stories) = (String::new(), String::new());
    for threat in THREATS {
        for file in rust_files(&format!("src/threats/{threat}/checks")) {
            checks += &rule(
                &file,
                threat,
                "checks",
                "CHECK",
                &["What", "Why", "Fix", "References"],
            );
        }
        if Path::new(&format!("src/threats/{threat}/stories")).is_dir() {
            for file in rust_files(&format!("src/threats/{threat}/stories")) {
                stories += &rule(
                    &file,
                    threat,
                    "stories",
                    "STORY",
                    &["What", "Why", "References"],
                );
            }
        }
    }
    write(
        "threats.rs",
        &format!(
            "static CHECKS: &[Entry<Check>] = &[\n{checks}];\nstatic STORIES: &[Entry<Story>] = &[\n{stories}];\n"
        ),
    );
}

/// One entry of a list of rules, with its article.
fn rule(file: &Path, threat: &str, folder: &str, name: &str, headings: &[&str]) -> String {
    let text = fs::read_to_string(file).unwrap();
    let article: Vec<&str> = text
        .lines()
        .take_while(|l| l.starts_with("//!"))
        .map(|l| l.trim_start_matches("//!").trim())
        .collect();
    let title = article.first().copied().unwrap_or_default();
    if title.is_empty() || title.starts_with('#') {
        println!(
            "cargo::error={}: the first line of its //! article must be the title",
            file.display()
        );
    }
    let mut sections = String::new();
    for heading in ["What", "Why", "Fix", "References"] {
        let body: Vec<&str> = article
            .iter()
            .skip_while(|l| **l != format!("## {heading}"))
            .skip(1)
            .take_while(|l| !l.starts_with("## "))
            .copied()
            .collect();
        let body = body.join("\n").trim().to_owned();
        if body.is_empty() && headings.contains(&heading) {
            println!(
                "cargo::error={}: its //! article lacks the section `## {heading}`",
                file.display()
            );
        }
        write!(sections, "{}: {body:?}, ", heading.to_lowercase()).unwrap();
    }
    let path = file.to_str().unwrap().replace('\\', "/");
    format!(
        "    Entry {{ rule: &super::{threat}::{folder}::{}::{name}, file: {path:?}, doc: Doc {{ title: {title:?}, {sections}}} }},\n",
        stem(file)
    )
}

/// `themes/*.toml`, embedded.
fn themes() {
    println!("cargo::rerun-if-changed=themes");
    let mut entries = String::new();
    for file in files("themes", "toml") {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = stem(&file);
        writeln!(
            entries,
            "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/themes/{name}.toml\"))),"
        )
        .unwrap();
    }
    write(
        "themes.rs",
        &format!(
            "/// Every built-in theme: name and text.\npub static THEMES: &[(&str, &str)] = &[\n{entries}];\n"
        ),
    );
}

/// `assets/demo/*.yaml`, embedded as one packed text: a fifth of a megabyte of YAML is a thirtieth then.
fn demo() {
    println!("cargo::rerun-if-changed=assets/demo");
    let (mut entries, mut text) = (String::new(), String::new());
    for file in files("assets/demo", "yaml") {
        println!("cargo::rerun-if-changed={}", file.display());
        let start = text.len();
        text += &fs::read_to_string(&file).unwrap();
        writeln!(
            entries,
            "    (\"{}.yaml\", {start}, {}),",
            stem(&file),
            text.len()
        )
        .unwrap();
    }
    fs::write(out("demo.deflate"), packed(&text)).unwrap();
    write(
        "demo.rs",
        &format!(
            "/// The files of the demo cluster: name, and where its text starts and ends in the whole.\n#[allow(clippy::unreadable_literal, reason = \"generated\")]\nstatic FILES: &[(&str, usize, usize)] = &[\n{entries}];\n"
        ),
    );
}

#[cfg(not(lists_only))]
fn packed(text: &str) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 9)
}

/// A test builds this script with nothing but std, to see what the lists become.
#[cfg(lists_only)]
fn packed(text: &str) -> &str {
    text
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    println!("cargo::rerun-if-changed={folder}");
    let mut all = files(folder, "rs");
    all.retain(|f| stem(f) != "mod");
    for file in &all {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    all
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut all: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    all.retain(|p| p.extension().is_some_and(|e| e == extension));
    all.sort();
    all
}

fn stem(file: &Path) -> &str {
    file.file_stem()
        .and_then(|s| s.to_str())
        .expect("a file name in UTF-8")
}

fn out(name: &str) -> PathBuf {
    Path::new(&env::var("OUT_DIR").unwrap()).join(name)
}

fn write(name: &str, text: &str) {
    fs::write(out(name), text).unwrap();
}
