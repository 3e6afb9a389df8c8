//! Silence where nothing is wrong: a namespace that was looked after shows nothing, and what is wrong sixty times is told
//! once.

use bartizan::model::{Finding, Object};
use bartizan::view::World;

use crate::engine_world::{namespaces, objects_of};
use crate::example_world::all_findings;

const SHOP: &str = "apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    pod-security.kubernetes.io/enforce: restricted
    pod-security.kubernetes.io/enforce-version: latest
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: shop, namespace: shop}
spec: {hard: {pods: '100', limits.memory: 64Gi}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{podSelector: {matchLabels: {app: front}}}], ports: [{port: 8080}]}]
  egress: [{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 5432}]}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
automountServiceAccountToken: false
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 60
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext: {runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: web
        image: registry.example.com/web:1.4.2@sha256:4b3c1a0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef
        ports: [{containerPort: 8080}]
        livenessProbe: {httpGet: {path: /live, port: 8080}}
        readinessProbe: {httpGet: {path: /ready, port: 8080}}
        resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: '1', memory: 256Mi, ephemeral-storage: 1Gi}}
        securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
        volumeMounts: [{name: tmp, mountPath: /tmp}, {name: key, mountPath: /key, readOnly: true}]
      volumes:
      - {name: tmp, emptyDir: {sizeLimit: 64Mi}}
      - {name: key, secret: {secretName: web-key}}
";

/// Pods of the Deployment as its ReplicaSet makes them, of this spec.
fn replicas(count: usize, spec: &str) -> String {
    let owner = |kind: &str, name: &str, uid: &str| {
        format!(
            "ownerReferences: [{{apiVersion: apps/v1, kind: {kind}, name: {name}, uid: {uid}, controller: true}}]"
        )
    };
    let set = format!(
        "---\napiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {{name: web-5d4f, namespace: shop, uid: rs, {}}}\n",
        owner("Deployment", "web", "d")
    );
    let pods = (0..count).map(|at| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: web-5d4f-{at:02}, namespace: shop, uid: p{at}, labels: {{app: web}}, {}}}\nspec:\n{spec}",
            owner("ReplicaSet", "web-5d4f", "rs")
        )
    });
    set + &pods.collect::<String>()
}

fn told(objects: Vec<Object>) -> Vec<Finding> {
    let places = namespaces(&objects);
    all_findings(&World::closed(places.into_iter().chain(objects)))
}

#[test]
fn a_namespace_that_was_looked_after_shows_nothing() {
    let found = told(objects_of(SHOP));
    let rows: Vec<String> = found
        .iter()
        .map(|f| format!("{} on {} {}: {}", f.id.check, f.id.object, f.id.part, f.why))
        .collect();
    assert!(rows.is_empty(), "\n{}", rows.join("\n"));
}

#[test]
fn sixty_replicas_are_one_row() {
    let spec = "  containers:\n  - {name: web, image: 'registry.example.com/web:1.4.2', securityContext: {privileged: true}}\n";
    let deployment = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web, namespace: shop, uid: d}}\nspec:\n  selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    spec:\n{}",
        spec.replace("\n  ", "\n      ").replacen("  ", "      ", 1)
    );
    let rows = |count: usize| {
        let all = told(objects_of(&format!(
            "{deployment}{}",
            replicas(count, spec)
        )));
        let ids = all.into_iter().map(|f| f.id);
        ids.collect::<Vec<_>>()
    };
    let (few, many) = (rows(1), rows(60));
    assert_eq!(few, many);
    assert!(few.iter().any(|id| id.check == "privileged-container"));
    let of_pods = many
        .iter()
        .filter(|id| id.object.to_string().contains("web-5d4f"));
    assert_eq!(of_pods.count(), 0, "{many:?}");
}
