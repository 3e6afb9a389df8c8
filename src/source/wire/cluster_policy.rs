//! AdminNetworkPolicy and BaselineAdminNetworkPolicy (`policy.networking.k8s.io/v1alpha1`), ClusterNetworkPolicy
//! (`v1alpha2`). Source: sigs.k8s.io/network-policy-api, `apis/`.

use super::fields::wire;
use super::lenient::{List, Text};
use super::metadata::Metadata;
use super::pool::Pool;
use super::selector::LabelSelector;
use super::{DecodeError, Wire};
use crate::model::objects::cluster_policy::{
    Action, ClusterPolicy, Subject, Tier, TierPeer, TierPort, TierRule,
};
use crate::model::objects::selector::Selector;
use crate::model::{Kind, Object};

wire! {
    pub(super) struct ClusterPolicyWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<Spec<'a>> = "spec",
    }
}

wire! {
    struct Spec<'a> {
        tier: Text<'a> = "tier",
        priority: Option<i32> = "priority",
        subject: Option<SubjectWire<'a>> = "subject",
        ingress: List<RuleWire<'a>> = "ingress",
        egress: List<RuleWire<'a>> = "egress",
    }
}

wire! {
    /// Of a subject or a peer: exactly one field is set.
    struct SubjectWire<'a> {
        namespaces: Option<LabelSelector<'a>> = "namespaces",
        pods: Option<PodsWire<'a>> = "pods",
        networks: Option<List<Text<'a>>> = "networks",
        nodes: Option<LabelSelector<'a>> = "nodes",
        domain_names: Option<List<Text<'a>>> = "domainNames",
    }
}

wire! {
    struct PodsWire<'a> {
        namespace_selector: Option<LabelSelector<'a>> = "namespaceSelector",
        pod_selector: Option<LabelSelector<'a>> = "podSelector",
    }
}

wire! {
    /// `from` is of ingress, `to` of egress; `ports` of v1alpha1, `protocols` of v1alpha2.
    struct RuleWire<'a> {
        action: Text<'a> = "action",
        from: List<SubjectWire<'a>> = "from",
        to: List<SubjectWire<'a>> = "to",
        ports: List<PortWire<'a>> = "ports",
        protocols: List<ProtocolWire<'a>> = "protocols",
    }
}

wire! {
    struct PortWire<'a> {
        port_number: Option<Numbers<'a>> = "portNumber",
        port_range: Option<Numbers<'a>> = "portRange",
        named_port: Option<Text<'a>> = "namedPort",
    }
}

wire! {
    struct Numbers<'a> {
        protocol: Option<Text<'a>> = "protocol",
        port: Option<u16> = "port",
        number: Option<u16> = "number",
        range: Option<Range> = "range",
        start: Option<u16> = "start",
        end: Option<u16> = "end",
    }
}

wire! {
    struct Range {
        start: Option<u16> = "start",
        end: Option<u16> = "end",
    }
}

wire! {
    struct ProtocolWire<'a> {
        tcp: Option<Destination<'a>> = "tcp",
        udp: Option<Destination<'a>> = "udp",
        sctp: Option<Destination<'a>> = "sctp",
        destination_named_port: Option<Text<'a>> = "destinationNamedPort",
    }
}

wire! {
    struct Destination<'a> {
        destination_port: Option<Numbers<'a>> = "destinationPort",
    }
}

impl<'de> Wire<'de> for ClusterPolicyWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let spec = self.spec.unwrap_or_default();
        let tier = match (kind, spec.tier.as_str()) {
            (Kind::BaselineAdminNetworkPolicy, _) | (_, "Baseline") => Tier::Baseline,
            (Kind::AdminNetworkPolicy, _) | (_, "Admin") => Tier::Admin,
            _ => return Err(DecodeError::at("spec.tier", "is no tier")),
        };
        // Of neither shape: it is about nobody that is known.
        let subject = spec.subject.unwrap_or_default().pods(pool);
        let subject =
            subject.ok_or_else(|| DecodeError::at("spec.subject", "is none that is known"))?;
        Ok(Object::ClusterPolicy(ClusterPolicy {
            meta: self.metadata.fact(kind, pool)?,
            tier,
            priority: spec.priority.unwrap_or(0),
            subject,
            ingress: rules(&spec.ingress, "spec.ingress", |rule| &rule.from, pool)?,
            egress: rules(&spec.egress, "spec.egress", |rule| &rule.to, pool)?,
        }))
    }
}

type Peers<'r, 'a> = fn(&'r RuleWire<'a>) -> &'r List<SubjectWire<'a>>;

fn rules<'r, 'a>(
    rules: &'r List<RuleWire<'a>>,
    path: &str,
    peers: Peers<'r, 'a>,
    pool: &mut Pool,
) -> Result<Box<[TierRule]>, DecodeError> {
    let mut facts = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        let action = match rule.action.as_str() {
            "Allow" | "Accept" => Action::Accept,
            "Deny" => Action::Deny,
            "Pass" => Action::Pass,
            _ => {
                return Err(DecodeError::at(
                    format!("{path}[{at}].action"),
                    "is no action",
                ));
            }
        };
        facts.push(TierRule {
            action,
            peers: peers(rule).iter().map(|peer| peer.peer(pool)).collect(),
            ports: rule.ports(pool),
        });
    }
    Ok(facts.into())
}

