//! Secrets: read by verbs that are not called reading, and by those that are.

use super::{Edge, Way};

pub(super) const SECRET: &str = "
apiVersion: v1
kind: Secret
metadata: {name: prey, namespace: NS}
stringData: {word: caught}
";

pub(super) const EDGES: &[Edge] = &[
    Edge {
        id: "patch-reads",
        both: "NS: {apiGroups: [''], resources: [secrets], verbs: [update]}",
        actor: "NS: {apiGroups: [''], resources: [secrets], resourceNames: [prey], verbs: [patch]}",
        prey: SECRET,
        way: Way::Lines(&["RAW PATCH /api/v1/namespaces/NS/secrets/prey?dryRun=All {}"]),
        shows: "Y2F1Z2h0",
        to: "secret:NS/prey",
    },
    Edge {
        id: "deletion-reads",
        both: "NS: {apiGroups: [''], resources: [secrets], verbs: [delete]}",
        actor: "NS: {apiGroups: [''], resources: [secrets], verbs: [deletecollection]}",
        prey: SECRET,
        way: Way::Lines(&["RAW DELETE /api/v1/namespaces/NS/secrets?dryRun=All"]),
        shows: "Y2F1Z2h0",
        to: "secret:NS/prey",
    },
    Edge {
        id: "list-by-name",
        both: "NS: {apiGroups: [''], resources: [secrets], resourceNames: [other], verbs: [list]}",
        actor: "NS: {apiGroups: [''], resources: [secrets], resourceNames: [prey], verbs: [list]}",
        prey: SECRET,
        way: Way::Lines(&[
            "RAW GET /api/v1/namespaces/NS/secrets?fieldSelector=metadata.name=prey",
        ]),
        shows: "Y2F1Z2h0",
        to: "secret:NS/prey",
    },
];
