//! A Go program beside this file, built once into a cache outside the clone, keyed by its sources, and run.
//!
//! Where there is neither a built program nor a Go that can build one, trials are listed as ignored with the reason; on CI
//! they fail.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use anyhow::{Context as _, Result, bail, ensure};
use libtest_mimic::{Failed, Trial};

/// One Go program: the name of its folder.
#[derive(Clone, Copy, Debug)]
pub struct Judge(pub &'static str);

impl Judge {
    /// A trial that needs the program.
    pub fn trial(
        self,
        name: &str,
        run: impl FnOnce(&Path) -> Result<()> + Send + 'static,
    ) -> Trial {
        let missing = match self.built() {
            Ok(program) if program.is_file() => None,
            _ => without_go(),
        };
        let run = move || {
            let program = self.build().map_err(|error| format!("{error:#}"))?;
            run(&program).map_err(|error| Failed::from(format!("{error:#}")))
        };
        let Some(reason) = missing else {
            return Trial::test(name, run);
        };
        let on_ci = env::var("CI").is_ok_and(|value| value == "true");
        let error = format!("there is {reason}, and no earlier build");
        Trial::test(name, || Err(error.into()))
            .with_ignored_flag(!on_ci)
            .with_kind(reason)
    }

    fn source(self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/oracle")
            .join(self.0)
    }

    /// Where the program is, or will be: FNV-1a over its sources is part of the name.
    fn built(self) -> Result<PathBuf> {
        let mut sources: Vec<PathBuf> = fs::read_dir(self.source())?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        sources.sort();
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for source in sources {
            for byte in fs::read(source)? {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        Ok(cache()?.join(format!("{}-{hash:016x}", self.0)))
    }

    fn build(self) -> Result<PathBuf> {
        let program = self.built()?;
        let lock = fs::File::create(program.with_extension("lock"))?;
        lock.lock().context("locking the build")?;
        if program.is_file() {
            return Ok(program); // built before, or by somebody else while we waited
        }
        eprintln!("building {} once, into {}", self.0, program.display());
        let unfinished = program.with_extension("unfinished");
        let output = go(&self.source())
            .args([
                "build",
                "-mod=readonly",
                "-trimpath",
                "-buildvcs=false",
                "-o",
            ])
            .arg(&unfinished)
            .arg(".")
            .stdin(Stdio::null())
            .output()
            .context("running go build")?;
        ensure!(
            output.status.success(),
            "go build: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        fs::rename(&unfinished, &program)?;
        Ok(program)
    }

    /// The folder of a module that the program is made of, in Go's own cache of modules.
    pub fn module(self, name: &str) -> Result<PathBuf> {
        let output = go(&self.source())
            .args(["mod", "download", "-json", name])
            .output()
            .context("running go mod download")?;
        let said: serde_json::Value = serde_json::from_slice(&output.stdout)
            .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
        match said["Dir"].as_str() {
            Some(directory) => Ok(directory.into()),
            None => bail!("where is {name}? {said}"),
        }
    }
}

/// What the program prints, line by line.
pub fn lines(
    program: &Path,
    arguments: &[&str],
    mut each: impl FnMut(&str) -> Result<()>,
) -> Result<usize> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| program.display().to_string())?;
    let out = child.stdout.take().context("its output")?;
    let mut count = 0;
    for line in BufReader::new(out).lines() {
        count += 1;
        each(&line?)?;
    }
    ensure!(child.wait()?.success(), "{arguments:?} failed");
    Ok(count)
}

fn go(directory: &Path) -> Command {
    let mut command = Command::new("go");
    // The toolchain at hand or none: a test never downloads one.
    command
        .current_dir(directory)
        .env("GOTOOLCHAIN", "local")
        .env("CGO_ENABLED", "0")
        .env("GOWORK", "off")
        .env("GOFLAGS", "-mod=readonly");
    command
}

fn without_go() -> Option<String> {
    let output = Command::new("go").args(["env", "GOVERSION"]).output();
    let said = output.ok().filter(|output| output.status.success());
    let Some(said) = said else {
        return Some("no Go on the PATH".to_owned());
    };
    let found = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    let minor = found.strip_prefix("go1.").map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().unwrap_or(0)
    });
    (minor < Some(26)).then(|| format!("{found}, older than Go 1.26"))
}

fn cache() -> Result<PathBuf> {
    let home = env::home_dir().map(|home| home.join(".cache"));
    let root = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or(home);
    if let Some(root) = root.filter(|root| root.is_absolute()) {
        let cache = root.join("bartizan/oracle");
        if fs::create_dir_all(&cache).is_ok() && tempfile::tempfile_in(&cache).is_ok() {
            return Ok(cache);
        }
    }
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oracle");
    fs::create_dir_all(&cache)?;
    Ok(cache)
}
