//! Subject holds escalate, bind or impersonate
//!
//! ## What
//! A binding of a role that allows `escalate` or `bind` on roles, or `impersonate` on users, groups, accounts or what else
//! of a login can be claimed. Whether it is worth something is decided over everything that the subject holds: `escalate`
//! needs a role that it may write, `bind` a binding that it may write, a group somebody to be. One half alone is low.
//! Rights that are dead where they are bound (cluster roles to escalate, users to impersonate in a namespace) are silent.
//!
//! ## Why
//! These three verbs step over the rule that nobody may give what they do not have. Whoever holds them holds, in effect,
//! every right of the scope, whatever else the role says.
//!
//! ## Fix
//! Takes the verbs out of the role, or the subject out of the binding where a wildcard holds them or the role is not to be
//! edited. Where an operator needs one, `resourceNames` limits it to the roles or accounts meant.
//!
//! ## References
//! - Kubernetes, Using RBAC Authorization, "Privilege escalation prevention and bootstrapping"
//! - CIS Kubernetes Benchmark 1.12, 5.1.8

use crate::model::objects::access::Rule;
use crate::semantics::rbac::power::{Ability, Power, binds_local_roles, powers_in};
use crate::semantics::rbac::rule::{Ask, allows_some};
use crate::semantics::rbac::split::Taken;
use crate::semantics::rbac::{Clause, Held, Identity, Scope as Reach, held};
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::holders::{Holder, holders};
use crate::threats::stolen_credentials::remedies::{Narrowed, take, take_away};

const RBAC: &str = "rbac.authorization.k8s.io";
const LOGIN: &str = "authentication.k8s.io";

/// The check.
pub static CHECK: Check = Check {
    id: "escalate-bind-impersonate",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "no-escalation-verbs",
    needs: &[
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
    ],
    rests_on: RestsOn::Presence,
    standards: &[
        "cis:1.12/5.1.8",
        "attack:T1098.006",
        "owasp:2025/K02",
        "kubescape:C-0191",
        "kubescape:C-0065",
        "trivy:KSV-0043",
    ],
    scope: Scope::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], run),
    fix: Fix::Choice(fix),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: access}
rules:
- {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: [cluster-admin]}
- {apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: access, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: access}
subjects:
- {kind: ServiceAccount, name: access, namespace: ops}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: helpdesk}
rules:
- {apiGroups: [''], resources: [users], verbs: [impersonate]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: helpdesk}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: helpdesk}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: helpdesk}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: rewrite}
rules:
- {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [escalate, update]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: rewrite}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: rewrite}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: masquerade}
rules:
- {apiGroups: [''], resources: [groups], verbs: [impersonate]}
- {apiGroups: [''], resources: [users], verbs: [impersonate]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: masquerade}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: masquerade}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: access}
rules:
- {apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings, clusterrolebindings], verbs: [create, patch, bind]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: access}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: access}
subjects:
- {kind: ServiceAccount, name: access, namespace: ops}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: helpdesk}
rules:
- {apiGroups: [''], resources: [users, groups], verbs: [impersonate]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: helpdesk, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: helpdesk}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: helpdesk}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    for holder in holders(object, view, steps_over) {
        // What else the subject holds tells how bad this is, not whether it is there.
        let (found, other) = view.context(|view| {
            let all = held(view, &Identity::of(holder.subject));
            let found = found(view, &all, &holder, object.key());
            let other = match scopes(&all, holder.scope)
                .into_iter()
                .find(|scope| binds_local_roles(view, &all, *scope))
            {
                Some(scope) => OtherHalf::LocalRoles(scope),
                None if all.blind => OtherHalf::Hidden,
                None => OtherHalf::Lacking,
            };
            (found, other)
        });
        let (severity, why, power) = judge(&holder, other, &found);
        let Some(draft) = holder.report(out, severity, why) else {
            continue;
        };
        for clause in power.map_or(&[][..], |p| &p.by) {
            for evidence in clause.evidence() {
                if !draft.evidence.contains(&evidence) {
                    draft.because(evidence);
                }
            }
        }
    }
}

/// Where the other half may be: what is held cluster-wide counts in every namespace, with whatever is held there.
fn scopes<'a>(all: &Held<'a>, own: Reach<'a>) -> Vec<Reach<'a>> {
    let inside = all.namespaces().into_iter().map(Reach::Namespace);
    let inside = inside.filter(|_| own.is_cluster());
    std::iter::once(own).chain(inside).collect()
}

