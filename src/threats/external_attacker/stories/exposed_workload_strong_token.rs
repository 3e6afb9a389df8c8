//! An exposed workload holds the token of a strong account
//!
//! ## What
//! A workload is reached from outside the cluster, by a load balancer, a node port, an external address, an Ingress, a
//! Gateway or a port of its node; the token of its service account is mounted in it; and that account is able to do
//! something worth a break-in.
//!
//! ## Why
//! One flaw in one application that strangers can reach, and the stranger is an account of the cluster: the token is a file
//! beside the code. What an application of its kind can do is then the smaller part of the damage.
//!
//! ## References
//! - MITRE ATT&CK T1190, Exploit Public-Facing Application
//! - MITRE ATT&CK T1528, Steal Application Access Token

use crate::semantics::exposure::{Level, Way, WayKind, ways_to};
use crate::semantics::rbac::power::Power;
use crate::semantics::token::{MountedToken, tokens};
use crate::semantics::token_power::{Armed, armed};
use crate::threats::malicious_container::taken_token;
use crate::threats::prelude::*;

const REACHED: &[&str] = &["services-closed", "load-balancers-restricted"];
const MOUNTED: &[&str] = &["token-not-mounted"];
const STRONG: &[&str] = &["account-rights-restricted"];

/// The story.
pub static STORY: Story = Story {
    id: "exposed-workload-strong-token",
    since: "0.1",
    threat: ThreatId::ExternalAttacker,
    goal: "strong-account",
    steps: &[
        StoryStep {
            title: "the workload is reached from outside",
            cut_by: REACHED,
        },
        StoryStep {
            title: "the account's token is mounted",
            cut_by: MOUNTED,
        },
        StoryStep {
            title: "the account is strong",
            cut_by: STRONG,
        },
    ],
    needs: &[
        Kind::Service,
        Kind::EndpointSlice,
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
        Kind::Pod,
        Kind::ServiceAccount,
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
    ],
    scope: Scope::Pods(run),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Service
metadata: {name: helpdesk, namespace: support}
spec:
  type: LoadBalancer
  selector: {app: helpdesk}
  ports: [{port: 80}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: helpdesk, namespace: support}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: helpdesk}
rules:
- {apiGroups: [''], resources: [secrets], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: helpdesk}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: helpdesk}
subjects:
- {kind: ServiceAccount, name: helpdesk, namespace: support}
---
apiVersion: v1
kind: Pod
metadata: {name: helpdesk, namespace: support, labels: {app: helpdesk}}
spec:
  serviceAccountName: helpdesk
  containers:
  - {name: helpdesk, image: 'registry.example.com/helpdesk:2.8.0'}
",
        ),
        Example::fires(
            "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: jenkins, namespace: ci}
spec:
  rules:
  - host: ci.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: jenkins, port: {name: http}}}}]
---
apiVersion: v1
kind: Service
metadata: {name: jenkins, namespace: ci}
spec: {selector: {app: jenkins}, ports: [{name: http, port: 8080}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: jenkins, namespace: ci}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: agents, namespace: ci}
rules:
- {apiGroups: [''], resources: [pods], verbs: [create, get, list, watch, delete]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: agents, namespace: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: agents}
subjects:
- {kind: ServiceAccount, name: jenkins, namespace: ci}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: jenkins, namespace: ci}
spec:
  serviceName: jenkins
  selector: {matchLabels: {app: jenkins}}
  template:
    metadata: {labels: {app: jenkins}}
    spec:
      serviceAccountName: jenkins
      containers:
      - {name: jenkins, image: 'registry.example.com/jenkins:2.528.1'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  automountServiceAccountToken: false
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
---
apiVersion: v1
kind: Pod
metadata: {name: web-2, namespace: shop, labels: {app: web}}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: sync, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: sync}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: sync, namespace: shop}
---
apiVersion: v1
kind: Service
metadata: {name: sync, namespace: shop}
spec: {selector: {app: sync}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: sync, namespace: shop, labels: {app: sync}}
spec:
  serviceAccountName: sync
  containers:
  - {name: sync, image: 'registry.example.com/sync:0.9.1'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Scenes) {
    // The token first: where it opens nothing, it does not matter what is hidden of the ways in.
    match armed(pod, view, |power| power.names.is_empty()) {
        Some(Armed {
            token: Some((container, token)),
            powers,
        }) => {
            let ways = ways_to(view, pod);
            match ways.iter().find(|way| is_open(way)) {
                Some(way) => works(pod, way, &ways, (container, token, &powers), out),
                None => restricted(pod, &ways, out),
            }
        }
        None if view.is_blind() => {}
        Some(Armed { token: None, .. }) | None => unarmed(pod, view, out),
    }
}

