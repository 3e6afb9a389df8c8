//! How bad one verb on one resource is, by itself: the catalogue of dangerous permissions, as data.
//!
//! What rights add up to is [`power`](super::power)'s to say. A half that is worth nothing alone (`bind`, `escalate`, a
//! write of roles, which the server lets nobody use beyond their own rights) is low here, and as bad as the ability where
//! the other half is held too.
//!
//! Source: kubernetes.io, Role Based Access Control Good Practices, "privilege escalation risks"; for each row the
//! permission P01 to P76 of the project's reference, with its severity cluster-wide and in a namespace.

use Severity::{Critical, High, Low, Medium};

use super::power::Ability;
use super::rule::{Ask, allows_some};
use crate::model::objects::access::Rule;
use crate::model::{Severity, Str};

/// One line of the catalogue.
struct Row {
    verbs: &'static [&'static str],
    group: &'static str,
    resource: &'static str,
    /// Cluster-wide.
    wide: Severity,
    /// In a namespace; `None`: worth nothing there, the resource is of the cluster.
    local: Option<Severity>,
    /// The ability that it is a half of.
    half: Option<Ability>,
}

const fn row(
    verbs: &'static [&'static str],
    group: &'static str,
    resource: &'static str,
    wide: Severity,
    local: Option<Severity>,
) -> Row {
    Row {
        verbs,
        group,
        resource,
        wide,
        local,
        half: None,
    }
}

const fn half(
    verbs: &'static [&'static str],
    group: &'static str,
    resource: &'static str,
    local: Option<Severity>,
    of: Ability,
) -> Row {
    Row {
        half: Some(of),
        ..row(verbs, group, resource, Low, local)
    }
}

const READ: &[&str] = &["get", "list", "watch"];
const CHANGE: &[&str] = &["update", "patch"];
const WRITE: &[&str] = &["create", "update", "patch"];
const REMOVE: &[&str] = &["delete", "deletecollection"];
const ANY: &[&str] = &[
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
];

const RBAC: &str = "rbac.authorization.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";
const CERTIFICATES: &str = "certificates.k8s.io";
const IDENTITY: &str = "authentication.k8s.io";

