//! The kinds that Bartizan watches: one line each. The shipped role, discovery, the not-visible pane and `kubectl`
//! commands all read this table, so a kind that is watched can never be missing from one of them.

use std::fmt;

/// A watched kind.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[allow(
    missing_docs,
    reason = "the names are Kubernetes' own; the table below describes each"
)]
pub enum Kind {
    Namespace,
    Node,
    ServiceAccount,
    Role,
    ClusterRole,
    RoleBinding,
    ClusterRoleBinding,
    NetworkPolicy,
    AdminNetworkPolicy,
    BaselineAdminNetworkPolicy,
    ClusterNetworkPolicy,
    CiliumNetworkPolicy,
    CiliumClusterwideNetworkPolicy,
    EgressFirewall,
    EgressNetworkPolicy,
    Service,
    EndpointSlice,
    Ingress,
    IngressClass,
    Gateway,
    HTTPRoute,
    GRPCRoute,
    TLSRoute,
    TCPRoute,
    UDPRoute,
    ListenerSet,
    ReferenceGrant,
    Route,
    ValidatingWebhookConfiguration,
    MutatingWebhookConfiguration,
    ValidatingAdmissionPolicy,
    ValidatingAdmissionPolicyBinding,
    CustomResourceDefinition,
    CertificateSigningRequest,
    PersistentVolume,
    ResourceQuota,
    LimitRange,
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
    CronJob,
    ReplicationController,
    ReplicaSet,
    Pod,
}

/// How much of an object is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Read {
    /// The whole object.
    Whole,
    /// `PartialObjectMetadata`: owners and labels are all we need (a quarter of a large cluster's bytes are ReplicaSets).
    Metadata,
}

/// What the table says of a kind.
#[derive(Debug)]
pub struct KindInfo {
    /// The kind.
    pub kind: Kind,
    /// API group; empty is core.
    pub group: &'static str,
    /// Version asked for; a server that serves only others is handled by discovery.
    pub version: &'static str,
    /// `Kind` as written in manifests.
    pub name: &'static str,
    /// Resource name in URLs and RBAC rules.
    pub plural: &'static str,
    /// kubectl's short name, or the singular.
    pub short: &'static str,
    /// Lives in a namespace.
    pub namespaced: bool,
    /// How much is read.
    pub read: Read,
    /// Many objects or large ones: fetched after the small kinds, two pages in flight at most.
    pub big: bool,
    /// An absent kind is normal (an add-on's CRD, an API of newer servers).
    pub optional: bool,
}

macro_rules! kinds {
    ($($kind:ident $group:literal $version:literal $plural:literal $short:literal $scope:ident $read:ident $big:literal $optional:literal;)*) => {
        /// Every watched kind, small ones first: the order in which they are fetched.
        pub const KINDS: &[KindInfo] = &[$(KindInfo {
            kind: Kind::$kind, group: $group, version: $version, name: stringify!($kind), plural: $plural, short: $short,
            namespaced: kinds!(@$scope), read: Read::$read, big: $big, optional: $optional,
        }),*];
    };
    (@ns) => { true };
    (@cluster) => { false };
}