/// What the subject is able to do where the binding counts, and in one namespace more where it takes this binding too.
fn found<'a>(
    view: &View<'a>,
    all: &Held<'a>,
    holder: &Holder<'a>,
    binding: &ObjectKey,
) -> Vec<Power<'a>> {
    let own = |power: &Power<'a>| {
        power.scope == holder.scope
            || power
                .by
                .iter()
                .any(|clause| clause.grant.binding.meta.key == *binding)
    };
    let scopes = scopes(all, holder.scope).into_iter().rev();
    let powers = scopes.flat_map(|scope| powers_in(view, all, scope));
    powers.filter(own).collect()
}

/// A rule with one of the verbs on what it is asked for, where it is not dead.
fn steps_over(clause: &Clause<'_>) -> bool {
    let wide = clause.grant.scope().is_cluster();
    let asks = [
        (wide, "escalate", RBAC, "clusterroles"),
        (true, "escalate", RBAC, "roles"),
        (true, "bind", RBAC, "clusterroles"),
        (true, "bind", RBAC, "roles"),
        (wide, "impersonate", "", "users"),
        (wide, "impersonate", "", "groups"),
        (true, "impersonate", "", "serviceaccounts"),
        (wide, "impersonate", LOGIN, "uids"),
        (wide, "impersonate", LOGIN, "userextras/scopes"),
    ];
    let extras = |rule: &crate::model::objects::access::Rule| {
        rule.verbs.iter().any(|v| &**v == "impersonate")
            && rule.resources.iter().any(|r| r.starts_with("userextras/"))
    };
    asks.into_iter().any(|(alive, verb, group, resource)| {
        alive && allows_some(clause.rule, &Ask::any(verb, group, resource))
    }) || (wide && extras(clause.rule))
}

/// What there is beside the verb where it gives no ability of its own.
#[derive(Clone, Copy)]
enum OtherHalf<'a> {
    /// It binds Roles of this place.
    LocalRoles(Reach<'a>),
    /// Not all that the subject holds is visible.
    Hidden,
    /// Nothing.
    Lacking,
}

fn judge<'p, 'a>(
    holder: &Holder<'_>,
    other: OtherHalf<'_>,
    found: &'p [Power<'a>],
) -> (Severity, String, Option<&'p Power<'a>>) {
    let who = holder.subject;
    let steps = found.iter().filter(|power| {
        matches!(
            power.ability,
            Ability::RewriteRoles
                | Ability::BindRoles
                | Ability::ActAsAnybody
                | Ability::ActAsAccounts
        )
    });
    if let Some(power) = steps.max_by_key(|power| power.severity()) {
        let why = format!("{who} may {}", power.words());
        return (power.severity(), why, Some(power));
    }
    let (severity, why) = match other {
        OtherHalf::LocalRoles(scope) => (
            Severity::Medium,
            format!("{who} may bind whatever Roles exist {}", scope.words()),
        ),
        OtherHalf::Hidden if holder.scope.is_cluster() => (
            Severity::Critical,
            format!("{who} holds one half; whether it holds the other is not visible"),
        ),
        OtherHalf::Hidden => (
            Severity::High,
            format!("{who} holds one half; whether it holds the other is not visible"),
        ),
        OtherHalf::Lacking => (
            Severity::Low,
            format!("{who} holds one half of a way to more rights: inert until it gains the other"),
        ),
    };
    (severity, why, None)
}

fn fix(finding: &Finding, view: &View<'_>) -> Vec<Remedy> {
    take_away(finding, view, stepping_over)
}

/// The rule without the three verbs on what they are asked for.
fn stepping_over(rule: &Rule) -> Narrowed {
    let extras: Vec<&str> = rule.resources.iter().map(|held| &**held).collect();
    let is_extra = |held: &&str| *held == "uids" || held.starts_with("userextras");
    let extras: Vec<&str> = extras.into_iter().filter(is_extra).collect();
    let logins = [&extras[..], &["uids"]].concat();
    let all = [
        Taken {
            verbs: &["escalate", "bind"],
            groups: &[RBAC],
            resources: &["roles", "clusterroles"],
        },
        Taken {
            verbs: &["impersonate"],
            groups: &[""],
            resources: &["users", "groups", "serviceaccounts"],
        },
        Taken {
            verbs: &["impersonate"],
            groups: &[LOGIN],
            resources: &logins,
        },
    ];
    take(rule, &all)
}
