//! Files that the program itself keeps, and the user's themes. A file that cannot be read is as good as absent: what it
//! holds is a convenience.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::model::fingerprint::fnv1a;

/// The user's themes: name and text, in order of name.
pub fn user_themes(folder: &Path) -> Vec<(String, String)> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    let named = paths.into_iter().filter_map(|p| {
        let name = p.file_stem()?.to_str()?.to_owned();
        Some((name, fs::read_to_string(&p).ok()?))
    });
    named.collect()
}

/// The file that holds what was chosen in a context. The name is a hash: contexts may be named anything.
fn choices(state: &Path, context: &str) -> PathBuf {
    state
        .join("contexts")
        .join(format!("{:016x}.json", fnv1a([context])))
}

/// What was chosen in a context in an earlier session.
pub fn recall(state: &Path, context: &str) -> Option<String> {
    fs::read_to_string(choices(state, context)).ok()
}

/// Keeps what was chosen in a context.
pub fn remember(state: &Path, context: &str, text: &str) -> std::io::Result<()> {
    let path = choices(state, context);
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())
}
