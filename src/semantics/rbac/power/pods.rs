//! Making pods, by hand or through a controller (P32, P33): any account, any Secret and any volume of the namespace comes
//! with it, and the node where nothing forbids privileged pods.

use super::{Ability, At, Power};
use crate::model::objects::access::Rule;
use crate::semantics::rbac::rule::{Ask, allows, allows_some};

/// Resources whose controller makes pods from a template.
pub const CONTROLLERS: &[(&str, &str)] = &[
    ("apps", "deployments"),
    ("apps", "daemonsets"),
    ("apps", "statefulsets"),
    ("apps", "replicasets"),
    ("batch", "jobs"),
    ("batch", "cronjobs"),
    ("", "replicationcontrollers"),
];

pub(super) fn find<'a>(at: &At<'_, 'a>, out: &mut Vec<Power<'a>>) {
    let make = at.any(&["create"], "", "pods").or_else(|| {
        let mut controllers = CONTROLLERS.iter();
        controllers.find_map(|(group, resource)| {
            let rewrite = rewrites(resource).and_then(|verbs| at.any(verbs, group, resource));
            at.any(&["create"], group, resource).or(rewrite)
        })
    });
    out.extend(make.map(|clause| at.power(Ability::MakePods, [clause])));
    let named = CONTROLLERS.iter().flat_map(|(group, resource)| {
        rewrites(resource).map_or_else(Vec::new, |verbs| at.named(verbs, group, resource))
    });
    out.extend(at.limited(Ability::MakePods, named.collect()));
}

/// Verbs that rewrite a template that exists; a Job's cannot be rewritten.
fn rewrites(resource: &str) -> Option<&'static [&'static str]> {
    (resource != "jobs").then_some(&["update", "patch"])
}

/// True when a rule alone allows making pods, of whatever name or by rewriting a template.
pub fn makes_pods(rule: &Rule) -> bool {
    allows(rule, &Ask::any("create", "", "pods"))
        || CONTROLLERS.iter().any(|(group, resource)| {
            allows(rule, &Ask::any("create", group, resource))
                || rewrites(resource)
                    .unwrap_or_default()
                    .iter()
                    .any(|verb| allows_some(rule, &Ask::any(verb, group, resource)))
        })
}
