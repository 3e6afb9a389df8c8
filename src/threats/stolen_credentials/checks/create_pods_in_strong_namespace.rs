//! Subject makes pods where stronger accounts or no limits are
//!
//! ## What
//! A binding of a role that allows making pods (`create` on pods, or `create`, `update` or `patch` on what makes pods
//! from a template) in every namespace; or in one namespace, where that namespace holds a service account that is able to
//! do more than the subject itself, or where no Pod Security level is enforced, or where the subject may change the level.
//!
//! ## Why
//! Who makes a pod chooses its account, mounts any Secret of the namespace, and, where nothing refuses a privileged pod,
//! owns the node. The right to make pods is the right to be every account beside it.
//!
//! ## Fix
//! Takes the making of pods out of the role, or the subject out of the binding where the role is not to be edited. Where only
//! the missing Pod Security level makes it dangerous, the other way is to enforce `baseline`. What also helps, and is not
//! done here: moving the strong account into a namespace of its own.
//!
//! ## References
//! - Kubernetes, Role Based Access Control Good Practices, "Workload creation"
//! - CIS Kubernetes Benchmark 1.12, 5.1.4

use crate::fix::raise::raise;
use crate::model::objects::access::Rule;
use crate::semantics::pod_security::Level;
use crate::semantics::pod_security::labels::{Mode, effective};
use crate::semantics::rbac::power::{
    Ability, CONTROLLERS, Power, makes_pods, may_relabel, powers, powers_of,
};
use crate::semantics::rbac::split::Taken;
use crate::semantics::rbac::{Clause, Identity, Scope as RbacScope, held};
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::holders::{Holder, holders};
use crate::threats::stolen_credentials::remedies::{Narrowed, take, take_away};

/// The check.
pub static CHECK: Check = Check {
    id: "create-pods-in-strong-namespace",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "pod-makers-fenced",
    needs: &[
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
        Kind::ServiceAccount,
        Kind::Namespace,
    ],
    rests_on: RestsOn::Presence,
    standards: &[
        "cis:1.12/5.1.4",
        "attack:T1610",
        "owasp:2025/K02",
        "kubescape:C-0188",
        "trivy:KSV-0048",
    ],
    scope: Scope::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], run),
    fix: Fix::Choice(fix),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: deploy}
rules:
- {apiGroups: [apps], resources: [deployments], verbs: [get, list, patch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: deploy}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: deploy}
subjects:
- {kind: ServiceAccount, name: deployer, namespace: ci}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {pod-security.kubernetes.io/enforce: restricted}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: operator, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: operator}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: operator, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: edit, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {pod-security.kubernetes.io/enforce: baseline}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: edit, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: pods, namespace: shop}
rules:
- {apiGroups: [''], resources: [pods], verbs: [get, list, delete, patch]}
- {apiGroups: [batch], resources: [jobs], verbs: [patch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: pods, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pods}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    for holder in holders(object, view, |clause: &Clause<'_>| makes_pods(clause.rule)) {
        let who = holder.subject;
        match holder.scope {
            RbacScope::Cluster => {
                let why =
                    format!("{who} makes pods in every namespace, as any account of the cluster");
                holder.report(out, Severity::Critical, why);
            }
            RbacScope::Namespace(namespace) => in_namespace(&holder, namespace, view, out),
        }
    }
}