/// A stranger comes through: not one whose address is on a list.
fn is_open(way: &Way) -> bool {
    matches!(
        way.door.level,
        Level::Network | Level::Unknown | Level::Internet
    )
}

fn works(
    pod: &PodLike<'_>,
    way: &Way,
    ways: &[Way],
    (container, token, powers): (&Container, MountedToken, &[Power<'_>]),
    out: &mut Scenes,
) {
    let account = pod.spec.account_name();
    let Some(strongest) = powers.iter().max_by_key(|power| power.severity()) else {
        return;
    };
    let says = format!(
        "Who takes over {} from outside has the token of {account}, which may {}.",
        pod.workload,
        strongest.words()
    );
    let instance = out.works(Actor::Object(pod.workload.clone()), says);
    instance.step(
        way.door.leads_to(pod.workload),
        REACHED,
        way.hops().cloned().collect(),
    );
    if let Some(close) = only_door(ways) {
        instance.cut(close);
    }
    taken_token::mounted(instance, pod, (container, token), MOUNTED);
    let may = format!("{account} may {}", strongest.words());
    taken_token::holds(instance, pod, powers, may, STRONG);
}

/// The one change that closes every way, when one does: they are all doors that one Service opens by its type.
fn only_door(ways: &[Way]) -> Option<Change> {
    let entry = &ways.first()?.door.entry;
    let by_type = |way: &Way| matches!(way.door.kind, WayKind::LoadBalancer | WayKind::NodePort);
    let all = ways
        .iter()
        .all(|way| way.door.entry == *entry && by_type(way));
    all.then(|| Change::new(entry, Edit::Service(ServiceEdit::ClusterIp)))
}

/// The token is strong, and only addresses on a list reach it.
fn restricted(pod: &PodLike<'_>, ways: &[Way], out: &mut Scenes) {
    if let Some(way) = ways.iter().find(|way| way.door.level == Level::Restricted) {
        let says = format!(
            "{} holds a strong token, and only addresses on a list reach it.",
            pod.workload
        );
        out.stopped(
            Actor::Object(pod.workload.clone()),
            0,
            &["load-balancers-restricted"],
            says,
        )
        .step(
            way.door.leads_to(pod.workload),
            REACHED,
            way.hops().cloned().collect(),
        );
    }
}

/// It is reached, and there is no token in it, or none worth taking.
fn unarmed(pod: &PodLike<'_>, view: &View<'_>, out: &mut Scenes) {
    view.context(|view| {
        let ways = ways_to(view, pod);
        let Some(way) = ways.iter().find(|way| is_open(way)) else {
            return;
        };
        let account = pod.spec.account_name();
        let held = tokens(pod, view)
            .seen()
            .and_then(|all| all.into_iter().next());
        let (at, by, says) = match &held {
            Some(_) => (
                2,
                STRONG,
                format!(
                    "Who takes over {} from outside has a token that may do little.",
                    pod.workload
                ),
            ),
            None => (
                1,
                MOUNTED,
                format!(
                    "Who takes over {} from outside finds no token.",
                    pod.workload
                ),
            ),
        };
        let instance = out.stopped(Actor::Object(pod.workload.clone()), at, by, says);
        instance.step(
            way.door.leads_to(pod.workload),
            REACHED,
            way.hops().cloned().collect(),
        );
        match held {
            None => {
                instance.step(
                    format!("no token of {account} is mounted"),
                    MOUNTED,
                    vec![without(pod)],
                );
            }
            Some((container, token)) => {
                instance.step(
                    format!("the token of {account} is mounted in {}", container.name),
                    MOUNTED,
                    token.evidence,
                );
                let key = ObjectKey::namespaced(Kind::ServiceAccount, pod.namespace(), account);
                let little = Evidence::new(
                    &key,
                    "",
                    "no binding gives it anything strong",
                    Origin::Default,
                );
                instance.step(format!("{account} may do little"), STRONG, vec![little]);
            }
        }
    });
}

/// What says that no token is mounted: the pod's own word, or that nothing is.
fn without(pod: &PodLike<'_>) -> Evidence {
    let path = pod.path("automountServiceAccountToken");
    match pod.spec.automount {
        Some(on) => Evidence::explicit(pod.holder, path, on),
        None => Evidence::new(pod.holder, path, "no token is mounted", Origin::Inherited),
    }
}
