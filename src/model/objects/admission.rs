//! Admission webhooks and policies: what is asked before an object is stored. What they decide is not read.

use crate::model::{Meta, Str};

use super::selector::Selector;

/// A webhook configuration; the key's kind tells validating from mutating.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct WebhookConfiguration {
    /// Metadata.
    pub meta: Meta,
    /// Its webhooks, in order.
    pub webhooks: Box<[Webhook]>,
}

/// One webhook.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Webhook {
    /// Unique name in the configuration.
    pub name: Str,
    /// `failurePolicy: Ignore`; the default of admissionregistration.k8s.io/v1 is Fail. `None` when unset.
    pub ignore: Option<bool>,
    /// Namespace and name of the service it calls; `None` for a URL.
    pub service: Option<(Str, Str)>,
    /// URL it calls, without path and query.
    pub url: Option<Str>,
    /// `namespaceSelector`.
    pub namespaces: Selector,
    /// Operations x resources it is asked about, as `OPERATION group/resource`, sorted.
    pub asks: Box<[Str]>,
    /// `timeoutSeconds`.
    pub timeout: Option<i32>,
}

/// A ValidatingAdmissionPolicy: what it would be asked about. Its expressions are not read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct AdmissionPolicy {
    /// Metadata.
    pub meta: Meta,
    /// `matchConstraints.namespaceSelector`.
    pub namespaces: Selector,
    /// `matchConstraints.resourceRules` as `OPERATION group/resource`, sorted.
    pub asks: Box<[Str]>,
}

/// A ValidatingAdmissionPolicyBinding: where a policy counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct AdmissionPolicyBinding {
    /// Metadata.
    pub meta: Meta,
    /// `policyName`.
    pub policy: Str,
    /// `validationActions` holds `Deny`: what the policy refuses is refused, not only told.
    pub denies: bool,
    /// `matchResources.namespaceSelector`.
    pub namespaces: Selector,
    /// `matchResources.resourceRules` as in the policy; empty: whatever the policy asks about.
    pub asks: Box<[Str]>,
}
