//! Gateway API: Gateway and ListenerSet, which listen.

use super::fields::wire;
use super::gateway_route::Reference;
use super::lenient::{List, Text};
use super::metadata::Metadata;
use super::pool::Pool;
use super::selector::LabelSelector;
use super::{DecodeError, Wire};
use crate::model::objects::gateway::{Gateway, Guests, Listener, ListenerSet};
use crate::model::{Kind, Object};

/// The group of the API, which references to its kinds may leave out.
pub(super) const GROUP: &str = "gateway.networking.k8s.io";

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
        allowed_listeners: Option<Allowed<'a>> = "allowedListeners",
    }
}

wire! {
    struct ListenerWire<'a> {
        name: Text<'a> = "name",
        hostname: Option<Text<'a>> = "hostname",
        port: Option<u16> = "port",
        protocol: Text<'a> = "protocol",
        allowed_routes: Option<Allowed<'a>> = "allowedRoutes",
    }
}

wire! {
    /// `allowedRoutes`, and `allowedListeners`, which has no kinds.
    struct Allowed<'a> {
        namespaces: Option<Namespaces<'a>> = "namespaces",
        kinds: List<KindWire<'a>> = "kinds",
    }
}

wire! {
    struct Namespaces<'a> {
        from: Text<'a> = "from",
        selector: Option<LabelSelector<'a>> = "selector",
    }
}

wire! {
    struct KindWire<'a> {
        group: Option<Text<'a>> = "group",
        kind: Text<'a> = "kind",
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

impl Allowed<'_> {
    fn from(allowed: Option<&Allowed<'_>>, unset: Guests, pool: &mut Pool) -> Guests {
        let Some(namespaces) = allowed.and_then(|a| a.namespaces.as_ref()) else {
            return unset;
        };
        match namespaces.from.as_str() {
            "" => unset,
            "All" => Guests::All,
            "Same" => Guests::Same,
            // The API asks for a selector then: without one nobody is selected.
            "Selector" => match &namespaces.selector {
                Some(selector) => Guests::Selected(selector.fact(pool)),
                None => Guests::Nowhere,
            },
            _ => Guests::Nowhere,
        }
    }
}

impl ListenerWire<'_> {
    fn fact(&self, pool: &mut Pool) -> Listener {
        let allowed = self.allowed_routes.as_ref();
        let own = |kind: &&KindWire<'_>| kind.group.as_ref().is_none_or(|g| g.as_str() == GROUP);
        let kinds = allowed.into_iter().flat_map(|a| a.kinds.iter());
        Listener {
            name: pool.text(&self.name),
            hostname: pool
                .option(self.hostname.as_ref())
                .filter(|h| !h.is_empty()),
            port: self.port.unwrap_or(0),
            protocol: pool.text(&self.protocol),
            namespaces: Allowed::from(allowed, Guests::Same, pool),
            kinds: kinds.filter(own).map(|k| pool.text(&k.kind)).collect(),
        }
    }
}

impl<'de> Wire<'de> for GatewayWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let spec = self.spec.unwrap_or_default();
        let addresses = self.status.unwrap_or_default().addresses;
        Ok(Object::Gateway(Gateway {
            listeners: spec.listeners.iter().map(|l| l.fact(pool)).collect(),
            meta: self.metadata.fact(kind, pool)?,
            class: pool.text(&spec.gateway_class_name),
            sets: Allowed::from(spec.allowed_listeners.as_ref(), Guests::Nowhere, pool),
            addresses: addresses.iter().map(|a| pool.text(&a.value)).collect(),
        }))
    }
}

wire! {
    pub(super) struct ListenerSetWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<SetSpec<'a>> = "spec",
    }
}

wire! {
    struct SetSpec<'a> {
        parent_ref: Option<Reference<'a>> = "parentRef",
        listeners: List<ListenerWire<'a>> = "listeners",
    }
}

impl<'de> Wire<'de> for ListenerSetWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let meta = self.metadata.fact(kind, pool)?;
        let spec = self.spec.unwrap_or_default();
        let parent = spec.parent_ref.unwrap_or_default();
        Ok(Object::ListenerSet(ListenerSet {
            parent: parent.place(meta.namespace(), pool),
            listeners: spec.listeners.iter().map(|l| l.fact(pool)).collect(),
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
            {"name":"https","hostname":"*.example.com","port":443,"protocol":"HTTPS","allowedRoutes":{"namespaces":{"from":"All"},"kinds":[{"kind":"GRPCRoute"},{"group":"x","kind":"Y"}]}},
            {"name":"http","port":80,"protocol":"HTTP"},{"name":"s","port":1,"protocol":"TCP","allowedRoutes":{"namespaces":{"from":"Selector","selector":{"matchLabels":{"a":"b"}}}}},
            {"name":"n","port":2,"protocol":"TCP","allowedRoutes":{"namespaces":{"from":"Selector"}}}]},
            "status":{"addresses":[{"type":"IPAddress","value":"203.0.113.4"}]}}"#;
        let Object::Gateway(gateway) = decoded(Kind::Gateway, json) else {
            panic!("another kind")
        };
        let [https, http, selected, nobody] = &*gateway.listeners else {
            panic!("four listeners")
        };
        assert_eq!(https.hostname.as_deref(), Some("*.example.com"));
        assert_eq!(
            (&https.namespaces, &*https.kinds),
            (&Guests::All, &["GRPCRoute".into()][..])
        );
        assert_eq!((&http.hostname, &http.namespaces), (&None, &Guests::Same));
        assert!(matches!(&selected.namespaces, Guests::Selected(s) if !s.is_empty()));
        assert_eq!(nobody.namespaces, Guests::Nowhere);
        assert_eq!(
            (&*gateway.addresses[0], gateway.sets),
            ("203.0.113.4", Guests::Nowhere)
        );
    }

    #[test]
    fn listener_sets() {
        let json = r#"{"metadata":{"name":"own","namespace":"shop"},"spec":{"parentRef":{"name":"edge","namespace":"infra"},"listeners":[{"name":"l","port":8443,"protocol":"HTTPS"}]}}"#;
        let Object::ListenerSet(set) = decoded(Kind::ListenerSet, json) else {
            panic!("another kind")
        };
        assert_eq!(
            (&*set.parent.0, &*set.parent.1, set.listeners.len()),
            ("infra", "edge", 1)
        );
    }
}
