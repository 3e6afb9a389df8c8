//! Four real applications in one cluster: the server accepts them, and they run.

use std::time::Duration;

use anyhow::ensure;
use libtest_mimic::Trial;

use crate::harness::{APPLICATIONS, Cluster, Result, eventually, trial};

pub fn trials() -> Vec<Trial> {
    vec![
        trial::with_corpora(
            "applications/four_are_accepted_and_run",
            four_are_accepted_and_run,
        ),
        trial::with_corpora(
            "applications/an_old_one_is_rewritten",
            an_old_one_is_rewritten,
        ),
    ]
}

fn four_are_accepted_and_run(cluster: &Cluster) -> Result {
    let expected = [
        ("kubernetes-goat", 32),
        ("microservices-demo", 35),
        ("argo-cd", 59),
        ("ingress-nginx", 19),
    ];
    for (name, objects) in expected {
        ensure!(APPLICATIONS.contains(&name), "{name} is not on the list");
        let loaded = cluster.apply_corpus(name)?;
        ensure!(
            loaded.skipped.is_empty(),
            "{name}: skipped {:#?}",
            loaded.skipped
        );
        ensure!(
            loaded.changed.is_empty(),
            "{name}: changed {:#?}",
            loaded.changed
        );
        let applied = loaded.applied.len();
        ensure!(
            applied == objects,
            "{name}: {applied} objects, {objects} in its files"
        );
    }
    eventually(
        "every Deployment to be available",
        Duration::from_secs(120),
        || {
            let found = cluster.get(&["deployments", "-A"])?;
            let all = found["items"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default();
            let available = |item: &serde_json::Value| {
                item["status"]["availableReplicas"] == item["spec"]["replicas"]
            };
            Ok((all.len() >= 27 && all.iter().all(available)).then_some(()))
        },
    )
}

/// Dropped versions and fixed addresses are the loader's work; what it cannot save it names.
fn an_old_one_is_rewritten(cluster: &Cluster) -> Result {
    let loaded = cluster.apply_corpus("sock-shop")?;
    ensure!(
        loaded.applied.len() > 80,
        "only {} applied, skipped {:#?}",
        loaded.applied.len(),
        loaded.skipped
    );
    ensure!(
        loaded
            .changed
            .iter()
            .any(|change| change.contains("rbac.authorization.k8s.io/v1beta1 became")),
        "{:#?}",
        loaded.changed
    );
    ensure!(
        loaded
            .skipped
            .iter()
            .all(|skipped| !skipped.object.contains('?') && !skipped.reason.is_empty())
    );
    Ok(())
}
