//! Admission webhooks, validating admission policies and their bindings.

use std::collections::BTreeSet;

use super::fields::wire;
use super::lenient::{List, Text};
use super::metadata::Metadata;
use super::pool::Pool;
use super::selector::LabelSelector;
use super::{DecodeError, Wire};
use crate::model::objects::admission::{
    AdmissionPolicy, AdmissionPolicyBinding, Webhook, WebhookConfiguration,
};
use crate::model::objects::selector::Selector;
use crate::model::{Kind, Object, Str};

wire! {
    pub(super) struct WebhooksWire<'a> {
        metadata: Metadata<'a> = "metadata",
        webhooks: List<WebhookWire<'a>> = "webhooks",
    }
}

wire! {
    struct WebhookWire<'a> {
        name: Text<'a> = "name",
        failure_policy: Option<Text<'a>> = "failurePolicy",
        client_config: Option<ClientConfig<'a>> = "clientConfig",
        namespace_selector: Option<LabelSelector<'a>> = "namespaceSelector",
        rules: List<RuleWire<'a>> = "rules",
        timeout_seconds: Option<i32> = "timeoutSeconds",
    }
}

wire! {
    /// The CA bundle is skipped: no rule reads it.
    struct ClientConfig<'a> {
        url: Option<Text<'a>> = "url",
        service: Option<ServiceRef<'a>> = "service",
    }
}

wire! {
    struct ServiceRef<'a> {
        namespace: Text<'a> = "namespace",
        name: Text<'a> = "name",
    }
}

wire! {
    struct RuleWire<'a> {
        operations: List<Text<'a>> = "operations",
        api_groups: List<Text<'a>> = "apiGroups",
        resources: List<Text<'a>> = "resources",
    }
}

wire! {
    pub(super) struct PolicyWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<PolicySpec<'a>> = "spec",
    }
}

wire! {
    struct PolicySpec<'a> {
        constraints: Option<MatchWire<'a>> = "matchConstraints",
    }
}

wire! {
    pub(super) struct PolicyBindingWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<PolicyBindingSpec<'a>> = "spec",
    }
}

wire! {
    struct PolicyBindingSpec<'a> {
        policy: Option<Text<'a>> = "policyName",
        actions: List<Text<'a>> = "validationActions",
        resources: Option<MatchWire<'a>> = "matchResources",
    }
}

wire! {
    struct MatchWire<'a> {
        namespace_selector: Option<LabelSelector<'a>> = "namespaceSelector",
        rules: List<RuleWire<'a>> = "resourceRules",
    }
}

/// Namespaces and what is asked about.
fn matched(wire: Option<&MatchWire<'_>>, pool: &mut Pool) -> (Selector, Box<[Str]>) {
    let namespaces = wire.and_then(|wire| wire.namespace_selector.as_ref());
    let namespaces = namespaces.map(|s| s.fact(pool)).unwrap_or_default();
    let asks = wire.map(|wire| asks(&wire.rules, pool));
    (namespaces, asks.unwrap_or_default())
}

impl<'de> Wire<'de> for PolicyWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let spec = self.spec.as_ref();
        let (namespaces, asks) = matched(spec.and_then(|s| s.constraints.as_ref()), pool);
        Ok(Object::Policy(AdmissionPolicy {
            namespaces,
            asks,
            meta: self.metadata.fact(kind, pool)?,
        }))
    }
}

impl<'de> Wire<'de> for PolicyBindingWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let spec = self.spec.as_ref();
        let (namespaces, asks) = matched(spec.and_then(|s| s.resources.as_ref()), pool);
        let policy = spec.and_then(|s| s.policy.as_ref());
        let mut actions = spec.into_iter().flat_map(|s| s.actions.iter());
        Ok(Object::PolicyBinding(AdmissionPolicyBinding {
            policy: policy.map(|name| pool.text(name)).unwrap_or_default(),
            denies: actions.any(|action| action.as_str() == "Deny"),
            namespaces,
            asks,
            meta: self.metadata.fact(kind, pool)?,
        }))
    }
}

impl<'de> Wire<'de> for WebhooksWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let webhooks = self.webhooks.iter().enumerate();
        Ok(Object::Webhooks(WebhookConfiguration {
            webhooks: webhooks
                .map(|(at, webhook)| webhook.fact(at, pool))
                .collect::<Result<_, _>>()?,
            meta: self.metadata.fact(kind, pool)?,
        }))
    }
}

