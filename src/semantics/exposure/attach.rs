//! Which listeners take a route: by name, port, protocol, namespace and host. Source: `gateway_types.go`,
//! `listenerset_types.go` and `shared_types.go` of sigs.k8s.io/gateway-api (`apis/v1`).

use super::hosts;
use crate::model::objects::gateway::{Gateway, Guests, Listener, Parent, Route};
use crate::model::{Kind, Object, ObjectKey, Str};
use crate::semantics::selectors::{self, namespace_labels};
use crate::view::{Look, View};

/// A listener that takes a route.
#[derive(Clone, Debug)]
pub(super) struct Attached<'a> {
    /// The Gateway.
    pub gateway: &'a Gateway,
    /// The listener.
    pub listener: &'a Listener,
    /// The object that holds it: the Gateway, or a ListenerSet.
    pub holder: &'a ObjectKey,
    /// Its index there.
    pub at: usize,
    /// Hosts that it answers to; none is every host.
    pub hosts: Vec<String>,
    /// Labels of a namespace that decide are hidden.
    pub unsure: bool,
}

/// The listeners of one parent that take a route; none when a controller refused it. Blindness is noted.
pub(super) fn attached<'a>(view: &View<'a>, route: &Route, parent: &Parent) -> Vec<Attached<'a>> {
    if parent.accepted == Some(false) {
        return Vec::new();
    }
    let Some((gateway, holder, listeners, unsure)) = listeners(view, parent) else {
        return Vec::new();
    };
    let numbered = listeners.iter().enumerate();
    let taking = numbered.filter_map(|(at, listener)| {
        let named = parent
            .section
            .as_ref()
            .is_none_or(|name| *name == listener.name);
        let on_port = parent.port.is_none_or(|port| port == listener.port);
        if !named || !on_port || !takes_kind(listener, route.meta.key.known()?) {
            return None;
        }
        let home = holder.home();
        let allowed = allows(view, &listener.namespaces, home, route.meta.namespace())?;
        let has_hosts = !matches!(
            route.meta.key.known(),
            Some(Kind::TCPRoute | Kind::UDPRoute)
        );
        let hosts = if has_hosts {
            hosts::common(listener.hostname.as_deref(), &route.hostnames)?
        } else {
            Vec::new()
        };
        Some(Attached {
            gateway,
            listener,
            holder,
            at,
            hosts,
            unsure: unsure || !allowed,
        })
    });
    taking.collect()
}

type Listening<'a> = (&'a Gateway, &'a ObjectKey, &'a [Listener], bool);

/// The listeners of a parent: a route on a Gateway does not attach to those of its ListenerSets.
fn listeners<'a>(view: &View<'a>, parent: &Parent) -> Option<Listening<'a>> {
    if !parent.is_set {
        let gateway = gateway(view, &parent.namespace, &parent.name)?;
        return Some((gateway, &gateway.meta.key, &gateway.listeners, false));
    }
    let key = ObjectKey::namespaced(Kind::ListenerSet, &parent.namespace, &parent.name);
    let Object::ListenerSet(set) = &**view.get(&key).seen()? else {
        return None;
    };
    let gateway = gateway(view, &set.parent.0, &set.parent.1)?;
    let home = gateway.meta.namespace();
    let sure = allows(view, &gateway.sets, home, set.meta.namespace())?;
    Some((gateway, &set.meta.key, &set.listeners, !sure))
}

/// A gateway that does not exist is served by nobody; one that is hidden leaves the view blind.
fn gateway<'a>(view: &View<'a>, namespace: &Str, name: &Str) -> Option<&'a Gateway> {
    let key = ObjectKey::namespaced(Kind::Gateway, namespace, name);
    match &**view.get(&key).seen()? {
        Object::Gateway(gateway) => Some(gateway),
        _ => None,
    }
}

/// Whether something of a namespace may attach: `Some(false)` when its labels decide and are hidden.
fn allows(view: &View<'_>, guests: &Guests, home: &str, namespace: &str) -> Option<bool> {
    match guests {
        Guests::Nowhere => None,
        Guests::All => Some(true),
        Guests::Same => (home == namespace).then_some(true),
        Guests::Selected(selector) => match namespace_labels(view, namespace) {
            Look::Seen(labels) => selectors::matches(selector, &labels).then_some(true),
            Look::Absent => None,
            Look::Blind(_) => Some(false),
        },
    }
}

/// Kinds that are written, as far as the protocol knows them; else all that it knows.
fn takes_kind(listener: &Listener, kind: Kind) -> bool {
    let known: &[Kind] = match &*listener.protocol {
        "HTTP" | "HTTPS" => &[Kind::HTTPRoute, Kind::GRPCRoute],
        "TLS" => &[Kind::TLSRoute, Kind::TCPRoute],
        "TCP" => &[Kind::TCPRoute],
        "UDP" => &[Kind::UDPRoute],
        // An implementation's own protocol: what it takes is its own affair, or written.
        _ => return listener.kinds.is_empty() || written(listener, kind),
    };
    let implied =
        listener.kinds.is_empty() && (kind != Kind::TCPRoute || &*listener.protocol != "TLS");
    known.contains(&kind) && (implied || written(listener, kind))
}

fn written(listener: &Listener, kind: Kind) -> bool {
    listener.kinds.iter().any(|k| **k == *kind.info().name)
}
