//! A binding of the whole cluster turned into one of the namespace where the account is used.
//!
//! Pods run as an account of their own namespace alone, so that is the one place where its login lies about. What it does
//! elsewhere with the same rights is not visible; the way says that it ends.

use crate::model::Meta;
use crate::model::objects::access::{Binding, Role};
use crate::semantics::rbac::{Clause, Dead, Grant, dead, gives_nothing, role_of};
use crate::threats::prelude::*;

/// Binds the same role in the account's own namespace, and takes it out of the ClusterRoleBinding. `None` for people and
/// groups (nothing tells where they work), for kube-system (which is as good as the cluster), and where nothing of the role
/// counts in a namespace.
pub(crate) fn namespaced(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let (wide, subject) = super::bound(finding, view)?;
    let Subject::ServiceAccount { namespace, name } = &subject else {
        return None;
    };
    // Nothing runs as an account that is not there, and its namespace may be gone with it.
    if view.account(namespace, name) == Look::Absent {
        return None;
    }
    let strong = &**namespace == "kube-system" || namespace.is_empty();
    if strong || wide.meta.key.known() != Some(Kind::ClusterRoleBinding) {
        return None;
    }
    let role = role_of(view, wide).seen()?;
    let narrow = Binding {
        meta: Meta::bare(free_key(view, namespace, &wide.meta.key.name)?),
        role: wide.role.clone(),
        subjects: Box::new([subject.clone()]),
        assumed: false,
    };
    let grant = Grant {
        binding: &narrow,
        subject: 0,
        role,
    };
    if grant.clauses().all(|clause| gives_nothing(&clause)) {
        return None;
    }
    let title = format!("bind {subject} in {namespace} alone");
    let lost = lost(grant);
    let create = Change::new(
        &narrow.meta.key,
        Edit::CreateBinding(Box::new(narrow.clone())),
    );
    let remove = Change::new(&wide.meta.key, Edit::RemoveSubject(subject.clone()));
    let elsewhere = format!("what {subject} does with these rights outside of {namespace}");
    let mut remedy = Remedy::review([create, remove], elsewhere).called(title);
    if !lost.is_empty() {
        let lost = lost.join(", ");
        remedy = remedy.may_break(format!(
            "only a ClusterRoleBinding grants, and so it loses: {lost}"
        ));
    }
    if has_custom(role) {
        remedy = remedy.may_break(
            "custom resources that live in no namespace, if the role names any: which do is not known here",
        );
    }
    Some(remedy)
}

/// A name that no binding of the namespace has: that of the other binding, or with a number.
fn free_key(view: &View<'_>, namespace: &str, name: &str) -> Option<ObjectKey> {
    let key = |name: &str| ObjectKey::namespaced(Kind::RoleBinding, namespace, name);
    let numbered = (2..10).map(|n| key(&format!("{name}-{n}")));
    let mut all = std::iter::once(key(name)).chain(numbered);
    all.find(|key| view.get(key) == Look::Absent)
}

/// What the rules give to the whole cluster only, each in a word or two.
fn lost(grant: Grant<'_>) -> Vec<String> {
    let mut lost: Vec<String> = Vec::new();
    for clause in grant.clauses() {
        for part in dead(&clause) {
            match part {
                Dead::Url(path) if path == "*" => {
                    lost.push("every path that is no resource".to_owned())
                }
                Dead::ClusterScoped(word) | Dead::Url(word) => lost.push(word),
                Dead::SubresourceStar(_) | Dead::NamelessVerb(_) => {}
            }
        }
        lost.extend(beyond(&clause));
    }
    let mut once: Vec<String> = Vec::new();
    for word in lost {
        if !once.contains(&word) {
            once.push(word);
        }
    }
    once
}

/// What a rule gives beside its namespaced part, though it is not dead there: the Namespace object is reached from inside,
/// all of them are not; and a wildcard holds nodes and the like.
fn beyond(clause: &Clause<'_>) -> Option<String> {
    let rule = clause.rule;
    let has = |list: &[Str], word: &str| list.iter().any(|held| **held == *word);
    if has(&rule.resources, "*") {
        return Some(
            "everything that lives in no namespace (nodes, namespaces, cluster roles ...)"
                .to_owned(),
        );
    }
    let many = ["list", "watch", "create", "deletecollection", "*"];
    let core = has(&rule.groups, "") || has(&rule.groups, "*");
    (core && has(&rule.resources, "namespaces") && many.iter().any(|verb| has(&rule.verbs, verb)))
        .then(|| "the list of namespaces".to_owned())
}

/// A group that is none of Kubernetes' own.
fn has_custom(role: &Role) -> bool {
    let custom =
        |group: &Str| &**group == "*" || (group.contains('.') && !group.ends_with(".k8s.io"));
    role.rules.iter().flat_map(|rule| &rule.groups).any(custom)
}
