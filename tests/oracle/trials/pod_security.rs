//! Our Pod Security evaluator against upstream's: verdict, control ids, reasons and details, letter for letter, at every
//! level and version; its own fixtures, and pods made from a seed. `BARTIZAN_PODS=200000` makes more of them,
//! `BARTIZAN_SEED` others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use bartizan::model::Labels;
use bartizan::semantics::pod_security::labels::{self, Effective, Mode};
use bartizan::semantics::pod_security::{Level, Version, standard};
use bartizan::source::wire::Pool;
use libtest_mimic::Trial;
use serde::Deserialize;

use crate::judge::lines;
use crate::seed::{number, seed};
use crate::verdicts::{JUDGE, Judged, Said, Verdict, said};

/// Fixtures of k8s.io/pod-security-admission v0.37.2.
const FIXTURES: usize = 4537;

pub fn trials() -> Vec<Trial> {
    vec![
        JUDGE.trial("pod_security::upstream_fixtures", upstream_fixtures),
        JUDGE.trial("pod_security::command_on_fixtures", command_on_fixtures),
        JUDGE.trial("pod_security::random_pods", random_pods),
        JUDGE.trial("pod_security::random_labels", random_labels),
    ]
}

/// Compares at every level and version, and returns how many answers that were.
fn compare(judged: &Judged<'_>, pool: &mut Pool) -> Result<usize> {
    let pod = judged.facts(pool)?;
    let mut answers = 0;
    for verdict in &judged.verdicts {
        for minor in &verdict.minors {
            let ours = said(standard(), &verdict.level, *minor, &pod)?;
            answers += 1;
            ensure!(
                ours == verdict.violations,
                "{} v1.{minor} {}\nupstream: {}\nours:     {}\n{}",
                verdict.level,
                judged.file,
                words(&verdict.violations),
                words(&ours),
                judged.pod
            );
        }
    }
    Ok(answers)
}

fn words(violations: &[Said]) -> String {
    let all: Vec<String> = violations.iter().map(Said::to_string).collect();
    if all.is_empty() {
        "allowed".to_owned()
    } else {
        all.join(" | ")
    }
}

fn upstream_fixtures(program: &Path) -> Result<()> {
    let module = JUDGE.module("k8s.io/pod-security-admission")?;
    let directory = module.join("test/testdata").display().to_string();
    let mut pool = Pool::new();
    let mut answers = 0;
    // most versions have copies of the same files
    let mut seen = BTreeSet::new();
    let count = lines(program, &["fixtures", &directory], |line| {
        let judged: Judged<'_> = serde_json::from_str(line)?;
        if seen.insert(judged.pod.get().to_owned()) {
            answers += compare(&judged, &mut pool)?;
        }
        as_its_name_says(&judged, &mut pool).with_context(|| judged.file.clone())
    })?;
    eprintln!(
        "{count} fixtures are judged as their names say; {answers} answers on {} different ones agree",
        seen.len()
    );
    ensure!(count == FIXTURES, "{count} fixtures");
    Ok(())
}

/// `baseline/v1.7/fail/...`: refused at that level and version.
fn as_its_name_says(judged: &Judged<'_>, pool: &mut Pool) -> Result<()> {
    let mut parts = judged.file.split('/');
    let mut part = || parts.next().context("a path of four parts");
    let (level, version, verdict) = (part()?, part()?, part()?);
    let minor = version.trim_start_matches("v1.").parse()?;
    let pod = judged.facts(pool)?;
    let allowed = said(standard(), level, minor, &pod)?.is_empty();
    ensure!(allowed == (verdict == "pass"), "allowed: {allowed}");
    Ok(())
}

/// What a folder of fixtures should print, by name of the pod.
type Expected = BTreeMap<String, Vec<Said>>;

