//! What webhooks and policies are asked about, as their rules say (`admissionregistration/v1`, `RuleWithOperations`,
//! `MatchResources`). Selectors of objects and rules that exclude are not read: what they would spare counts as asked about.

use crate::model::objects::admission::{AdmissionPolicyBinding, Webhook};
use crate::model::objects::selector::Selector;
use crate::model::{Kind, Object, Str};
use crate::view::View;

/// `*` is every resource, `*/*` every subresource too, `pods/*` every subresource of one.
pub fn asks_for(rule: &str, resource: &str) -> bool {
    match rule {
        "*/*" => true,
        "*" => !resource.contains('/'),
        rule => match rule.strip_suffix("/*") {
            Some(of) => resource.split_once('/').is_some_and(|(name, _)| name == of),
            None => rule == resource,
        },
    }
}

/// True when it is asked before a pod is made.
pub fn is_asked_about_new_pods(webhook: &Webhook) -> bool {
    asks_about_new_pods(&webhook.asks)
}

/// A policy that may refuse new pods, with the selectors of namespaces that must both match.
#[derive(Clone, Copy, Debug)]
pub struct PodPolicy<'a> {
    /// Name of the policy.
    pub name: &'a Str,
    /// Its own selector.
    pub namespaces: &'a Selector,
    /// The binding by which it counts.
    pub binding: &'a AdmissionPolicyBinding,
}

/// Policies that are asked before a pod is made and whose refusal counts, by binding. Blindness is noted.
pub fn pod_policies<'a>(view: &View<'a>) -> Vec<PodPolicy<'a>> {
    let bindings = view.list(Kind::ValidatingAdmissionPolicyBinding, "");
    let policies = view.list(Kind::ValidatingAdmissionPolicy, "");
    let policies: Vec<_> = policies
        .filter_map(|object| match &**object {
            Object::Policy(policy) if asks_about_new_pods(&policy.asks) => Some(policy),
            _ => None,
        })
        .collect();
    let counts = bindings.filter_map(|object| {
        let Object::PolicyBinding(binding) = &**object else {
            return None;
        };
        let asked = binding.asks.is_empty() || asks_about_new_pods(&binding.asks);
        let policy = policies
            .iter()
            .find(|p| *p.meta.key.name == *binding.policy);
        policy
            .filter(|_| asked && binding.denies)
            .map(|policy| PodPolicy {
                name: &policy.meta.key.name,
                namespaces: &policy.namespaces,
                binding,
            })
    });
    counts.collect()
}

fn asks_about_new_pods(asks: &[Str]) -> bool {
    asks.iter().any(|ask| {
        let parts = ask
            .split_once(' ')
            .and_then(|(verb, what)| Some((verb, what.split_once('/')?)));
        parts.is_some_and(|(verb, (group, resource))| {
            matches!(verb, "CREATE" | "*")
                && matches!(group, "" | "*")
                && asks_for(resource, "pods")
        })
    })
}
