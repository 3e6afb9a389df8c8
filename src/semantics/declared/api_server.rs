//! Pods that hold a token which some binding gives rights: they are there to ask the API server.

use std::net::IpAddr;

use ipnet::IpNet;

use super::Declared;
use super::call::{Call, Side, Why};
use super::variables::short;
use crate::model::objects::service::Service;
use crate::model::{Evidence, Kind, Object, ObjectKey};
use crate::semantics::reach::{PortSet, Protocol};
use crate::semantics::token;
use crate::view::{Look, PodLike, View, Workload};

/// The Service that every cluster has for its API server (`pkg/controlplane/controller/kubernetesservice`).
const NAME: &str = "kubernetes";

/// Its namespace.
const HOME: &str = "default";

/// What a workload's token declares.
pub(super) fn of(view: &View<'_>, workload: &Workload<'_>) -> Declared {
    let mut found = Declared::default();
    let likes = workload.pod_likes();
    let Some(because) = likes.iter().find_map(|(pod, _)| armed(view, pod)) else {
        return found;
    };
    let places = places(view);
    if places.is_empty() {
        found.questions.push(format!(
            "{} has a token with rights on the API server: where that answers is not visible",
            short(&workload.key)
        ));
    }
    for (nets, ports) in places {
        found.calls.push(Call {
            from: Side::Workload(workload.key.clone()),
            to: Side::Blocks(nets),
            ports,
            why: Why::ApiServer,
            because: because.clone(),
        });
    }
    found
}

/// The token, and a binding that gives it rights.
fn armed(view: &View<'_>, pod: &PodLike<'_>) -> Option<Vec<Evidence>> {
    let Look::Seen(tokens) = token::tokens(pod, view) else {
        return None;
    };
    let account = pod.account();
    let binding = view.world().bound(&account).next()?;
    let (_, first) = tokens.into_iter().next()?;
    let mut because = first.evidence;
    because.push(Evidence::explicit(binding, "subjects", account.to_string()));
    Some(because)
}

/// Where it answers: its endpoints, and the address of its Service for plugins that look before that is resolved.
fn places(view: &View<'_>) -> Vec<(Vec<IpNet>, PortSet)> {
    let mut places = Vec::new();
    for object in view.list(Kind::EndpointSlice, HOME) {
        let Object::EndpointSlice(slice) = &**object else {
            continue;
        };
        if slice.service.as_deref() != Some(NAME) {
            continue;
        }
        let addresses = slice.endpoints.iter().flat_map(|e| &e.addresses);
        let nets: Vec<IpNet> = addresses.filter_map(|a| single(a)).collect();
        let ports = slice.ports.iter().filter_map(|p| p.port);
        let ports = ports.fold(PortSet::default(), |all, port| {
            all.or(&PortSet::one(Protocol::Tcp, port))
        });
        if !nets.is_empty() && !ports.is_empty() {
            places.push((nets, ports));
        }
    }
    let key = ObjectKey::namespaced(Kind::Service, HOME, NAME);
    if !places.is_empty()
        && let Some(Object::Service(service)) = view.get(&key).seen().map(|object| &**object)
    {
        places.extend(own(service));
    }
    places
}

fn own(service: &Service) -> Option<(Vec<IpNet>, PortSet)> {
    let net = single(&service.cluster_ip)?;
    let ports = service.ports.iter().fold(PortSet::default(), |all, port| {
        all.or(&PortSet::one(Protocol::Tcp, port.port))
    });
    Some((vec![net], ports))
}

fn single(address: &str) -> Option<IpNet> {
    address.parse::<IpAddr>().ok().map(IpNet::from)
}
