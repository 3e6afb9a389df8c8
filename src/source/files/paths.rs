//! Which files a path names: itself, or everything readable below a folder; dot folders are skipped.

use std::fs;
use std::path::{Path, PathBuf};

/// Endings that are read in folders. A file named outright is read whatever its ending.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// Deepest folder that is looked into: a link that leads upwards ends here.
const DEEPEST: usize = 32;

/// Files below the paths, in order; for a path that cannot be read the reason. `-` stands for standard input.
pub fn files(paths: &[PathBuf]) -> Vec<(PathBuf, Option<String>)> {
    let mut found = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            found.push((path.clone(), None));
            continue;
        }
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => walk(path, 0, &mut found),
            Ok(_) => found.push((path.clone(), None)),
            Err(error) => found.push((path.clone(), Some(error.to_string()))),
        }
    }
    found
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<(PathBuf, Option<String>)>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return found.push((folder.to_path_buf(), Some(error.to_string()))),
    };
    let mut entries: Vec<PathBuf> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
    entries.sort();
    for path in entries {
        let hidden = path
            .file_name()
            .is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if path.is_dir() {
            if !hidden && depth < DEEPEST {
                walk(&path, depth + 1, found);
            }
        } else if path
            .extension()
            .is_some_and(|e| ENDINGS.iter().any(|known| e.eq_ignore_ascii_case(known)))
        {
            found.push((path, None));
        }
    }
}