/// The command as a script runs it, on whole folders of fixtures.
fn command_on_fixtures(program: &Path) -> Result<()> {
    let module = JUDGE.module("k8s.io/pod-security-admission")?;
    let directory = module.join("test/testdata");
    let mut folders: BTreeMap<String, Expected> = BTreeMap::new();
    lines(
        program,
        &["fixtures", &directory.display().to_string()],
        |line| {
            let judged: Judged<'_> = serde_json::from_str(line)?;
            let (folder, _) = judged.file.rsplit_once('/').context("a folder")?;
            let (level, version) = level_and_version(folder)?;
            let minor: u32 = version.trim_start_matches("v1.").parse()?;
            if ![0, 19, 25, 37].contains(&minor) {
                return Ok(());
            }
            let folder = folder.to_owned();
            let is_asked = |v: &Verdict| v.level == level && v.minors.contains(&minor);
            let name: Named = serde_json::from_str(judged.pod.get())?;
            let mut verdicts = judged.verdicts.into_iter();
            let verdict = verdicts.find(is_asked).context("a verdict")?;
            let pods = folders.entry(folder).or_default();
            pods.insert(name.metadata.name, verdict.violations);
            Ok(())
        },
    )?;
    ensure!(folders.len() == 16, "{} folders", folders.len());
    for (folder, expected) in &folders {
        let (level, version) = level_and_version(folder)?;
        let output = Command::new(env!("CARGO_BIN_EXE_bartizan"))
            .args(["pod-security", "--level", level, "--version", version])
            .args(["-o", "jsonl", "-f"])
            .arg(directory.join(folder))
            .output()?;
        let text = String::from_utf8(output.stdout)?;
        let rows = text.lines().skip(1).map(serde_json::from_str::<Row>);
        let rows: Expected = rows
            .map(|row| row.map(|row| (row.object.name, row.violations)))
            .collect::<Result<_, _>>()?;
        ensure!(
            rows == *expected,
            "{folder}: {rows:?}, upstream {expected:?}"
        );
    }
    Ok(())
}

fn level_and_version(folder: &str) -> Result<(&str, &str)> {
    let mut parts = folder.split('/');
    parts.next().zip(parts.next()).context("level/version/...")
}

#[derive(Deserialize)]
struct Row {
    object: Name,
    violations: Vec<Said>,
}

#[derive(Deserialize)]
struct Named {
    metadata: Name,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

fn random_pods(program: &Path) -> Result<()> {
    let count = number("BARTIZAN_PODS")?.unwrap_or(3_000).to_string();
    let seed = seed()?;
    let mut pool = Pool::new();
    let mut answers = 0;
    let mut allowed: BTreeMap<String, usize> = BTreeMap::new();
    let compared = lines(program, &["random", &seed, &count], |line| {
        let judged: Judged<'_> = serde_json::from_str(line)?;
        answers += compare(&judged, &mut pool).with_context(|| format!("seed {seed}"))?;
        for verdict in &judged.verdicts {
            if verdict.minors.contains(&99) && verdict.violations.is_empty() {
                *allowed.entry(verdict.level.clone()).or_default() += 1;
            }
        }
        pool.sweep();
        Ok(())
    })?;
    eprintln!(
        "seed {seed}: {compared} pods, {answers} answers agree; allowed at the newest version: {allowed:?}"
    );
    ensure!(compared.to_string() == count, "{compared} pods");
    Ok(())
}

#[derive(Deserialize)]
struct Labelled {
    labels: BTreeMap<String, String>,
    enforce: ModeSaid,
    audit: ModeSaid,
    warn: ModeSaid,
    invalid: Vec<String>,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
struct ModeSaid {
    level: String,
    version: String,
}

/// Upstream fills in a default that the API does not show; here it is told that all is privileged.
fn filled(effective: Effective) -> ModeSaid {
    ModeSaid {
        level: effective
            .level
            .unwrap_or(Level::Privileged)
            .word()
            .to_owned(),
        version: effective.version.unwrap_or(Version::Latest).to_string(),
    }
}

fn random_labels(program: &Path) -> Result<()> {
    let seed = seed()?;
    let count = lines(program, &["labels", &seed, "5000"], |line| {
        let row: Labelled = serde_json::from_str(line)?;
        let pairs: Vec<(&str, &str)> = row.labels.iter().map(|(k, v)| (&**k, &**v)).collect();
        let labels = Labels::of(&pairs);
        for (mode, said) in [
            (Mode::Enforce, &row.enforce),
            (Mode::Audit, &row.audit),
            (Mode::Warn, &row.warn),
        ] {
            let ours = filled(labels::effective(&labels, mode));
            ensure!(
                ours == *said,
                "seed {seed} {mode:?} {pairs:?}: {said:?}, ours {ours:?}"
            );
        }
        let invalid = labels::invalid(&labels);
        let mut invalid: Vec<String> = invalid
            .map(|(label, _)| format!("metadata.labels[{label}]"))
            .collect();
        let mut said = row.invalid.clone();
        invalid.sort();
        said.sort();
        ensure!(
            invalid == said,
            "seed {seed} {pairs:?}: {said:?}, ours {invalid:?}"
        );
        Ok(())
    })?;
    eprintln!("seed {seed}: {count} sets of labels agree");
    Ok(())
}
