//! What admission leaves of the writes of a kubelet: the authorizer allows all of these.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::set_up;
use crate::harness::{Cluster, Proxy, Result};

/// A write: method, path, body, and whether admission lets it through.
type Write = (&'static str, String, Value, bool);

/// The kubelet of node-1 tries each, and is let through where that is said.
pub(super) fn admission_leaves_what_is_said(cluster: &Cluster) -> Result {
    let proxy = Proxy::start(cluster)?;
    set_up(cluster, &proxy)?;
    let mut writes = tokens(cluster)?;
    writes.extend(pods());
    writes.extend(own_objects());
    let login = [
        ("Impersonate-User", "system:node:node-1".to_owned()),
        ("Impersonate-Group", "system:nodes".to_owned()),
    ];
    for (method, path, body, passes) in &writes {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let (code, answer) = proxy.send(method, &format!("{path}?dryRun=All"), &login, &body)?;
        let passed = matches!(code, 200 | 201);
        let told = || format!("{method} {path} {body}: {code} {answer}");
        ensure!(passed == *passes && (passed || code == 403), told());
        let said = answer["message"].as_str().unwrap_or_default();
        // Who refuses it tells that the authorizer let it through.
        ensure!(passed || !said.contains("forbidden: User "), told());
    }
    eprintln!("node_reviews: {} writes of a kubelet", writes.len());
    Ok(())
}

/// Only for a pod on the node, and for an audience that a volume of it asks for.
fn tokens(cluster: &Cluster) -> Result<Vec<Write>> {
    let ended = cluster.get(&["pods", "-n", "node-a", "-l", "job-name=ended"])?;
    let ended = ended["items"][0]["metadata"]["name"].as_str();
    let token = |account: &str, pod: &str, audience: &str, passes: bool| -> Result<Write> {
        let found = cluster.get(&["pod", pod, "-n", "node-a"])?;
        let uid = &found["metadata"]["uid"];
        let mut spec =
            json!({"boundObjectRef": {"apiVersion": "v1", "kind": "Pod", "name": pod, "uid": uid}});
        if !audience.is_empty() {
            spec["audiences"] = json!([audience]);
        }
        Ok(request(account, &spec, passes))
    };
    let ended = ended.context("the pod of the job")?;
    Ok(vec![
        token("default", ended, "", true)?,
        token("default", ended, "vault", false)?,
        request("default", &json!({}), false),
        // The pod of this account has no token, and this pod is on another node.
        token("own", "env", "", false)?,
        token("default", "volumes", "", false)?,
    ])
}

fn request(account: &str, spec: &Value, passes: bool) -> Write {
    let path = format!("/api/v1/namespaces/node-a/serviceaccounts/{account}/token");
    let body =
        json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec});
    ("POST", path, body, passes)
}

/// Only those on the node, and no labels.
fn pods() -> Vec<Write> {
    let pods = "/api/v1/namespaces/node-a/pods";
    let made = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "made"},
        "spec": {"nodeName": "node-1", "containers": [{"name": "main", "image": "example.com/x:1"}]}});
    let status = json!({"status": {"message": "x"}});
    vec![
        ("POST", pods.to_owned(), made, false),
        ("DELETE", format!("{pods}/env"), Value::Null, true),
        ("DELETE", format!("{pods}/volumes"), Value::Null, false),
        ("PATCH", format!("{pods}/env/status"), status.clone(), true),
        ("PATCH", format!("{pods}/volumes/status"), status, false),
        (
            "PATCH",
            format!("{pods}/env/status"),
            labels(json!({"taken": "yes"})),
            false,
        ),
    ]
}

/// Only its own Node and lease; no taints, and of Kubernetes' labels those of kubelets.
fn own_objects() -> Vec<Write> {
    let node = |name: &str, body: Value, passes: bool| -> Write {
        ("PATCH", format!("/api/v1/nodes/{name}"), body, passes)
    };
    let label = |key: &str, passes| node("node-1", labels(json!({key: "x"})), passes);
    let taint = json!({"spec": {"taints": [{"key": "x", "effect": "NoSchedule"}]}});
    let lease = json!({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "node-7"}, "spec": {}});
    let leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
    vec![
        label("example.com/taken", true),
        label("topology.kubernetes.io/zone", true),
        label("node-role.kubernetes.io/control-plane", false),
        label("node-restriction.kubernetes.io/x", false),
        node("node-1", taint, false),
        node("node-2", labels(json!({"example.com/taken": "x"})), false),
        ("POST", leases.to_owned(), lease, false),
    ]
}

fn labels(labels: Value) -> Value {
    json!({"metadata": {"labels": labels}})
}
