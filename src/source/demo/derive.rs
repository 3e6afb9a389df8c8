//! What the controllers would make: ReplicaSets, Jobs, pods; addresses and times of the manifests themselves.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::cluster::{Cluster, Ident, note, wanted};
use super::hash::{digest, fnv, suffix};
use super::pods::{Maker, Wanted};
use super::slices;

/// The demo's last morning, in seconds since 1970: 2026-11-02T06:00:00Z.
const MORNING: i64 = 1_793_599_200;

/// The minute of the last run of every CronJob.
const LAST_RUN: i64 = 29_893_320;

/// Every object of the cluster as its API server would hold it.
pub fn derive(cluster: &Cluster) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    let mut maker = Maker::new(cluster);
    for (id, manifest) in cluster.manifests() {
        let object = written(id, manifest);
        match id.0.as_str() {
            "Deployment" => deployment(cluster, id, manifest, &mut maker, &mut all),
            "ReplicaSet" | "ReplicationController" => {
                let owner = owner_of(&object);
                let template = manifest["spec"]["template"].clone();
                let names = (0..wanted(manifest))
                    .map(|i| format!("{}-{}", id.2, suffix(&format!("{}/{}/{i}", id.1, id.2), 5)));
                let pods = names.map(|name| Wanted::of(name, &template)).collect();
                maker.pods(id, manifest, &owner, pods, &mut all);
            }
            "StatefulSet" => stateful_set(id, manifest, &object, &mut maker, &mut all),
            "DaemonSet" => maker.daemon_set(id, manifest, &owner_of(&object), &mut all),
            "Job" => {
                let name = format!("{}-{}", id.2, suffix(&format!("{}/{}/0", id.1, id.2), 5));
                job_pod(
                    id,
                    manifest,
                    &object,
                    name,
                    note(manifest, "phase") == Some("Succeeded"),
                    &mut maker,
                    &mut all,
                );
            }
            "CronJob" => cron_job(id, manifest, &object, &mut maker, &mut all),
            "Pod" => {
                let template = json!({"metadata": manifest["metadata"], "spec": manifest["spec"]});
                maker.pods(
                    id,
                    manifest,
                    &Value::Null,
                    vec![Wanted::of(id.2.clone(), &template)],
                    &mut all,
                );
                continue;
            }
            _ => {}
        }
        all.push(object);
    }
    let made = slices::slices(cluster, &all);
    all.extend(made);
    all
}

/// A manifest as the server holds it: created, with addresses, without the demo's own annotations.
fn written(id: &Ident, manifest: &Value) -> Value {
    let mut object = manifest.clone();
    let age = note(manifest, "age")
        .and_then(|a| a.trim_end_matches('d').parse::<i64>().ok())
        .unwrap_or(120);
    stamp(&mut object, id, age);
    if let Some(owner) = note(manifest, "owner") {
        let words: Vec<&str> = owner.split(' ').collect();
        if let [version, kind, name] = words[..] {
            object["metadata"]["ownerReferences"] = json!([reference(version, kind, name, &id.1)]);
        }
    }
    if id.0 == "Service" {
        addresses(id, &mut object);
    }
    if id.0 == "Namespace" {
        object["metadata"]["labels"]["kubernetes.io/metadata.name"] = id.2.clone().into();
    }
    without_notes(&mut object);
    object
}

/// Drops the demo's own annotations.
pub fn without_notes(object: &mut Value) {
    if let Some(annotations) = object["metadata"]
        .get_mut("annotations")
        .and_then(Value::as_object_mut)
    {
        annotations.retain(|key, _| !key.starts_with("demo.bartizan/"));
    }
}

/// uid and creation time.
pub fn stamp(object: &mut Value, id: &Ident, days: i64) {
    let hex = digest(&format!("{}/{}/{}", id.0, id.1, id.2)).split_off(7);
    let uid = format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..32]
    );
    let created = jiff::Timestamp::from_second(MORNING - days * 86_400).unwrap_or_default();
    object["metadata"]["uid"] = uid.into();
    object["metadata"]["creationTimestamp"] = created.to_string().into();
}

/// The owner reference that children of an object carry.
pub fn owner_of(object: &Value) -> Value {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let meta = &object["metadata"];
    reference(
        &text(&object["apiVersion"]),
        &text(&object["kind"]),
        &text(&meta["name"]),
        &text(&meta["namespace"]),
    )
}

fn reference(version: &str, kind: &str, name: &str, namespace: &str) -> Value {
    let mut holder = json!({"metadata": {}});
    stamp(
        &mut holder,
        &(kind.to_owned(), namespace.to_owned(), name.to_owned()),
        0,
    );
    json!({"apiVersion": version, "kind": kind, "name": name, "uid": holder["metadata"]["uid"],
        "controller": true, "blockOwnerDeletion": true})
}

fn addresses(id: &Ident, object: &mut Value) {
    let kind = object["spec"]["type"]
        .as_str()
        .unwrap_or("ClusterIP")
        .to_owned();
    let spec = &mut object["spec"];
    if kind == "ExternalName" {
        return;
    }
    if spec["clusterIP"].is_null() {
        let at = fnv(&format!("{}/{}", id.1, id.2)) % 65_000 + 10;
        spec["clusterIP"] = format!("172.20.{}.{}", at / 256, at % 256).into();
    }
    if matches!(kind.as_str(), "NodePort" | "LoadBalancer")
        && spec["allocateLoadBalancerNodePorts"] != false
    {
        for port in spec["ports"].as_array_mut().into_iter().flatten() {
            if port["nodePort"].is_null() {
                let hash = fnv(&format!("{}/{}/{}", id.1, id.2, port["port"]));
                port["nodePort"] = (30_000 + hash % 2_768).into();
            }
        }
    }
}

