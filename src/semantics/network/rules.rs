//! Rules of a policy: which there are in a direction, and which of them allow everything.

use ipnet::IpNet;

use super::policy_types::{Direction, isolates};
use crate::model::objects::network_policy::{NetworkPolicy, PolicyRule};

/// The rules that count in a direction: those of the section, if the policy isolates that way at all. A section without
/// its type in `policyTypes` is ignored; an absent, null or empty section has no rules, so nothing is allowed.
pub fn rules(policy: &NetworkPolicy, direction: Direction) -> &[PolicyRule] {
    let section = match direction {
        Direction::Ingress => &policy.ingress,
        Direction::Egress => &policy.egress,
    };
    match section {
        Some(rules) if isolates(policy, direction) => rules,
        _ => &[],
    }
}

/// True when a rule allows every peer on every port: neither list says anything.
///
/// `from: [{namespaceSelector: {}}]` is not that: it means all pods, and nothing from outside. `ports: [{}]` is not that
/// either: it means TCP. A `0.0.0.0/0` block leaves out IPv6, and whether it means pods is left to the network plugin.
pub fn allows_everything(rule: &PolicyRule) -> bool {
    rule.peers.is_empty() && rule.ports.is_empty()
}

/// A CIDR as the API of its time accepted it: host bits may be set, and are masked off.
pub fn block(cidr: &str) -> Option<IpNet> {
    cidr.trim().parse::<IpNet>().ok().map(|net| net.trunc())
}