const ROWS: &[Row] = &[
    // P04 to P08
    half(
        &["escalate"],
        RBAC,
        "clusterroles",
        None,
        Ability::RewriteRoles,
    ),
    half(
        &["escalate"],
        RBAC,
        "roles",
        Some(Low),
        Ability::RewriteRoles,
    ),
    half(WRITE, RBAC, "clusterroles", None, Ability::RewriteRoles),
    half(WRITE, RBAC, "roles", Some(Low), Ability::RewriteRoles),
    half(
        &["bind"],
        RBAC,
        "clusterroles",
        Some(Low),
        Ability::BindRoles,
    ),
    half(&["bind"], RBAC, "roles", Some(Low), Ability::BindRoles),
    half(WRITE, RBAC, "clusterrolebindings", None, Ability::BindRoles),
    half(WRITE, RBAC, "rolebindings", Some(Low), Ability::BindRoles),
    row(REMOVE, RBAC, "clusterroles", High, None),
    row(REMOVE, RBAC, "clusterrolebindings", High, None),
    row(REMOVE, RBAC, "roles", High, Some(Medium)),
    row(REMOVE, RBAC, "rolebindings", High, Some(Medium)),
    // P09 to P13
    row(&["impersonate"], "", "users", Critical, None),
    half(&["impersonate"], "", "groups", None, Ability::ActAsAnybody),
    row(
        &["impersonate"],
        "",
        "serviceaccounts",
        Critical,
        Some(High),
    ),
    row(&["impersonate"], IDENTITY, "uids", Medium, None),
    row(
        &["impersonate"],
        IDENTITY,
        "userextras/scopes",
        Medium,
        None,
    ),
    // P14 to P21
    row(READ, "", "secrets", Critical, Some(High)),
    row(&["deletecollection"], "", "secrets", Critical, Some(High)),
    row(CHANGE, "", "secrets", High, Some(High)),
    half(&["create"], "", "secrets", Some(Low), Ability::IssueTokens),
    row(
        &["create"],
        "",
        "serviceaccounts/token",
        Critical,
        Some(High),
    ),
    row(WRITE, "", "serviceaccounts", High, Some(Medium)),
    // P22 to P24
    half(
        &["create"],
        CERTIFICATES,
        "certificatesigningrequests",
        None,
        Ability::IssueCertificates,
    ),
    half(
        CHANGE,
        CERTIFICATES,
        "certificatesigningrequests/approval",
        None,
        Ability::IssueCertificates,
    ),
    half(
        &["approve"],
        CERTIFICATES,
        "signers",
        None,
        Ability::IssueCertificates,
    ),
    row(&["sign"], CERTIFICATES, "signers", High, None),
    row(WRITE, CERTIFICATES, "clustertrustbundles", High, None),
    // P25 to P28
    row(CHANGE, "", "configmaps", High, Some(Low)),
    row(READ, "", "configmaps", Medium, Some(Low)),
    // P32 to P44
    row(&["create"], "", "pods", Critical, Some(High)),
    row(CHANGE, "", "pods", High, Some(High)),
    row(WRITE, "apps", "deployments", Critical, Some(High)),
    row(WRITE, "apps", "daemonsets", Critical, Some(High)),
    row(WRITE, "apps", "statefulsets", Critical, Some(High)),
    row(WRITE, "apps", "replicasets", Critical, Some(High)),
    row(WRITE, "batch", "jobs", Critical, Some(High)),
    row(WRITE, "batch", "cronjobs", Critical, Some(High)),
    row(WRITE, "", "replicationcontrollers", Critical, Some(High)),
    row(&["create"], "", "pods/exec", Critical, Some(High)),
    row(&["create"], "", "pods/attach", High, Some(Medium)),
    row(CHANGE, "", "pods/ephemeralcontainers", High, Some(High)),
    row(&["create"], "", "pods/portforward", Medium, Some(Medium)),
    row(ANY, "", "pods/proxy", High, Some(Medium)),
    row(ANY, "", "services/proxy", High, Some(Medium)),
    row(READ, "", "pods/log", Medium, Some(Low)),
    row(&["create"], "", "bindings", Medium, Some(Low)),
    row(&["create"], "", "pods/binding", Medium, Some(Low)),
    row(CHANGE, "", "pods/status", Medium, Some(Low)),
    row(&["create"], "", "pods/eviction", Low, Some(Low)),
    row(CHANGE, "apps", "statefulsets/scale", Medium, Some(Low)),
    row(CHANGE, "apps", "replicasets/scale", Medium, Some(Low)),
    row(
        CHANGE,
        "",
        "replicationcontrollers/scale",
        Medium,
        Some(Low),
    ),
    row(CHANGE, "apps", "deployments/scale", Medium, Some(Low)),
    // P46 to P48: the controller's account applies what is written.
    row(WRITE, "argoproj.io", "applications", High, Some(High)),
    row(WRITE, "argoproj.io", "workflows", High, Some(High)),
    row(
        WRITE,
        "kustomize.toolkit.fluxcd.io",
        "kustomizations",
        High,
        Some(High),
    ),
    row(
        WRITE,
        "helm.toolkit.fluxcd.io",
        "helmreleases",
        High,
        Some(High),
    ),
    row(WRITE, "tekton.dev", "pipelineruns", High, Some(High)),
    row(
        WRITE,
        "operators.coreos.com",
        "subscriptions",
        High,
        Some(High),
    ),
    // P51 to P61
    row(&["get", "create"], "", "nodes/proxy", Critical, None),
    row(&["get"], "", "nodes/log", High, None),
    row(&["create"], "", "nodes/checkpoint", High, None),
    row(CHANGE, "", "nodes", High, None),
    row(CHANGE, "", "nodes/status", High, None),
    row(
        &["create", "delete", "deletecollection"],
        "",
        "nodes",
        Medium,
        None,
    ),
    row(&["create"], "", "persistentvolumes", High, None),
    row(WRITE, "storage.k8s.io", "storageclasses", Medium, None),
    row(WRITE, "node.k8s.io", "runtimeclasses", Medium, None),
    // P62 to P65
    row(WRITE, "", "services", High, Some(Medium)),
    row(CHANGE, "", "services/status", High, Some(Medium)),
    row(WRITE, "", "endpoints", High, Some(Medium)),
    row(
        WRITE,
        "discovery.k8s.io",
        "endpointslices",
        High,
        Some(Medium),
    ),
    row(WRITE, "networking.k8s.io", "ingresses", High, Some(Medium)),
    row(
        WRITE,
        "gateway.networking.k8s.io",
        "httproutes",
        High,
        Some(Medium),
    ),
    row(
        WRITE,
        "networking.k8s.io",
        "networkpolicies",
        High,
        Some(Medium),
    ),
    row(
        REMOVE,
        "networking.k8s.io",
        "networkpolicies",
        High,
        Some(Medium),
    ),
    // P66 to P72
    row(
        WRITE,
        ADMISSION,
        "mutatingwebhookconfigurations",
        Critical,
        None,
    ),
    row(
        WRITE,
        ADMISSION,
        "validatingwebhookconfigurations",
        Critical,
        None,
    ),
    row(
        REMOVE,
        ADMISSION,
        "validatingwebhookconfigurations",
        Critical,
        None,
    ),
    row(WRITE, ADMISSION, "validatingadmissionpolicies", High, None),
    row(
        WRITE,
        ADMISSION,
        "validatingadmissionpolicybindings",
        High,
        None,
    ),
    row(WRITE, ADMISSION, "mutatingadmissionpolicies", High, None),
    row(
        WRITE,
        ADMISSION,
        "mutatingadmissionpolicybindings",
        High,
        None,
    ),
    row(
        WRITE,
        "apiregistration.k8s.io",
        "apiservices",
        Critical,
        None,
    ),
    row(
        WRITE,
        "apiextensions.k8s.io",
        "customresourcedefinitions",
        High,
        None,
    ),
    row(
        REMOVE,
        "apiextensions.k8s.io",
        "customresourcedefinitions",
        High,
        None,
    ),
    // The Namespace object itself can be granted by a binding in it.
    row(CHANGE, "", "namespaces", Critical, Some(High)),
    row(&["create"], "", "namespaces", High, None),
    row(REMOVE, "", "namespaces", High, Some(Medium)),
    // P75
    row(REMOVE, "", "events", Medium, Some(Low)),
];

