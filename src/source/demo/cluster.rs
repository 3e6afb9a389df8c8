//! The manifests as they stand now, in the order of the files, and how far each Deployment has rolled.

use std::collections::BTreeMap;

use serde_json::Value;

/// Identity of a manifest: kind, namespace, name.
pub type Ident = (String, String, String);

/// The state from which everything is derived.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    order: Vec<Ident>,
    manifests: BTreeMap<Ident, Value>,
    /// Old template and pods that still run it, of Deployments in a rollout.
    pub rolling: BTreeMap<Ident, (Value, usize)>,
}

/// The identity of an object or of a reference with the same fields at its top.
pub fn ident(object: &Value) -> Ident {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let meta = if object["metadata"].is_object() {
        &object["metadata"]
    } else {
        object
    };
    (
        text(&object["kind"]),
        text(&meta["namespace"]),
        text(&meta["name"]),
    )
}

impl Cluster {
    /// Every manifest, in order.
    pub fn manifests(&self) -> impl Iterator<Item = (&Ident, &Value)> {
        self.order
            .iter()
            .filter_map(|id| self.manifests.get_key_value(id))
    }

    /// One manifest.
    pub fn get(&self, id: &Ident) -> Option<&Value> {
        self.manifests.get(id)
    }

    /// Manifests of a kind, in order.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a Ident, &'a Value)> {
        self.manifests().filter(move |(id, _)| id.0 == kind)
    }

    /// Puts an object in place of what was there. A Deployment whose template changed begins a rollout: all of its pods
    /// still run the old template. The status of before is kept.
    pub fn apply(&mut self, mut object: Value) -> Option<Ident> {
        let id = ident(&object);
        let mut rolls = None;
        if let Some(old) = self.manifests.get(&id) {
            if id.0 == "Deployment" && old["spec"]["template"] != object["spec"]["template"] {
                let pods = wanted(old);
                self.rolling
                    .insert(id.clone(), (old["spec"]["template"].clone(), pods));
                rolls = Some(id.clone());
            } else if self.rolling.contains_key(&id) {
                rolls = Some(id.clone());
            }
            if object.get("status").is_none() && old.get("status").is_some() {
                object["status"] = old["status"].clone();
            }
        } else {
            self.order.push(id.clone());
        }
        self.manifests.insert(id, object);
        rolls
    }

    /// Merges a document that holds nothing but `status` into its object.
    pub fn status(&mut self, document: &Value) {
        if let Some(object) = self.manifests.get_mut(&ident(document)) {
            object["status"] = document["status"].clone();
        }
    }

    /// Takes an object away.
    pub fn delete(&mut self, reference: &Value) {
        let id = ident(reference);
        self.manifests.remove(&id);
        self.rolling.remove(&id);
        self.order.retain(|known| *known != id);
    }
}

/// Pods that a workload wants: the exception, else `replicas`, else one.
pub fn wanted(manifest: &Value) -> usize {
    if let Some(pods) = note(manifest, "pods").and_then(|n| n.parse().ok()) {
        return pods;
    }
    let replicas = manifest["spec"]["replicas"].as_u64();
    replicas.map_or(1, |n| usize::try_from(n).unwrap_or(1))
}

/// An exception, from the annotation `demo.bartizan/NAME`.
pub fn note<'a>(manifest: &'a Value, name: &str) -> Option<&'a str> {
    manifest["metadata"]["annotations"]
        .get(format!("demo.bartizan/{name}"))?
        .as_str()
}
