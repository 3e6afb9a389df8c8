//! Metadata that facts keep: identity, labels, the annotations that checks read, owners, age.

use jiff::Timestamp;

use super::{Labels, ObjectKey, ObjectKind, Str};

/// What every fact keeps of `metadata`. managedFields and `last-applied-configuration` are never decoded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Meta {
    /// Identity.
    pub key: ObjectKey,
    /// All labels.
    pub labels: Labels,
    /// Only annotations of [`KEPT_ANNOTATIONS`].
    pub annotations: Labels,
    /// Owner references.
    pub owners: Box<[Owner]>,
    /// `creationTimestamp`.
    pub created: Option<Timestamp>,
    /// `deletionTimestamp` is set.
    pub deleting: bool,
}

/// One owner reference.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Owner {
    /// Kind of the owner.
    pub kind: ObjectKind,
    /// Name of the owner, in the same namespace or cluster-scoped.
    pub name: Str,
    /// The managing controller.
    pub controller: bool,
}

impl Meta {
    /// Metadata with nothing but an identity.
    pub fn bare(key: ObjectKey) -> Self {
        Meta {
            key,
            labels: Labels::default(),
            annotations: Labels::default(),
            owners: Box::default(),
            created: None,
            deleting: false,
        }
    }

    /// The controlling owner, if any.
    pub fn controller(&self) -> Option<&Owner> {
        self.owners.iter().find(|o| o.controller)
    }

    /// The namespace, or the empty string.
    pub fn namespace(&self) -> &str {
        self.key.namespace.as_deref().unwrap_or("")
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.key.name
    }
}

/// Annotations that checks, semantics or `fix::managed_by` read: exact keys, or prefixes that end in `*`.
pub const KEPT_ANNOTATIONS: &[&str] = &[
    "container.apparmor.security.beta.kubernetes.io/*",
    "seccomp.security.alpha.kubernetes.io/*",
    "container.seccomp.security.alpha.kubernetes.io/*",
    "rbac.authorization.kubernetes.io/autoupdate",
    "prometheus.io/port",
    "prometheus.io/scrape",
    "meta.helm.sh/*",
    "argocd.argoproj.io/*",
    "kubernetes.io/ingress.class",
    "nginx.ingress.kubernetes.io/*",
    "eks.amazonaws.com/role-arn",
    "iam.gke.io/gcp-service-account",
    "azure.workload.identity/client-id",
    "service.beta.kubernetes.io/*",
    "alb.ingress.kubernetes.io/*",
    "appgw.ingress.kubernetes.io/*",
    "traefik.ingress.kubernetes.io/*",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "networking.gke.io/load-balancer-type",
    "networking.gke.io/managed-certificates",
    "load-balancer.hetzner.cloud/disable-public-network",
    "oci-network-load-balancer.oraclecloud.com/internal",
    "cloud.google.com/load-balancer-type",
    "cloud.google.com/neg",
    "service.kubernetes.io/*",
    "kubernetes.io/config.mirror",
    "kubernetes.io/config.source",
    "demo.bartizan/*",
];

/// True when an annotation is worth keeping.
pub fn keeps_annotation(key: &str) -> bool {
    KEPT_ANNOTATIONS
        .iter()
        .any(|kept| match kept.strip_suffix('*') {
            Some(prefix) => key.starts_with(prefix),
            None => key == *kept,
        })
}
