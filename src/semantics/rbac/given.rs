//! What Kubernetes gives to everybody: to callers without a login, and to whoever logged in.

use super::covers::covers;
use super::stock;
use crate::model::objects::access::Rule;

/// Everything that the rule allows is given to callers without a login by the stock bindings.
pub fn is_public(rule: &Rule) -> bool {
    covers(stock::rules_of("system:public-info-viewer"), rule)
}

/// Everything that the rule allows is given to every login by the stock bindings. (To every account as well: the issuer's
/// public keys and the cluster's trust bundles.)
pub fn is_given_to_all(rule: &Rule) -> bool {
    const ROLES: [&str; 5] = [
        "system:public-info-viewer",
        "system:discovery",
        "system:basic-user",
        "system:service-account-issuer-discovery",
        "system:cluster-trust-bundle-discovery",
    ];
    let given: Vec<&Rule> = ROLES.into_iter().flat_map(stock::rules_of).collect();
    covers(given, rule)
}
