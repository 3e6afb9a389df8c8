//! The lines of the catalogue; what they mean stands in [`danger`](super).

use Severity::{Critical, High, Low, Medium};

use crate::model::Severity;
use crate::semantics::rbac::power::Ability;

/// One line of the catalogue.
pub(super) struct Row {
    pub(super) verbs: &'static [&'static str],
    pub(super) group: &'static str,
    pub(super) resource: &'static str,
    /// Cluster-wide.
    pub(super) wide: Severity,
    /// In a namespace; `None`: worth nothing there, the resource is of the cluster.
    pub(super) local: Option<Severity>,
    /// The ability that it is a half of.
    pub(super) half: Option<Ability>,
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

pub(super) const RBAC: &str = "rbac.authorization.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";
const CERTIFICATES: &str = "certificates.k8s.io";
const IDENTITY: &str = "authentication.k8s.io";

pub(super) const ROWS: &[Row] = &[
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
