//! Verbs and resources that rules are written of, for whoever types a question: those of the watched kinds, and those that
//! no discovery lists because they exist for authorization alone.
//!
//! Source: the kinds' own table; kubernetes/website `content/en/docs/reference/access-authn-authz/` (rbac, authentication,
//! certificate-signing-requests, kubelet-authn-authz); kubernetes/kubernetes `pkg/registry/rbac/escalation_check.go`.

use crate::model::kind::KINDS;

/// Verbs of the API, then those that exist for authorization alone.
pub const VERBS: &[&str] = &[
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "bind",
    "escalate",
    "impersonate",
    "impersonate:user-info",
    "impersonate:serviceaccount",
    "impersonate:arbitrary-node",
    "impersonate:associated-node",
    "approve",
    "sign",
    "attest",
    "use",
    "*",
];

/// Resources that are not watched: subresources, objects that Bartizan never reads, and names for authorization alone.
const OTHERS: &[&str] = &[
    "secrets",
    "configmaps",
    "events",
    "persistentvolumeclaims",
    "pods/exec",
    "pods/attach",
    "pods/portforward",
    "pods/proxy",
    "pods/log",
    "pods/ephemeralcontainers",
    "pods/eviction",
    "pods/binding",
    "pods/status",
    "services/proxy",
    "nodes/proxy",
    "nodes/log",
    "nodes/metrics",
    "nodes/stats",
    "nodes/configz",
    "nodes/checkpoint",
    "nodes/pods",
    "serviceaccounts/token",
    "deployments.apps/scale",
    "statefulsets.apps/scale",
    "certificatesigningrequests.certificates.k8s.io/approval",
    "certificatesigningrequests.certificates.k8s.io/status",
    "signers.certificates.k8s.io",
    "users",
    "groups",
    "users.authentication.k8s.io",
    "groups.authentication.k8s.io",
    "serviceaccounts.authentication.k8s.io",
    "nodes.authentication.k8s.io",
    "uids.authentication.k8s.io",
    "userextras.authentication.k8s.io",
    "tokenreviews.authentication.k8s.io",
    "subjectaccessreviews.authorization.k8s.io",
    "leases.coordination.k8s.io",
    "securitycontextconstraints.security.openshift.io",
    "*",
];

/// Resources as a question writes them, each once.
pub fn resources() -> Vec<String> {
    let watched = KINDS.iter().map(|kind| match kind.group {
        "" => kind.plural.to_owned(),
        group => format!("{}.{group}", kind.plural),
    });
    let mut all: Vec<String> = watched.collect();
    all.extend(OTHERS.iter().map(|name| (*name).to_owned()));
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::question::Question;
    use super::*;

    #[test]
    fn each_is_there_once_and_can_be_asked_for() {
        let all = resources();
        let once: BTreeSet<&String> = all.iter().collect();
        assert_eq!(once.len(), all.len());
        for resource in &all {
            assert!(
                Question::parse(&format!("get {resource}")).is_ok(),
                "{resource}"
            );
        }
    }
}
