//! The stock tables, read once when first asked for.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::model::objects::access::{RoleRef, Rule};
use crate::model::{Kind, ObjectKey, Str, Subject};

/// What the API server writes, and what kubeadm adds.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    table.read(include_str!("v1_36.txt"), Writer::Server, true);
    table.read(include_str!("neighbours.txt"), Writer::Server, false);
    table.read(include_str!("kubeadm.txt"), Writer::Kubeadm, false);
    table.fill();
    table
});

/// Who writes an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Writer {
    /// The API server, at start-up.
    Server,
    /// kubeadm.
    Kubeadm,
}

/// Stock roles and bindings by key.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) roles: BTreeMap<ObjectKey, StockRole>,
    pub(super) bindings: BTreeMap<ObjectKey, StockBinding>,
}

/// A stock role.
#[derive(Debug)]
pub(super) struct StockRole {
    pub(super) writer: Writer,
    /// Rules of every cluster.
    pub(super) rules: Vec<Rule>,
    /// Rules that only alpha or beta features bring, or other minors.
    pub(super) gated: Vec<Rule>,
    /// Both, aggregation carried out: everything that may be stock.
    pub(super) whole: Vec<Rule>,
    /// A fresh cluster of the table's own version has it.
    pub(super) fresh: bool,
    /// Roles that it is aggregated into.
    pub(super) into: Vec<&'static str>,
    /// The aggregation labels that fill it.
    pub(super) from: Vec<&'static str>,
}

/// A stock binding.
#[derive(Debug)]
pub(super) struct StockBinding {
    pub(super) writer: Writer,
    pub(super) role: RoleRef,
    pub(super) subjects: Vec<Subject>,
    /// A fresh cluster of the table's own version has it.
    pub(super) fresh: bool,
}

impl Table {
    /// Reads the notation that stands at the head of `v1_36.txt`. A line that it does not know is skipped; a test counts
    /// what was read. `fresh`: a fresh cluster has what stands in it.
    fn read(&mut self, text: &'static str, writer: Writer, fresh: bool) {
        let mut last: Option<ObjectKey> = None;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let words: Vec<&'static str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["clusterrole" | "role", name, rest @ ..] => {
                    let key = key(name, Kind::Role, Kind::ClusterRole);
                    let role = StockRole {
                        writer,
                        rules: Vec::new(),
                        gated: Vec::new(),
                        whole: Vec::new(),
                        fresh: fresh && rest != ["gated"],
                        into: Vec::new(),
                        from: Vec::new(),
                    };
                    self.roles.insert(key.clone(), role);
                    last = Some(key);
                }
                [
                    "clusterrolebinding" | "rolebinding",
                    name,
                    kind,
                    role,
                    subjects @ ..,
                ] => {
                    let binding = StockBinding {
                        writer,
                        role: RoleRef {
                            cluster: *kind == "clusterrole",
                            name: (*role).into(),
                        },
                        subjects: subjects.iter().filter_map(|s| Subject::parse(s)).collect(),
                        fresh,
                    };
                    let key = key(name, Kind::RoleBinding, Kind::ClusterRoleBinding);
                    self.bindings.insert(key, binding);
                }
                ["also", name] => last = Some(key(name, Kind::Role, Kind::ClusterRole)),
                words => {
                    if let Some(role) = last.as_ref().and_then(|key| self.roles.get_mut(key)) {
                        role.line(words);
                    }
                }
            }
        }
    }

    fn fill(&mut self) {
        let whole: Vec<Vec<Rule>> = self.roles.values().map(|r| self.rules(r, true)).collect();
        for (role, whole) in self.roles.values_mut().zip(whole) {
            role.whole = whole;
        }
    }

    /// The rules that a role has in a fresh cluster; of an aggregated one those that the controller fills in, in its
    /// order (`pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go`).
    pub(super) fn rules(&self, role: &StockRole, gated: bool) -> Vec<Rule> {
        if role.from.is_empty() {
            let extra = role.gated.iter().filter(|_| gated);
            return role.rules.iter().chain(extra).cloned().collect();
        }
        let mut filled: Vec<Rule> = Vec::new();
        for label in &role.from {
            for part in self.roles.values().filter(|r| r.into.contains(label)) {
                for rule in self.rules(part, gated) {
                    if !filled.contains(&rule) {
                        filled.push(rule);
                    }
                }
            }
        }
        filled
    }
}

impl StockRole {
    fn line(&mut self, words: &[&'static str]) {
        match words {
            ["into", role] => self.into.push(role),
            ["from", label] => self.from.push(label),
            ["gated", words @ ..] => self.gated.extend(rule(words)),
            words => self.rules.extend(rule(words)),
        }
    }
}

/// `NAMESPACE/NAME` is namespaced, `NAME` is not. No stock name of the cluster scope holds a slash.
fn key(name: &str, namespaced: Kind, cluster: Kind) -> ObjectKey {
    match name.split_once('/') {
        Some((namespace, name)) => ObjectKey::namespaced(namespaced, namespace, name),
        None => ObjectKey::cluster(cluster, name),
    }
}

fn rule(words: &[&str]) -> Option<Rule> {
    let list = |word: &str| -> Box<[Str]> {
        word.split(',')
            .map(|w| if w == "core" { "".into() } else { w.into() })
            .collect()
    };
    match words {
        ["rule", verbs, groups, resources, names @ ..] => Some(Rule {
            verbs: list(verbs),
            groups: list(groups),
            resources: list(resources),
            names: names.first().map_or_else(Box::default, |names| list(names)),
            urls: Box::default(),
        }),
        ["url", verbs, urls] => Some(Rule {
            verbs: list(verbs),
            urls: list(urls),
            ..Rule::default()
        }),
        _ => None,
    }
}
