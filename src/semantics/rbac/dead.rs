//! Grants that give nothing: rules that the authorizer never finds matching anything that exists.
//!
//! They teach more than they harm: somebody meant something else by them.

use super::grants::{Clause, Scope};

/// Why a rule, or a part of it, is dead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dead {
    /// A cluster-scoped resource through a `RoleBinding`.
    ClusterScoped(String),
    /// A path through a `RoleBinding`.
    Url(String),
    /// `pods/*` and the like: no wildcard.
    SubresourceStar(String),
    /// `create` or `deletecollection` limited to names, which such requests do not carry.
    NamelessVerb(String),
}

/// Kubernetes' own resources that live in no namespace. (The Namespace object itself can be reached from inside:
/// requests for `/namespaces/x` carry the namespace x.)
const CLUSTER_SCOPED: &[(&str, &str)] = &[
    ("", "componentstatuses"),
    ("", "nodes"),
    ("", "persistentvolumes"),
    ("", "users"),
    ("", "groups"),
    ("admissionregistration.k8s.io", "mutatingadmissionpolicies"),
    (
        "admissionregistration.k8s.io",
        "mutatingadmissionpolicybindings",
    ),
    (
        "admissionregistration.k8s.io",
        "mutatingwebhookconfigurations",
    ),
    (
        "admissionregistration.k8s.io",
        "validatingadmissionpolicies",
    ),
    (
        "admissionregistration.k8s.io",
        "validatingadmissionpolicybindings",
    ),
    (
        "admissionregistration.k8s.io",
        "validatingwebhookconfigurations",
    ),
    ("apiextensions.k8s.io", "customresourcedefinitions"),
    ("apiregistration.k8s.io", "apiservices"),
    ("authentication.k8s.io", "selfsubjectreviews"),
    ("authentication.k8s.io", "tokenreviews"),
    ("authentication.k8s.io", "uids"),
    ("authentication.k8s.io", "userextras"),
    ("authorization.k8s.io", "selfsubjectaccessreviews"),
    ("authorization.k8s.io", "selfsubjectrulesreviews"),
    ("authorization.k8s.io", "subjectaccessreviews"),
    ("certificates.k8s.io", "certificatesigningrequests"),
    ("certificates.k8s.io", "clustertrustbundles"),
    ("certificates.k8s.io", "signers"),
    ("flowcontrol.apiserver.k8s.io", "flowschemas"),
    (
        "flowcontrol.apiserver.k8s.io",
        "prioritylevelconfigurations",
    ),
    ("internal.apiserver.k8s.io", "storageversions"),
    ("networking.k8s.io", "ingressclasses"),
    ("networking.k8s.io", "ipaddresses"),
    ("networking.k8s.io", "servicecidrs"),
    ("node.k8s.io", "runtimeclasses"),
    ("rbac.authorization.k8s.io", "clusterrolebindings"),
    ("resource.k8s.io", "deviceclasses"),
    ("resource.k8s.io", "devicetaintrules"),
    ("resource.k8s.io", "resourceslices"),
    ("scheduling.k8s.io", "priorityclasses"),
    ("storage.k8s.io", "csidrivers"),
    ("storage.k8s.io", "csinodes"),
    ("storage.k8s.io", "storageclasses"),
    ("storage.k8s.io", "volumeattachments"),
    ("storage.k8s.io", "volumeattributesclasses"),
];

