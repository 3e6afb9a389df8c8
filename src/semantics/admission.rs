//! What a webhook is asked about, as its rules say (`admissionregistration/v1`, `RuleWithOperations`).

use crate::model::objects::admission::Webhook;

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
    webhook.asks.iter().any(|ask| {
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
