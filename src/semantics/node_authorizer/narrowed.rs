//! What admission leaves of a write that the authorizer allows: it cannot look into objects, the plugin NodeRestriction can.
//! Whether the plugin runs is not told by the API: the server has it off unless it is named, and installers name it.
//!
//! Source: kubernetes/kubernetes `plugin/pkg/admission/noderestriction/admission.go` of v1.36.3.

use crate::semantics::rbac::rule::Ask;

/// What the plugin NodeRestriction lets a kubelet do of a request that is allowed, where that is less.
pub fn narrowed(ask: &Ask<'_>) -> Option<&'static str> {
    let writes = matches!(
        ask.verb,
        "create" | "update" | "patch" | "delete" | "deletecollection"
    );
    if !writes {
        return None;
    }
    Some(match (ask.group, ask.resource, ask.subresource, ask.verb) {
        ("", "pods", "", "create") => {
            "mirror pods of its own node, which refer to no account, Secret, ConfigMap or claim"
        }
        ("", "pods", _, _) => "pods that stand on its node; their labels stay",
        ("", "nodes", _, _) => {
            "its own Node, but no taint, no owner, no label of node-restriction.kubernetes.io and of kubernetes.io only those of kubelets"
        }
        ("", "persistentvolumeclaims", "status", _) => "capacity and conditions of the status",
        ("", "serviceaccounts", "token", "create") => {
            "tokens bound to a pod that stands on its node, since 1.33 for audiences that a volume of that pod asks for"
        }
        ("coordination.k8s.io", "leases", ..) => "the lease of its own node",
        ("storage.k8s.io", "csinodes", ..) => "the CSINode of its own node",
        ("resource.k8s.io", "resourceslices", ..) => "slices of its own node",
        ("certificates.k8s.io", "certificatesigningrequests", "", "create") => {
            "certificates of kubelets for its own name"
        }
        _ => return None,
    })
}
