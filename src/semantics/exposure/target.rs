//! The ports of pods behind a door. A policy sees these, never the port of a Service.

use super::backends::slices;
use super::way::Way;
use crate::model::objects::container::List;
use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::service::{Service, ServicePort};
use crate::model::{Object, ObjectKey, Str};
use crate::semantics::reach::{PortSet, Protocol};
use crate::semantics::running;
use crate::view::View;

/// A port behind a door, as what opens it names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// Name of the Service's port; empty without one.
    pub name: Str,
    /// TCP, UDP or SCTP.
    pub protocol: Str,
    /// Number, or a name that the pods resolve.
    pub port: Str,
}

impl Target {
    /// A TCP port by its number alone.
    pub(super) fn of(port: u16) -> Target {
        Target {
            name: "".into(),
            protocol: "TCP".into(),
            port: port.to_string().into(),
        }
    }
}

impl From<&ServicePort> for Target {
    fn from(port: &ServicePort) -> Target {
        Target {
            name: port.name.clone(),
            protocol: port.protocol.clone(),
            port: port.target.clone(),
        }
    }
}

/// The ports of the workload's pods that a way leads to. What the slices of the Service say is the truth; without one a
/// number is itself, and a name is that of each pod. Empty when no pod has a port of that name.
pub(super) fn ports(view: &View<'_>, way: &Way) -> PortSet {
    if way.door.ports.is_empty() {
        return PortSet::all();
    }
    let service = way.service.as_ref().and_then(|key| view.get(key).seen());
    let service = service.and_then(|object| match &**object {
        Object::Service(service) => Some(service),
        _ => None,
    });
    behind(view, service, way.workload.as_ref(), &way.door.ports)
}

/// The ports of a workload's pods that these of a Service mean.
pub fn behind(
    view: &View<'_>,
    service: Option<&Service>,
    workload: Option<&ObjectKey>,
    targets: &[Target],
) -> PortSet {
    let specs = specs(view, workload);
    let mut found = PortSet::default();
    for target in targets {
        let Some(protocol) = Protocol::parse(&target.protocol) else {
            continue;
        };
        let sliced = service.and_then(|service| in_slices(view, service, target, protocol));
        let ports = sliced.unwrap_or_else(|| match target.port.parse() {
            Ok(number) => PortSet::one(protocol, number),
            Err(_) => named(&specs, target, protocol),
        });
        found = found.or(&ports);
    }
    found
}

fn specs<'a>(view: &View<'a>, workload: Option<&ObjectKey>) -> Vec<&'a PodSpec> {
    let Some(workload) = workload.and_then(|key| running::workload(view, key)) else {
        return Vec::new();
    };
    if workload.pods.is_empty() {
        return workload.template.map(|t| &*t.spec).into_iter().collect();
    }
    workload.pods.iter().map(|pod| &*pod.spec).collect()
}

/// Ports of one name in the slices of a Service; `None` when it has no slice.
fn in_slices(
    view: &View<'_>,
    service: &Service,
    target: &Target,
    protocol: Protocol,
) -> Option<PortSet> {
    let mut sliced = slices(view, service).peekable();
    sliced.peek()?;
    let same = sliced.flat_map(|slice| &slice.ports);
    let same = same.filter(|p| p.name == target.name && p.protocol == target.protocol);
    Some(same.fold(PortSet::default(), |all, port| {
        let ports = port.port.map(|number| PortSet::one(protocol, number));
        all.or(&ports.unwrap_or_else(|| PortSet::of(protocol)))
    }))
}

/// The first port of that name and protocol of each spec, in the order of `FindPort` (endpointslice/utils.go).
fn named(specs: &[&PodSpec], target: &Target, protocol: Protocol) -> PortSet {
    let first = |spec: &&PodSpec| {
        let lists = [List::Regular, List::Sidecar].into_iter();
        let containers =
            lists.flat_map(|list| spec.containers.iter().filter(move |c| c.list == list));
        let mut ports = containers.flat_map(|c| &c.ports);
        let port = ports.find(|p| p.name == target.port && p.protocol == target.protocol)?;
        Some(PortSet::one(protocol, port.port))
    };
    let each = specs.iter().filter_map(first);
    each.fold(PortSet::default(), |all, one| all.or(&one))
}
