//! Pods: whoever makes or changes one takes what comes with it.

use super::secrets::SECRET;
use super::{Edge, STRONG, Way};

/// A pod and a deployment of the strong account.
const RUNNING: &str = "
apiVersion: v1
kind: ServiceAccount
metadata: {name: strong, namespace: NS}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: NS-strong}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: strong, namespace: NS}]
---
apiVersion: v1
kind: Pod
metadata: {name: app, namespace: NS}
spec: {serviceAccountName: strong, containers: [{name: main, image: 'registry.example.com/app:1'}]}
";

/// The strong account, and a template that runs as another.
const TEMPLATE: &str = "
apiVersion: v1
kind: ServiceAccount
metadata: {name: strong, namespace: NS}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: NS-strong}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: strong, namespace: NS}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: NS}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec: {containers: [{name: main, image: 'registry.example.com/app:1'}]}
";

pub(super) const EDGES: &[Edge] = &[
    Edge {
        id: "pod-as-account",
        both: "NS: {apiGroups: [''], resources: [pods], verbs: [get]}",
        actor: "NS: {apiGroups: [''], resources: [pods], verbs: [create]}",
        prey: STRONG,
        way: Way::Lines(&[
            r#"run taken-ACCOUNT -n NS --image=registry.example.com/x:1 --overrides='{"spec":{"serviceAccountName":"strong"}}'"#,
        ]),
        shows: "created",
        to: "cluster-admin",
    },
    Edge {
        id: "workload-as-account",
        both: "NS: {apiGroups: [''], resources: [pods], verbs: [list]}",
        actor: "NS: {apiGroups: [batch], resources: [jobs], verbs: [create]}",
        prey: STRONG,
        way: Way::Lines(&[
            r#"!printf %s '{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"taken-ACCOUNT"},"spec":{"template":{"spec":{"serviceAccountName":"strong","restartPolicy":"Never","containers":[{"name":"main","image":"registry.example.com/x:1"}]}}}}' | create -n NS -f -"#,
            "get pods -n NS -o jsonpath={.items[*].spec.serviceAccountName}",
        ]),
        shows: "strong",
        to: "cluster-admin",
    },
    Edge {
        id: "rewrite-template",
        both: "NS: {apiGroups: [''], resources: [pods], verbs: [list]}",
        actor: "NS: {apiGroups: [apps], resources: [deployments], resourceNames: [app], verbs: [patch]}",
        prey: TEMPLATE,
        way: Way::Lines(&[
            r#"!RAW PATCH /apis/apps/v1/namespaces/NS/deployments/app {"spec":{"template":{"spec":{"serviceAccountName":"strong"}}}}"#,
            "get pods -n NS -o jsonpath={.items[*].spec.serviceAccountName}",
        ]),
        shows: "strong",
        to: "cluster-admin",
    },
    Edge {
        id: "replace-image",
        both: "NS: {apiGroups: [''], resources: [pods], verbs: [get]}",
        actor: "NS: {apiGroups: [''], resources: [pods], resourceNames: [app], verbs: [patch]}",
        prey: RUNNING,
        way: Way::Lines(&[
            r#"patch pod app -n NS -p '{"spec":{"containers":[{"name":"main","image":"registry.example.com/taken:1"}]}}'"#,
        ]),
        shows: "patched",
        to: "cluster-admin",
    },
    Edge {
        id: "debug-container",
        both: "NS: {apiGroups: [''], resources: [pods], verbs: [get]}",
        actor: "NS: {apiGroups: [''], resources: [pods/ephemeralcontainers], resourceNames: [app], verbs: [patch]}",
        prey: RUNNING,
        way: Way::Lines(&[
            r#"RAW PATCH /api/v1/namespaces/NS/pods/app/ephemeralcontainers {"spec":{"ephemeralContainers":[{"name":"taken","image":"registry.example.com/x:1","targetContainerName":"main"}]}}"#,
        ]),
        shows: "taken",
        to: "cluster-admin",
    },
    Edge {
        id: "mount-secret",
        both: "NS: {apiGroups: [''], resources: [pods], verbs: [get]}",
        actor: "NS: {apiGroups: [''], resources: [pods], verbs: [create]}",
        prey: SECRET,
        way: Way::Lines(&[
            r#"run taken-ACCOUNT -n NS --image=registry.example.com/x:1 --overrides='{"spec":{"volumes":[{"name":"prey","secret":{"secretName":"prey"}}]}}'"#,
        ]),
        shows: "created",
        to: "secret:NS/prey",
    },
    Edge {
        id: "privileged-pod",
        both: "NS: {apiGroups: [''], resources: [pods], verbs: [get]}",
        actor: "NS: {apiGroups: [''], resources: [pods], verbs: [create]}",
        prey: "",
        way: Way::Lines(&["run taken-ACCOUNT -n NS --image=registry.example.com/x:1 --privileged"]),
        shows: "created",
        to: "node-root",
    },
    // A namespace is in itself: a RoleBinding is enough.
    Edge {
        id: "relabel-namespace",
        both: "NS: {apiGroups: [''], resources: [pods], verbs: [create]}",
        actor: "NS: {apiGroups: [''], resources: [namespaces], verbs: [patch]}",
        prey: "
apiVersion: v1
kind: Namespace
metadata: {name: NS, labels: {pod-security.kubernetes.io/enforce: restricted}}
",
        way: Way::Lines(&[
            r#"!RAW PATCH /api/v1/namespaces/NS {"metadata":{"labels":{"pod-security.kubernetes.io/enforce":null}}}"#,
            "run taken-ACCOUNT -n NS --image=registry.example.com/x:1 --privileged",
        ]),
        shows: "created",
        to: "node-root",
    },
    Edge {
        id: "new-namespace",
        both: "cluster: {apiGroups: [''], resources: [pods], verbs: [create]}",
        actor: "cluster: {apiGroups: [''], resources: [namespaces], verbs: [create]}",
        prey: "",
        way: Way::Lines(&[
            "!create namespace NS-ACCOUNT",
            "run taken-ACCOUNT -n NS-ACCOUNT --image=registry.example.com/x:1 --privileged",
        ]),
        shows: "created",
        to: "", // whoever makes pods everywhere needs no namespace of its own for a node
    },
    Edge {
        id: "node-volume",
        both: "NS: {apiGroups: [''], resources: [pods, persistentvolumeclaims], verbs: [create]}",
        actor: "cluster: {apiGroups: [''], resources: [persistentvolumes], verbs: [create]}",
        prey: "
apiVersion: v1
kind: Namespace
metadata: {name: NS, labels: {pod-security.kubernetes.io/enforce: baseline}}
",
        way: Way::Lines(&[
            r#"!printf %s '{"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"NS-ACCOUNT"},"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"storageClassName":"","hostPath":{"path":"/"}}}' | create -f -"#,
            r#"printf %s '{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"taken"},"spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"","volumeName":"NS-ACCOUNT","resources":{"requests":{"storage":"1Gi"}}}}' | create -n NS -f -"#,
            r#"run taken-ACCOUNT -n NS --image=registry.example.com/x:1 --overrides='{"spec":{"volumes":[{"name":"disk","persistentVolumeClaim":{"claimName":"taken"}}]}}'"#,
        ]),
        shows: "created",
        to: "node-root",
    },
];
