//! Subject deletes the events of the cluster
//!
//! ## What
//! A ClusterRoleBinding of a role that allows `delete` or `deletecollection` on `events`, of the core group or of
//! `events.k8s.io`, in every namespace. A RoleBinding, a rule limited to names, and a subject that the same binding lets
//! make pods (which is worse and told as that) are silent.
//!
//! ## Why
//! Events are where a failed mount, a killed container or a pod in a strange place is seen first. Nobody needs to delete
//! them: they end after an hour by themselves. Who can removes the traces of what they did; the audit log, if there is one,
//! is out of their reach.
//!
//! ## Fix
//! Takes the two verbs out of a role whose rule is about events alone, or the subject out of the binding.
//!
//! ## References
//! - MITRE ATT&CK T1070, Indicator Removal
//! - Microsoft, Threat matrix for Kubernetes, "Delete Kubernetes events"

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
    id: "events-deletable",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "traces-kept",
    needs: &[Kind::ClusterRoleBinding, Kind::ClusterRole],
    rests_on: RestsOn::Presence,
    standards: &["attack:T1070", "owasp:2025/K02", "kubescape:C-0031"],
    scope: Scope::Object(&[Kind::ClusterRoleBinding], run),
    fix: Fix::Choice(fix),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: janitor}
rules:
- {apiGroups: [''], resources: [events], verbs: [list, delete]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: janitor}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: janitor}
subjects:
- {kind: ServiceAccount, name: janitor, namespace: ops}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: janitor, namespace: ops}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: janitor}
rules:
- {apiGroups: [events.k8s.io], resources: ['*'], verbs: [deletecollection]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: janitor}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: janitor}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: recorder}
rules:
- {apiGroups: ['', events.k8s.io], resources: [events], verbs: [create, patch, get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: recorder}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: recorder}
subjects:
- {kind: ServiceAccount, name: controller, namespace: ops}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: janitor}
rules:
- {apiGroups: [''], resources: [events], verbs: [delete]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: janitor, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: janitor}
subjects:
- {kind: ServiceAccount, name: janitor, namespace: ops}
",
        ),
    ],
};

const DELETES: &[&str] = &["delete", "deletecollection"];

fn deletes(rule: &Rule) -> bool {
    let groups = ["", "events.k8s.io"];
    groups.iter().any(|group| {
        let mut verbs = DELETES.iter();
        verbs.any(|verb| allows(rule, &Ask::any(verb, group, "events")))
    })
}

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let makers = holders(object, view, |c: &Clause<'_>| makes_pods(c.rule));
    for holder in holders(object, view, |c: &Clause<'_>| deletes(c.rule)) {
        let makes_pods = makers.iter().any(|maker| maker.subject == holder.subject);
        if makes_pods || holder.scope != RbacScope::Cluster {
            continue;
        }
        let why = format!(
            "{} removes the traces of what it did in every namespace",
            holder.subject
        );
        holder.report(out, Severity::Medium, why);
    }
}

const DELETING: Taken<'_> = Taken {
    verbs: DELETES,
    groups: &["", "events.k8s.io"],
    resources: &["events"],
};

fn fix(finding: &Finding, view: &View<'_>) -> Vec<Remedy> {
    take_away(finding, view, |rule| take(rule, &[DELETING]))
}
