//! Builds `../main.go` once into a cache outside the clone, keyed by what it is made of, and never twice at a time.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, anyhow, bail, ensure};

use super::{Needs, Result, cache};

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/control-plane");
const GO_MOD: &str = include_str!("../go.mod");
const BUILT: &str = "control-plane";

/// Why it cannot be had here, or nothing: it was built before, or there is a Go that can build it.
pub fn impossible() -> Option<&'static str> {
    let built =
        cache::directory().is_ok_and(|cache| cache.join(cache::key()).join(BUILT).is_file());
    if built { None } else { without_go() }
}

fn without_go() -> Option<&'static str> {
    static REASON: OnceLock<Option<String>> = OnceLock::new();
    let reason = REASON.get_or_init(|| {
        let needed = directive("go ");
        let found = go()
            .args(["env", "GOVERSION"])
            .output()
            .ok()
            .filter(|output| output.status.success());
        let Some(found) = found else {
            return Some(format!("no Go {needed} on the PATH"));
        };
        let found = String::from_utf8_lossy(&found.stdout)
            .trim()
            .trim_start_matches("go")
            .to_owned();
        (version(&found) < version(needed)).then(|| format!("Go is {found}, older than {needed}"))
    });
    reason.as_deref()
}

/// The directory that holds every program under its own name, built on the first call.
pub fn directory() -> Result<&'static Path> {
    static BUILD: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let built = BUILD.get_or_init(|| build().map_err(|error| format!("{error:#}")));
    built.as_deref().map_err(|error| anyhow!("{error}"))
}

fn build() -> Result<PathBuf> {
    let cache = cache::directory()?;
    let target = cache.join(cache::key());
    if target.join(BUILT).is_file() {
        return Ok(target);
    }
    let lock = File::create(cache.join(format!("{}.lock", cache::key())))?;
    lock.lock()
        .context("locking the build of the control plane")?;
    if target.join(BUILT).is_file() {
        return Ok(target); // somebody else built it while we waited
    }
    if let Some(reason) = without_go() {
        bail!("{reason}");
    }
    eprintln!(
        "building the test control plane once, about five minutes on two cores, into {}",
        target.display()
    );
    let unfinished = tempfile::Builder::new()
        .prefix("unfinished-")
        .tempdir_in(&cache)?;
    compile(unfinished.path())?;
    fs::rename(unfinished.path(), &target)?;
    cache::forget_old_builds(&cache);
    Ok(target)
}

fn compile(directory: &Path) -> Result {
    let program = directory.join(BUILT);
    // Without these the server would call itself v0.0.0-master+$Format:%H$, which is no version.
    let version = directive("k8s.io/kubernetes ");
    let (major, minor) = version_pair(version);
    let set = |name: &str, value: &str| format!("-X k8s.io/component-base/version.{name}={value}");
    let flags = [
        "-s -w".to_owned(),
        set("gitVersion", version),
        set("gitMajor", major),
        set("gitMinor", minor),
        set("gitTreeState", "clean"),
    ];
    let mut command = go();
    command
        .args([
            "build",
            "-mod=readonly",
            "-trimpath",
            "-buildvcs=false",
            "-ldflags",
            &flags.join(" "),
            "-o",
        ])
        .arg(&program)
        .arg(".");
    let output = command
        .stdin(Stdio::null())
        .output()
        .context("running go build")?;
    ensure!(
        output.status.success(),
        "go build in {SOURCE}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    for program in Needs::Nodes.programs() {
        symlink(BUILT, directory.join(program.name()))?;
    }
    Ok(())
}

fn go() -> Command {
    let mut command = Command::new("go");
    // The toolchain at hand or none: a test never downloads one.
    command
        .current_dir(SOURCE)
        .env("GOTOOLCHAIN", "local")
        .env("CGO_ENABLED", "0")
        .env("GOWORK", "off");
    command
}

/// The rest of the first line of go.mod that starts with these words.
fn directive(words: &str) -> &'static str {
    GO_MOD
        .lines()
        .find_map(|line| line.trim().strip_prefix(words))
        .unwrap_or_default()
        .trim()
}

fn version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = version_pair(text);
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn version_pair(text: &str) -> (&str, &str) {
    let mut parts = text.trim_start_matches('v').split('.');
    (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    )
}