/// What an upgrade to a WebSocket reaches by a plain `get`, where the server lets it.
const UPGRADED: &[&str] = &["pods/exec", "pods/attach", "pods/portforward"];

/// How bad it is that somebody holds this verb on this resource, each as a rule writes it (`*` is all of them). `wide`:
/// cluster-wide; `named`: for some names only. `abilities` are those that they have there, and `get_enters` says that the
/// server takes a `get` for a command in a container ([`get_is_enough`](super::power::get_is_enough)). `None`: harmless by
/// itself.
pub fn danger(
    (verb, group, resource): (&Str, &Str, &Str),
    wide: bool,
    named: bool,
    abilities: &[Ability],
    get_enters: bool,
) -> Option<Severity> {
    let one = |word: &Str| Box::from([word.clone()]);
    let rule = Rule {
        verbs: one(verb),
        groups: one(group),
        resources: one(resource),
        ..Rule::default()
    };
    let all = ROWS.iter().filter_map(|row| {
        let upgraded = get_enters && UPGRADED.contains(&row.resource);
        let verbs = row.verbs.iter().copied();
        let mut verbs = verbs.chain(upgraded.then_some("get"));
        // A create names nothing, but for a subresource; a rule with names never allows it.
        let counts = |verb: &str| {
            !named || row.resource.contains('/') || !["create", "deletecollection"].contains(&verb)
        };
        let held = verbs.any(|verb| {
            counts(verb) && allows_some(&rule, &Ask::any(verb, row.group, row.resource))
        });
        if !held {
            return None;
        }
        let alone = if wide { Some(row.wide) } else { row.local }?;
        let whole = row.half.filter(|half| abilities.contains(half));
        Some(match whole {
            Some(_) if wide => Critical,
            Some(_) => High,
            None => alone,
        })
    });
    let worst = all.max()?;
    Some(if named {
        worst.lowered().lowered()
    } else {
        worst
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(verb: &str, group: &str, resource: &str, wide: bool) -> Option<Severity> {
        told(verb, group, resource, wide, false, &[], false)
    }

    fn told(
        verb: &str,
        group: &str,
        resource: &str,
        wide: bool,
        named: bool,
        abilities: &[Ability],
        get: bool,
    ) -> Option<Severity> {
        let (verb, group, resource) = (verb.into(), group.into(), resource.into());
        danger((&verb, &group, &resource), wide, named, abilities, get)
    }

    #[test]
    fn where_it_counts_and_what_a_wildcard_holds_decide() {
        assert_eq!(of("list", "", "secrets", true), Some(Critical));
        assert_eq!(of("list", "", "secrets", false), Some(High));
        assert_eq!(of("get", "*", "*", true), Some(Critical));
        assert_eq!(of("*", "apps", "*", false), Some(High));
        // Not in this group, and not of this name.
        assert_eq!(of("list", "apps", "secrets", true), None);
        assert_eq!(of("get", "", "pods/*", true), None);
        assert_eq!(of("update", "batch", "*/scale", true), None);
        assert_eq!(of("update", "apps", "*/scale", true), Some(Medium));
    }

    #[test]
    fn a_resource_of_the_cluster_is_a_dead_letter_in_a_namespace() {
        assert_eq!(of("get", "", "nodes/proxy", true), Some(Critical));
        assert_eq!(of("get", "", "nodes/proxy", false), None);
    }

    #[test]
    fn a_half_is_as_bad_as_the_whole_where_the_whole_is_held() {
        let bind = |abilities: &[Ability], wide| {
            told("bind", RBAC, "clusterroles", wide, false, abilities, false)
        };
        assert_eq!(bind(&[], true), Some(Low));
        assert_eq!(bind(&[Ability::BindRoles], true), Some(Critical));
        assert_eq!(bind(&[Ability::BindRoles], false), Some(High));
        assert_eq!(bind(&[Ability::ReadSecrets], true), Some(Low));
    }

    #[test]
    fn names_make_it_less_and_a_create_without_a_name_nothing() {
        assert_eq!(
            told("get", "", "secrets", false, true, &[], false),
            Some(Low)
        );
        assert_eq!(told("create", "", "pods", true, true, &[], false), None);
        assert_eq!(
            told("create", "", "pods/exec", true, true, &[], false),
            Some(Medium)
        );
    }

    #[test]
    fn a_get_enters_containers_of_an_old_server_only() {
        assert_eq!(
            told("get", "", "pods/exec", true, false, &[], true),
            Some(Critical)
        );
        assert_eq!(of("get", "", "pods/exec", true), None);
    }

    #[test]
    fn no_line_of_the_catalogue_stands_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for row in ROWS {
            for verb in row.verbs {
                assert!(
                    seen.insert((verb, row.group, row.resource)),
                    "{verb} {} {}",
                    row.group,
                    row.resource
                );
            }
        }
    }
}
