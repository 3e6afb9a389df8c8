//! Fills a real API server with profile M.

use http::Request;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::profile::{self, NAMESPACES, PODS, REPLICAS, deployment_object, pod, replica_set};

/// A client with a login.
pub async fn client(kubeconfig: &str) -> Client {
    let file = Kubeconfig::read_from(kubeconfig).unwrap();
    let options = KubeConfigOptions::default();
    let config = Config::from_custom_kubeconfig(file, &options)
        .await
        .unwrap();
    Client::try_from(config).unwrap()
}

/// Makes the cluster, sixteen requests at a time.
pub async fn fill(kubeconfig: &str) {
    let client = client(kubeconfig).await;
    let mut small = Vec::new();
    for n in 0..NAMESPACES {
        small.push((
            "/api/v1/namespaces".to_owned(),
            object("v1", "Namespace", &format!("ns-{n}"), json!({})),
        ));
    }
    post(&client, small).await;
    let mut small = Vec::new();
    for n in 0..NAMESPACES {
        small.extend(of_namespace(n));
    }
    post(&client, small).await;
    let mut large = Vec::new();
    for d in 0..PODS / REPLICAS {
        let space = d % NAMESPACES;
        let apps = |plural: &str| format!("/apis/apps/v1/namespaces/ns-{space}/{plural}");
        let deployment = bare(&deployment_object(d), "apps/v1", "Deployment");
        let mut set = bare(&replica_set(d), "apps/v1", "ReplicaSet");
        set["spec"] = deployment["spec"].clone();
        large.push((apps("deployments"), deployment));
        large.push((apps("replicasets"), set));
    }
    for at in 0..PODS {
        let space = profile::deployment(at) % NAMESPACES;
        large.push((
            format!("/api/v1/namespaces/ns-{space}/pods"),
            bare(&pod(at), "v1", "Pod"),
        ));
    }
    post(&client, large).await;
}

/// What a server does not take from a client, away.
fn bare(text: &str, api_version: &str, kind: &str) -> Value {
    let mut object: Value = serde_json::from_str(text).unwrap();
    object["apiVersion"] = json!(api_version);
    object["kind"] = json!(kind);
    let meta = object["metadata"].as_object_mut().unwrap();
    for server in [
        "uid",
        "resourceVersion",
        "creationTimestamp",
        "managedFields",
    ] {
        meta.remove(server);
    }
    for owner in meta
        .get_mut("ownerReferences")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        owner["uid"] = json!("0b000000-0000-4000-8000-000000000000");
    }
    object
}

/// An object.
pub fn object(api_version: &str, kind: &str, name: &str, rest: Value) -> Value {
    let mut object = json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name}});
    object
        .as_object_mut()
        .unwrap()
        .extend(rest.as_object().unwrap().clone());
    object
}

/// The small objects of a namespace.
fn of_namespace(n: usize) -> Vec<(String, Value)> {
    let core = |plural: &str| format!("/api/v1/namespaces/ns-{n}/{plural}");
    let rbac =
        |plural: &str| format!("/apis/rbac.authorization.k8s.io/v1/namespaces/ns-{n}/{plural}");
    let policies = format!("/apis/networking.k8s.io/v1/namespaces/ns-{n}/networkpolicies");
    let account = format!("sa-{}", n % 20);
    let mut all = vec![
        (
            core("serviceaccounts"),
            object("v1", "ServiceAccount", "default", json!({})),
        ),
        (
            core("serviceaccounts"),
            object("v1", "ServiceAccount", &account, json!({})),
        ),
    ];
    for i in 0..2 {
        let app = format!("app-{}", n + i * NAMESPACES);
        let kind = if n.is_multiple_of(30) {
            "LoadBalancer"
        } else {
            "ClusterIP"
        };
        let spec = json!({"spec": {"type": kind, "selector": {"app": app}, "ports": [{"port": 80, "targetPort": 8080}]}});
        all.push((core("services"), object("v1", "Service", &app, spec)));
        let rules = json!({"rules": [{"apiGroups": [""], "resources": ["pods", "configmaps"], "verbs": ["get", "list"]}]});
        let role = format!("role-{i}");
        all.push((
            rbac("roles"),
            object("rbac.authorization.k8s.io/v1", "Role", &role, rules),
        ));
        let binding = json!({"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": role},
            "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": format!("ns-{n}")}]});
        all.push((
            rbac("rolebindings"),
            object(
                "rbac.authorization.k8s.io/v1",
                "RoleBinding",
                &role,
                binding,
            ),
        ));
    }
    for i in 0..if n.is_multiple_of(2) { 9 } else { 0 } {
        let spec = json!({"spec": {"podSelector": {"matchLabels": {"app": format!("app-{}", n + i * NAMESPACES)}},
            "policyTypes": ["Ingress"], "ingress": [{"from": [{"podSelector": {}}]}]}});
        all.push((
            policies.clone(),
            object(
                "networking.k8s.io/v1",
                "NetworkPolicy",
                &format!("p-{i}"),
                spec,
            ),
        ));
    }
    all
}

/// Posts objects, sixteen at a time.
pub async fn post(client: &Client, all: Vec<(String, Value)>) {
    let mut running = JoinSet::new();
    for (path, object) in all {
        if running.len() >= 16 {
            running.join_next().await.unwrap().unwrap();
        }
        let client = client.clone();
        running.spawn(async move {
            let request = Request::post(&path).header("content-type", "application/json");
            let request = request.body(serde_json::to_vec(&object).unwrap()).unwrap();
            if let Err(error) = client.request_text(request).await {
                panic!("{path}: {error}");
            }
        });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
}
