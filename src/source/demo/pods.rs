//! Pods as scheduler, ServiceAccount admission and kubelet would leave them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::cluster::{Cluster, Ident, note};
use super::derive::{stamp, without_notes};
use super::hash::{digest, fnv, suffix};

/// A pod to make.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its name.
    pub name: String,
    /// Its template.
    pub template: Value,
    /// Its owner, when it is not the one of its workload.
    pub owner: Option<Value>,
    /// It has ended well.
    pub done: bool,
}

impl Wanted {
    /// A running pod of a template.
    pub fn of(name: String, template: &Value) -> Wanted {
        Wanted {
            name,
            template: template.clone(),
            owner: None,
            done: false,
        }
    }
}

/// Where admission mounts the token.
const AT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Makes pods; counts addresses node by node.
pub struct Maker<'a> {
    cluster: &'a Cluster,
    nodes: Vec<&'a Value>,
    addresses: BTreeMap<usize, usize>,
}

impl<'a> Maker<'a> {
    /// A maker for a cluster.
    pub fn new(cluster: &'a Cluster) -> Self {
        Maker {
            cluster,
            nodes: cluster.of_kind("Node").map(|(_, node)| node).collect(),
            addresses: BTreeMap::new(),
        }
    }

    /// The pods of a workload, placed round the nodes that they fit.
    pub fn pods(
        &mut self,
        id: &Ident,
        manifest: &Value,
        owner: &Value,
        wanted: Vec<Wanted>,
        all: &mut Vec<Value>,
    ) {
        let number = |name: &str| {
            note(manifest, name)
                .and_then(|n| n.parse::<usize>().ok())
                .unwrap_or(0)
        };
        let (pending, unready) = (number("pending"), number("not-ready"));
        let second = note(manifest, "second-digest").and_then(|n| n.split_once('='));
        let count = wanted.len();
        for (i, pod) in wanted.into_iter().enumerate() {
            let from_end = count - i;
            let fit = self.fitting(&pod.template["spec"]);
            let start =
                usize::try_from(fnv(&format!("{}/{}", id.1, id.2)) % fit.len().max(1) as u64)
                    .unwrap_or(0);
            let node =
                (from_end > pending && !fit.is_empty()).then(|| fit[(start + i) % fit.len()]);
            let again = second.and_then(|(name, n)| {
                (from_end <= n.parse().unwrap_or(0)).then(|| name.to_owned())
            });
            all.push(self.pod(id, &pod, owner, node, from_end > unready, again.as_deref()));
        }
    }

    /// A pod on each node that fits.
    pub fn daemon_set(
        &mut self,
        id: &Ident,
        manifest: &Value,
        owner: &Value,
        all: &mut Vec<Value>,
    ) {
        let template = &manifest["spec"]["template"];
        for at in self.fitting(&template["spec"]) {
            let node = self.nodes[at]["metadata"]["name"]
                .as_str()
                .unwrap_or_default();
            let name = format!(
                "{}-{}",
                id.2,
                suffix(&format!("{}/{}/{node}", id.1, id.2), 5)
            );
            let made = self.pod(id, &Wanted::of(name, template), owner, Some(at), true, None);
            all.push(made);
        }
    }

    /// Positions of the nodes that a spec fits: its node selector holds, every hard taint is tolerated.
    fn fitting(&self, spec: &Value) -> Vec<usize> {
        let fits = |node: &Value| {
            let labels = &node["metadata"]["labels"];
            let wanted = spec["nodeSelector"].as_object().into_iter().flatten();
            let selected = wanted
                .clone()
                .all(|(key, value)| labels.get(key) == Some(value));
            let taints = node["spec"]["taints"].as_array().into_iter().flatten();
            let hard = taints.filter(|t| t["effect"] == "NoSchedule" || t["effect"] == "NoExecute");
            selected && hard.clone().all(|taint| tolerated(spec, taint))
        };
        (0..self.nodes.len())
            .filter(|at| fits(self.nodes[*at]))
            .collect()
    }