fn in_namespace(holder: &Holder<'_>, namespace: &str, view: &View<'_>, out: &mut Sink) {
    let who = holder.subject;
    let (own, relabels) = view.context(|view| {
        let own = held(view, &Identity::of(who));
        let relabels = may_relabel(&own, namespace);
        (powers_of(view, &own), relabels)
    });
    if let Some((account, power)) = stronger(view, namespace, who, &own) {
        let why = format!("{who} makes pods as {account}, which may {}", power.words());
        let evidence = power
            .by
            .iter()
            .flat_map(Clause::evidence)
            .collect::<Vec<_>>();
        if let Some(draft) = holder.report(out, power.severity(), why) {
            draft.evidence.extend(evidence);
        }
        return;
    }
    let labels = match view.namespace(namespace) {
        Look::Seen(it) => it.meta.labels.clone(),
        Look::Absent => crate::model::Labels::default(),
        Look::Blind(_) => return,
    };
    let enforced = effective(&labels, Mode::Enforce).level;
    let why = match enforced {
        Some(Level::Baseline | Level::Restricted) if relabels => format!(
            "{who} makes pods in {namespace} and may lower the Pod Security level that is enforced there"
        ),
        Some(Level::Baseline | Level::Restricted) => return,
        Some(Level::Privileged) => {
            format!("{who} makes pods in {namespace}, which admits privileged ones")
        }
        None => format!(
            "{who} makes pods in {namespace}, which enforces no Pod Security level of its own"
        ),
    };
    if let Some(draft) = holder.report(out, Severity::High, why) {
        let label = Mode::Enforce.label();
        let (value, origin) = match labels.get(label) {
            Some(value) => (value.to_string(), Origin::Explicit),
            None => ("unset".to_owned(), Origin::Default),
        };
        draft.because(Evidence::new(
            &ObjectKey::of_namespace(namespace),
            format!("metadata.labels['{label}']"),
            value,
            origin,
        ));
    }
}

/// An account of the namespace that is able to do what the subject is not, the worst of them first.
fn stronger<'a>(
    view: &View<'a>,
    namespace: &str,
    who: &Subject,
    own: &[Power<'_>],
) -> Option<(Subject, Power<'a>)> {
    let mut found: Vec<(Subject, Power<'a>)> = Vec::new();
    for object in view.list(Kind::ServiceAccount, namespace) {
        let account = Subject::account(namespace, object.meta().name());
        if account == *who {
            continue;
        }
        let all = powers(view, &Identity::of(&account));
        let beyond = all.into_iter().filter(|power| {
            power.names.is_empty() && !own.iter().any(|mine| includes(mine, power))
        });
        found.extend(beyond.map(|power| (account.clone(), power)));
    }
    // Stable: of equals the first account by name.
    found
        .into_iter()
        .rev()
        .max_by_key(|(_, power)| power.severity())
}

fn includes(mine: &Power<'_>, other: &Power<'_>) -> bool {
    let same = mine.ability == other.ability || mine.ability == Ability::Everything;
    let wide = mine.scope.is_cluster() || mine.scope == other.scope;
    same && wide && mine.names.is_empty()
}

fn fix(finding: &Finding, view: &View<'_>) -> Vec<Remedy> {
    let mut ways = take_away(finding, view, making);
    ways.extend(fence(finding, view));
    ways
}

/// The rule without the making of pods: a Pod and a Job cannot be rewritten into another, a template can.
fn making(rule: &Rule) -> Narrowed {
    let pods = ("", "pods");
    let pairs: Vec<([&str; 1], [&str; 1])> = CONTROLLERS
        .iter()
        .chain([&pods])
        .map(|(group, resource)| ([*group], [*resource]))
        .collect();
    let all = pairs.iter().map(|(groups, resources)| Taken {
        verbs: match resources {
            ["pods" | "jobs"] => &["create"],
            _ => &["create", "update", "patch"],
        },
        groups,
        resources,
    });
    take(rule, &all.collect::<Vec<_>>())
}

/// Enforces a level, where that ends it: no account of the namespace is stronger, and the subject may not lower it again.
fn fence(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let Part::Subject(text) = &finding.id.part else {
        return None;
    };
    let who = Subject::parse(text)?;
    let namespace = finding.id.object.namespace.as_deref()?;
    let own = held(view, &Identity::of(&who));
    let powers = powers_of(view, &own);
    if may_relabel(&own, namespace) || stronger(view, namespace, &who, &powers).is_some() {
        return None;
    }
    let raised = raise(view, namespace, Level::Baseline, None).ok()?;
    Some(raised.remedy.called(format!(
        "enforce the level baseline in {namespace}: {who} goes on making pods"
    )))
}
