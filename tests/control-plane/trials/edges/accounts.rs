//! Acting as somebody else: by impersonation, and by tokens of accounts.

use super::{Edge, STRONG, Way};

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
