//! The stock tables, read once when first asked for.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::minors::Minors;
use crate::model::objects::access::{RoleRef, Rule};
use crate::model::{Kind, ObjectKey, Str, Subject};

/// What the API server writes, and what kubeadm adds.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    table.read(include_str!("server.txt"), Writer::Server, &Minors::all());
    table.read(
        include_str!("kubeadm.txt"),
        Writer::Kubeadm,
        &Minors::none(),
    );
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
    /// Its rules, with the minors that write each of them.
    rules: Vec<(Minors, Rule)>,
    /// All of them, aggregation carried out: everything that may be stock. An API server adds rules at start-up and never
    /// takes one away (`reconciliation.ReconcileRoleOptions` without `RemoveExtraPermissions`, as it asks for it): an
    /// upgraded cluster still has those of the versions before.
    pub(super) whole: Vec<Rule>,
    /// A fresh cluster of these minors has it.
    pub(super) minors: Minors,
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
    /// A fresh cluster of these minors has it.
    pub(super) minors: Minors,
}

impl StockRole {
    /// Its own rules that this minor writes.
    pub(super) fn written_by(&self, minor: u32) -> impl Iterator<Item = &Rule> {
        let rules = self.rules.iter();
        let there = rules.filter(move |(minors, _)| minors.has(minor));
        there.map(|(_, rule)| rule)
    }
}

impl Table {
    /// Reads the notation that stands at the head of `server.txt`. A line that it does not know is skipped; a test counts
    /// what was read. `usual`: the minors of a line that names none.
    fn read(&mut self, text: &'static str, writer: Writer, usual: &Minors) {
        let mut last: Option<ObjectKey> = None;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let words: Vec<&'static str> = line.split_whitespace().collect();
            let said = words.first().and_then(|word| Minors::parse(word));
            let words = &words[usize::from(said.is_some())..];
            let minors = said.unwrap_or_else(|| usual.clone());
            match words {
                ["clusterrole" | "role", name, rest @ ..] => {
                    let key = key(name, Kind::Role, Kind::ClusterRole);
                    let role = StockRole {
                        writer,
                        rules: Vec::new(),
                        whole: Vec::new(),
                        minors: if rest == ["gated"] {
                            Minors::none()
                        } else {
                            minors
                        },
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
                        minors,
                    };
                    let key = key(name, Kind::RoleBinding, Kind::ClusterRoleBinding);
                    self.bindings.insert(key, binding);
                }
                words => {
                    if let Some(role) = last.as_ref().and_then(|key| self.roles.get_mut(key)) {
                        role.line(words, minors);
                    }
                }
            }
        }
    }

    fn fill(&mut self) {
        let whole: Vec<Vec<Rule>> = self.roles.values().map(|r| self.rules(r, None)).collect();
        for (role, whole) in self.roles.values_mut().zip(whole) {
            role.whole = whole;
        }
    }

    /// The rules that a role has in a fresh cluster of a minor (`None`: that it may have in any); of an aggregated one
    /// those that the controller fills in, in its order
    /// (`pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go`).
    pub(super) fn rules(&self, role: &StockRole, minor: Option<u32>) -> Vec<Rule> {
        let is_there = |minors: &Minors| minor.is_none_or(|minor| minors.has(minor));
        if role.from.is_empty() {
            let rules = role.rules.iter().filter(|(minors, _)| is_there(minors));
            return rules.map(|(_, rule)| rule.clone()).collect();
        }
        let mut filled: Vec<Rule> = Vec::new();
        for label in &role.from {
            let parts = self.roles.values().filter(|r| r.into.contains(label));
            for part in parts.filter(|part| is_there(&part.minors)) {
                for rule in self.rules(part, minor) {
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
    fn line(&mut self, words: &[&'static str], minors: Minors) {
        match words {
            ["into", role] => self.into.push(role),
            ["from", label] => self.from.push(label),
            ["gated", words @ ..] => self.add(Minors::none(), words),
            words => self.add(minors, words),
        }
    }

    fn add(&mut self, minors: Minors, words: &[&str]) {
        self.rules.extend(rule(words).map(|rule| (minors, rule)));
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
