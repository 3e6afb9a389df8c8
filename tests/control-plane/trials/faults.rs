//! The harness can break its control plane, and the control plane survives it.

use std::time::Duration;

use anyhow::ensure;
use libtest_mimic::Trial;

use crate::harness::{Cluster, Needs, Result, User, eventually, trial};

pub fn trials() -> Vec<Trial> {
    vec![
        trial::own(
            "faults/objects_survive_a_killed_server",
            Needs::Server,
            &[],
            objects_survive_a_killed_server,
        ),
        trial::own(
            "faults/a_paused_store_delays_answers",
            Needs::Server,
            &[],
            a_paused_store_delays_answers,
        ),
    ]
}

fn objects_survive_a_killed_server(cluster: &Cluster) -> Result {
    cluster.apply(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: kept}, data: {word: bartizan}}",
    )?;
    let before = cluster.get(&["configmap", "kept"])?;
    cluster.kill_apiserver()?;
    let answer = cluster.kubectl(User::Admin, &["get", "configmap", "kept"])?;
    ensure!(
        answer.code == Some(1) && answer.stderr.contains("refused"),
        "a killed server answered {answer:?}"
    );
    cluster.restart_apiserver()?;
    let after = cluster.get(&["configmap", "kept"])?;
    ensure!(before == after, "{before} became {after}");
    let nobody = cluster.kubectl(User::Nobody, &["auth", "whoami", "-o", "name"])?;
    ensure!(
        nobody.code == Some(0),
        "logins of before do not work any more: {nobody:?}"
    );
    Ok(())
}

fn a_paused_store_delays_answers(cluster: &Cluster) -> Result {
    let write = ["create", "configmap", "late", "--request-timeout=2s"];
    cluster.pause_etcd()?;
    let paused = cluster.kubectl(User::Admin, &write)?;
    cluster.resume_etcd()?;
    ensure!(
        paused.code != Some(0),
        "a write went through a paused store: {paused:?}"
    );
    eventually("a write", Duration::from_secs(30), || {
        let written = cluster.kubectl(User::Admin, &["create", "configmap", "later"])?;
        written.success().map(Some)
    })?;
    Ok(())
}