fn deployment(
    cluster: &Cluster,
    id: &Ident,
    manifest: &Value,
    maker: &mut Maker<'_>,
    all: &mut Vec<Value>,
) {
    let n = wanted(manifest);
    let current = manifest["spec"]["template"].clone();
    let old = cluster
        .rolling
        .get(id)
        .cloned()
        .or_else(|| revision(manifest, &current));
    let (old_template, old_pods) = old.unwrap_or((Value::Null, 0));
    let object = written(id, manifest);
    let mut pods = Vec::new();
    for (template, count, first) in [
        (&old_template, old_pods.min(n), 0),
        (&current, n.saturating_sub(old_pods), old_pods),
    ] {
        if template.is_null() || (count == 0 && first == 0 && old_pods > 0) {
            continue;
        }
        let hash = suffix(&template.to_string(), 10);
        let name = format!("{}-{hash}", id.2);
        let mut template = template.clone();
        template["metadata"]["labels"]["pod-template-hash"] = hash.into();
        let mut set = json!({"apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": {"name": name, "namespace": id.1, "labels": template["metadata"]["labels"],
                "ownerReferences": [owner_of(&object)]},
            "spec": {"replicas": count, "selector": manifest["spec"]["selector"], "template": template}});
        stamp(
            &mut set,
            &("ReplicaSet".to_owned(), id.1.clone(), name.clone()),
            1,
        );
        let owner = owner_of(&set);
        for i in 0..count {
            let pod = format!("{name}-{}", suffix(&format!("{}/{name}/{i}", id.1), 5));
            pods.push(Wanted {
                owner: Some(owner.clone()),
                ..Wanted::of(pod, &template)
            });
        }
        all.push(set);
    }
    maker.pods(id, manifest, &Value::Null, pods, all);
}

/// The older revision that an exception asks for.
fn revision(manifest: &Value, current: &Value) -> Option<(Value, usize)> {
    let (count, change) = note(manifest, "old-revision")?.split_once(' ')?;
    let (container, image) = change.split_once('=')?;
    let mut template = current.clone();
    for each in template["spec"]["containers"].as_array_mut()? {
        if each["name"] == container {
            each["image"] = image.into();
        }
    }
    Some((template, count.parse().ok()?))
}

fn stateful_set(
    id: &Ident,
    manifest: &Value,
    object: &Value,
    maker: &mut Maker<'_>,
    all: &mut Vec<Value>,
) {
    let mut pods = Vec::new();
    for i in 0..wanted(manifest) {
        let name = format!("{}-{i}", id.2);
        let mut template = manifest["spec"]["template"].clone();
        template["metadata"]["labels"]["statefulset.kubernetes.io/pod-name"] = name.clone().into();
        template["metadata"]["labels"]["apps.kubernetes.io/pod-index"] = i.to_string().into();
        let claims = manifest["spec"]["volumeClaimTemplates"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        for claim in claims {
            let claim = claim["metadata"]["name"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            let volume = json!({"name": claim, "persistentVolumeClaim": {"claimName": format!("{claim}-{name}")}});
            if template["spec"]["volumes"].is_null() {
                template["spec"]["volumes"] = json!([]);
            }
            if let Some(volumes) = template["spec"]["volumes"].as_array_mut() {
                volumes.push(volume);
            }
        }
        pods.push(Wanted::of(name, &template));
    }
    maker.pods(id, manifest, &owner_of(object), pods, all);
}

fn cron_job(
    id: &Ident,
    manifest: &Value,
    object: &Value,
    maker: &mut Maker<'_>,
    all: &mut Vec<Value>,
) {
    if note(manifest, "pods") == Some("0") {
        return;
    }
    let name = format!("{}-{LAST_RUN}", id.2);
    let mut job = json!({"apiVersion": "batch/v1", "kind": "Job",
        "metadata": {"name": name, "namespace": id.1, "ownerReferences": [owner_of(object)]},
        "spec": manifest["spec"]["jobTemplate"]["spec"]});
    let job_id = ("Job".to_owned(), id.1.clone(), name.clone());
    stamp(&mut job, &job_id, 0);
    let pod = format!("{name}-{}", suffix(&format!("{}/{name}/0", id.1), 5));
    job_pod(&job_id, &job.clone(), &job, pod, true, maker, all);
    all.push(job);
}

fn job_pod(
    id: &Ident,
    manifest: &Value,
    object: &Value,
    name: String,
    done: bool,
    maker: &mut Maker<'_>,
    all: &mut Vec<Value>,
) {
    if note(manifest, "pods") == Some("0") {
        return;
    }
    let mut template = manifest["spec"]["template"].clone();
    let labels: BTreeMap<&str, &str> = BTreeMap::from([
        ("batch.kubernetes.io/job-name", &*id.2),
        ("job-name", &*id.2),
    ]);
    for (key, value) in labels {
        template["metadata"]["labels"][key] = value.into();
    }
    let pod = Wanted {
        done,
        ..Wanted::of(name, &template)
    };
    maker.pods(id, manifest, &owner_of(object), vec![pod], all);
}
