//! Subject reads Secrets
//!
//! ## What
//! A binding of a role that allows `get`, `list`, `watch` or `patch` on Secrets, by name or by wildcard, or
//! `deletecollection` on all. `list` and `watch` return the contents as `get` does; so do the answers to an empty patch and
//! to a deletion that is only tried. A rule limited to `resourceNames` reads those Secrets only (with a field selector even
//! by `list`), and is low.
//!
//! ## Why
//! Secrets hold the passwords, keys and certificates of everything that runs beside them, and tokens of accounts where
//! old token Secrets are still in use. Cluster-wide, that includes kube-system.
//!
//! ## Fix
//! Takes the reading of Secrets out of the role, and leaves the rest. Where a wildcard holds it, or the role is not to be
//! edited (Kubernetes' own, or aggregated), removes the subject from the binding. Other ways: only the Secrets that its
//! pods are given anyway, or only the account's own namespace. Pods that need a Secret mount it; they need no right to read it.
//!
//! ## References
//! - Kubernetes, Role Based Access Control Good Practices, "Listing secrets"
//! - CIS Kubernetes Benchmark 1.12, 5.1.2

use crate::model::objects::access::Rule;
use crate::semantics::rbac::power::reads_secrets;
use crate::semantics::rbac::split::Taken;
use crate::semantics::rbac::{Clause, Scope as RbacScope};
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::holders::{Holder, holders};
use crate::threats::stolen_credentials::remedies::{by_name, take, take_away};

/// The check.
pub static CHECK: Check = Check {
    id: "secrets-readable",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "secrets-closed",
    needs: &[
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
    ],
    rests_on: RestsOn::Presence,
    standards: &[
        "cis:1.12/5.1.2",
        "attack:T1552.007",
        "owasp:2025/K03",
        "kubescape:C-0015",
        "trivy:KSV-0041",
    ],
    scope: Scope::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], run),
    fix: Fix::Choice(fix),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [''], resources: [configmaps, secrets], verbs: [list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects:
- {kind: ServiceAccount, name: sync, namespace: ops}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: sync, namespace: ops}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: everything-read, namespace: shop}
rules:
- {apiGroups: ['*'], resources: ['*'], verbs: [get, watch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: everything-read, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: everything-read}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: rotates, namespace: shop}
rules:
- {apiGroups: [''], resources: [secrets], verbs: [create, patch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: rotates, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: rotates}
subjects:
- {kind: ServiceAccount, name: rotates, namespace: shop}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: sweeps}
rules:
- {apiGroups: [''], resources: [secrets], verbs: [deletecollection]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: sweeps}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: sweeps}
subjects:
- {kind: ServiceAccount, name: sweeps, namespace: shop}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: cart, namespace: shop}
rules:
- {apiGroups: ['', apps], resources: [secrets, configmaps, deployments], verbs: [get, list, create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: cart, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: cart}
subjects:
- {kind: ServiceAccount, name: cart, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: cart, namespace: shop}
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
      automountServiceAccountToken: false
      containers:
      - name: cart
        image: 'registry.example.com/cart:1.4.2'
        env:
        - {name: DATABASE, valueFrom: {secretKeyRef: {name: db, key: url, optional: true}}}
        volumeMounts: [{name: tls, mountPath: /tls}]
      volumes:
      - {name: tls, secret: {secretName: cart-tls, optional: true}}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: writes, namespace: shop}
rules:
- {apiGroups: [''], resources: [secrets], verbs: [update, delete]}
- {apiGroups: [''], resources: [secrets], resourceNames: [db], verbs: [deletecollection]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: writes, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: writes}
subjects:
- {kind: ServiceAccount, name: writes, namespace: shop}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: view, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: writer, namespace: shop}
rules:
- {apiGroups: [''], resources: [secrets], verbs: [create]}
- {apiGroups: [example.com], resources: [secrets], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: writer, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: writer}
subjects:
- {kind: ServiceAccount, name: writer, namespace: shop}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    for holder in holders(object, view, reads) {
        let (severity, why) = judge(&holder);
        holder.report(out, severity, why);
    }
}

fn reads(clause: &Clause<'_>) -> bool {
    reads_secrets(clause.rule)
}

fn judge(holder: &Holder<'_>) -> (Severity, String) {
    let who = holder.subject;
    if holder.clauses.iter().all(|c| !c.rule.names.is_empty()) {
        let mut names: Vec<&str> = holder
            .clauses
            .iter()
            .flat_map(|c| c.rule.names.iter().map(|name| &**name))
            .collect();
        names.sort_unstable();
        names.dedup();
        let why = format!("{who} reads only the Secrets named {}", names.join(", "));
        return (Severity::Low, why);
    }
    match holder.scope {
        RbacScope::Cluster => (
            Severity::Critical,
            format!("{who} reads every Secret of every namespace, kube-system included"),
        ),
        RbacScope::Namespace("kube-system") => (
            Severity::Critical,
            format!("{who} reads every Secret of kube-system, where the cluster keeps its own"),
        ),
        RbacScope::Namespace(namespace) => (
            Severity::High,
            format!("{who} reads every Secret of {namespace}"),
        ),
    }
}

/// What returns contents; all else that a rule allows on Secrets stays.
const READING: Taken<'_> = Taken {
    verbs: &["get", "list", "watch", "patch", "deletecollection"],
    groups: &[""],
    resources: &["secrets"],
};

fn fix(finding: &Finding, view: &View<'_>) -> Vec<Remedy> {
    let reading = |rule: &Rule| take(rule, &[READING]);
    let mut ways = take_away(finding, view, reading);
    let named = by_name(finding, view, reading);
    if let Some(named) = named.filter(|_| finding.severity > Severity::Low) {
        ways.insert(1.min(ways.len()), named);
    }
    ways
}
