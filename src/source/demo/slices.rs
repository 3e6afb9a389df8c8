//! EndpointSlices as their controller would make them.

use serde_json::{Value, json};

use super::cluster::Cluster;
use super::derive::{owner_of, stamp};
use super::hash::suffix;

/// One slice for each Service with a selector.
pub fn slices(cluster: &Cluster, all: &[Value]) -> Vec<Value> {
    let pods: Vec<&Value> = all.iter().filter(|o| o["kind"] == "Pod").collect();
    let services = all
        .iter()
        .filter(|o| o["kind"] == "Service" && o["spec"]["selector"].is_object());
    services
        .map(|service| slice(cluster, service, &pods))
        .collect()
}

fn slice(cluster: &Cluster, service: &Value, pods: &[&Value]) -> Value {
    let (namespace, name) = (
        &service["metadata"]["namespace"],
        service["metadata"]["name"].as_str().unwrap_or_default(),
    );
    let home = namespace.as_str().unwrap_or_default();
    let selector = &service["spec"]["selector"];
    let selected = |pod: &&&Value| {
        let labels = &pod["metadata"]["labels"];
        let all = selector
            .as_object()
            .into_iter()
            .flatten()
            .all(|(k, v)| labels.get(k) == Some(v));
        all && pod["metadata"]["namespace"] == *namespace
            && pod["status"]["podIP"].is_string()
            && pod["status"]["phase"] == "Running"
    };
    let behind: Vec<&&Value> = pods.iter().filter(selected).collect();
    let early = service["spec"]["publishNotReadyAddresses"] == true;
    let endpoints: Vec<Value> = behind
        .iter()
        .map(|pod| {
            let ready = pod["status"]["conditions"][0]["status"] == "True" || early;
            let node = &pod["spec"]["nodeName"];
            let zone = cluster
                .get(&("Node".to_owned(), String::new(), node.as_str().unwrap_or_default().to_owned()))
                .map(|n| n["metadata"]["labels"]["topology.kubernetes.io/zone"].clone());
            json!({"addresses": [pod["status"]["podIP"]],
                "conditions": {"ready": ready, "serving": ready, "terminating": false}, "nodeName": node, "zone": zone,
                "targetRef": {"kind": "Pod", "namespace": namespace, "name": pod["metadata"]["name"],
                    "uid": pod["metadata"]["uid"]}})
        })
        .collect();
    let ports = service["spec"]["ports"].as_array().into_iter().flatten();
    let ports: Vec<Value> = ports
        .map(|port| {
            let number = target(port, behind.first().copied().copied());
            json!({"name": port["name"].as_str().unwrap_or(""), "port": number,
                "protocol": port["protocol"].as_str().unwrap_or("TCP")})
        })
        .collect();
    let made = format!("{name}-{}", suffix(&format!("{home}/{name}"), 5));
    let mut slice = json!({"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
        "metadata": {"name": made, "namespace": namespace, "ownerReferences": [owner_of(service)],
            "labels": {"kubernetes.io/service-name": name,
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"}},
        "endpoints": endpoints, "ports": ports});
    stamp(
        &mut slice,
        &("EndpointSlice".to_owned(), home.to_owned(), made),
        120,
    );
    slice
}

/// The number of a target port; a name is looked up in the first pod.
fn target(port: &Value, pod: Option<&Value>) -> Value {
    match &port["targetPort"] {
        Value::Null => port["port"].clone(),
        Value::String(name) => {
            let containers = pod
                .map(|p| &p["spec"]["containers"])
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let mut ports = containers.flat_map(|c| c["ports"].as_array().into_iter().flatten());
            ports
                .find(|p| p["name"] == **name)
                .map_or(Value::Null, |p| p["containerPort"].clone())
        }
        number => number.clone(),
    }
}
