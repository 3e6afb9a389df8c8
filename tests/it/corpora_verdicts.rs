//! What other tools' own examples say, by their names, and what the checks here say of them. Where the two differ the file
//! is a dispute with one line of reason: Kubernetes decides, not a name. Read where the corpora lie beside the clone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bartizan::engine::Engine;
use bartizan::model::{Finding, Object, ObjectKind, Part};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::view::World;
use serde_json::Value;

use crate::corpora_disputes::{
    BAD_PODS_DISPUTES, GATEKEEPER, GATEKEEPER_DISPUTES, GATEKEEPER_ELSEWHERE, POLARIS,
    POLARIS_DISPUTES, POLARIS_ELSEWHERE,
};
use crate::engine_world::namespaces;

fn corpus(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/corpora")
        .join(name);
    path.is_dir().then_some(path)
}

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, all);
        } else if path.extension().is_some_and(|e| e == "yaml" || e == "yml") {
            all.push(path);
        }
    }
    all.sort();
}

/// One file, one world. Kinds that are not watched are left out.
fn findings(file: &Path) -> Vec<Arc<Finding>> {
    let text = fs::read_to_string(file).unwrap();
    let options = serde_saphyr::options! { legacy_octal_numbers: true };
    let documents: Vec<Value> = serde_saphyr::from_multiple_with_options(&text, options).unwrap();
    let mut pool = Pool::new();
    let objects: Vec<Object> = documents
        .iter()
        .filter_map(|document| {
            let word = |field: &str| document[field].as_str();
            let kind = ObjectKind::from_manifest(word("apiVersion")?, word("kind")?).known()?;
            decode_value(kind, document, &mut pool).ok()
        })
        .collect();
    let places = namespaces(&objects);
    let world = World::closed(places.into_iter().chain(objects));
    Engine::of(world).publish().findings().cloned().collect()
}

/// `CHECK`, or `CHECK:FIELD` where only evidence of that field counts.
fn answers(finding: &Finding, says: &str) -> bool {
    let (check, field) = says.split_once(':').unwrap_or((says, ""));
    let mut paths = finding.evidence.iter().map(|e| &*e.path);
    finding.id.check == check && (field.is_empty() || paths.any(|path| path.ends_with(field)))
}

fn judge(
    root: &Path,
    group: impl Fn(&Path) -> Option<String>,
    expects: impl Fn(&str) -> Option<bool>,
    table: &[(&str, &[&str])],
    disputes: &[(&str, &str)],
) -> (usize, Vec<String>, BTreeSet<String>) {
    let mut all = Vec::new();
    files(root, &mut all);
    let (mut agreed, mut wrong, mut not_covered) = (0, Vec::new(), BTreeSet::new());
    let mut met = BTreeSet::new();
    for file in all {
        let name = file
            .strip_prefix(root)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let stem = file.file_stem().unwrap().to_str().unwrap();
        let (Some(group), Some(expected)) = (group(&file), expects(stem)) else {
            continue;
        };
        let Some((_, checks)) = table.iter().find(|(of, _)| *of == group) else {
            not_covered.insert(group);
            continue;
        };
        let found = findings(&file);
        let fires: BTreeSet<&str> = checks
            .iter()
            .copied()
            .filter(|says| found.iter().any(|f| answers(f, says)))
            .collect();
        let dispute = disputes.iter().find(|(of, _)| name.ends_with(of));
        match (fires.is_empty() != expected, dispute) {
            (true, None) => agreed += 1,
            (false, Some((of, _))) => drop(met.insert(*of)),
            (true, Some(_)) => wrong.push(format!("{name}: is no dispute any more")),
            (false, None) => wrong.push(format!("{name}: expected {expected}, fires {fires:?}")),
        }
    }
    for (of, _) in disputes.iter().filter(|(of, _)| !met.contains(of)) {
        wrong.push(format!("{of}: the dispute names no file"));
    }
    (agreed, wrong, not_covered)
}

