//! Names are resolved by the cluster's DNS: every pod asks it, by nobody's declaration but Kubernetes' own.

use super::call::{Call, Side, Why};
use crate::model::Evidence;
use crate::model::objects::service::{Service, ServicePort};
use crate::semantics::exposure::{self, Target};
use crate::semantics::network::dns_servers;
use crate::semantics::running;
use crate::view::View;

/// Every pod of the cluster asks the servers of a namespace, and so does every node.
pub(super) fn into(view: &View<'_>, namespace: &str) -> Vec<Call> {
    let anybody = Side::Anybody("every pod and node of the cluster");
    let servers = dns_servers(view).into_iter();
    let here = servers.filter(|s| s.meta.namespace() == namespace);
    here.flat_map(|server| to(view, &anybody, server)).collect()
}

/// The pods of a namespace ask the servers of the cluster.
pub(super) fn out_of(view: &View<'_>, namespace: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    for server in dns_servers(view) {
        for workload in running::workloads(view, namespace) {
            calls.extend(to(view, &Side::Workload(workload.key), server));
        }
    }
    calls
}

fn to(view: &View<'_>, from: &Side, server: &Service) -> Vec<Call> {
    let is_dns = |p: &&ServicePort| p.port == 53;
    let targets: Vec<Target> = server
        .ports
        .iter()
        .filter(is_dns)
        .map(Target::from)
        .collect();
    let behind = exposure::backends(view, server).workloads.into_keys();
    let calls = behind.map(|workload| Call {
        from: from.clone(),
        ports: exposure::ports_behind(view, Some(server), Some(&workload), &targets),
        to: Side::Workload(workload),
        why: Why::Dns,
        because: vec![Evidence::explicit(&server.meta.key, "spec.ports", "53")],
    });
    calls.filter(|call| !call.ports.is_empty()).collect()
}