impl WebhookWire<'_> {
    fn fact(&self, at: usize, pool: &mut Pool) -> Result<Webhook, DecodeError> {
        let ignore = match self.failure_policy.as_ref().map(Text::as_str) {
            None | Some("") => None,
            Some("Ignore") => Some(true),
            Some("Fail") => Some(false),
            Some(_) => {
                return Err(DecodeError::at(
                    format!("webhooks[{at}].failurePolicy"),
                    "is neither Fail nor Ignore",
                ));
            }
        };
        let client = self.client_config.as_ref();
        Ok(Webhook {
            name: pool.text(&self.name),
            ignore,
            service: client
                .and_then(|c| c.service.as_ref())
                .map(|s| (pool.text(&s.namespace), pool.text(&s.name))),
            url: client
                .and_then(|c| c.url.as_ref())
                .map(|url| pool.get(&origin(url.as_str()))),
            namespaces: self
                .namespace_selector
                .as_ref()
                .map(|s| s.fact(pool))
                .unwrap_or_default(),
            asks: asks(&self.rules, pool),
            timeout: self.timeout_seconds,
        })
    }
}

/// Scheme, host and port. Path, query and user information can hold a token.
fn origin(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}")
}

fn asks(rules: &List<RuleWire<'_>>, pool: &mut Pool) -> Box<[Str]> {
    let mut asks = BTreeSet::new();
    for rule in rules.iter() {
        for operation in rule.operations.iter() {
            for group in rule.api_groups.iter() {
                for resource in rule.resources.iter() {
                    asks.insert(format!(
                        "{} {}/{}",
                        operation.as_str(),
                        group.as_str(),
                        resource.as_str()
                    ));
                }
            }
        }
    }
    asks.iter().map(|ask| pool.get(ask)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]
    use super::super::testing::{decoded, refused};
    use super::*;

    #[test]
    fn decodes() {
        let json = r#"{"metadata":{"name":"policy"},"webhooks":[
            {"name":"a.example.com","failurePolicy":"Ignore","timeoutSeconds":5,"clientConfig":{"service":{"namespace":"gk","name":"wh","path":"/v1"},"caBundle":"LS0t"},
             "namespaceSelector":{"matchExpressions":[{"key":"skip","operator":"DoesNotExist"}]},
             "rules":[{"operations":["UPDATE","CREATE"],"apiGroups":["","apps"],"apiVersions":["*"],"resources":["pods"],"scope":"*"}]},
            {"name":"b.example.com","clientConfig":{"url":"https://u:p@hooks.example.com:8443/check?token=x"}}]}"#;
        let Object::Webhooks(config) = decoded(Kind::ValidatingWebhookConfiguration, json) else {
            panic!("another kind")
        };
        let [a, b] = &*config.webhooks else {
            panic!("two webhooks")
        };
        assert_eq!((a.ignore, b.ignore), (Some(true), None));
        let asks: Vec<_> = a.asks.iter().map(|s| &**s).collect();
        assert_eq!(
            asks,
            [
                "CREATE /pods",
                "CREATE apps/pods",
                "UPDATE /pods",
                "UPDATE apps/pods"
            ]
        );
        assert_eq!(a.service, Some(("gk".into(), "wh".into())));
        assert_eq!(b.url.as_deref(), Some("https://hooks.example.com:8443"));
        assert!(b.namespaces.is_empty() && !a.namespaces.is_empty());
    }

    #[test]
    fn policies_and_where_they_count() {
        let json = r#"{"metadata":{"name":"digests"},"spec":{"failurePolicy":"Fail","matchConstraints":{
            "resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["pods"]}]},
            "validations":[{"expression":"true"}]}}"#;
        let Object::Policy(policy) = decoded(Kind::ValidatingAdmissionPolicy, json) else {
            panic!("another kind")
        };
        assert_eq!(&*policy.asks, [Str::from("CREATE /pods")]);
        assert!(policy.namespaces.is_empty());
        let json = r#"{"metadata":{"name":"digests-pay"},"spec":{"policyName":"digests","validationActions":["Warn","Deny"],
            "matchResources":{"namespaceSelector":{"matchLabels":{"verify":"on"}}}}}"#;
        let Object::PolicyBinding(binding) = decoded(Kind::ValidatingAdmissionPolicyBinding, json)
        else {
            panic!("another kind")
        };
        assert_eq!((&*binding.policy, binding.denies), ("digests", true));
        assert!(binding.asks.is_empty() && !binding.namespaces.is_empty());
    }

    #[test]
    fn an_unknown_failure_policy_is_refused() {
        let json = r#"{"metadata":{"name":"p"},"webhooks":[{"name":"a","failurePolicy":"Maybe"}]}"#;
        assert_eq!(
            refused(Kind::MutatingWebhookConfiguration, json).path,
            "webhooks[0].failurePolicy"
        );
    }
}
