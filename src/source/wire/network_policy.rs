//! NetworkPolicy: absent and empty are different things here and stay apart.

use super::fields::wire;
use super::lenient::{IntOrText, List, Text};
use super::metadata::Metadata;
use super::pool::Pool;
use super::selector::{LabelSelector, optional};
use super::{DecodeError, Wire};
use crate::model::objects::network_policy::{NetworkPolicy, Peer, PolicyPort, PolicyRule, PortRef};
use crate::model::{Kind, Object};

wire! {
    pub(super) struct NetworkPolicyWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<Spec<'a>> = "spec",
    }
}

wire! {
    struct Spec<'a> {
        pod_selector: Option<LabelSelector<'a>> = "podSelector",
        policy_types: List<Text<'a>> = "policyTypes",
        ingress: Option<List<RuleWire<'a>>> = "ingress",
        egress: Option<List<RuleWire<'a>>> = "egress",
    }
}

wire! {
    /// `from` is of ingress, `to` of egress rules.
    struct RuleWire<'a> {
        from: List<PeerWire<'a>> = "from",
        to: List<PeerWire<'a>> = "to",
        ports: List<PortWire<'a>> = "ports",
    }
}

wire! {
    struct PeerWire<'a> {
        pod_selector: Option<LabelSelector<'a>> = "podSelector",
        namespace_selector: Option<LabelSelector<'a>> = "namespaceSelector",
        ip_block: Option<Block<'a>> = "ipBlock",
    }
}

wire! {
    struct Block<'a> {
        cidr: Text<'a> = "cidr",
        except: List<Text<'a>> = "except",
    }
}

wire! {
    struct PortWire<'a> {
        protocol: Option<Text<'a>> = "protocol",
        port: Option<IntOrText<'a>> = "port",
        end_port: Option<u16> = "endPort",
    }
}

impl<'de> Wire<'de> for NetworkPolicyWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let spec = self.spec.unwrap_or_default();
        Ok(Object::NetworkPolicy(NetworkPolicy {
            meta: self.metadata.fact(kind, pool)?,
            pods: spec.pod_selector.unwrap_or_default().fact(pool),
            types: pool.texts(&spec.policy_types),
            ingress: rules(
                spec.ingress.as_ref(),
                "spec.ingress",
                |rule| &rule.from,
                pool,
            )?,
            egress: rules(spec.egress.as_ref(), "spec.egress", |rule| &rule.to, pool)?,
        }))
    }
}

type Peers<'r, 'a> = fn(&'r RuleWire<'a>) -> &'r List<PeerWire<'a>>;

fn rules<'r, 'a>(
    rules: Option<&'r List<RuleWire<'a>>>,
    path: &str,
    peers: Peers<'r, 'a>,
    pool: &mut Pool,
) -> Result<Option<Box<[PolicyRule]>>, DecodeError> {
    let Some(rules) = rules else { return Ok(None) };
    let mut facts = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        let ports = rule.ports.iter().enumerate();
        let ports =
            ports.map(|(port, p)| p.fact(&format!("{path}[{at}].ports[{port}].port"), pool));
        facts.push(PolicyRule {
            ports: ports.collect::<Result<_, _>>()?,
            peers: peers(rule).iter().map(|peer| peer.fact(pool)).collect(),
        });
    }
    Ok(Some(facts.into()))
}

impl PeerWire<'_> {
    fn fact(&self, pool: &mut Pool) -> Peer {
        match &self.ip_block {
            Some(block) => Peer::Block {
                cidr: pool.text(&block.cidr),
                except: pool.texts(&block.except),
            },
            None => Peer::Pods {
                namespaces: optional(self.namespace_selector.as_ref(), pool),
                pods: optional(self.pod_selector.as_ref(), pool),
            },
        }
    }
}

impl PortWire<'_> {
    fn fact(&self, path: &str, pool: &mut Pool) -> Result<PolicyPort, DecodeError> {
        let port = match &self.port {
            None => None,
            Some(IntOrText::Text(name)) => Some(PortRef::Name(pool.text(name))),
            Some(IntOrText::Int(number)) => Some(PortRef::Number(
                u16::try_from(*number).map_err(|_| DecodeError::at(path, "is no port number"))?,
            )),
        };
        Ok(PolicyPort {
            protocol: pool.option(self.protocol.as_ref()),
            port,
            end: self.end_port,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]
    use super::super::testing::{decoded, refused};
    use super::*;
    use crate::model::objects::selector::Selector;

    fn policy(spec: &str) -> NetworkPolicy {
        let json = format!(r#"{{"metadata":{{"name":"p","namespace":"shop"}},"spec":{spec}}}"#);
        match decoded(Kind::NetworkPolicy, &json) {
            Object::NetworkPolicy(policy) => policy,
            _ => panic!("another kind"),
        }
    }

    #[test]
    fn absent_null_and_empty_stay_apart() {
        let deny = policy(r#"{"podSelector":{},"policyTypes":["Ingress"],"ingress":[]}"#);
        assert_eq!(deny.ingress, Some(Box::default()));
        assert_eq!(deny.egress, None);
        assert_eq!(policy(r#"{"podSelector":{},"ingress":null}"#).ingress, None);
        let open = policy(r#"{"podSelector":{},"ingress":[{}]}"#);
        assert!(
            open.ingress
                .is_some_and(|rules| rules[0].peers.is_empty() && rules[0].ports.is_empty())
        );
    }

    #[test]
    fn peers_and_ports() {
        let policy = policy(
            r#"{"podSelector":{"matchLabels":{"app":"db"}},"egress":[{"to":[{"namespaceSelector":{}},{"podSelector":{"matchExpressions":
            [{"key":"app","operator":"In","values":["a","b"]}]}},{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}],
            "ports":[{"port":5432,"endPort":5440},{"port":"dns","protocol":"UDP"},{"protocol":"TCP"}]}]}"#,
        );
        let rules = policy.egress.unwrap_or_default();
        assert_eq!(
            rules[0].peers[0],
            Peer::Pods {
                namespaces: Some(Selector::default()),
                pods: None
            }
        );
        assert!(
            matches!(&rules[0].peers[1], Peer::Pods { namespaces: None, pods: Some(s) } if s.expressions.len() == 1)
        );
        assert!(matches!(&rules[0].peers[2], Peer::Block { except, .. } if except.len() == 1));
        assert_eq!(rules[0].ports[0].port, Some(PortRef::Number(5432)));
        assert_eq!(rules[0].ports[1].port, Some(PortRef::Name("dns".into())));
        assert_eq!(rules[0].ports[2].port, None);
    }

    #[test]
    fn a_port_out_of_range_is_named() {
        let json = r#"{"metadata":{"name":"p"},"spec":{"ingress":[{"ports":[{"port":80},{"port":70000}]}]}}"#;
        assert_eq!(
            refused(Kind::NetworkPolicy, json).path,
            "spec.ingress[0].ports[1].port"
        );
    }
}
