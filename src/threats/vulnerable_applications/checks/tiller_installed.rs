//! Tiller, the server of Helm 2, is installed
//!
//! ## What
//! Containers that run Tiller, told by the name of their image (`gcr.io/kubernetes-helm/tiller`, a mirror of it).
//!
//! ## Why
//! Whoever reaches its port 44134 has it install anything with its account's rights: unless it was set up with client
//! certificates, which is not visible here, it asks for no login. Any pod of the cluster is close enough. Helm 2 gets no
//! fixes since November 2020.
//!
//! ## Fix
//! None here: Helm 3 and later need no server. Move its releases first (the plugin `helm-2to3`), then delete it.
//!
//! ## References
//! - helm.sh/blog, 2020-11-13, Helm 2 end of support
//! - Helm 2 documentation, "Securing your Helm Installation"

use crate::semantics::images::{ImageRef, Retired, retired};
use crate::semantics::token_power::armed;
use crate::threats::prelude::*;
use crate::threats::vulnerable_applications::image_users::image_users;

/// The check.
pub static CHECK: Check = Check {
    id: "tiller-installed",
    since: "0.1",
    threats: &[
        ThreatId::VulnerableApplications,
        ThreatId::ExternalAttacker,
        ThreatId::MaliciousContainer,
    ],
    control: "components-maintained",
    needs: &[
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
        Kind::ServiceAccount,
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
    ],
    rests_on: RestsOn::Presence,
    standards: &["attack:T1210", "owasp:2025/K07"],
    scope: Scope::Pods(run),
    fix: Fix::None(
        "its releases must be moved to Helm 3 or later first (helm-2to3); then delete it with its Service",
    ),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: tiller-deploy, namespace: tools}
spec:
  selector: {matchLabels: {app: helm, name: tiller}}
  template:
    metadata: {labels: {app: helm, name: tiller}}
    spec:
      serviceAccountName: tiller
      containers:
      - {name: tiller, image: 'gcr.io/kubernetes-helm/tiller:v2.17.0', ports: [{containerPort: 44134}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: tiller, namespace: tools}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: tiller}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: tiller, namespace: tools}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: releases, namespace: tools}
spec:
  automountServiceAccountToken: false
  containers:
  - {name: server, image: 'mirror.example.com:5000/helm/tiller:v2.16.1'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: tiller, namespace: tools}
spec:
  containers:
  - {name: tiller, image: 'registry.example.com/team/tiller-model:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: helm, namespace: tools}
spec:
  containers:
  - {name: helm, image: 'alpine/helm:3.19.0'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    let is_tiller = |image: &ImageRef<'_>| retired(image) == Some(Retired::Tiller);
    for found in image_users(pod.spec, is_tiller) {
        let armed = view.context(|view| armed(pod, view, |power| power.names.is_empty()));
        let worst = armed.and_then(|armed| {
            let most = armed
                .powers
                .iter()
                .rev()
                .max_by_key(|power| power.severity())?;
            Some((most.severity(), most.words()))
        });
        let (severity, why) = match worst {
            Some((severity, may)) => (
                severity.max(Severity::High),
                format!("whoever reaches port 44134 may {may}: it asks for no login"),
            ),
            None => (
                Severity::High,
                "whoever reaches port 44134 acts as its account; nobody mends it since 2020"
                    .to_owned(),
            ),
        };
        let draft = out.fires(Part::Container(found.first.name.clone()), severity, why);
        for c in found.all {
            draft.in_container(pod, c, "image", found.image, Origin::Explicit);
        }
    }
}
