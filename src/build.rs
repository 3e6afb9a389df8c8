//! Finds the one-file extensions and writes the lists of them into `OUT_DIR`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let out = PathBuf::from(
        env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?,
    );
    let root = PathBuf::from(
        env::var_os("CARGO_MANIFEST_DIR")
            .ok_or_else(|| io::Error::other("CARGO_MANIFEST_DIR is not set"))?,
    );
    themes(&root, &out)
}

/// `THEMES: &[(name, text)]` from `themes/*.toml`.
fn themes(root: &Path, out: &Path) -> io::Result<()> {
    let mut list = String::from(
        "/// Every built-in theme: name and text.\npub static THEMES: &[(&str, &str)] = &[\n",
    );
    for stem in stems(root, "themes", "toml")? {
        let _ = writeln!(
            list,
            "    ({stem:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/themes/{stem}.toml\"))),"
        );
    }
    list.push_str("];\n");
    fs::write(out.join("themes.rs"), list)
}

/// The names of the files of a folder without their extension, sorted; `mod.rs` is not an extension.
fn stems(root: &Path, folder: &str, extension: &str) -> io::Result<Vec<String>> {
    let path = root.join(folder);
    let mut found = Vec::new();
    writeln!(io::stdout(), "cargo::rerun-if-changed={folder}")?;
    for entry in fs::read_dir(path)? {
        let file = entry?.path();
        let stem = file
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default()
            .to_owned();
        if file.extension().is_some_and(|is| is == extension) && stem != "mod" {
            found.push(stem);
        }
    }
    found.sort_unstable();
    Ok(found)
}