    fn pod(
        &mut self,
        id: &Ident,
        wanted: &Wanted,
        owner: &Value,
        node: Option<usize>,
        ready: bool,
        again: Option<&str>,
    ) -> Value {
        let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": wanted.template["metadata"],
            "spec": wanted.template["spec"]});
        pod["metadata"]["name"] = wanted.name.clone().into();
        pod["metadata"]["namespace"] = id.1.clone().into();
        let owner = wanted.owner.as_ref().unwrap_or(owner);
        if !owner.is_null() {
            pod["metadata"]["ownerReferences"] = json!([owner]);
        }
        stamp(
            &mut pod,
            &("Pod".to_owned(), id.1.clone(), wanted.name.clone()),
            1,
        );
        without_notes(&mut pod);
        self.admit(id, &wanted.name, &mut pod["spec"]);
        let node_name = node.map(|at| self.nodes[at]["metadata"]["name"].clone());
        match (node, node_name) {
            (Some(at), Some(name)) => {
                pod["spec"]["nodeName"] = name;
                let host = node_address(self.nodes[at]);
                let ip = if pod["spec"]["hostNetwork"] == true {
                    host.clone()
                } else {
                    self.address(at)
                };
                pod["status"] = status(&pod, wanted.done, ready, again, &ip, &host);
            }
            _ => {
                pod["status"] = json!({"phase": "Pending", "conditions": [
                    {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]});
            }
        }
        pod
    }

    fn address(&mut self, node: usize) -> String {
        let next = self.addresses.entry(node).or_insert(9);
        *next += 1;
        format!("10.64.{}.{next}", node + 1)
    }

    /// What the ServiceAccount admission writes into a pod.
    fn admit(&self, id: &Ident, pod: &str, spec: &mut Value) {
        let account = spec["serviceAccountName"]
            .as_str()
            .unwrap_or("default")
            .to_owned();
        spec["serviceAccountName"] = account.clone().into();
        spec["serviceAccount"] = account.clone().into();
        let tolerate = |key: &str| json!({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300});
        push(
            spec,
            "tolerations",
            tolerate("node.kubernetes.io/not-ready"),
        );
        push(
            spec,
            "tolerations",
            tolerate("node.kubernetes.io/unreachable"),
        );
        let of_account = self
            .cluster
            .get(&("ServiceAccount".to_owned(), id.1.clone(), account))
            .and_then(|a| a["automountServiceAccountToken"].as_bool());
        if !spec["automountServiceAccountToken"]
            .as_bool()
            .or(of_account)
            .unwrap_or(true)
        {
            return;
        }
        let volume = format!("kube-api-access-{}", suffix(&format!("{}/{pod}", id.1), 5));
        push(
            spec,
            "volumes",
            json!({"name": volume, "projected": {"defaultMode": 420, "sources": [
            {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
            {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
            {"downwardAPI": {"items": [{"path": "namespace",
                "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}}]}}),
        );
        for list in ["containers", "initContainers"] {
            for container in spec[list].as_array_mut().into_iter().flatten() {
                let taken = container["volumeMounts"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .any(|m| m["mountPath"] == AT);
                if !taken {
                    push(
                        container,
                        "volumeMounts",
                        json!({"name": volume, "readOnly": true, "mountPath": AT}),
                    );
                }
            }
        }
    }
}

fn push(holder: &mut Value, list: &str, item: Value) {
    if holder[list].is_null() {
        holder[list] = json!([]);
    }
    if let Some(items) = holder[list].as_array_mut() {
        items.push(item);
    }
}

fn tolerated(spec: &Value, taint: &Value) -> bool {
    spec["tolerations"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|t| {
            let effect = t["effect"].is_null() || t["effect"] == taint["effect"];
            let exists = t["operator"] == "Exists";
            let key = (exists && t["key"].is_null()) || t["key"] == taint["key"];
            effect && key && (exists || t["value"] == taint["value"])
        })
}

fn node_address(node: &Value) -> String {
    let addresses = node["status"]["addresses"].as_array().into_iter().flatten();
    let internal = addresses.clone().find(|a| a["type"] == "InternalIP");
    internal
        .and_then(|a| a["address"].as_str())
        .unwrap_or("10.40.0.1")
        .to_owned()
}

fn status(
    pod: &Value,
    done: bool,
    ready: bool,
    again: Option<&str>,
    ip: &str,
    host: &str,
) -> Value {
    let started = pod["metadata"]["creationTimestamp"].clone();
    let mut lists = serde_json::Map::new();
    for (list, key) in [
        ("containers", "containerStatuses"),
        ("initContainers", "initContainerStatuses"),
    ] {
        let containers = pod["spec"][list].as_array().cloned().unwrap_or_default();
        let statuses: Vec<Value> = containers
            .iter()
            .enumerate()
            .map(|(at, c)| {
                let failing = !ready && at == 0 && list == "containers";
                let state = match (done, failing) {
                    (true, _) => json!({"terminated": {"exitCode": 0, "reason": "Completed"}}),
                    (_, true) => json!({"waiting": {"reason": "CrashLoopBackOff"}}),
                    _ => json!({"running": {"startedAt": started}}),
                };
                let image = c["image"].as_str().unwrap_or_default();
                json!({"name": c["name"], "image": image, "ready": !done && !failing, "started": !done && !failing,
                    "restartCount": if failing { 7 } else { 0 }, "state": state,
                    "imageID": image_id(image, again == c["name"].as_str() && again.is_some())})
            })
            .collect();
        if !statuses.is_empty() {
            lists.insert(key.to_owned(), statuses.into());
        }
    }
    let is_ready = if ready && !done { "True" } else { "False" };
    let mut status = json!({"phase": if done { "Succeeded" } else { "Running" }, "podIP": ip, "podIPs": [{"ip": ip}],
        "hostIP": host, "startTime": started, "conditions": [{"type": "Ready", "status": is_ready}]});
    if let Some(fields) = status.as_object_mut() {
        fields.extend(lists);
    }
    status
}

/// `imageID` as a runtime reports it: repository in full, and a digest.
fn image_id(image: &str, again: bool) -> String {
    let (name, own) = image
        .split_once('@')
        .map_or((image, None), |(name, digest)| (name, Some(digest)));
    let tag = name.rfind(':').filter(|at| !name[*at..].contains('/'));
    let repository = tag.map_or(name, |at| &name[..at]);
    let first = repository.split('/').next().unwrap_or_default();
    let has_host = repository.contains('/') && (first.contains(['.', ':']) || first == "localhost");
    let full = match (has_host, repository.contains('/')) {
        (true, _) => repository.to_owned(),
        (false, true) => format!("docker.io/{repository}"),
        (false, false) => format!("docker.io/library/{repository}"),
    };
    let made = if again {
        digest(&format!("{image}+2"))
    } else {
        digest(image)
    };
    format!("{full}@{}", own.map_or(made, str::to_owned))
}
