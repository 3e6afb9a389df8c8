//! Every way into the cluster from outside, hop by hop: what opens it, from how far away, how sure, and what stands behind.
//!
//! One file per kind of way. A level is never lowered by what is not visible: a firewall, a WAF or the rules of a mesh are
//! not in the API and are not claimed; nor does a NetworkPolicy close a way here: what it says of one is told beside it, by
//! [`Gate`], because which address it sees differs by path.
//! Ports of pods in their node's network and tunnels are ways that may be there: [`exposure`] lists them, and no verdict
//! rests on them. The API server's proxy is a matter of rights. ConfigMaps of ingress-nginx are not read, and addresses of
//! Services that a router outside was told of (MetalLB in BGP mode, Calico, Cilium) are not followed.

mod address;
mod arrival;
mod attach;
mod backends;
mod external_ip;
mod facing;
mod filter;
mod front;
mod gateway;
mod health_check;
mod host_network;
mod host_port;
mod hosts;
mod ingress;
mod load_balancer;
mod node_port;
mod nodes;
mod openshift_route;
mod policy;
mod provider;
mod source;
mod target;
mod tls;
mod tunnel;
mod unread;
mod way;

pub use address::{AddressClass, class as address_class};
pub use arrival::{Arrival, arrival};
pub use backends::{Backends, backends, services, services_to};
pub use external_ip::door as external_ip;
pub use facing::facing;
pub use filter::{of_ingress as ingress_filter, of_service as service_filter};
pub use host_port::{doors as host_ports, ports as open_host_ports};
pub use ingress::{Class, class as ingress_class, reach as ingress_reach};
pub use load_balancer::door as load_balancer;
pub use node_port::{door as node_port, ports as open_node_ports};
pub use policy::{Gate, Judged};
pub use provider::{Scheme, service_scheme};
pub use source::Source;
pub use target::{Target, behind as ports_behind};
pub use tls::{covers as tls_covers, ends_elsewhere as tls_ends_elsewhere};
pub use unread::by_config_maps;
pub use way::{Confidence, Door, Level, Way, WayKind};

use std::cmp::Reverse;

use crate::model::Evidence;
use crate::model::objects::service::{Service, ServiceKind};
use crate::semantics::running::{self, Running};
use crate::view::{PodLike, View, Workload};

/// Doors that a Service opens by itself: load balancer, node ports, external addresses.
pub fn own_doors(view: &View<'_>, service: &Service) -> Vec<Door> {
    let doors = [
        load_balancer::door(service),
        node_port::door(view, service),
        external_ip::door(service),
    ];
    doors.into_iter().flatten().collect()
}

/// Every door that leads to a Service: its own, and those of Ingresses and routes. Blindness is noted.
pub fn doors(view: &View<'_>, service: &Service) -> Vec<Door> {
    let mut all = own_doors(view, service);
    all.extend(ingress::doors(view, service));
    all.extend(gateway::doors(view, service));
    all.extend(openshift_route::doors(view, service));
    all
}

/// Every way to a pod, or to the pods of a template, the farthest first. Blindness is noted.
pub fn ways_to(view: &View<'_>, pod: &PodLike<'_>) -> Vec<Way> {
    let target = Running {
        holder: pod.holder,
        labels: pod.labels,
        spec: pod.spec,
        pod: pod.pod,
    };
    let workload = Some(pod.workload.clone());
    let mut ways = Vec::new();
    for service in services_to(view, pod.namespace(), &target) {
        ways.extend(doors(view, service).into_iter().map(|door| Way {
            door,
            service: Some(service.meta.key.clone()),
            workload: workload.clone(),
            inside: vec![through(service)],
        }));
    }
    ways.extend(host_port::doors(view, pod).into_iter().map(|door| Way {
        door,
        service: None,
        workload: workload.clone(),
        inside: Vec::new(),
    }));
    farthest_first(&mut ways);
    ways
}

/// Every way into the cluster, the farthest first. Blindness is noted.
pub fn exposure(view: &View<'_>) -> Vec<Way> {
    let mut ways = Vec::new();
    for namespace in view.namespaces() {
        for service in services(view, &namespace) {
            let doors = doors(view, service);
            if !doors.is_empty() {
                ways.extend(behind(view, service, &doors));
            }
            ways.extend(health_check::door(view, service).map(|door| Way {
                door,
                service: Some(service.meta.key.clone()),
                workload: None,
                inside: Vec::new(),
            }));
        }
        for workload in running::workloads(view, &namespace) {
            ways.extend(of_pods(view, &workload));
        }
    }
    farthest_first(&mut ways);
    ways
}

/// From how far away a Service is reached; [`Level::Cluster`] when no door leads to it.
pub fn level(view: &View<'_>, service: &Service) -> Level {
    let doors = doors(view, service);
    doors
        .iter()
        .map(|door| door.level)
        .max()
        .unwrap_or(Level::Cluster)
}

fn behind(view: &View<'_>, service: &Service, doors: &[Door]) -> Vec<Way> {
    let mut backends = backends(view, service);
    if service.kind == ServiceKind::ExternalName {
        let name = &service.external_name;
        let key = &service.meta.key;
        backends
            .strangers
            .push(Evidence::explicit(key, "spec.externalName", name));
    }
    let mut ways = Vec::new();
    for door in doors {
        let inside = |by| vec![through(service), by];
        ways.extend(backends.workloads.iter().map(|(workload, by)| Way {
            door: door.clone(),
            service: Some(service.meta.key.clone()),
            workload: Some(workload.clone()),
            inside: inside(by.clone()),
        }));
        ways.extend(backends.strangers.iter().map(|by| Way {
            door: door.clone(),
            service: Some(service.meta.key.clone()),
            workload: None,
            inside: inside(by.clone()),
        }));
    }
    ways
}

/// Ways that the pods of a workload open themselves.
fn of_pods(view: &View<'_>, workload: &Workload<'_>) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    for (like, _) in workload.pod_likes() {
        let mut doors = host_port::doors(view, &like);
        doors.extend(host_network::door(view, &like));
        doors.extend(tunnel::door(&like));
        for door in doors {
            // A template and its pods open the same ports: the first of them stands for all.
            if !ways.iter().any(|way| way.door.at == door.at) {
                ways.push(Way {
                    door,
                    service: None,
                    workload: Some(workload.key.clone()),
                    inside: Vec::new(),
                });
            }
        }
    }
    ways
}

/// The Service as a step on the way.
fn through(service: &Service) -> Evidence {
    let ports = service
        .ports
        .iter()
        .map(|p| format!("{}/{}", p.port, p.protocol));
    let ports = ports.collect::<Vec<_>>().join(", ");
    Evidence::explicit(&service.meta.key, "spec.ports", ports)
}

fn farthest_first(ways: &mut [Way]) {
    ways.sort_by_cached_key(|way| {
        let door = &way.door;
        let far = Reverse((door.level, door.confidence));
        (far, door.entry.clone(), door.kind, way.workload.clone())
    });
}

#[cfg(test)]
mod tests;
