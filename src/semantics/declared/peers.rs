//! Pods of one StatefulSet that a headless Service makes known to each other by name: they form a cluster, or may.

use super::call::{Call, Side, Why};
use super::host::is_headless;
use crate::model::objects::container::List;
use crate::model::objects::pod_spec::PodSpec;
use crate::model::{Evidence, Kind};
use crate::semantics::exposure::{self, Target};
use crate::semantics::reach::{PortSet, Protocol};
use crate::semantics::running::{self, Running};
use crate::view::View;

/// Calls among the pods of each StatefulSet of a namespace, on every port that they declare.
pub(super) fn of(view: &View<'_>, namespace: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    for workload in running::workloads(view, namespace) {
        let Some(template) = workload
            .template
            .filter(|_| workload.key.known() == Some(Kind::StatefulSet))
        else {
            continue;
        };
        let target = Running {
            holder: &workload.key,
            labels: &template.labels,
            spec: &template.spec,
            pod: None,
        };
        let services = exposure::services_to(view, namespace, &target);
        for service in services.into_iter().filter(|s| is_headless(s)) {
            let targets: Vec<Target> = service.ports.iter().map(Target::from).collect();
            let named = exposure::ports_behind(view, Some(service), Some(&workload.key), &targets);
            let ports = declared_ports(&template.spec).or(&named);
            if !ports.is_empty() {
                calls.push(Call {
                    from: Side::Workload(workload.key.clone()),
                    to: Side::Workload(workload.key.clone()),
                    ports,
                    why: Why::Peer,
                    because: vec![Evidence::explicit(
                        &service.meta.key,
                        "spec.clusterIP",
                        "None",
                    )],
                });
            }
        }
    }
    calls
}

fn declared_ports(spec: &PodSpec) -> PortSet {
    let containers = spec.containers.iter();
    let answering = containers.filter(|c| matches!(c.list, List::Regular | List::Sidecar));
    let ports = answering.flat_map(|c| &c.ports);
    let known = ports.filter_map(|p| Some(PortSet::one(Protocol::parse(&p.protocol)?, p.port)));
    known.fold(PortSet::default(), |all, one| all.or(&one))
}
