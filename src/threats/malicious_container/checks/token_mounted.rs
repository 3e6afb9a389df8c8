//! Service account token is mounted
//!
//! ## What
//! Pods in which a container has a token that the API server accepts: mounted by admission because neither the pod nor its
//! account says `automountServiceAccountToken: false`, or asked for by a projected volume. In a live pod the mounts
//! themselves are looked at.
//!
//! ## Why
//! Whoever takes the container over has a login to the cluster, from inside the pod network, with all that its account may
//! do today or is given tomorrow. Most applications never talk to the API server.
//!
//! ## Fix
//! Sets `automountServiceAccountToken: false` on the pod: the account may serve others that need it. A volume that asks for
//! a token is taken out.
//!
//! ## References
//! - kubernetes `plugin/pkg/admission/serviceaccount/admission.go`
//! - kubernetes.io, Configure Service Accounts for Pods, "Opt out of API credential automounting"
//! - CIS Kubernetes Benchmark 1.12, 5.1.6

use crate::semantics::editable::editable;
use crate::semantics::rbac::identity::ACCOUNTS;
use crate::semantics::token::{How, tokens};
use crate::threats::malicious_container::surroundings::Weight;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "token-mounted",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer, ThreatId::StolenCredentials],
    control: "token-not-mounted",
    needs: &[
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
        Kind::Pod,
        Kind::ServiceAccount,
        Kind::RoleBinding,
        Kind::ClusterRoleBinding,
    ],
    rests_on: RestsOn::Presence,
    standards: &[
        "cis:1.12/5.1.6",
        "attack:T1528",
        "owasp:2025/K09",
        "kubescape:C-0034",
        "trivy:KSV-0036",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
      - {name: cart, image: 'registry.example.com/cart:1.8.0'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: watcher, namespace: shop}
spec:
  automountServiceAccountToken: false
  containers:
  - name: watcher
    image: registry.example.com/watcher:0.5.0
    volumeMounts: [{name: login, mountPath: /login, readOnly: true}]
  volumes:
  - name: login
    projected:
      sources:
      - serviceAccountToken: {path: token, expirationSeconds: 600}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  automountServiceAccountToken: false
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    volumeMounts: [{name: login, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}]
  volumes:
  - {name: login, secret: {secretName: deployer-token-x7k2p}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: cart, namespace: shop}
automountServiceAccountToken: false
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      serviceAccountName: cart
      containers:
      - {name: cart, image: 'registry.example.com/cart:1.8.0'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec:
  automountServiceAccountToken: false
  containers:
  - name: cart
    image: registry.example.com/cart:1.8.0
    volumeMounts: [{name: vault, mountPath: /vault, readOnly: true}]
  volumes:
  - name: vault
    projected:
      sources:
      - serviceAccountToken: {path: token, audience: vault}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    let Look::Seen(tokens) = tokens(pod, view) else {
        return;
    };
    let mut parts: Vec<(Part, bool, Vec<Evidence>)> = Vec::new();
    for (_, token) in tokens {
        let (part, wanted) = match token.how {
            How::Automatic => (Part::Whole, false),
            How::Projected(volume) => (Part::Volume(volume.into()), true),
            How::Secret(volume) => (Part::Volume(volume.into()), false),
        };
        match parts.iter_mut().find(|(known, _, _)| *known == part) {
            Some((_, _, evidence)) => {
                for one in token.evidence {
                    if !evidence.contains(&one) {
                        evidence.push(one);
                    }
                }
            }
            None => parts.push((part, wanted, token.evidence)),
        }
    }
    for (part, wanted, evidence) in parts {
        let weight = weigh(pod, wanted, view).on_node(pod);
        let draft = out.fires(part, weight.severity, weight.why);
        draft.evidence = evidence;
    }
}

/// The bindings only colour the severity: whoever hides them does not make the token go away.
fn weigh(pod: &PodLike<'_>, wanted: bool, view: &View<'_>) -> Weight {
    let account = pod.spec.account_name();
    let weight = match rights(pod, view) {
        Rights::Bound(binding) => Weight::new(
            Severity::Medium,
            format!("account {account} is named by {binding}"),
        ),
        Rights::Hidden => Weight::new(
            Severity::Medium,
            format!("what account {account} may do is not visible"),
        ),
        Rights::None => Weight::new(
            Severity::Low,
            format!(
                "no binding here or cluster-wide names account {account}, but it is a login all the same"
            ),
        ),
    };
    if wanted {
        weight.lowered("a volume asks for it on purpose")
    } else {
        weight
    }
}

enum Rights {
    Bound(String),
    Hidden,
    None,
}

fn rights(pod: &PodLike<'_>, view: &View<'_>) -> Rights {
    let namespace = pod.namespace();
    let who = [
        pod.account(),
        Subject::Group([ACCOUNTS, ":", namespace].concat().into()),
    ];
    view.context(|view| {
        for subject in &who {
            for place in [namespace, ""] {
                if let Some(binding) = view.bindings(subject, place).next() {
                    return Rights::Bound(binding.meta.key.to_string());
                }
            }
        }
        let sight = view.world().sight();
        let hidden = sight.blind(Kind::RoleBinding, Some(namespace)).is_some()
            || sight.blind(Kind::ClusterRoleBinding, None).is_some();
        if hidden { Rights::Hidden } else { Rights::None }
    })
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let spec = editable(finding, view)?;
    let edit = match &finding.id.part {
        Part::Volume(name) => PodEdit::RemoveVolume(spec.volume(name)?.name.clone()),
        _ => PodEdit::Automount(false),
    };
    Some(Remedy::review(
        [Change::pod(&finding.id.object, edit)],
        "containers that talk to the API server lose their login: look for clients of it first",
    ))
}
