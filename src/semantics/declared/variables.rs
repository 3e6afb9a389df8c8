//! Variables of containers that name a host and a port: the Service that they mean, and the pods behind it.

use ipnet::IpNet;

use super::Declared;
use super::call::{Call, Side, Why};
use super::host::{self, Named};
use crate::model::objects::container::List;
use crate::model::objects::service::{Service, ServiceKind, ServicePort};
use crate::model::{Evidence, ObjectKey};
use crate::semantics::exposure::{self, Target};
use crate::semantics::reach::{PortSet, Protocol};
use crate::view::{View, Workload};

/// What the variables of a workload declare.
pub(super) fn of(view: &View<'_>, workload: &Workload<'_>) -> Declared {
    let mut found = Declared::default();
    for (pod, _) in workload.pod_likes() {
        for container in &pod.spec.containers {
            // What a person starts beside a running container is no part of the application.
            if container.list == List::Ephemeral {
                continue;
            }
            for (at, variable) in container.env.iter().enumerate() {
                let Some(target) = &variable.target else {
                    continue;
                };
                let path = pod.in_container(container, &format!("env[{at}].value"));
                let value = format!("{} names {target}", variable.name);
                let says = Evidence::explicit(pod.holder, path, value);
                follow(view, &workload.key, target, &says, &mut found);
            }
        }
    }
    found
}

fn follow(view: &View<'_>, from: &ObjectKey, target: &str, says: &Evidence, found: &mut Declared) {
    let (host, port) = host::split(target);
    let mut ask = |what: &str| {
        found
            .questions
            .push(format!("{}, in {}: {what}", says.value, short(from)));
    };
    match host::resolve(view, from.home(), host) {
        Named::Itself => {}
        Named::Outside => ask("which addresses are that?"),
        Named::Missing => ask("no such Service is visible; who is it?"),
        Named::Address(address) => match port {
            Some(port) => found.calls.push(Call {
                from: Side::Workload(from.clone()),
                to: Side::Blocks(vec![IpNet::from(address)]),
                ports: PortSet::one(Protocol::Tcp, port),
                why: Why::Variable,
                because: vec![says.clone()],
            }),
            None => ask("on which port?"),
        },
        Named::Service(service) if service.kind == ServiceKind::ExternalName => {
            ask(&format!(
                "that Service stands for {}; which addresses are that?",
                service.external_name
            ));
        }
        Named::Service(service) => {
            let calls = to_service(view, from, service, port, says);
            if calls.is_empty() {
                ask("nothing that is visible answers there; who is it?");
            }
            found.calls.extend(calls);
        }
    }
}

/// Calls to each workload behind a Service. Without a port every port of it is meant: which one is in the part of the
/// value that is not kept.
fn to_service(
    view: &View<'_>,
    from: &ObjectKey,
    service: &Service,
    port: Option<u16>,
    says: &Evidence,
) -> Vec<Call> {
    let is_meant = |p: &&ServicePort| port.is_none_or(|port| p.port == port);
    let meant = service.ports.iter().filter(is_meant);
    let targets: Vec<Target> = meant.map(Target::from).collect();
    let mut calls = Vec::new();
    for (workload, by) in exposure::backends(view, service).workloads {
        let mut ports = exposure::ports_behind(view, Some(service), Some(&workload), &targets);
        // The pods themselves answer to the name: the port is theirs.
        if let (true, Some(port)) = (host::is_headless(service), port) {
            ports = ports.or(&PortSet::one(Protocol::Tcp, port));
        }
        if !ports.is_empty() {
            calls.push(Call {
                from: Side::Workload(from.clone()),
                to: Side::Workload(workload),
                ports,
                why: Why::Variable,
                because: vec![says.clone(), by],
            });
        }
    }
    calls
}

/// `deploy/cart`.
pub(super) fn short(key: &ObjectKey) -> String {
    format!("{}/{}", key.kind.short(), key.name)
}
