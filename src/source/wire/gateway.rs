//! Gateway API: Gateway, ListenerSet, the routes and ReferenceGrant.

use super::fields::wire;
use super::lenient::{List, Text};
use super::metadata::Metadata;
use super::pool::Pool;
use super::selector::LabelSelector;
use super::{DecodeError, Wire};
use crate::model::objects::gateway::{
    Gateway, Guests, Listener, ListenerSet, Parent, ReferenceGrant, Route, RouteBackend,
};
use crate::model::{Kind, Object, Str};

/// The group of the API, which references to its kinds may leave out.
const GROUP: &str = "gateway.networking.k8s.io";

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

wire! {
    pub(super) struct RouteWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<RouteSpec<'a>> = "spec",
        status: Option<RouteStatus<'a>> = "status",
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
        filters: List<Filter<'a>> = "filters",
    }
}

wire! {
    struct Filter<'a> {
        request_mirror: Option<Mirror<'a>> = "requestMirror",
    }
}

wire! {
    struct Mirror<'a> {
        backend_ref: Option<Reference<'a>> = "backendRef",
    }
}

wire! {
    /// Of a parent (a Gateway unless it says otherwise) or of a backend (a Service unless it says otherwise).
    struct Reference<'a> {
        group: Option<Text<'a>> = "group",
        kind: Text<'a> = "kind",
        namespace: Text<'a> = "namespace",
        name: Text<'a> = "name",
        section_name: Option<Text<'a>> = "sectionName",
        port: Option<u16> = "port",
        weight: Option<i64> = "weight",
        filters: List<Filter<'a>> = "filters",
    }
}

wire! {
    struct RouteStatus<'a> {
        parents: List<ParentStatus<'a>> = "parents",
    }
}

wire! {
    struct ParentStatus<'a> {
        parent_ref: Option<Reference<'a>> = "parentRef",
        conditions: List<Condition<'a>> = "conditions",
    }
}

wire! {
    struct Condition<'a> {
        r#type: Text<'a> = "type",
        status: Text<'a> = "status",
    }
}

impl Reference<'_> {
    fn is(&self, kind: &str) -> bool {
        self.kind.is_empty() || self.kind.as_str() == kind
    }

    fn group(&self) -> Option<&str> {
        self.group.as_ref().map(Text::as_str)
    }

    /// Whether it is a parent that listens: a Gateway (false) or a ListenerSet (true). A Service is a mesh's.
    fn listens(&self) -> Option<bool> {
        let own = self.group().is_none_or(|group| group == GROUP);
        match self.kind.as_str() {
            "" | "Gateway" if own => Some(false),
            "ListenerSet" if own => Some(true),
            _ => None,
        }
    }

    fn place(&self, home: &str, pool: &mut Pool) -> (Str, Str) {
        let namespace = if self.namespace.is_empty() {
            home
        } else {
            self.namespace.as_str()
        };
        (pool.get(namespace), pool.text(&self.name))
    }

    fn parent(
        &self,
        home: &str,
        status: &List<ParentStatus<'_>>,
        pool: &mut Pool,
    ) -> Option<Parent> {
        let is_set = self.listens()?;
        let (namespace, name) = self.place(home, pool);
        let section = pool.option(self.section_name.as_ref());
        let mut accepted = None;
        for said in status.iter() {
            let Some(of) = said
                .parent_ref
                .as_ref()
                .filter(|r| r.listens() == Some(is_set))
            else {
                continue;
            };
            let same = of.place(home, pool) == (namespace.clone(), name.clone())
                && pool.option(of.section_name.as_ref()) == section
                && of.port == self.port;
            let condition = said
                .conditions
                .iter()
                .find(|c| c.r#type.as_str() == "Accepted");
            if let Some(condition) = condition.filter(|_| same) {
                // Several controllers may answer: one that accepts is enough.
                let yes = condition.status.as_str() == "True";
                accepted = Some(accepted == Some(true) || yes);
            }
        }
        Some(Parent {
            is_set,
            namespace,
            name,
            section,
            port: self.port,
            accepted,
        })
    }

    fn backend(
        &self,
        path: &str,
        home: &str,
        mirror: bool,
        pool: &mut Pool,
    ) -> Option<RouteBackend> {
        let is_service = self.is("Service") && self.group().is_none_or(str::is_empty);
        if !is_service || self.weight == Some(0) {
            return None;
        }
        let (namespace, name) = self.place(home, pool);
        Some(RouteBackend {
            path: pool.get(path),
            namespace,
            name,
            port: self.port.unwrap_or(0),
            mirror,
        })
    }
}

fn mirrors(
    filters: &List<Filter<'_>>,
    path: &str,
    home: &str,
    found: &mut Vec<RouteBackend>,
    pool: &mut Pool,
) {
    for (at, filter) in filters.iter().enumerate() {
        let to = filter
            .request_mirror
            .as_ref()
            .and_then(|m| m.backend_ref.as_ref());
        let path = format!("{path}.filters[{at}].requestMirror.backendRef");
        found.extend(to.and_then(|to| to.backend(&path, home, true, pool)));
    }
}

