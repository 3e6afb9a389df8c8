//! Nodes without machines: pods run on them, and everything that follows from a running pod is there.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::ensure;
use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{Cluster, Result, eventually, trial};

const WAIT: Duration = Duration::from_secs(60);

const WEB: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: nodes-web}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      initContainers:
      - {name: prepare, image: example.com/prepare:1}
      containers:
      - {name: web, image: 'example.com/web:1', ports: [{containerPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: nodes-web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: once, namespace: nodes-web}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: once, image: example.com/once:1}]}}}
";

pub fn trials() -> Vec<Trial> {
    vec![trial::shared(
        "nodes/pods_run_and_endpoints_fill",
        pods_run_and_endpoints_fill,
    )]
}

fn pods_run_and_endpoints_fill(cluster: &Cluster) -> Result {
    cluster.add_namespace("nodes-web")?;
    cluster.apply(WEB)?;
    let pods = eventually("four running pods", WAIT, || {
        let pods = list(cluster, &["pods", "-l", "app=web"])?;
        Ok(
            (pods.len() == 4 && pods.iter().all(|pod| pod["status"]["phase"] == "Running"))
                .then_some(pods),
        )
    })?;
    let addresses: BTreeSet<_> = pods
        .iter()
        .filter_map(|pod| pod["status"]["podIP"].as_str())
        .collect();
    ensure!(
        addresses.len() == 4
            && addresses
                .iter()
                .all(|address| address.starts_with("10.244.")),
        "{addresses:?}"
    );
    for pod in &pods {
        let id = pod["status"]["containerStatuses"][0]["imageID"]
            .as_str()
            .unwrap_or_default();
        ensure!(
            id.starts_with("example.com/web@sha256:")
                && id.len() == "example.com/web@sha256:".len() + 64,
            "image ID {id}"
        );
        ensure!(
            pod["status"]["hostIP"]
                .as_str()
                .is_some_and(|address| address.starts_with("172.30.0.")),
            "{}",
            pod["status"]
        );
    }
    let ready = eventually("four ready endpoints", WAIT, || {
        let slices = list(
            cluster,
            &["endpointslices", "-l", "kubernetes.io/service-name=web"],
        )?;
        let endpoints: Vec<_> = slices
            .iter()
            .filter_map(|slice| slice["endpoints"].as_array())
            .flatten()
            .cloned()
            .collect();
        Ok((endpoints
            .iter()
            .filter(|endpoint| endpoint["conditions"]["ready"] == true)
            .count()
            == 4)
            .then_some(endpoints))
    })?;
    ensure!(ready.iter().all(|endpoint| {
        endpoint["addresses"][0]
            .as_str()
            .is_some_and(|address| addresses.contains(address))
    }));
    eventually("the Job to be complete", WAIT, || {
        let job = cluster.get(&["job", "once", "-n", "nodes-web"])?;
        Ok((job["status"]["succeeded"] == 1).then_some(()))
    })?;
    cluster.admin(&[
        "scale",
        "deployment",
        "web",
        "--replicas=0",
        "-n",
        "nodes-web",
    ])?;
    eventually("the pods to be gone", WAIT, || {
        Ok(list(cluster, &["pods", "-l", "app=web"])?
            .is_empty()
            .then_some(()))
    })
}

fn list(cluster: &Cluster, arguments: &[&str]) -> Result<Vec<Value>> {
    let found = cluster.get(&[arguments, &["-n", "nodes-web"]].concat())?;
    Ok(found["items"].as_array().cloned().unwrap_or_default())
}
