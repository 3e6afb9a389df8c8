//! Whom RBAC allows a request: every subject that a binding names, with the bindings and rules that do it.
//!
//! Source: `SubjectLocator` in kubernetes/kubernetes `plugin/pkg/auth/authorizer/rbac/subject_locator.go`. Whoever is a
//! member of a named group is not listed: that is known for service accounts alone, and they are told from the group.

use std::collections::BTreeMap;

use super::grants::{Clause, Grant, role_of, scope_of};
use super::identity::{ACCOUNTS, MASTERS};
use super::request::Action;
use super::rule;
use crate::model::objects::access::Binding;
use crate::model::{Kind, Object, ObjectKey, Subject};
use crate::view::{Look, View};

/// One way by which a subject is allowed a request: the binding, the role and its first rule that does.
#[derive(Clone, Copy, Debug)]
pub struct Via<'a>(pub Clause<'a>);

/// Somebody who is allowed a request.
#[derive(Clone, Debug)]
pub struct Who<'a> {
    /// As bindings name them.
    pub subject: Subject,
    /// How; empty for the group `system:masters`, which is allowed everything before RBAC is asked.
    pub via: Vec<Via<'a>>,
}

/// Subjects that RBAC allows a request, in a namespace (`""`: a cluster-wide question), in order. What could not be seen is
/// noted in the view: there may be more.
pub fn who_can<'a>(view: &View<'a>, what: &Action) -> Vec<Who<'a>> {
    let namespace = match what {
        Action::Resource(target) => &*target.namespace,
        Action::Url { .. } => "",
    };
    let mut bindings: Vec<&'a Binding> = of_kind(view, Kind::ClusterRoleBinding, "");
    if !namespace.is_empty() {
        bindings.extend(of_kind(view, Kind::RoleBinding, namespace));
    }
    let masters = Subject::Group(MASTERS.into());
    let mut found: BTreeMap<Subject, Vec<Via<'a>>> = BTreeMap::from([(masters, Vec::new())]);
    for binding in bindings {
        let Look::Seen(role) = role_of(view, binding) else {
            continue;
        };
        for (subject, name) in binding.subjects.iter().enumerate() {
            let grant = Grant {
                binding,
                subject,
                role,
            };
            let Some(clause) = grant.clauses().find(|clause| allows(clause, what)) else {
                break; // nor does it allow the next subject
            };
            // An account without a namespace, in a ClusterRoleBinding, is nobody.
            if matches!(name, Subject::ServiceAccount { namespace, .. } if namespace.is_empty()) {
                continue;
            }
            let ways = found.entry(name.clone()).or_default();
            let again = |via: &Via<'_>| via.0.grant.binding.meta.key == binding.meta.key;
            if !ways.iter().any(again) {
                ways.push(Via(clause));
            }
        }
    }
    let found = found.into_iter();
    found.map(|(subject, via)| Who { subject, via }).collect()
}

/// Service accounts of a group of accounts, in order; `None` for every other group, whose members the API does not list.
pub fn members(view: &View<'_>, group: &str) -> Option<Vec<Subject>> {
    let accounts: Vec<&ObjectKey> = match group.strip_prefix(ACCOUNTS)? {
        "" => view
            .list_all(Kind::ServiceAccount)
            .map(|o| o.key())
            .collect(),
        rest => {
            let accounts = view.list(Kind::ServiceAccount, rest.strip_prefix(':')?);
            accounts.map(|object| object.key()).collect()
        }
    };
    let accounts = accounts.into_iter();
    Some(
        accounts
            .map(|key| Subject::account(key.home(), &key.name))
            .collect(),
    )
}

impl Via<'_> {
    /// It counts everywhere.
    pub fn is_cluster(&self) -> bool {
        scope_of(self.0.grant.binding).is_cluster()
    }
}

fn of_kind<'a>(view: &View<'a>, kind: Kind, namespace: &str) -> Vec<&'a Binding> {
    let objects = view.list(kind, namespace);
    let bindings = objects.filter_map(|object| match &**object {
        Object::Binding(binding) => Some(binding),
        _ => None,
    });
    bindings.collect()
}

fn allows(clause: &Clause<'_>, what: &Action) -> bool {
    match what {
        Action::Resource(target) => rule::allows(clause.rule, &target.ask()),
        Action::Url { verb, path } => rule::allows_url(clause.rule, verb, path),
    }
}