#[test]
fn polaris_examples_are_as_their_names_say_or_disputed() {
    let Some(root) = corpus("FairwindsOps-polaris/test/checks") else {
        return;
    };
    let group = |file: &Path| {
        let folder = file.parent()?.file_name()?.to_str()?;
        Some(folder.to_owned())
    };
    let expects = |stem: &str| match stem.split('.').next().unwrap() {
        "success" => Some(false),
        "failure" => Some(true),
        _ => None,
    };
    let (agreed, wrong, rest) = judge(&root, group, expects, POLARIS, POLARIS_DISPUTES);
    assert!(wrong.is_empty(), "{agreed} agree\n{}", wrong.join("\n"));
    let known: BTreeSet<String> = POLARIS_ELSEWHERE
        .iter()
        .map(|(of, _)| (*of).to_owned())
        .collect();
    assert_eq!(rest, known);
    assert!(agreed >= 75, "{agreed}");
}

#[test]
fn gatekeeper_examples_are_as_their_names_say_or_disputed() {
    let Some(root) = corpus("open-policy-agent-gatekeeper-library/library/pod-security-policy")
    else {
        return;
    };
    let top = root.clone();
    let group = move |file: &Path| {
        let below = file.strip_prefix(&top).ok()?;
        let parts: Vec<&str> = below.iter().filter_map(|part| part.to_str()).collect();
        Some(format!("{}/{}", parts[0], parts[2]))
    };
    let expects = |stem: &str| {
        if stem.starts_with("example_disallowed") {
            Some(true)
        } else {
            stem.starts_with("example_allowed").then_some(false)
        }
    };
    let (agreed, wrong, rest) = judge(&root, group, expects, GATEKEEPER, GATEKEEPER_DISPUTES);
    assert!(wrong.is_empty(), "{agreed} agree\n{}", wrong.join("\n"));
    let known: BTreeSet<String> = GATEKEEPER_ELSEWHERE
        .iter()
        .map(|(of, _)| (*of).to_owned())
        .collect();
    assert_eq!(rest, known);
    assert!(agreed > 50, "{agreed}");
}

/// Check, kind of part, severity.
type Told = BTreeSet<(&'static str, String, String)>;

/// What of a pod must not depend on the kind that makes it.
fn of_pods(found: &[Arc<Finding>]) -> Told {
    // A bare pod has nobody who makes it again; Jobs need no probes.
    let by_kind = ["pod-without-owner", "probes-missing"];
    let all = found.iter().filter(|f| !by_kind.contains(&f.id.check));
    all.filter(|f| !matches!(f.id.part, Part::Subject(_)))
        .filter(|f| f.id.object.namespace.is_some())
        .map(|f| {
            (
                f.id.check,
                of_kind(&f.id.part),
                f.severity.word().to_owned(),
            )
        })
        .collect()
}

/// The examples name their containers after the kind that makes them.
fn of_kind(part: &Part) -> String {
    let part = part.to_string();
    match part.split_once('/') {
        Some(("container", _)) => "container".to_owned(),
        _ => part,
    }
}

#[test]
fn every_bad_pod_is_the_same_through_all_owner_kinds() {
    let Some(root) = corpus("BishopFox-badPods/manifests") else {
        return;
    };
    let mut profiles: BTreeMap<String, Vec<(String, Told)>> = BTreeMap::new();
    let mut all = Vec::new();
    files(&root, &mut all);
    for file in all {
        let below = file.strip_prefix(&root).unwrap();
        let parts: Vec<&str> = below.iter().filter_map(|part| part.to_str()).collect();
        let [profile, kind, name] = parts[..] else {
            continue;
        };
        let way = if name.contains("revshell") {
            "revshell"
        } else {
            "exec"
        };
        profiles
            .entry(format!("{profile}/{way}"))
            .or_default()
            .push((kind.to_owned(), of_pods(&findings(&file))));
    }
    assert!(profiles.len() >= 16, "{:?}", profiles.keys());
    for (profile, kinds) in &profiles {
        let (_, first) = kinds.iter().find(|(kind, _)| kind == "pod").unwrap();
        assert!(kinds.len() >= 8, "{profile}: {}", kinds.len());
        for (kind, found) in kinds {
            let case = format!("{profile} as {kind}");
            if BAD_PODS_DISPUTES.iter().any(|(of, _)| *of == case) {
                continue;
            }
            let more: Vec<_> = found.symmetric_difference(first).collect();
            assert!(more.is_empty(), "{case}: {more:?}");
        }
    }
}
