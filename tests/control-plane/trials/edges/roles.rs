//! Roles and bindings: what is written beyond what the writer holds.

use super::{Edge, Way};

pub(super) const EDGES: &[Edge] = &[
    Edge {
        id: "bind",
        both: "cluster: {apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create]}",
        actor: "cluster: {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [cluster-admin], verbs: [bind]}",
        prey: "",
        way: Way::Lines(&[
            "create clusterrolebinding NS-ACCOUNT --clusterrole=cluster-admin --serviceaccount=edge-home:MYSELF",
        ]),
        shows: "created",
        to: "cluster-admin",
    },
    Edge {
        id: "bind-in-namespace",
        both: "NS: {apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create]}",
        actor: "NS: {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [cluster-admin], verbs: [bind]}",
        prey: "",
        way: Way::Lines(&[
            "!create rolebinding ACCOUNT-all -n NS --clusterrole=cluster-admin --serviceaccount=edge-home:MYSELF",
            "get secrets,pods -n NS -o name",
        ]),
        shows: "",
        to: "namespace-admin:NS",
    },
    Edge {
        id: "add-subject",
        both: "cluster: {apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], resourceNames: [NS-strong], verbs: [patch]}",
        actor: "cluster: {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [cluster-admin], verbs: [bind]}",
        prey: super::STRONG,
        way: Way::Lines(&[
            r#"!RAW PATCH /apis/rbac.authorization.k8s.io/v1/clusterrolebindings/NS-strong {"subjects":[{"kind":"ServiceAccount","name":"MYSELF","namespace":"edge-home"}]}"#,
            "get secrets -A -o name",
        ]),
        shows: "",
        to: "cluster-admin",
    },
    Edge {
        id: "escalate",
        both: "cluster: {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [get, patch]}",
        actor: "cluster: {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [escalate]}",
        prey: "",
        way: Way::Lines(&[
            r#"patch clusterrole MYSELF-both --type=json -p '[{"op":"add","path":"/rules/-","value":{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}}]'"#,
        ]),
        shows: "patched",
        to: "cluster-admin",
    },
    Edge {
        id: "escalate-in-namespace",
        both: "NS: {apiGroups: [rbac.authorization.k8s.io], resources: [roles], resourceNames: [escalate-in-namespace-actor-both, escalate-in-namespace-twin-both], verbs: [patch]}",
        actor: "NS: {apiGroups: [rbac.authorization.k8s.io], resources: [roles], resourceNames: [escalate-in-namespace-actor-both], verbs: [escalate]}",
        prey: "",
        way: Way::Lines(&[
            r#"!RAW PATCH /apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles/MYSELF-both {"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}"#,
            "get secrets -n NS -o name",
        ]),
        shows: "",
        to: "namespace-admin:NS",
    },
];
