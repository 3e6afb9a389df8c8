//! Manifests that people wrote, from the corpora that lie beside the clone: every pod and pod template in them, whatever
//! kind holds it, is judged as upstream judges the pod that it makes.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use bartizan::model::{Kind, Object, ObjectKind};
use bartizan::semantics::pod_security::{PodFacts, Version, standard};
use bartizan::source::wire::{Pool, decode_value};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::judge::lines;
use crate::verdicts::{Answer, JUDGE, Said, said};

pub fn trials() -> Vec<Trial> {
    let name = "pod_security::corpora";
    if corpora().is_dir() {
        return vec![JUDGE.trial(name, judged_alike)];
    }
    let reason = "no ../shared/corpora beside this clone";
    let trial = Trial::test(name, || Err(reason.into()));
    vec![trial.with_ignored_flag(true).with_kind(reason)]
}

const LEVELS: [&str; 2] = ["baseline", "restricted"];
const VERSIONS: [&str; 3] = ["v1.18", "v1.25", "latest"];

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora")
}

fn judged_alike(program: &Path) -> Result<()> {
    let mut files = Vec::new();
    collect(&corpora(), &mut files)?;
    files.sort();
    let (mut asked, mut ours) = (tempfile::NamedTempFile::new()?, Vec::new());
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for file in files {
        // templates of Helm and kustomize's own files are no manifests
        let Ok(documents) = serde_saphyr::from_multiple::<Value>(&fs::read_to_string(&file)?)
        else {
            continue;
        };
        for document in documents {
            let Some((kind, pod)) = pod(&document) else {
                continue;
            };
            let Ok(object) = decode_value(kind, &document, &mut Pool::new()) else {
                continue; // it is none by its kind's own rules
            };
            *kinds.entry(kind.info().name).or_default() += 1;
            for (level, version) in LEVELS.iter().flat_map(|l| VERSIONS.map(|v| (l, v))) {
                let question = json!({"pod": pod, "level": level, "version": version});
                writeln!(asked, "{question}")?;
                let minor = Version::parse(version).context("a version")?.applied(None);
                let answer = said(standard(), level, minor, facts(&object)?)?;
                ours.push((format!("{} at {level} {version}", file.display()), answer));
            }
        }
    }
    let mut ours = ours.into_iter();
    let count = lines(
        program,
        &["judge", &asked.path().display().to_string()],
        |line| {
            let upstream: Answer = serde_json::from_str(line)?;
            let (what, ours): (String, Vec<Said>) =
                ours.next().context("more answers than asked")?;
            ensure!(
                ours == upstream.violations && ours.is_empty() == upstream.allowed,
                "{what}: upstream {:?}, ours {ours:?}",
                upstream.violations
            );
            Ok(())
        },
    )?;
    eprintln!("{count} answers on the corpora agree: {kinds:?}");
    ensure!(ours.next().is_none() && kinds.len() == 8, "{kinds:?}");
    Ok(())
}

fn facts(object: &Object) -> Result<PodFacts<'_>> {
    match object {
        Object::Pod(pod) => Ok(pod.into()),
        Object::Workload(workload) => Ok((&workload.template).into()),
        other => bail!("{:?}", other.key()),
    }
}

/// The pod that a document is, or makes.
fn pod(document: &Value) -> Option<(Kind, Value)> {
    let text = |field: &str| document[field].as_str();
    let kind = ObjectKind::from_manifest(text("apiVersion")?, text("kind")?).known()?;
    let template = match kind {
        Kind::Pod => document,
        Kind::CronJob => &document["spec"]["jobTemplate"]["spec"]["template"],
        kind if Kind::TEMPLATED.contains(&kind) => &document["spec"]["template"],
        _ => return None,
    };
    let annotations = &template["metadata"]["annotations"];
    let pod = json!({"metadata": {"annotations": annotations}, "spec": template["spec"]});
    template["spec"].is_object().then_some((kind, pod))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_yaml = path.extension().is_some_and(|e| e == "yaml" || e == "yml");
        if path.is_dir() {
            collect(&path, files)?;
        } else if is_yaml {
            files.push(path);
        }
    }
    Ok(())
}
