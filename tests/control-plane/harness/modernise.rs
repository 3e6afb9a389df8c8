//! Old manifests, made acceptable to a server of today without changing what they mean.
//!
//! Only what can be rewritten faithfully is: an Ingress of `v1beta1` has another shape, and is left for the server to refuse.

use serde_json::{Value, json};

/// Rewrites the object in place and says what was done.
pub fn modernise(object: &mut Value) -> Vec<String> {
    let steps = [version, selector, addresses, status];
    steps.into_iter().filter_map(|step| step(object)).collect()
}

/// Versions that are served no more, with a successor that reads the same document.
fn version(object: &mut Value) -> Option<String> {
    let kind = object["kind"].as_str()?;
    let old = object["apiVersion"].as_str()?.to_owned();
    let new = match (old.as_str(), kind) {
        (
            "extensions/v1beta1" | "apps/v1beta1" | "apps/v1beta2",
            "Deployment" | "DaemonSet" | "ReplicaSet" | "StatefulSet",
        ) => "apps/v1",
        ("extensions/v1beta1", "NetworkPolicy") => "networking.k8s.io/v1",
        ("batch/v1beta1" | "batch/v2alpha1", "CronJob") => "batch/v1",
        ("policy/v1beta1", "PodDisruptionBudget") => "policy/v1",
        ("rbac.authorization.k8s.io/v1alpha1" | "rbac.authorization.k8s.io/v1beta1", _) => {
            "rbac.authorization.k8s.io/v1"
        }
        ("scheduling.k8s.io/v1beta1", "PriorityClass") => "scheduling.k8s.io/v1",
        _ => return None,
    };
    object["apiVersion"] = json!(new);
    Some(format!("{old} became {new}"))
}

/// `apps/v1` asks for the selector that older versions took from the labels of the template.
fn selector(object: &mut Value) -> Option<String> {
    let labels = object["spec"]["template"]["metadata"]["labels"].clone();
    let wants = object["apiVersion"] == "apps/v1"
        && labels.is_object()
        && object["spec"].get("selector").is_none();
    wants.then(|| {
        object["spec"]["selector"] = json!({"matchLabels": labels});
        "selector taken from the template".to_owned()
    })
}

/// A fixed address of somebody else's Service range. `None` is no address: it makes the Service headless.
fn addresses(object: &mut Value) -> Option<String> {
    let fixed = object["kind"] == "Service"
        && object["spec"]
            .get("clusterIP")
            .is_some_and(|address| address != "None");
    let spec = object.get_mut("spec").filter(|_| fixed)?.as_object_mut()?;
    let address = spec.remove("clusterIP")?;
    spec.remove("clusterIPs");
    Some(format!("fixed address {address} dropped"))
}

/// What a server wrote once, and no manifest should say.
fn status(object: &mut Value) -> Option<String> {
    object
        .as_object_mut()?
        .remove("status")
        .map(|_| "status dropped".to_owned())
}
