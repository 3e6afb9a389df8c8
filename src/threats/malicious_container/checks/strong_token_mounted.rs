//! Token of a strong account is mounted
//!
//! ## What
//! A container in which the token of its service account is mounted, where that account is able to do something worth a
//! break-in: read Secrets, make pods, start commands in containers, bind or rewrite roles, act as somebody else, issue
//! tokens or certificates, reach kubelets, everything. Rights that the account has through groups count; rights limited to
//! named objects do not.
//!
//! ## Why
//! Whoever runs code in the container reads the token from a file, and is the account: no second flaw is needed.
//!
//! ## Fix
//! Does not mount the token. A container that needs the API should have an account of its own that holds only what it
//! uses; which rights it uses is not known from the API.
//!
//! ## References
//! - MITRE ATT&CK T1528, Steal Application Access Token
//! - Kubernetes, Role Based Access Control Good Practices, "Minimize distribution of privileged tokens"
//! - CIS Kubernetes Benchmark 1.12, 5.1.6

use crate::semantics::editable::editable;
use crate::semantics::rbac::Clause;
use crate::semantics::rbac::power::Power;
use crate::semantics::token::{How, tokens};
use crate::semantics::token_power::armed;
use crate::threats::malicious_container::surroundings::Weight;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "strong-token-mounted",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer, ThreatId::StolenCredentials],
    control: "account-rights-restricted",
    needs: &[
        Kind::Pod,
        Kind::Deployment,
        Kind::DaemonSet,
        Kind::StatefulSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
        Kind::ServiceAccount,
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
        Kind::Service,
        Kind::Ingress,
        Kind::IngressClass,
        Kind::Gateway,
        Kind::HTTPRoute,
        Kind::GRPCRoute,
        Kind::TLSRoute,
        Kind::TCPRoute,
        Kind::UDPRoute,
        Kind::ListenerSet,
        Kind::ReferenceGrant,
        Kind::Route,
        Kind::Node,
    ],
    rests_on: RestsOn::Presence,
    standards: &[
        "cis:1.12/5.1.6",
        "attack:T1528",
        "owasp:2025/K02",
        "kubescape:C-0034",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: sync, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [''], resources: [secrets], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects:
- {kind: ServiceAccount, name: sync, namespace: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: sync, namespace: shop}
spec:
  selector: {matchLabels: {app: sync}}
  template:
    metadata: {labels: {app: sync}}
    spec:
      serviceAccountName: sync
      containers:
      - {name: sync, image: 'registry.example.com/sync:2.1.0'}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: all-pods, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:serviceaccounts:shop'}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec:
  containers:
  - {name: cart, image: 'registry.example.com/cart:1.0.3'}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admin}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: default, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec:
  automountServiceAccountToken: false
  containers:
  - {name: cart, image: 'registry.example.com/cart:1.0.3'}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: view, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {kind: ServiceAccount, name: default, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec:
  containers:
  - name: cart
    image: registry.example.com/cart:1.0.3
    securityContext: {privileged: true}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    let Some(armed) = armed(pod, view, |power| power.names.is_empty()) else {
        return;
    };
    let (Some((container, token)), Some(worst)) = (armed.token, worst(&armed.powers)) else {
        return;
    };
    let others = match armed.powers.len() - 1 {
        0 => String::new(),
        n => format!(", and {n} more"),
    };
    let why = format!("code in {} may {}{others}", container.name, worst.words());
    let weight = Weight::new(worst.severity(), why).faced(pod, view);
    let draft = out.fires(Part::Whole, weight.severity, weight.why);
    draft.in_pod(
        pod,
        "serviceAccountName",
        pod.spec.account_name().to_owned(),
        pod.spec
            .account
            .as_ref()
            .map_or(Origin::Default, |_| Origin::Explicit),
    );
    draft.evidence.extend(token.evidence);
    draft
        .evidence
        .extend(worst.by.iter().flat_map(Clause::evidence));
}

/// The worst, and of equals the strongest ability.
fn worst<'p, 'a>(powers: &'p [Power<'a>]) -> Option<&'p Power<'a>> {
    powers.iter().rev().max_by_key(|power| power.severity())
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    editable(finding, view)?;
    let object = view.get(&finding.id.object).seen()?;
    let workload = Workload::one(view.world(), object.key())?;
    // A token that the pod asks for by a volume of its own is there on purpose: taking it away is for a person to do.
    let automatic = workload
        .pod_likes()
        .iter()
        .all(|(like, _)| match tokens(like, view) {
            Look::Seen(all) => all.iter().all(|(_, token)| token.how == How::Automatic),
            Look::Absent | Look::Blind(_) => true,
        });
    let off = Change::pod(&finding.id.object, PodEdit::Automount(false));
    automatic.then(|| {
        Remedy::review(
            [off],
            "whatever its containers do with the API server: they have no login any more",
        )
    })
}
