//! A caller without a login reaches data
//!
//! ## What
//! Bindings name callers without a login (`system:anonymous`, `system:unauthenticated`) and let them read objects, or do
//! more, beyond what Kubernetes shows to everybody (health, version, kubeadm's `cluster-info`).
//!
//! ## Why
//! It takes an address, and nothing else.
//!
//! ## References
//! - MITRE ATT&CK T1078.001, Default Accounts
//! - MITRE ATT&CK T1133, External Remote Services

use crate::model::objects::access::Binding;
use crate::semantics::rbac::power::powers_of;
use crate::semantics::rbac::{Clause, Identity, gives_nothing, held, is_public, stock};
use crate::threats::prelude::*;

const CUTS: &[&str] = &["anonymous-holds-nothing"];

/// The story.
pub static STORY: Story = Story {
    id: "anonymous-reaches-data",
    since: "0.1",
    threat: ThreatId::ExternalAttacker,
    goal: "any-secret",
    steps: &[
        StoryStep {
            title: "a binding names callers without a login",
            cut_by: CUTS,
        },
        StoryStep {
            title: "its role reaches data",
            cut_by: CUTS,
        },
    ],
    needs: &[
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
    ],
    scope: Scope::Cluster(run),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: wide}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:anonymous'}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: open, namespace: shop}
rules:
- {apiGroups: [''], resources: [configmaps], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: open, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: open}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:unauthenticated'}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: health}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:public-info-viewer'}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:anonymous'}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: narrow}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {kind: ServiceAccount, name: reader, namespace: ci}
",
        ),
    ],
};

fn run(view: &View<'_>, out: &mut Scenes) {
    let anonymous = Identity::anonymous();
    let mut held = held(view, &anonymous);
    held.grants
        .retain(|g| !stock::is_untouched(g.binding, g.role));
    let clauses: Vec<Clause<'_>> = held
        .grants
        .iter()
        .flat_map(|grant| grant.clauses())
        .filter(reaches_data)
        .collect();
    let Some(first) = clauses.first() else {
        return;
    };
    let does = match powers_of(view, &held).first() {
        Some(power) => power.words(),
        None => format!(
            "{} {}",
            crate::semantics::rbac::rule::describe(first.rule),
            first.grant.scope().words()
        ),
    };
    let says =
        format!("An external attacker who reaches the API server may {does}, without a login.");
    let actor = Actor::Subject(Subject::User("system:anonymous".into()));
    let bindings = distinct(&clauses);
    let instance = out.works(actor, says);
    let names = bindings.iter().map(|binding| {
        Evidence::explicit(&binding.meta.key, "subjects", names_of(binding, &anonymous))
    });
    let named = format!(
        "{} names callers without a login",
        first.grant.binding.meta.key
    );
    instance.step(named, CUTS, names.collect());
    if let [binding] = bindings.as_slice() {
        instance.cut(close(binding, &anonymous));
    }
    let evidence = clauses.iter().filter_map(|clause| clause.evidence().pop());
    let reaches = format!("{} reaches data", first.grant.role.meta.key);
    instance.step(reaches, CUTS, evidence.take(5).collect());
}

/// Reads or changes objects, beyond what everybody is shown.
fn reaches_data(clause: &Clause<'_>) -> bool {
    let rule = clause.rule;
    !rule.resources.is_empty() && !gives_nothing(clause) && !is_public(rule)
}

fn distinct<'a>(clauses: &[Clause<'a>]) -> Vec<&'a Binding> {
    let mut bindings: Vec<&Binding> = Vec::new();
    for clause in clauses {
        let binding = clause.grant.binding;
        if !bindings.iter().any(|b| b.meta.key == binding.meta.key) {
            bindings.push(binding);
        }
    }
    bindings
}

fn names_of(binding: &Binding, who: &Identity) -> String {
    let names = binding.subjects.iter().filter(|s| who.is_named_by(s));
    names
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The one change that closes it: the subject goes, or the binding where it names such callers twice.
fn close(binding: &Binding, who: &Identity) -> Change {
    let mut named = binding.subjects.iter().filter(|s| who.is_named_by(s));
    let edit = match (named.next(), named.next()) {
        (Some(only), None) => Edit::RemoveSubject(only.clone()),
        _ => Edit::Delete,
    };
    Change::new(&binding.meta.key, edit)
}
