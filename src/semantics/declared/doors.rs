//! Ways in from outside: what a load balancer, a node port, an Ingress or a route leads to, from whose address.

use super::call::{Call, Side, Why};
use crate::model::Kind;
use crate::semantics::exposure::{self, Arrival, Source, Way, WayKind};
use crate::semantics::running;
use crate::view::View;

/// What a proxy of the cluster serves.
const ROUTES: [Kind; 7] = [
    Kind::Ingress,
    Kind::HTTPRoute,
    Kind::GRPCRoute,
    Kind::TLSRoute,
    Kind::TCPRoute,
    Kind::UDPRoute,
    Kind::Route,
];

/// Calls that come by ways into the pods of a namespace.
pub(super) fn into(view: &View<'_>, namespace: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    for workload in running::workloads(view, namespace) {
        for (pod, _) in workload.pod_likes() {
            let ways = exposure::ways_to(view, &pod).into_iter();
            let arrivals: Vec<(Way, Arrival)> = ways
                .map(|way| {
                    let arrival = exposure::arrival(view, &way);
                    (way, arrival)
                })
                .collect();
            for (way, arrival) in &arrivals {
                if arrival.ports.is_empty() || is_by_the_way(way, &arrivals) {
                    continue;
                }
                for from in sources(arrival) {
                    calls.push(Call {
                        from,
                        to: Side::Workload(workload.key.clone()),
                        ports: arrival.ports.clone(),
                        why: Why::Way,
                        because: way.door.hops.last().cloned().into_iter().collect(),
                    });
                }
            }
        }
    }
    calls
}

/// A node port that was only allocated for a load balancer with a list of clients: the list is what is declared.
fn is_by_the_way(way: &Way, all: &[(Way, Arrival)]) -> bool {
    let has_list = |(other, arrival): &(Way, Arrival)| {
        other.service == way.service && arrival.clients.is_some()
    };
    way.door.kind == WayKind::NodePort && all.iter().any(has_list)
}

/// Calls of proxies of a namespace to what they serve, in whatever namespace.
pub(super) fn out_of(view: &View<'_>, namespace: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    for home in view.namespaces() {
        let mut routes = ROUTES.into_iter().flat_map(|kind| view.list(kind, &home));
        if routes.next().is_some() {
            let all = into(view, &home).into_iter();
            calls.extend(all.filter(|call| call.from.home() == Some(namespace)));
        }
    }
    calls
}

/// Who arrives, as far as a policy can name it.
fn sources(arrival: &Arrival) -> Vec<Side> {
    match &arrival.source {
        Source::Client => vec![
            arrival
                .clients
                .clone()
                .map_or(Side::Anybody("clients outside the cluster"), Side::Blocks),
        ],
        Source::Node => vec![Side::Anybody(
            "clients outside the cluster, by a node's address",
        )],
        Source::ClientOrNode => vec![Side::Anybody(
            "clients outside the cluster, by their address or a node's",
        )],
        Source::Balancer(nets) if !nets.is_empty() => vec![Side::Blocks(nets.clone())],
        Source::Balancer(_) => vec![Side::Anybody("a load balancer outside the cluster")],
        Source::Pods(workloads) => workloads.iter().cloned().map(Side::Workload).collect(),
        Source::Own => Vec::new(),
        Source::Proxy => vec![Side::Anybody("a proxy that was not found")],
    }
}
