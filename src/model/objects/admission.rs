//! ValidatingWebhookConfiguration and MutatingWebhookConfiguration.

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