impl SubjectWire<'_> {
    fn pods(&self, pool: &mut Pool) -> Option<Subject> {
        if let Some(namespaces) = &self.namespaces {
            return Some(Subject {
                namespaces: namespaces.fact(pool),
                pods: None,
            });
        }
        let pods = self.pods.as_ref()?;
        let mut of = |selector: &Option<LabelSelector<'_>>| {
            selector
                .as_ref()
                .map_or_else(Selector::default, |s| s.fact(pool))
        };
        Some(Subject {
            namespaces: of(&pods.namespace_selector),
            pods: Some(of(&pods.pod_selector)),
        })
    }

    fn peer(&self, pool: &mut Pool) -> TierPeer {
        if let Some(pods) = self.pods(pool) {
            return TierPeer::Pods(pods);
        }
        match (&self.networks, &self.nodes, &self.domain_names) {
            (Some(networks), _, _) => TierPeer::Networks(pool.texts(networks)),
            (None, Some(nodes), _) => TierPeer::Nodes(nodes.fact(pool)),
            (None, None, Some(_)) => TierPeer::Domains,
            (None, None, None) => TierPeer::Unknown,
        }
    }
}

impl RuleWire<'_> {
    fn ports(&self, pool: &mut Pool) -> Option<Box<[TierPort]>> {
        if self.ports.is_empty() && self.protocols.is_empty() {
            return None;
        }
        let mut ports = Vec::new();
        for port in self.ports.iter() {
            for numbers in port.port_number.iter().chain(&port.port_range) {
                let protocol = numbers.protocol.as_ref().map_or("TCP", Text::as_str);
                ports.extend(numbers.range(protocol, pool));
            }
            ports.extend(
                port.named_port
                    .as_ref()
                    .map(|name| TierPort::Named(pool.text(name))),
            );
        }
        for entry in self.protocols.iter() {
            for (word, of) in [
                ("TCP", &entry.tcp),
                ("UDP", &entry.udp),
                ("SCTP", &entry.sctp),
            ] {
                let Some(of) = of else { continue };
                match &of.destination_port {
                    Some(numbers) => ports.extend(numbers.range(word, pool)),
                    None => ports.push(TierPort::Range(pool.get(word), 1, u16::MAX)),
                }
            }
            let named = entry.destination_named_port.as_ref();
            ports.extend(named.map(|name| TierPort::Named(pool.text(name))));
        }
        Some(ports.into())
    }
}

impl Numbers<'_> {
    fn range(&self, protocol: &str, pool: &mut Pool) -> Option<TierPort> {
        let inner = self.range.as_ref();
        let first = self.port.or(self.number).or(self.start);
        let first = first.or_else(|| inner.and_then(|r| r.start))?;
        let last = self
            .end
            .or_else(|| inner.and_then(|r| r.end))
            .unwrap_or(first);
        Some(TierPort::Range(pool.get(protocol), first, last))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]
    use super::super::testing::{decoded, refused};
    use super::*;

    #[test]
    fn both_versions_say_the_same() {
        let old = r#"{"metadata":{"name":"p"},"spec":{"priority":7,"subject":{"namespaces":{}},"egress":[{"action":"Allow","to":[{"networks":["10.0.0.0/8"]}],
            "ports":[{"portNumber":{"protocol":"UDP","port":53}},{"portRange":{"start":80,"end":90}},{"namedPort":"web"}]}]}}"#;
        let new = r#"{"metadata":{"name":"p"},"spec":{"tier":"Admin","priority":7,"subject":{"namespaces":{}},"egress":[{"action":"Accept","to":[{"networks":["10.0.0.0/8"]}],
            "protocols":[{"udp":{"destinationPort":{"number":53}}},{"tcp":{"destinationPort":{"range":{"start":80,"end":90}}}},{"destinationNamedPort":"web"}]}]}}"#;
        let of = |kind, json| match decoded(kind, json) {
            Object::ClusterPolicy(policy) => (
                policy.tier,
                policy.priority,
                policy.subject,
                policy.ingress,
                policy.egress,
            ),
            _ => panic!("another kind"),
        };
        let one = of(Kind::AdminNetworkPolicy, old);
        assert_eq!(one, of(Kind::ClusterNetworkPolicy, new));
        let ports = one.4[0].ports.as_ref().unwrap();
        assert_eq!(
            **ports,
            [
                TierPort::Range("UDP".into(), 53, 53),
                TierPort::Range("TCP".into(), 80, 90),
                TierPort::Named("web".into())
            ]
        );
        assert_eq!(of(Kind::BaselineAdminNetworkPolicy, old).0, Tier::Baseline);
    }

    #[test]
    fn what_is_not_known_is_refused_or_kept_apart() {
        let json =
            r#"{"metadata":{"name":"p"},"spec":{"tier":"Platform","subject":{"namespaces":{}}}}"#;
        assert_eq!(refused(Kind::ClusterNetworkPolicy, json).path, "spec.tier");
        let json = r#"{"metadata":{"name":"p"},"spec":{"subject":{"namespaces":{}},"ingress":[{"action":"Pass","from":[{"future":{}}]}]}}"#;
        let Object::ClusterPolicy(policy) = decoded(Kind::AdminNetworkPolicy, json) else {
            panic!("another kind")
        };
        assert_eq!(*policy.ingress[0].peers, [TierPeer::Unknown]);
    }
}
