//! Every Service of the namespace is told to every container
//!
//! ## What
//! Namespaces outside Kubernetes' own with thirty Services or more, where pods leave `enableServiceLinks` on, as it is by
//! default. Services without a cluster address (headless, ExternalName) make no variables and do not count.
//!
//! ## Why
//! The kubelet writes seven variables for each port of each Service into each container. Whoever takes one container over
//! reads the map of the namespace from its environment, without a login and without a single packet; and programs that
//! read their settings from variables meet names that nobody chose. With some thousand Services containers do not start.
//!
//! ## Fix
//! None is printed: which program finds its peers by these variables is known to its maker alone. `enableServiceLinks:
//! false` in a pod's spec turns them off; DNS answers for every Service all the same.
//!
//! ## References
//! - kubernetes.io, Service, "Environment variables"
//! - kubernetes `pkg/kubelet/kubelet_pods.go` (`getServiceEnvVarMap`), kubernetes#121787

use crate::model::objects::service::ServiceKind;
use crate::semantics::exposure::services;
use crate::semantics::running;
use crate::semantics::system_namespaces::is_system;
use crate::threats::prelude::*;

/// Thirty Services, for the examples.
macro_rules! services_of_shop {
    () => {
        services_of_shop!("s00" "s01" "s02" "s03" "s04" "s05" "s06" "s07" "s08" "s09" "s10" "s11" "s12" "s13" "s14" "s15" "s16" "s17" "s18" "s19" "s20" "s21" "s22" "s23" "s24" "s25" "s26" "s27" "s28" "s29")
    };
    ($($name:literal)+) => {
        concat!($("apiVersion: v1
kind: Service
metadata: {name: ", $name, ", namespace: shop}
spec: {ports: [{port: 80}]}
---
"),+)
    };
}

/// The check.
pub static CHECK: Check = Check {
    id: "service-links-many",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration, ThreatId::MaliciousContainer],
    control: "workloads-kept-well",
    needs: &[
        Kind::Namespace,
        Kind::Service,
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
    ],
    rests_on: RestsOn::Presence,
    standards: &["attack:T1613", "owasp:2025/K01"],
    scope: Scope::Namespace(run),
    fix: Fix::None(
        "which program finds its peers by these variables is known to its maker alone: set enableServiceLinks: false pod by pod",
    ),
    examples: &[
        Example::fires(concat!(
            services_of_shop!(),
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
"
        )),
        Example::fires(concat!(
            services_of_shop!(),
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      enableServiceLinks: true
      containers:
      - {name: web, image: 'registry.example.com/web:1.4.2'}
"
        )),
        Example::silent(concat!(
            services_of_shop!(),
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  enableServiceLinks: false
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
"
        )),
        Example::silent(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
    ],
};

/// From here on the variables of Services are most of a container's environment.
const MANY: usize = 30;

fn run(name: &str, view: &View<'_>, out: &mut Sink) {
    if is_system(name) {
        return;
    }
    let told: Vec<_> = services(view, name)
        .filter(|s| s.kind != ServiceKind::ExternalName && *s.cluster_ip != *"None")
        .collect();
    let Some(first) = told.first().filter(|_| told.len() >= MANY) else {
        return;
    };
    let workloads = running::workloads(view, name);
    let mut likes = workloads.iter().flat_map(Workload::pod_likes);
    let Some((like, _)) = likes.find(|(like, _)| like.spec.service_links != Some(false)) else {
        return;
    };
    let ports: usize = told.iter().map(|s| s.ports.len()).sum();
    let why = format!(
        "its containers are told {} Services in some {} variables",
        told.len(),
        ports * 7
    );
    let key = ObjectKey::of_namespace(name);
    let (value, origin) = match like.spec.service_links {
        Some(on) => (on.to_string(), Origin::Explicit),
        None => ("unset".to_owned(), Origin::Default),
    };
    out.fires(Part::Whole, Severity::Low, why)
        .on(&key)
        .in_pod(&like, "enableServiceLinks", value, origin)
        .because(Evidence::explicit(
            &first.meta.key,
            "metadata.name",
            &first.meta.key.name,
        ));
}
