//! ServiceAccount, Role, ClusterRole, RoleBinding, ClusterRoleBinding.

use crate::model::{Meta, Str, Subject};

use super::selector::Selector;

/// A ServiceAccount.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ServiceAccount {
    /// Metadata.
    pub meta: Meta,
    /// `automountServiceAccountToken`; `None` is Kubernetes' default, true.
    pub automount: Option<bool>,
    /// Names in `secrets` (old token Secrets).
    pub secrets: Box<[Str]>,
    /// Names in `imagePullSecrets`.
    pub pull_secrets: Box<[Str]>,
    /// Assumed, not read: the `default` account of a namespace in a world from files.
    pub assumed: bool,
}

/// A Role or a ClusterRole; the key's kind tells which.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Role {
    /// Metadata.
    pub meta: Meta,
    /// Rules in order. Of an aggregated role these are what the controller wrote, or would write.
    pub rules: Box<[Rule]>,
    /// `aggregationRule.clusterRoleSelectors`; `None` when the role is not aggregated.
    pub aggregation: Option<Box<[Selector]>>,
    /// Assumed, not read: stock RBAC of the version in a world from files.
    pub assumed: bool,
}

impl Role {
    /// Where a rule of this content stands: at `hint`, or wherever it has moved to.
    pub fn place(&self, hint: usize, rule: &Rule) -> Option<usize> {
        if self.rules.get(hint) == Some(rule) {
            return Some(hint);
        }
        self.rules.iter().position(|r| r == rule)
    }
}

/// One rule of a role. Lists are as written: order and duplicates kept.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct Rule {
    /// Verbs, `*` is all.
    pub verbs: Box<[Str]>,
    /// API groups, empty string is core, `*` is all.
    pub groups: Box<[Str]>,
    /// Resources, `*` is all, `*/sub` is a subresource of all.
    pub resources: Box<[Str]>,
    /// Names; empty is any.
    pub names: Box<[Str]>,
    /// Non-resource URLs.
    pub urls: Box<[Str]>,
}

impl Rule {
    /// In words: `get, list secrets named db`. Not cleaned.
    pub fn says(&self) -> String {
        let verbs = self.verbs.join(", ");
        if self.resources.is_empty() {
            return format!("{verbs} {}", self.urls.join(", "));
        }
        let groups = self.groups.iter().filter(|group| !group.is_empty());
        let groups: Vec<&str> = groups.map(|group| &**group).collect();
        let mut says = format!("{verbs} {}", self.resources.join(", "));
        if !groups.is_empty() {
            says += &format!(" of {}", groups.join(", "));
        }
        if !self.names.is_empty() {
            says += &format!(" named {}", self.names.join(", "));
        }
        says
    }
}

/// A RoleBinding or a ClusterRoleBinding; the key's kind tells which.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Binding {
    /// Metadata.
    pub meta: Meta,
    /// `roleRef`.
    pub role: RoleRef,
    /// Subjects in order. A ServiceAccount without a namespace is kept with an empty one: it matches nobody in a
    /// ClusterRoleBinding, and takes the binding's namespace in a RoleBinding (applied when decoding).
    pub subjects: Box<[Subject]>,
    /// Assumed, not read: stock RBAC of the version in a world from files.
    pub assumed: bool,
}

/// `roleRef`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct RoleRef {
    /// `ClusterRole`, else `Role` of the binding's namespace.
    pub cluster: bool,
    /// Name of the role.
    pub name: Str,
}
