//! Gateway API: the routes, of whatever protocol.

use super::fields::wire;
use super::gateway::GROUP;
use super::lenient::{List, Text};
use super::metadata::Metadata;
use super::pool::Pool;
use super::{DecodeError, Wire};
use crate::model::objects::gateway::{Parent, Route, RouteBackend};
use crate::model::{Kind, Object, Str};

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
    pub(super) struct Reference<'a> {
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

    /// Namespace and name of what it names.
    pub(super) fn place(&self, home: &str, pool: &mut Pool) -> (Str, Str) {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]
    use super::super::testing::decoded;
    use super::*;

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
}
