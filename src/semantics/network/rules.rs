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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Object, ObjectKey};
    use crate::semantics::testing::world;

    /// Ingress rules that count, and whether one allows everything.
    fn judged(spec: &str) -> (usize, bool) {
        let world = world(&format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p, namespace: shop}}\nspec: {{podSelector: {{}}, {spec}}}\n"
        ));
        let key = ObjectKey::namespaced(Kind::NetworkPolicy, "shop", "p");
        let Some(Object::NetworkPolicy(policy)) = world.get(&key).map(|o| &**o) else {
            panic!("no policy");
        };
        let rules = rules(policy, Direction::Ingress);
        (rules.len(), rules.iter().any(allows_everything))
    }

    #[test]
    fn no_section_means_no_rule_and_one_empty_rule_means_everything() {
        for none in ["policyTypes: [Ingress]", "ingress: []", "ingress: null"] {
            assert_eq!(judged(none), (0, false), "{none}");
        }
        for all in [
            "{}",
            "{from: []}",
            "{from: null}",
            "{ports: []}",
            "{from: [], ports: null}",
        ] {
            assert_eq!(judged(&format!("ingress: [{all}]")), (1, true), "{all}");
        }
    }

    #[test]
    fn peers_or_ports_narrow_it() {
        for some in [
            "{from: [{podSelector: {}}]}",
            "{from: [{namespaceSelector: {}}]}",
            "{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}",
            "{ports: [{}]}",
            "{ports: [{protocol: UDP}]}",
            "{ports: [{port: 80}]}",
        ] {
            assert_eq!(judged(&format!("ingress: [{some}]")), (1, false), "{some}");
        }
    }

    #[test]
    fn a_section_without_its_type_is_ignored() {
        assert_eq!(judged("policyTypes: [Egress], ingress: [{}]"), (0, false));
    }

    #[test]
    fn blocks_with_host_bits_are_masked() {
        assert_eq!(
            block("10.1.2.3/8").map(|b| b.to_string()).as_deref(),
            Some("10.0.0.0/8")
        );
        assert_eq!(
            block("2001:db8::1/32").map(|b| b.to_string()).as_deref(),
            Some("2001:db8::/32")
        );
        assert_eq!(block("10.0.0.0"), None);
    }
}
