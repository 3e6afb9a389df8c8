//! Accounts; rules and subjects of RBAC, as the server stores them: empty lists are left out, `verbs` never is.

use serde_json::{Map, Value};

use super::{identity, map, text, texts};
use crate::model::objects::access::{Binding, Role, Rule, ServiceAccount};
use crate::model::{Kind, Subject};

const GROUP: &str = "rbac.authorization.k8s.io";

/// The manifest of a new account.
pub(in crate::fix) fn account(account: &ServiceAccount) -> Map<String, Value> {
    let mut manifest = identity(&account.meta.key);
    if let Some(on) = account.automount {
        manifest.insert("automountServiceAccountToken".into(), Value::from(on));
    }
    if !account.pull_secrets.is_empty() {
        let names = account.pull_secrets.iter();
        let names = names.map(|name| map([("name", text(name))])).collect();
        manifest.insert("imagePullSecrets".into(), names);
    }
    manifest
}

/// The manifest of a new role.
pub(in crate::fix) fn role(role: &Role) -> Map<String, Value> {
    let mut manifest = identity(&role.meta.key);
    manifest.insert("rules".into(), rules(&role.rules));
    manifest
}

/// The manifest of a new binding.
pub(in crate::fix) fn binding(binding: &Binding) -> Map<String, Value> {
    let mut manifest = identity(&binding.meta.key);
    let kind = if binding.role.cluster {
        Kind::ClusterRole
    } else {
        Kind::Role
    };
    let role = map([
        ("apiGroup", text(GROUP)),
        ("kind", text(kind.info().name)),
        ("name", text(&binding.role.name)),
    ]);
    manifest.insert("roleRef".into(), role);
    manifest.insert("subjects".into(), subjects(&binding.subjects));
    manifest
}

/// One rule.
pub(in crate::fix) fn rule(rule: &Rule) -> Value {
    map([
        ("apiGroups", texts(&rule.groups)),
        ("nonResourceURLs", texts(&rule.urls)),
        ("resourceNames", texts(&rule.names)),
        ("resources", texts(&rule.resources)),
        ("verbs", rule.verbs.iter().map(|s| text(s)).collect()),
    ])
}

/// All rules of a role.
pub(in crate::fix) fn rules(rules: &[Rule]) -> Value {
    rules.iter().map(rule).collect()
}

/// One subject.
pub(in crate::fix) fn subject(subject: &Subject) -> Value {
    match subject {
        Subject::User(name) => map([
            ("apiGroup", text(GROUP)),
            ("kind", text("User")),
            ("name", text(name)),
        ]),
        Subject::Group(name) => map([
            ("apiGroup", text(GROUP)),
            ("kind", text("Group")),
            ("name", text(name)),
        ]),
        Subject::ServiceAccount { namespace, name } => map([
            ("kind", text("ServiceAccount")),
            ("name", text(name)),
            ("namespace", text(namespace)),
        ]),
    }
}

/// All subjects of a binding.
pub(in crate::fix) fn subjects(subjects: &[Subject]) -> Value {
    subjects.iter().map(subject).collect()
}
