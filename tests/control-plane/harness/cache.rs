//! Where the built control plane is kept, and under which name: outside the clone, keyed by what it is made of.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs, io};

/// `XDG_CACHE_HOME` or `~/.cache`; where there is no home that can be written, cargo's own directory for tests.
pub fn directory() -> io::Result<PathBuf> {
    let home = || {
        env::home_dir()
            .filter(|home| home.is_absolute())
            .map(|home| home.join(".cache"))
    };
    let root = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|root| root.is_absolute())
        .or_else(home);
    if let Some(cache) = root.map(|root| root.join("bartizan/control-plane"))
        && fs::create_dir_all(&cache).is_ok()
        && tempfile::tempfile_in(&cache).is_ok()
    {
        return Ok(cache);
    }
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("control-plane");
    fs::create_dir_all(&cache)?;
    Ok(cache)
}

/// FNV-1a over all that decides the result: the same on every machine and with every compiler of ours.
pub fn key() -> String {
    let parts = [
        include_str!("../main.go"),
        include_str!("../go.mod"),
        include_str!("../go.sum"),
        include_str!("build.rs"),
    ];
    let hash = parts
        .iter()
        .flat_map(|part| part.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    format!("{hash:016x}")
}

/// Each edit of main.go leaves 140 MB behind. A build of a month ago that somebody still wants comes back in seconds, from Go's
/// own cache; so an error here does not matter.
pub fn forget_old_builds(cache: &Path) {
    let old = |entry: &fs::DirEntry| {
        let age = entry.metadata().ok()?.modified().ok()?.elapsed().ok()?;
        (age > Duration::from_secs(30 * 24 * 60 * 60)).then(|| entry.path())
    };
    let entries = fs::read_dir(cache).into_iter().flatten().flatten();
    for path in entries.filter_map(|entry| old(&entry)) {
        let _ = if path.is_dir() {
            fs::remove_dir_all(path)
        } else {
            fs::remove_file(path)
        };
    }
}