/// The dead parts of a rule where it is bound, in order.
pub fn dead(clause: &Clause<'_>) -> Vec<Dead> {
    let rule = clause.rule;
    let mut found = Vec::new();
    for resource in &rule.resources {
        let plain = resource.split('/').next().unwrap_or(resource);
        if resource.len() > 2 && resource.ends_with("/*") {
            found.push(Dead::SubresourceStar(resource.to_string()));
        } else if clause.grant.scope() != Scope::Cluster && is_cluster_scoped(&rule.groups, plain) {
            found.push(Dead::ClusterScoped(resource.to_string()));
        }
    }
    if clause.grant.scope() != Scope::Cluster {
        found.extend(rule.urls.iter().map(|url| Dead::Url(url.to_string())));
    }
    // A named `create` lives where the name is known: on subresources, and by server-side apply with `patch`.
    let whole_objects = rule
        .resources
        .iter()
        .all(|r| !r.contains('/') && &**r != "*");
    let has = |verb: &str| rule.verbs.iter().any(|v| **v == *verb);
    if !rule.names.is_empty() && whole_objects {
        if has("create") && !has("patch") && !has("update") {
            found.push(Dead::NamelessVerb("create".to_owned()));
        }
        if has("deletecollection") {
            found.push(Dead::NamelessVerb("deletecollection".to_owned()));
        }
    }
    found
}

/// True when nothing that the rule allows can be asked for where it is bound.
pub fn gives_nothing(clause: &Clause<'_>) -> bool {
    let parts = clause.rule.resources.len() + clause.rule.urls.len();
    let dead = dead(clause);
    let gone = dead.iter().filter(|d| !matches!(d, Dead::NamelessVerb(_)));
    gone.count() == parts
}

/// Cluster-scoped in every group that the rule names. `clusterroles` is left out: `bind` on it lives in a namespace.
fn is_cluster_scoped(groups: &[crate::model::Str], resource: &str) -> bool {
    !groups.is_empty()
        && groups
            .iter()
            .all(|group| CLUSTER_SCOPED.contains(&(&**group, resource)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::objects::access::Rule;
    use crate::model::{Object, Str};
    use crate::semantics::rbac::samples::{bind, role};
    use crate::semantics::rbac::{Identity, grants};
    use crate::view::{View, World};

    fn list(text: &str) -> Box<[Str]> {
        text.split(' ')
            .filter(|w| *w != "-")
            .map(|w| if w == "core" { "".into() } else { w.into() })
            .collect()
    }

    fn dead_in(
        scope: Option<&str>,
        verbs: &str,
        group: &str,
        resources: &str,
        names: &str,
    ) -> Vec<Dead> {
        let rule = Rule {
            verbs: list(verbs),
            groups: list(group),
            resources: list(resources),
            names: list(names),
            urls: Box::default(),
        };
        let objects: [Object; 2] = [
            role(None, "r", &[rule]),
            bind(scope, "b", (true, "r"), &["user:jo"]),
        ];
        let world = World::closed(objects);
        let view = View::new(&world);
        let mut all = Vec::new();
        for clause in grants(&view, &Identity::user("jo")) {
            all.extend(dead(&clause));
        }
        all
    }

    #[test]
    fn cluster_scoped_resources_are_dead_in_a_namespace_only() {
        let nodes = vec![Dead::ClusterScoped("nodes/proxy".into())];
        assert_eq!(
            dead_in(Some("shop"), "get", "core", "nodes/proxy", "-"),
            nodes
        );
        assert_eq!(dead_in(None, "get", "core", "nodes/proxy", "-"), []);
        assert_eq!(
            dead_in(Some("shop"), "patch", "core", "namespaces", "-"),
            []
        );
        assert_eq!(
            dead_in(
                Some("shop"),
                "bind",
                "rbac.authorization.k8s.io",
                "clusterroles",
                "-"
            ),
            []
        );
    }

    #[test]
    fn stars_after_a_slash_and_names_without_requests_are_dead() {
        let star = vec![Dead::SubresourceStar("pods/*".into())];
        assert_eq!(dead_in(None, "create", "core", "pods/*", "-"), star);
        let nameless = vec![Dead::NamelessVerb("create".into())];
        assert_eq!(
            dead_in(None, "get create", "core", "secrets", "db"),
            nameless
        );
        assert_eq!(dead_in(None, "create", "core", "pods/exec", "db"), []);
        assert_eq!(dead_in(None, "create patch", "core", "secrets", "db"), []);
    }
}
