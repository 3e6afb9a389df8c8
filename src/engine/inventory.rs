//! The inventory of a namespace: one row an object, as the panes list them.

use std::collections::BTreeMap;

use crate::model::objects::service::ServiceKind;
use crate::model::{Kind, Object, ObjectKey, Severity, Str, Subject};
use crate::semantics::network::{Direction, isolates};
use crate::semantics::pod_security::standing::in_force;
use crate::semantics::pod_security::{Level, highest_level};
use crate::semantics::selectors;
use crate::view::{View, Workload, World};

use super::images::{ImageRow, Images};
use super::snapshot::Row;

/// A workload.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkloadRow {
    /// Its top owner.
    pub key: ObjectKey,
    /// Live pods.
    pub pods: usize,
    /// Wanted replicas, when the kind has them.
    pub replicas: Option<i32>,
    /// Account it runs as.
    pub account: Str,
    /// Images, as written, in order of container.
    pub images: Vec<Str>,
    /// Findings on it.
    pub findings: usize,
    /// The worst of them.
    pub worst: Option<Severity>,
    /// The strictest Pod Security level that its template and all its live pods meet.
    pub meets: Level,
}

/// A service account.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountRow {
    /// Its key.
    pub key: ObjectKey,
    /// Workloads that run as it.
    pub used_by: usize,
    /// Bindings that name it, of this namespace and cluster-wide.
    pub bindings: usize,
    /// `automountServiceAccountToken: false` on the account.
    pub automount_off: bool,
    /// When it was made; `None` where the source does not say, as files do not.
    pub created: Option<jiff::Timestamp>,
}

/// A network policy.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyRow {
    /// Its key.
    pub key: ObjectKey,
    /// Live pods that it selects; `None` where pods are not visible.
    pub selects: Option<usize>,
    /// `ingress`, `egress` or both, in force.
    pub directions: &'static str,
}

/// A service, ingress or gateway.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceRow {
    /// Its key.
    pub key: ObjectKey,
    /// Type as kubectl shows it.
    pub kind: &'static str,
    /// Ports, as kubectl shows them.
    pub ports: String,
    /// Outside addresses, host names or node ports.
    pub outside: String,
}

/// Workloads of a namespace with their findings, and the images they use.
pub fn workloads(
    world: &World,
    namespace: &str,
    rows: &[Row],
) -> (Vec<WorkloadRow>, Vec<ImageRow>, usize) {
    let mut counts: BTreeMap<&ObjectKey, (usize, Option<Severity>)> = BTreeMap::new();
    for finding in rows.iter().filter_map(Row::finding) {
        let slot = counts.entry(&finding.id.object).or_default();
        slot.0 += 1;
        slot.1 = slot.1.max(Some(finding.severity));
    }
    let mut images = Images::default();
    let mut list = Vec::new();
    let mut pods = 0;
    let minor = in_force(&View::new(world), namespace).1;
    for workload in Workload::all(world, namespace) {
        pods += workload.pods.len();
        let spec = workload
            .template
            .map(|t| &*t.spec)
            .or_else(|| workload.pods.first().map(|p| &*p.spec));
        let Some(spec) = spec else { continue };
        images.add(&workload);
        let replicas = match workload.object.map(|o| &**o) {
            Some(Object::Workload(w)) => w.replicas,
            _ => None,
        };
        let (findings, worst) = counts.get(&workload.key).copied().unwrap_or_default();
        list.push(WorkloadRow {
            pods: workload.pods.len(),
            replicas,
            account: spec.account_name().into(),
            images: spec.containers.iter().map(|c| c.image.clone()).collect(),
            findings,
            worst,
            meets: workload
                .pod_likes()
                .iter()
                .map(|(like, _)| highest_level(minor, like))
                .min()
                .unwrap_or(Level::Privileged),
            key: workload.key,
        });
    }
    (list, images.rows(), pods)
}