impl<'de> Wire<'de> for RouteWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let meta = self.metadata.fact(kind, pool)?;
        let home = meta.namespace();
        let spec = self.spec.unwrap_or_default();
        let status = self.status.unwrap_or_default().parents;
        let parents = spec.parent_refs.iter();
        let parents = parents
            .filter_map(|r| r.parent(home, &status, pool))
            .collect();
        let mut backends = Vec::new();
        for (at, rule) in spec.rules.iter().enumerate() {
            let path = format!("spec.rules[{at}]");
            mirrors(&rule.filters, &path, home, &mut backends, pool);
            for (to, reference) in rule.backend_refs.iter().enumerate() {
                let path = format!("{path}.backendRefs[{to}]");
                mirrors(&reference.filters, &path, home, &mut backends, pool);
                backends.extend(reference.backend(&path, home, false, pool));
            }
        }
        Ok(Object::Route(Route {
            parents,
            backends: backends.into(),
            hostnames: pool.texts(&spec.hostnames),
            meta,
        }))
    }
}

wire! {
    pub(super) struct GrantWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<GrantSpec<'a>> = "spec",
    }
}

wire! {
    struct GrantSpec<'a> {
        from: List<GrantFrom<'a>> = "from",
        to: List<GrantTo<'a>> = "to",
    }
}

wire! {
    struct GrantFrom<'a> {
        group: Text<'a> = "group",
        kind: Text<'a> = "kind",
        namespace: Text<'a> = "namespace",
    }
}

wire! {
    struct GrantTo<'a> {
        group: Text<'a> = "group",
        kind: Text<'a> = "kind",
        name: Option<Text<'a>> = "name",
    }
}

impl<'de> Wire<'de> for GrantWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let spec = self.spec.unwrap_or_default();
        let from = spec.from.iter().filter(|f| f.group.as_str() == GROUP);
        let from = from
            .map(|f| (pool.text(&f.kind), pool.text(&f.namespace)))
            .collect();
        let services = spec.to.iter();
        let services = services.filter(|t| t.group.is_empty() && t.kind.as_str() == "Service");
        Ok(Object::ReferenceGrant(ReferenceGrant {
            meta: self.metadata.fact(kind, pool)?,
            from,
            services: services
                .map(|t| pool.option(t.name.as_ref()).filter(|n| !n.is_empty()))
                .collect(),
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
    fn routes() {
        let json = r#"{"metadata":{"name":"web","namespace":"shop"},"spec":{"parentRefs":[{"name":"edge","namespace":"infra","sectionName":"https"},
            {"kind":"Service","group":"","name":"mesh"},{"kind":"ListenerSet","name":"own","port":8443}],"hostnames":["shop.example.com"],"rules":[{"backendRefs":[{"name":"web","port":80},
            {"kind":"Bucket","name":"b"},{"name":"off","port":80,"weight":0}],"filters":[{"type":"RequestMirror","requestMirror":{"backendRef":{"name":"copy","namespace":"lab","port":9}}}]},{"backendRefs":null}]},
            "status":{"parents":[{"parentRef":{"name":"edge","namespace":"infra","sectionName":"https"},"conditions":[{"type":"Accepted","status":"True"}]}]}}"#;
        for kind in [Kind::HTTPRoute, Kind::GRPCRoute, Kind::TCPRoute] {
            let Object::Route(route) = decoded(kind, json) else {
                panic!("another kind")
            };
            let parents: Vec<_> = route
                .parents
                .iter()
                .map(|p| {
                    (
                        p.is_set,
                        &*p.namespace,
                        &*p.name,
                        p.section.as_deref(),
                        p.port,
                        p.accepted,
                    )
                })
                .collect();
            let expected = [
                (false, "infra", "edge", Some("https"), None, Some(true)),
                (true, "shop", "own", None, Some(8443), None),
            ];
            assert_eq!(parents, expected);
            let backends: Vec<_> = route
                .backends
                .iter()
                .map(|b| (&*b.path, &*b.namespace, &*b.name, b.port, b.mirror))
                .collect();
            let expected = [
                (
                    "spec.rules[0].filters[0].requestMirror.backendRef",
                    "lab",
                    "copy",
                    9,
                    true,
                ),
                ("spec.rules[0].backendRefs[0]", "shop", "web", 80, false),
            ];
            assert_eq!(backends, expected);
        }
    }

    #[test]
    fn grants_and_sets() {
        let json = r#"{"metadata":{"name":"g","namespace":"lab"},"spec":{"from":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","namespace":"shop"},
            {"group":"example.com","kind":"X","namespace":"shop"}],"to":[{"group":"","kind":"Service"},{"group":"","kind":"Secret"},{"group":"","kind":"Service","name":"web"}]}}"#;
        let Object::ReferenceGrant(grant) = decoded(Kind::ReferenceGrant, json) else {
            panic!("another kind")
        };
        assert_eq!(*grant.from, [("HTTPRoute".into(), "shop".into())]);
        assert_eq!(*grant.services, [None, Some("web".into())]);
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
