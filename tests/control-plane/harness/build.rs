//! Builds `../main.go` once into a cache outside the clone, keyed by what it is made of, and never twice at a time.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::{env, io, os::unix::fs::symlink};

use anyhow::{Context, anyhow, bail, ensure};

use super::{Needs, Result};

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/control-plane");
const GO_MOD: &str = include_str!("../go.mod");
const BUILT: &str = "control-plane";

/// Why this machine cannot build it, or nothing. Asks `go` only for its version.
pub fn impossible() -> Option<&'static str> {
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
    let cache = cache()?;
    let target = cache.join(key());
    if target.join(BUILT).is_file() {
        return Ok(target);
    }
    let lock = File::create(cache.join(format!("{}.lock", key())))?;
    lock.lock()
        .context("locking the build of the control plane")?;
    if target.join(BUILT).is_file() {
        return Ok(target); // somebody else built it while we waited
    }
    if let Some(reason) = impossible() {
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

/// `XDG_CACHE_HOME` or `~/.cache`; where there is no home that can be written, cargo's own directory for tests.
fn cache() -> io::Result<PathBuf> {
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
fn key() -> String {
    let parts = [
        include_str!("../main.go"),
        GO_MOD,
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
