//! How what comes by a way arrives at the pods behind it: from whose address, on which of their ports.

use ipnet::IpNet;

use super::filter;
use super::source::{self, Source};
use super::target;
use super::way::{Way, WayKind};
use crate::semantics::reach::PortSet;
use crate::view::View;

/// What the pods behind a way, and the policies around them, see of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Whose address it is.
    pub source: Source,
    /// Where the client's address is kept and a list restricts it: the list.
    pub clients: Option<Vec<IpNet>>,
    /// Ports of the pods; empty where no pod has a port of that name.
    pub ports: PortSet,
}

/// How a way arrives at its workload.
pub fn arrival(view: &View<'_>, way: &Way) -> Arrival {
    let service = source::service(view, way.service.as_ref());
    let source = source::of(view, &way.door, service);
    let is_listed = source == Source::Client && way.door.kind == WayKind::LoadBalancer;
    Arrival {
        clients: service.filter(|_| is_listed).and_then(filter::ranges),
        ports: target::ports(view, way),
        source,
    }
}
