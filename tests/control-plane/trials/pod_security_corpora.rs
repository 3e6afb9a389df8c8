//! Every pod and pod template of the corpora, on the real server: it must judge each as we do, letter for letter.
//!
//! A template is made as a bare pod. What admission alone would refuse (an account, a node or a priority that is not
//! there) is left out; what validation refuses is counted and not compared.

use std::fs;

use anyhow::ensure;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::pod_security::{NAMESPACE, at_every_level};
use crate::harness::{Cluster, Corpus, Result, User, documents, trial};

pub fn trials() -> Vec<Trial> {
    vec![trial::with_corpora(
        "pod_security_corpora/the_server_says_the_same",
        the_server_says_the_same,
    )]
}

fn the_server_says_the_same(cluster: &Cluster) -> Result {
    cluster.add_namespace(NAMESPACE)?;
    let pods = pods()?;
    let list = json!({"apiVersion": "v1", "kind": "List", "items": pods}).to_string();
    // One that is refused does not stop the others.
    let output = cluster.kubectl_stdin(
        User::Admin,
        &["create", "--validate=false", "-f", "-"],
        &list,
    )?;
    let made = output.stdout.lines().count();
    let warned = at_every_level(cluster)?;
    eprintln!(
        "pod_security_corpora: {} pods of the corpora, {made} accepted, {warned} warnings compared",
        pods.len()
    );
    ensure!(made > MADE, "only {made}: {}", output.stderr);
    Ok(())
}

/// Fewer than these would mean that the corpora were not read.
const MADE: usize = 300;

/// Pods of all files that are manifests, each spec once.
fn pods() -> Result<Vec<Value>> {
    let mut pods: Vec<Value> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for file in Corpus::all_files()? {
        // Templates of charts are no manifests.
        let Ok(objects) = documents(&fs::read_to_string(&file)?) else {
            continue;
        };
        for object in &objects {
            let Some(pod) = pod(object, pods.len()) else {
                continue;
            };
            let same = json!([pod["spec"], pod["metadata"]["annotations"]]).to_string();
            if seen.insert(same) {
                pods.push(pod);
            }
        }
    }
    Ok(pods)
}

fn pod(object: &Value, at: usize) -> Option<Value> {
    let template = match object["kind"].as_str()? {
        "Pod" => object,
        "CronJob" => object.pointer("/spec/jobTemplate/spec/template")?,
        _ => object.pointer("/spec/template")?,
    };
    let mut spec = template["spec"].clone();
    let fields = spec.as_object_mut()?;
    fields.get("containers")?;
    for field in [
        "serviceAccountName",
        "serviceAccount",
        "nodeName",
        "priorityClassName",
        "runtimeClassName",
    ] {
        fields.remove(field);
    }
    let annotations = template["metadata"]["annotations"].clone();
    Some(
        json!({"apiVersion": "v1", "kind": "Pod", "spec": spec, "metadata": {"name": format!("made-{at}"), "namespace": NAMESPACE, "annotations": annotations}}),
    )
}