kinds! {
    Namespace                        ""                             "v1"      "namespaces"                        "ns"         cluster Whole false false;
    Node                             ""                             "v1"      "nodes"                             "node"       cluster Whole false false;
    ServiceAccount                   ""                             "v1"      "serviceaccounts"                   "sa"         ns      Whole false false;
    Role                             "rbac.authorization.k8s.io"    "v1"      "roles"                             "role"       ns      Whole false false;
    ClusterRole                      "rbac.authorization.k8s.io"    "v1"      "clusterroles"                      "clusterrole" cluster Whole false false;
    RoleBinding                      "rbac.authorization.k8s.io"    "v1"      "rolebindings"                      "rolebinding" ns     Whole false false;
    ClusterRoleBinding               "rbac.authorization.k8s.io"    "v1"      "clusterrolebindings"               "clusterrolebinding" cluster Whole false false;
    NetworkPolicy                    "networking.k8s.io"            "v1"      "networkpolicies"                   "netpol"     ns      Whole false false;
    AdminNetworkPolicy               "policy.networking.k8s.io"     "v1alpha1" "adminnetworkpolicies"              "anp"        cluster Whole false true;
    BaselineAdminNetworkPolicy       "policy.networking.k8s.io"     "v1alpha1" "baselineadminnetworkpolicies"      "banp"       cluster Whole false true;
    ClusterNetworkPolicy             "policy.networking.k8s.io"     "v1alpha2" "clusternetworkpolicies"            "cnp"        cluster Whole false true;
    CiliumNetworkPolicy              "cilium.io"                    "v2"      "ciliumnetworkpolicies"             "ciliumnp"   ns      Metadata false true;
    CiliumClusterwideNetworkPolicy   "cilium.io"                    "v2"      "ciliumclusterwidenetworkpolicies"  "ccnp"       cluster Metadata false true;
    EgressFirewall                   "k8s.ovn.org"                  "v1"      "egressfirewalls"                   "egressfirewall" ns      Metadata false true;
    EgressNetworkPolicy              "network.openshift.io"         "v1"      "egressnetworkpolicies"             "egressnetworkpolicy" ns      Metadata false true;
    Service                          ""                             "v1"      "services"                          "svc"        ns      Whole false false;
    EndpointSlice                    "discovery.k8s.io"             "v1"      "endpointslices"                    "endpointslice" ns   Whole false false;
    Ingress                          "networking.k8s.io"            "v1"      "ingresses"                         "ing"        ns      Whole false false;
    IngressClass                     "networking.k8s.io"            "v1"      "ingressclasses"                    "ingressclass" cluster Whole false false;
    Gateway                          "gateway.networking.k8s.io"    "v1"      "gateways"                          "gtw"        ns      Whole false true;
    HTTPRoute                        "gateway.networking.k8s.io"    "v1"      "httproutes"                        "httproute"  ns      Whole false true;
    GRPCRoute                        "gateway.networking.k8s.io"    "v1"      "grpcroutes"                        "grpcroute"  ns      Whole false true;
    TLSRoute                         "gateway.networking.k8s.io"    "v1"      "tlsroutes"                         "tlsroute"   ns      Whole false true;
    TCPRoute                         "gateway.networking.k8s.io"    "v1"      "tcproutes"                         "tcproute"   ns      Whole false true;
    UDPRoute                         "gateway.networking.k8s.io"    "v1"      "udproutes"                         "udproute"   ns      Whole false true;
    ListenerSet                      "gateway.networking.k8s.io"    "v1"      "listenersets"                      "lset"       ns      Whole false true;
    ReferenceGrant                   "gateway.networking.k8s.io"    "v1"      "referencegrants"                   "refgrant"   ns      Whole false true;
    Route                            "route.openshift.io"           "v1"      "routes"                            "route"      ns      Whole false true;
    ValidatingWebhookConfiguration   "admissionregistration.k8s.io" "v1"      "validatingwebhookconfigurations"   "validatingwebhookconfiguration" cluster Whole false false;
    MutatingWebhookConfiguration     "admissionregistration.k8s.io" "v1"      "mutatingwebhookconfigurations"     "mutatingwebhookconfiguration" cluster Whole false false;
    ValidatingAdmissionPolicy        "admissionregistration.k8s.io" "v1"      "validatingadmissionpolicies"       "validatingadmissionpolicy" cluster Whole false true;
    ValidatingAdmissionPolicyBinding "admissionregistration.k8s.io" "v1"      "validatingadmissionpolicybindings" "validatingadmissionpolicybinding" cluster Whole false true;
    CustomResourceDefinition         "apiextensions.k8s.io"         "v1"      "customresourcedefinitions"         "crd"        cluster Metadata false false;
    CertificateSigningRequest        "certificates.k8s.io"          "v1"      "certificatesigningrequests"        "csr"        cluster Whole false false;
    PersistentVolume                 ""                             "v1"      "persistentvolumes"                 "pv"         cluster Whole false false;
    ResourceQuota                    ""                             "v1"      "resourcequotas"                    "quota"      ns      Metadata false false;
    LimitRange                       ""                             "v1"      "limitranges"                       "limits"     ns      Metadata false false;
    Deployment                       "apps"                         "v1"      "deployments"                       "deploy"     ns      Whole true  false;
    StatefulSet                      "apps"                         "v1"      "statefulsets"                      "sts"        ns      Whole true  false;
    DaemonSet                        "apps"                         "v1"      "daemonsets"                        "ds"         ns      Whole true  false;
    Job                              "batch"                        "v1"      "jobs"                              "job"        ns      Whole true  false;
    CronJob                          "batch"                        "v1"      "cronjobs"                          "cj"         ns      Whole true  false;
    ReplicationController            ""                             "v1"      "replicationcontrollers"            "rc"         ns      Whole true  false;
    ReplicaSet                       "apps"                         "v1"      "replicasets"                       "rs"         ns      Metadata true  false;
    Pod                              ""                             "v1"      "pods"                              "po"         ns      Whole true  false;
}

impl Kind {
    /// The table's row. Rows stand in the order of the variants (a test holds that).
    pub fn info(self) -> &'static KindInfo {
        &KINDS[self as usize]
    }

    /// Every watched kind.
    pub fn all() -> impl Iterator<Item = Kind> {
        KINDS.iter().map(|k| k.kind)
    }

    /// The watched kind of a manifest's `apiVersion` group and `kind`, whatever the version.
    pub fn of(group: &str, name: &str) -> Option<Kind> {
        KINDS
            .iter()
            .find(|k| k.group == group && k.name == name)
            .map(|k| k.kind)
    }

    /// `group/version`, or `version` alone in the core group.
    pub fn api_version(self) -> String {
        let info = self.info();
        if info.group.is_empty() {
            info.version.to_owned()
        } else {
            format!("{}/{}", info.group, info.version)
        }
    }

    /// A custom resource: kubectl knows no merge by keys for it, and its short name may be another group's.
    pub fn is_custom(self) -> bool {
        const GROUPS: &[&str] = &[
            "cilium.io",
            "gateway.networking.k8s.io",
            "k8s.ovn.org",
            "network.openshift.io",
            "policy.networking.k8s.io",
            "route.openshift.io",
        ];
        GROUPS.contains(&self.info().group)
    }

    /// Kinds that own a pod template and so can be a workload.
    pub const TEMPLATED: [Kind; 7] = [
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
    ];
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.info().name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_variants() {
        for (at, row) in KINDS.iter().enumerate() {
            assert_eq!(row.kind as usize, at, "{}", row.name);
        }
        assert_eq!(Kind::of("apps", "Deployment"), Some(Kind::Deployment));
        assert_eq!(Kind::of("", "Deployment"), None);
        assert_eq!(Kind::Deployment.api_version(), "apps/v1");
    }
}
