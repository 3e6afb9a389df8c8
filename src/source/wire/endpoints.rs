//! EndpointSlice.

use super::fields::wire;
use super::lenient::{List, Text};
use super::metadata::Metadata;
use super::pool::Pool;
use super::{DecodeError, Wire};
use crate::model::objects::endpoints::{Endpoint, EndpointPort, EndpointSlice};
use crate::model::{Kind, Object};

wire! {
    pub(super) struct SliceWire<'a> {
        metadata: Metadata<'a> = "metadata",
        endpoints: List<EndpointWire<'a>> = "endpoints",
        ports: List<PortWire<'a>> = "ports",
    }
}

wire! {
    struct EndpointWire<'a> {
        addresses: List<Text<'a>> = "addresses",
        conditions: Option<Conditions> = "conditions",
        target_ref: Option<Target<'a>> = "targetRef",
    }
}

wire! {
    struct Conditions {
        ready: Option<bool> = "ready",
    }
}

wire! {
    struct Target<'a> {
        kind: Text<'a> = "kind",
        name: Text<'a> = "name",
    }
}

wire! {
    struct PortWire<'a> {
        name: Text<'a> = "name",
        port: Option<u16> = "port",
        protocol: Option<Text<'a>> = "protocol",
    }
}

impl<'de> Wire<'de> for SliceWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let meta = self.metadata.fact(kind, pool)?;
        let ports = self.ports.iter().map(|port| EndpointPort {
            name: pool.text(&port.name),
            port: port.port,
            protocol: pool.or(port.protocol.as_ref(), "TCP"),
        });
        let ports = ports.collect();
        Ok(Object::EndpointSlice(EndpointSlice {
            service: meta.labels.get("kubernetes.io/service-name").cloned(),
            endpoints: self
                .endpoints
                .iter()
                .map(|endpoint| endpoint.fact(pool))
                .collect(),
            ports,
            meta,
        }))
    }
}

impl EndpointWire<'_> {
    fn fact(&self, pool: &mut Pool) -> Endpoint {
        let pod = self
            .target_ref
            .as_ref()
            .filter(|target| target.kind.as_str() == "Pod");
        Endpoint {
            addresses: pool.texts(&self.addresses),
            pod: pool.option(pod.map(|target| &target.name)),
            // "A nil value should be interpreted as true" (discovery.k8s.io/v1 EndpointConditions).
            ready: self
                .conditions
                .as_ref()
                .and_then(|c| c.ready)
                .unwrap_or(true),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]
    use super::super::testing::decoded;
    use super::*;

    #[test]
    fn decodes() {
        let json = r#"{"metadata":{"name":"web-x","namespace":"shop","labels":{"kubernetes.io/service-name":"web"}},"addressType":"IPv4",
            "endpoints":[{"addresses":["10.244.0.5"],"conditions":{"ready":false},"targetRef":{"kind":"Pod","name":"web-1","namespace":"shop"}},
                         {"addresses":["10.244.0.6"],"conditions":{},"targetRef":{"kind":"Node","name":"n"}},{"addresses":["192.0.2.1"]}],
            "ports":[{"name":"","port":8080,"protocol":"TCP"},{"port":null}]}"#;
        let Object::EndpointSlice(slice) = decoded(Kind::EndpointSlice, json) else {
            panic!("another kind")
        };
        assert_eq!(slice.service.as_deref(), Some("web"));
        let said: Vec<_> = slice
            .endpoints
            .iter()
            .map(|e| (e.pod.as_deref(), e.ready))
            .collect();
        assert_eq!(said, [(Some("web-1"), false), (None, true), (None, true)]);
        assert_eq!(
            (slice.ports[0].port, slice.ports[1].port),
            (Some(8080), None)
        );
    }

    #[test]
    fn a_slice_without_endpoints_prints_null() {
        let json = r#"{"metadata":{"name":"x"},"endpoints":null,"ports":null}"#;
        let Object::EndpointSlice(slice) = decoded(Kind::EndpointSlice, json) else {
            panic!("another kind")
        };
        assert!(slice.endpoints.is_empty() && slice.service.is_none());
    }
}
