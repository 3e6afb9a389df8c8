//! Service.

use super::fields::wire;
use super::lenient::{IntOrText, List, Pairs, Text};
use super::metadata::Metadata;
use super::pool::Pool;
use super::{DecodeError, Wire};
use crate::model::objects::service::{Service, ServiceKind, ServicePort};
use crate::model::{Kind, Object, Str};

wire! {
    pub(super) struct ServiceWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<Spec<'a>> = "spec",
        status: Option<BalancerStatus<'a>> = "status",
    }
}

wire! {
    struct Spec<'a> {
        r#type: Text<'a> = "type",
        selector: Pairs<'a> = "selector",
        ports: List<PortWire<'a>> = "ports",
        external_ips: List<Text<'a>> = "externalIPs",
        external_name: Text<'a> = "externalName",
        cluster_ip: Text<'a> = "clusterIP",
        load_balancer_source_ranges: List<Text<'a>> = "loadBalancerSourceRanges",
        load_balancer_class: Option<Text<'a>> = "loadBalancerClass",
        external_traffic_policy: Text<'a> = "externalTrafficPolicy",
        health_check_node_port: Option<u16> = "healthCheckNodePort",
        allocate_load_balancer_node_ports: Option<bool> = "allocateLoadBalancerNodePorts",
    }
}

wire! {
    struct PortWire<'a> {
        name: Text<'a> = "name",
        port: Option<u16> = "port",
        target_port: Option<IntOrText<'a>> = "targetPort",
        protocol: Option<Text<'a>> = "protocol",
        node_port: Option<u16> = "nodePort",
    }
}

wire! {
    /// `status.loadBalancer`, of Services and Ingresses alike.
    pub(super) struct BalancerStatus<'a> {
        load_balancer: Option<Balancer<'a>> = "loadBalancer",
    }
}

wire! {
    struct Balancer<'a> {
        ingress: List<Point<'a>> = "ingress",
    }
}

wire! {
    struct Point<'a> {
        ip: Text<'a> = "ip",
        hostname: Text<'a> = "hostname",
    }
}

impl BalancerStatus<'_> {
    pub(super) fn addresses(status: Option<&BalancerStatus<'_>>, pool: &mut Pool) -> Box<[Str]> {
        let points = status
            .and_then(|s| s.load_balancer.as_ref())
            .into_iter()
            .flat_map(|b| b.ingress.iter());
        let texts = points.flat_map(|point| [&point.ip, &point.hostname]);
        texts
            .filter(|text| !text.is_empty())
            .map(|text| pool.text(text))
            .collect()
    }
}

impl<'de> Wire<'de> for ServiceWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let spec = self.spec.unwrap_or_default();
        Ok(Object::Service(Service {
            meta: self.metadata.fact(kind, pool)?,
            kind: service_kind(spec.r#type.as_str())?,
            // An empty map is stored as an absent one: the field has no presence in the server's own encoding.
            selector: (!spec.selector.0.is_empty()).then(|| pool.labels(&spec.selector, |_| true)),
            ports: spec.ports.iter().map(|port| port.fact(pool)).collect(),
            external_ips: pool.texts(&spec.external_ips),
            external_name: pool.text(&spec.external_name),
            cluster_ip: pool.text(&spec.cluster_ip),
            source_ranges: pool.texts(&spec.load_balancer_source_ranges),
            class: pool.option(spec.load_balancer_class.as_ref()),
            addresses: BalancerStatus::addresses(self.status.as_ref(), pool),
            local_only: spec.external_traffic_policy.as_str() == "Local",
            health_check_port: spec.health_check_node_port.unwrap_or(0),
            node_ports: spec.allocate_load_balancer_node_ports,
        }))
    }
}

fn service_kind(word: &str) -> Result<ServiceKind, DecodeError> {
    match word {
        "" | "ClusterIP" => Ok(ServiceKind::ClusterIp),
        "NodePort" => Ok(ServiceKind::NodePort),
        "LoadBalancer" => Ok(ServiceKind::LoadBalancer),
        "ExternalName" => Ok(ServiceKind::ExternalName),
        _ => Err(DecodeError::at("spec.type", "is no type of Service")),
    }
}

impl PortWire<'_> {
    fn fact(&self, pool: &mut Pool) -> ServicePort {
        let port = self.port.unwrap_or(0);
        ServicePort {
            name: pool.text(&self.name),
            port,
            target: target(self.target_port.as_ref(), port, pool),
            protocol: pool.or(self.protocol.as_ref(), "TCP"),
            node_port: self.node_port.unwrap_or(0),
        }
    }
}

/// The server treats `targetPort: 0` and `""` as unset.
fn target(target: Option<&IntOrText<'_>>, port: u16, pool: &mut Pool) -> Str {
    match target {
        Some(IntOrText::Text(name)) if !name.is_empty() => pool.text(name),
        Some(IntOrText::Int(number)) if *number != 0 => pool.get(&number.to_string()),
        _ => pool.get(&port.to_string()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]
    use super::super::testing::{decoded, refused};
    use super::*;

    #[test]
    fn decodes() {
        let json = r#"{"metadata":{"name":"web","namespace":"shop"},"spec":{"type":"LoadBalancer","selector":{"app":"web"},"clusterIP":"10.96.0.9",
            "externalTrafficPolicy":"Local","loadBalancerSourceRanges":["198.51.100.0/24"],"allocateLoadBalancerNodePorts":false,
            "ports":[{"name":"http","port":80,"targetPort":"web","nodePort":30080},{"port":53,"protocol":"UDP"},{"port":1,"targetPort":8443}]},
            "status":{"loadBalancer":{"ingress":[{"ip":"203.0.113.9"},{"hostname":"lb.example.com","ports":null}]}}}"#;
        let Object::Service(service) = decoded(Kind::Service, json) else {
            panic!("another kind")
        };
        assert_eq!(service.kind, ServiceKind::LoadBalancer);
        assert!(service.local_only && service.node_ports == Some(false));
        let targets: Vec<_> = service
            .ports
            .iter()
            .map(|p| (&*p.target, &*p.protocol, p.node_port))
            .collect();
        assert_eq!(
            targets,
            [("web", "TCP", 30080), ("53", "UDP", 0), ("8443", "TCP", 0)]
        );
        assert_eq!(
            service.addresses.iter().map(|a| &**a).collect::<Vec<_>>(),
            ["203.0.113.9", "lb.example.com"]
        );
    }

    #[test]
    fn without_selector_the_endpoints_are_made_by_hand() {
        for spec in ["{}", r#"{"selector":{}}"#, r#"{"selector":null}"#] {
            let json = format!(r#"{{"metadata":{{"name":"s"}},"spec":{spec}}}"#);
            let Object::Service(service) = decoded(Kind::Service, &json) else {
                panic!("another kind")
            };
            assert_eq!(
                (service.selector, service.kind),
                (None, ServiceKind::ClusterIp)
            );
        }
        assert_eq!(
            refused(
                Kind::Service,
                r#"{"metadata":{"name":"s"},"spec":{"type":"Magic"}}"#
            )
            .path,
            "spec.type"
        );
    }
}
