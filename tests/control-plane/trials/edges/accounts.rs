//! Acting as somebody else: by impersonation, and by tokens of accounts.

use super::{Edge, STRONG, Way};

/// A user and an account that hold everything, and a Secret.
const BOSS: &str = "
apiVersion: v1
kind: Secret
metadata: {name: prey, namespace: NS}
stringData: {word: caught}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: strong, namespace: NS}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: NS-boss}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: NS-boss}
- {kind: ServiceAccount, name: strong, namespace: NS}
";

pub(super) const EDGES: &[Edge] = &[
    Edge {
        id: "impersonate",
        both: "cluster: {apiGroups: [''], resources: [groups], verbs: [impersonate]}",
        actor: "cluster: {apiGroups: [''], resources: [users], verbs: [impersonate]}",
        prey: "",
        way: Way::Lines(&["get secrets -A --as=anybody --as-group=system:masters -o name"]),
        shows: "",
        to: "cluster-admin",
    },
    Edge {
        id: "impersonate-with-account",
        both: "cluster: {apiGroups: [''], resources: [groups], resourceNames: ['system:masters'], verbs: [impersonate]}",
        actor: "NS: {apiGroups: [''], resources: [serviceaccounts], resourceNames: [default], verbs: [impersonate]}",
        prey: "",
        way: Way::Lines(&[
            "get secrets -A --as=system:serviceaccount:NS:default --as-group=system:masters -o name",
        ]),
        shows: "",
        to: "cluster-admin",
    },
    Edge {
        id: "impersonate-account",
        both: "NS: {apiGroups: [''], resources: [serviceaccounts], resourceNames: [other], verbs: [impersonate]}",
        actor: "NS: {apiGroups: [''], resources: [serviceaccounts], resourceNames: [strong], verbs: [impersonate]}",
        prey: STRONG,
        way: Way::Lines(&["get secrets -A --as=system:serviceaccount:NS:strong -o name"]),
        shows: "",
        to: "cluster-admin",
    },
    Edge {
        id: "impersonate-controller-manager",
        both: "cluster: {apiGroups: [''], resources: [users], resourceNames: [other], verbs: [impersonate]}",
        actor: "cluster: {apiGroups: [''], resources: [users], resourceNames: ['system:kube-controller-manager'], verbs: [impersonate]}",
        prey: STRONG,
        way: Way::Lines(&["create token strong -n NS --as=system:kube-controller-manager"]),
        shows: "ey",
        to: "cluster-admin",
    },
    Edge {
        id: "constrained-read",
        both: "cluster: {apiGroups: [''], resources: [secrets], verbs: ['impersonate-on:user-info:get']}",
        actor: "cluster: {apiGroups: [authentication.k8s.io], resources: [users], resourceNames: [NS-boss], verbs: ['impersonate:user-info']}",
        prey: BOSS,
        way: Way::Lines(&["get secret prey -n NS --as=NS-boss -o jsonpath={.data.word}"]),
        shows: "Y2F1Z2h0",
        to: "secret:NS/prey",
    },
    Edge {
        id: "constrained-bind",
        both: "cluster: {apiGroups: [authentication.k8s.io], resources: [users], verbs: ['impersonate:user-info']}",
        actor: "cluster: {apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: ['impersonate-on:user-info:create']}",
        prey: BOSS,
        way: Way::Lines(&[
            "create clusterrolebinding NS-ACCOUNT --clusterrole=cluster-admin --serviceaccount=edge-home:MYSELF --as=NS-boss",
        ]),
        shows: "created",
        to: "cluster-admin",
    },
    Edge {
        id: "constrained-account",
        both: "NS: {apiGroups: [''], resources: [secrets], verbs: ['impersonate-on:serviceaccount:get']}",
        actor: "NS: {apiGroups: [authentication.k8s.io], resources: [serviceaccounts], verbs: ['impersonate:serviceaccount']}",
        prey: BOSS,
        way: Way::Lines(&[
            "get secret prey -n NS --as=system:serviceaccount:NS:strong -o jsonpath={.data.word}",
        ]),
        shows: "Y2F1Z2h0",
        to: "secret:NS/prey",
    },
    Edge {
        id: "constrained-node",
        both: "NS: {apiGroups: [''], resources: [secrets], verbs: ['impersonate-on:arbitrary-node:get']}",
        actor: "cluster: {apiGroups: [authentication.k8s.io], resources: [nodes], verbs: ['impersonate:arbitrary-node']}",
        prey: super::certificates::HELD,
        way: Way::Lines(&[
            "get secret prey -n NS --as=system:node:node-1 -o jsonpath={.data.word}",
        ]),
        shows: "Y2F1Z2h0",
        to: "secret:NS/prey",
    },
    Edge {
        id: "token-request",
        both: "NS: {apiGroups: [''], resources: [serviceaccounts/token], resourceNames: [other], verbs: [create]}",
        actor: "NS: {apiGroups: [''], resources: [serviceaccounts/token], resourceNames: [strong], verbs: [create]}",
        prey: STRONG,
        way: Way::Lines(&["create token strong -n NS"]),
        shows: "ey",
        to: "cluster-admin",
    },
    Edge {
        id: "token-secret",
        both: "NS: {apiGroups: [''], resources: [secrets], verbs: [create]}",
        actor: "NS: {apiGroups: [''], resources: [secrets], verbs: [get]}",
        prey: STRONG,
        way: Way::Lines(&[
            r#"printf %s '{"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/service-account-token","metadata":{"name":"lasting-ACCOUNT","annotations":{"kubernetes.io/service-account.name":"strong"}}}' | create -n NS -f -"#,
            "get secret lasting-ACCOUNT -n NS -o jsonpath={.data.token}",
        ]),
        shows: "ZX",
        to: "cluster-admin",
    },
    Edge {
        id: "missing-account",
        both: "NS: {apiGroups: [''], resources: [serviceaccounts/token], verbs: [create]}",
        actor: "NS: {apiGroups: [''], resources: [serviceaccounts], verbs: [create]}",
        prey: "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: NS-ghost}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: ghost, namespace: NS}]
",
        way: Way::Lines(&[
            "!create serviceaccount ghost -n NS",
            "create token ghost -n NS",
        ]),
        shows: "ey",
        to: "cluster-admin",
    },
];
