//! Namespace default is in use
//!
//! ## What
//! Workloads and Services in the namespace `default`, but for the Service `kubernetes` that the API server makes.
//!
//! ## Why
//! It is where everything lands that nobody placed: what was tried out stays, beside it what matters. Policies, quotas,
//! accounts and rights are given by namespace, so whoever may do something here may do it to all of it.
//!
//! ## Fix
//! None can be printed: an object cannot be moved. Make it again in a namespace of its own, point its callers there (its DNS
//! name changes), and delete it here.
//!
//! ## References
//! - CIS Kubernetes Benchmark 1.12, 5.6.4

use crate::model::objects::service::Service;
use crate::semantics::running;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "default-namespace-used",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "default-namespace-empty",
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
    standards: &["cis:1.12/5.6.4", "owasp:2025/K05", "kubescape:C-0061", "trivy:KSV-0110"],
    scope: Scope::Namespace(run),
    fix: Fix::None("an object cannot be moved: make it again in a namespace of its own, point its callers there, delete it here"),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: hello, namespace: default}
spec:
  selector: {matchLabels: {app: hello}}
  template:
    metadata: {labels: {app: hello}}
    spec:
      containers:
      - {name: hello, image: 'registry.example.com/hello:1.0.0'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Service
metadata: {name: hello, namespace: default}
spec: {selector: {app: hello}, ports: [{port: 80}]}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Service
metadata: {name: kubernetes, namespace: default, labels: {component: apiserver, provider: kubernetes}}
spec: {ports: [{name: https, port: 443, targetPort: 6443}]}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: hello, namespace: shop}
spec:
  containers:
  - {name: hello, image: 'registry.example.com/hello:1.0.0'}
",
        ),
    ],
};

fn run(namespace: &str, view: &View<'_>, out: &mut Sink) {
    if namespace != "default" {
        return;
    }
    for workload in running::workloads(view, namespace) {
        let count = match workload.pods.len() {
            0 => "no pod of it runs now".to_owned(),
            1 => "one pod of it runs".to_owned(),
            many => format!("{many} pods of it run"),
        };
        fires(
            out,
            &workload.key,
            format!("{count}, where everything lands that nobody placed"),
        );
    }
    for object in view.list(Kind::Service, namespace) {
        if !matches!(&**object, Object::Service(service) if is_the_api_servers(service)) {
            fires(
                out,
                object.key(),
                "it stands where everything lands that nobody placed".to_owned(),
            );
        }
    }
}

fn fires(out: &mut Sink, key: &ObjectKey, why: String) {
    let place = Evidence::new(key, "metadata.namespace", "default", Origin::Default);
    out.fires(Part::Whole, Severity::Low, why)
        .on(key)
        .because(place);
}

/// The Service that the API server keeps for itself (`pkg/controlplane/controller/kubernetesservice`): no selector, and
/// the name is taken.
fn is_the_api_servers(service: &Service) -> bool {
    service.meta.name() == "kubernetes" && service.selector.is_none()
}
