//! Subject leads traffic of the whole cluster elsewhere
//!
//! ## What
//! A ClusterRoleBinding of a role that allows writing (`create`, `update`, `patch`) of what decides where traffic goes, in
//! every namespace: Services and their status, Endpoints, EndpointSlices, status of pods, Ingresses, HTTPRoutes, network
//! policies. A rule limited to names, a RoleBinding, and a subject that the same binding lets make pods (which is worse and
//! told as that) are silent.
//!
//! ## Why
//! Who writes an endpoint puts an address of their own behind somebody else's Service; who writes a Service's status or
//! its external addresses takes traffic on every node (CVE-2020-8554); who writes a pod's status puts it behind a Service or
//! takes it away; who writes policies opens what they closed. Passwords and tokens then come by themselves.
//!
//! ## Fix
//! Takes the verbs out of a role that is about nothing else, or the subject out of the binding. A controller that publishes
//! services needs them: then keep its token from everybody else.
//!
//! ## References
//! - CVE-2020-8554, kubernetes/kubernetes#97076; CVE-2021-25740, kubernetes/kubernetes#103675
//! - MITRE ATT&CK T1557, Adversary-in-the-Middle

use crate::model::objects::access::Rule;
use crate::semantics::rbac::power::makes_pods;
use crate::semantics::rbac::rule::{Ask, allows};
use crate::semantics::rbac::split::Taken;
use crate::semantics::rbac::{Clause, Scope as RbacScope};
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::holders::holders;
use crate::threats::stolen_credentials::remedies::{take, take_away};

/// The check.
pub static CHECK: Check = Check {
    id: "traffic-redirectable",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "traffic-kept",
    needs: &[Kind::ClusterRoleBinding, Kind::ClusterRole],
    rests_on: RestsOn::Presence,
    standards: &[
        "attack:T1557",
        "attack:T1565.002",
        "owasp:2025/K02",
        "trivy:KSV-0056",
    ],
    scope: Scope::Object(&[Kind::ClusterRoleBinding], run),
    fix: Fix::Choice(fix),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: endpoints}
rules:
- {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [get, list, watch, update]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: endpoints}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: endpoints}
subjects:
- {kind: ServiceAccount, name: balancer, namespace: net}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: balancer, namespace: net}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: addresses}
rules:
- {apiGroups: [''], resources: [services/status, configmaps], verbs: [patch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: addresses}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: addresses}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: net}
rules:
- {apiGroups: [networking.k8s.io], resources: ['*'], verbs: ['*']}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: net}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: net}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: network}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: editors}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ingress}
rules:
- {apiGroups: [''], resources: [services], verbs: [get, list, watch]}
- {apiGroups: [''], resources: [services], resourceNames: [leader], verbs: [update]}
- {apiGroups: [networking.k8s.io], resources: [ingresses/status], verbs: [update]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ingress}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ingress}
subjects:
- {kind: ServiceAccount, name: ingress, namespace: ingress}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: endpoints}
rules:
- {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [update]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: endpoints, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: endpoints}
subjects:
- {kind: ServiceAccount, name: balancer, namespace: net}
",
        ),
    ],
};

const WRITES: &[&str] = &["create", "update", "patch"];

/// Group, resource, and what writing it in every namespace gives.
const LEVERS: &[(&str, &str, &str)] = &[
    ("", "endpoints", "puts any address behind any Service"),
    (
        "discovery.k8s.io",
        "endpointslices",
        "puts any address behind any Service",
    ),
    (
        "",
        "services/status",
        "takes the traffic to any address on every node",
    ),
    (
        "",
        "services",
        "takes the traffic to any address on every node",
    ),
    (
        "",
        "pods/status",
        "puts any pod behind a Service, or takes it away",
    ),
    (
        "networking.k8s.io",
        "ingresses",
        "leads the hosts of every team where it likes",
    ),
    (
        "gateway.networking.k8s.io",
        "httproutes",
        "leads the hosts of every team where it likes",
    ),
    (
        "networking.k8s.io",
        "networkpolicies",
        "opens what network policies closed",
    ),
];

/// What a rule gives of it, the worst first.
fn lever(rule: &Rule) -> Option<&'static str> {
    let writes = |(group, resource, _): &&(&str, &str, &str)| {
        let mut verbs = WRITES.iter();
        verbs.any(|verb| allows(rule, &Ask::any(verb, group, resource)))
    };
    LEVERS.iter().find(writes).map(|(.., gives)| *gives)
}

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let makers = holders(object, view, |c: &Clause<'_>| makes_pods(c.rule));
    for holder in holders(object, view, |c: &Clause<'_>| lever(c.rule).is_some()) {
        let makes_pods = makers.iter().any(|maker| maker.subject == holder.subject);
        if makes_pods || holder.scope != RbacScope::Cluster {
            continue;
        }
        let gives = holder.clauses.first().and_then(|c| lever(c.rule));
        if let Some(gives) = gives {
            let why = format!("{} {gives}", holder.subject);
            holder.report(out, Severity::Medium, why);
        }
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Vec<Remedy> {
    let writing = |rule: &Rule| {
        let pairs: Vec<([&str; 1], [&str; 1])> = LEVERS
            .iter()
            .map(|(group, resource, _)| ([*group], [*resource]))
            .collect();
        let all = pairs.iter().map(|(groups, resources)| Taken {
            verbs: WRITES,
            groups,
            resources,
        });
        take(rule, &all.collect::<Vec<_>>())
    };
    take_away(finding, view, writing)
}