/// Service accounts of a namespace.
pub fn accounts(world: &World, namespace: &str, workloads: &[WorkloadRow]) -> Vec<AccountRow> {
    let Some(space) = world.space(namespace) else {
        return Vec::new();
    };
    let accounts = space
        .table(Kind::ServiceAccount)
        .values()
        .filter_map(|o| match &**o {
            Object::ServiceAccount(account) => Some(account),
            _ => None,
        });
    accounts
        .map(|account| {
            let subject = Subject::account(namespace, account.meta.name());
            let wide = world.space("").map_or(0, |s| s.bound(&subject).count());
            AccountRow {
                key: account.meta.key.clone(),
                used_by: workloads
                    .iter()
                    .filter(|w| *w.account == *account.meta.key.name)
                    .count(),
                bindings: space.bound(&subject).count() + wide,
                automount_off: account.automount == Some(false),
                created: account.meta.created,
            }
        })
        .collect()
}

/// Network policies of a namespace.
pub fn policies(world: &World, namespace: &str) -> Vec<PolicyRow> {
    let Some(space) = world.space(namespace) else {
        return Vec::new();
    };
    let view = View::new(world);
    let blind = world.sight().blind(Kind::Pod, Some(namespace)).is_some();
    let policies = space
        .table(Kind::NetworkPolicy)
        .values()
        .filter_map(|o| match &**o {
            Object::NetworkPolicy(policy) => Some(policy),
            _ => None,
        });
    policies
        .map(|policy| PolicyRow {
            key: policy.meta.key.clone(),
            selects: (!blind).then(|| {
                view.live_pods(namespace)
                    .filter(|p| selectors::matches(&policy.pods, &p.meta.labels))
                    .count()
            }),
            directions: match (
                isolates(policy, Direction::Ingress),
                isolates(policy, Direction::Egress),
            ) {
                (true, true) => "ingress and egress",
                (true, false) => "ingress",
                (false, true) => "egress",
                (false, false) => "nothing",
            },
        })
        .collect()
}

/// Services, ingresses and gateways of a namespace.
pub fn services(world: &World, namespace: &str) -> Vec<ServiceRow> {
    let Some(space) = world.space(namespace) else {
        return Vec::new();
    };
    let tables = [Kind::Service, Kind::Ingress, Kind::Gateway]
        .into_iter()
        .flat_map(|k| space.table(k).values());
    tables.filter_map(|object| service_row(object)).collect()
}

fn service_row(object: &Object) -> Option<ServiceRow> {
    let key = object.key().clone();
    match object {
        Object::Service(s) => {
            let port = |p: &crate::model::objects::service::ServicePort| match p.node_port {
                0 => format!("{}/{}", p.port, p.protocol),
                node => format!("{}:{node}/{}", p.port, p.protocol),
            };
            let outside: Vec<&str> = s
                .addresses
                .iter()
                .chain(&s.external_ips)
                .map(|a| &**a)
                .collect();
            let outside = match s.kind {
                ServiceKind::ExternalName => s.external_name.to_string(),
                ServiceKind::LoadBalancer if outside.is_empty() => "pending".to_owned(),
                _ => outside.join(" "),
            };
            Some(ServiceRow {
                key,
                kind: s.kind.word(),
                ports: s.ports.iter().map(port).collect::<Vec<_>>().join(","),
                outside,
            })
        }
        Object::Ingress(i) => {
            let hosts: Vec<&str> = i
                .rules
                .iter()
                .map(|r| r.host.as_deref().unwrap_or("*"))
                .collect();
            let ports = if i.tls.is_empty() { "80" } else { "80,443" };
            Some(ServiceRow {
                key,
                kind: "Ingress",
                ports: ports.to_owned(),
                outside: hosts.join(" "),
            })
        }
        Object::Gateway(g) => {
            let ports: Vec<String> = g
                .listeners
                .iter()
                .map(|l| format!("{}/{}", l.port, l.protocol))
                .collect();
            Some(ServiceRow {
                key,
                kind: "Gateway",
                ports: ports.join(","),
                outside: g.addresses.join(" "),
            })
        }
        _ => None,
    }
}
