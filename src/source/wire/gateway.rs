//! Gateway API: Gateway and HTTPRoute.

use super::fields::wire;
use super::lenient::{List, Text};
use super::metadata::Metadata;
use super::pool::Pool;
use super::{DecodeError, Wire};
use crate::model::objects::gateway::{Gateway, HttpRoute, Listener};
use crate::model::{Kind, Object, Str};

wire! {
    pub(super) struct GatewayWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<GatewaySpec<'a>> = "spec",
        status: Option<GatewayStatus<'a>> = "status",
    }
}

wire! {
    struct GatewaySpec<'a> {
        gateway_class_name: Text<'a> = "gatewayClassName",
        listeners: List<ListenerWire<'a>> = "listeners",
    }
}

wire! {
    struct ListenerWire<'a> {
        name: Text<'a> = "name",
        hostname: Option<Text<'a>> = "hostname",
        port: Option<u16> = "port",
        protocol: Text<'a> = "protocol",
    }
}

wire! {
    struct GatewayStatus<'a> {
        addresses: List<Address<'a>> = "addresses",
    }
}

wire! {
    struct Address<'a> {
        value: Text<'a> = "value",
    }
}

impl<'de> Wire<'de> for GatewayWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let spec = self.spec.unwrap_or_default();
        let listeners = spec.listeners.iter().map(|listener| Listener {
            name: pool.text(&listener.name),
            hostname: pool.option(listener.hostname.as_ref()),
            port: listener.port.unwrap_or(0),
            protocol: pool.text(&listener.protocol),
        });
        Ok(Object::Gateway(Gateway {
            listeners: listeners.collect(),
            meta: self.metadata.fact(kind, pool)?,
            class: pool.text(&spec.gateway_class_name),
            addresses: self
                .status
                .unwrap_or_default()
                .addresses
                .iter()
                .map(|a| pool.text(&a.value))
                .collect(),
        }))
    }
}

wire! {
    pub(super) struct HttpRouteWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<RouteSpec<'a>> = "spec",
    }
}

wire! {
    struct RouteSpec<'a> {
        parent_refs: List<Reference<'a>> = "parentRefs",
        hostnames: List<Text<'a>> = "hostnames",
        rules: List<RouteRule<'a>> = "rules",
    }
}

wire! {
    struct RouteRule<'a> {
        backend_refs: List<Reference<'a>> = "backendRefs",
    }
}

wire! {
    /// Of a parent (a Gateway unless it says otherwise) or of a backend (a Service unless it says otherwise).
    struct Reference<'a> {
        kind: Text<'a> = "kind",
        namespace: Text<'a> = "namespace",
        name: Text<'a> = "name",
        port: Option<u16> = "port",
    }
}

impl Reference<'_> {
    fn is(&self, kind: &str) -> bool {
        self.kind.is_empty() || self.kind.as_str() == kind
    }

    fn place(&self, home: &str, pool: &mut Pool) -> (Str, Str) {
        let namespace = if self.namespace.is_empty() {
            home
        } else {
            self.namespace.as_str()
        };
        (pool.get(namespace), pool.text(&self.name))
    }
}

impl<'de> Wire<'de> for HttpRouteWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let meta = self.metadata.fact(kind, pool)?;
        let spec = self.spec.unwrap_or_default();
        let parents = spec.parent_refs.iter().filter(|r| r.is("Gateway"));
        let parents = parents.map(|r| r.place(meta.namespace(), pool)).collect();
        let backends = spec
            .rules
            .iter()
            .flat_map(|rule| rule.backend_refs.iter())
            .filter(|r| r.is("Service"));
        let backends = backends.map(|r| {
            let (namespace, name) = r.place(meta.namespace(), pool);
            (namespace, name, r.port.unwrap_or(0))
        });
        Ok(Object::HttpRoute(HttpRoute {
            parents,
            backends: backends.collect(),
            hostnames: pool.texts(&spec.hostnames),
            meta,
        }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]
    use super::super::testing::decoded;
    use super::*;

    #[test]
    fn gateways() {
        let json = r#"{"metadata":{"name":"edge","namespace":"infra"},"spec":{"gatewayClassName":"envoy","listeners":[
            {"name":"https","hostname":"*.example.com","port":443,"protocol":"HTTPS"},{"name":"http","port":80,"protocol":"HTTP"}]},
            "status":{"addresses":[{"type":"IPAddress","value":"203.0.113.4"}]}}"#;
        let Object::Gateway(gateway) = decoded(Kind::Gateway, json) else {
            panic!("another kind")
        };
        assert_eq!(
            gateway.listeners[0].hostname.as_deref(),
            Some("*.example.com")
        );
        assert_eq!(gateway.listeners[1].hostname, None);
        assert_eq!(&*gateway.addresses[0], "203.0.113.4");
    }

    #[test]
    fn routes() {
        let json = r#"{"metadata":{"name":"web","namespace":"shop"},"spec":{"parentRefs":[{"name":"edge","namespace":"infra"},
            {"kind":"Service","name":"mesh"}],"hostnames":["shop.example.com"],"rules":[{"backendRefs":[{"name":"web","port":80},
            {"kind":"Bucket","name":"b"}]},{"backendRefs":null}]}}"#;
        let Object::HttpRoute(route) = decoded(Kind::HTTPRoute, json) else {
            panic!("another kind")
        };
        assert_eq!(*route.parents, [("infra".into(), "edge".into())]);
        assert_eq!(*route.backends, [("shop".into(), "web".into(), 80)]);
    }
}
