//! A NetworkPolicy, whole: its facts keep everything. Absent and empty stay apart.

use serde_json::{Map, Value, json};

use super::{identity, labels, map, text, texts};
use crate::model::objects::network_policy::{NetworkPolicy, Peer, PolicyPort, PolicyRule, PortRef};
use crate::model::objects::selector::Selector;

/// The manifest.
pub(in crate::fix) fn policy(policy: &NetworkPolicy) -> Map<String, Value> {
    let mut manifest = identity(&policy.meta.key);
    if let Some(Value::Object(metadata)) = manifest.get_mut("metadata") {
        for (field, pairs) in [
            ("labels", &policy.meta.labels),
            ("annotations", &policy.meta.annotations),
        ] {
            if !pairs.is_empty() {
                metadata.insert(field.into(), labels(pairs));
            }
        }
    }
    let spec = map([
        ("podSelector", selector(&policy.pods)),
        ("policyTypes", texts(&policy.types)),
        ("ingress", rules(policy.ingress.as_deref(), "from")),
        ("egress", rules(policy.egress.as_deref(), "to")),
    ]);
    manifest.insert("spec".into(), spec);
    manifest
}

fn rules(rules: Option<&[PolicyRule]>, peers: &str) -> Value {
    let rules = rules.map(|all| all.iter().map(|rule| one(rule, peers)).collect());
    rules.unwrap_or(Value::Null)
}

fn one(rule: &PolicyRule, peers: &str) -> Value {
    map([
        (peers, list(&rule.peers, peer)),
        ("ports", list(&rule.ports, port)),
    ])
}

fn list<T>(all: &[T], write: fn(&T) -> Value) -> Value {
    if all.is_empty() {
        Value::Null
    } else {
        all.iter().map(write).collect()
    }
}

fn peer(peer: &Peer) -> Value {
    match peer {
        Peer::Pods { namespaces, pods } => map([
            (
                "namespaceSelector",
                namespaces.as_ref().map_or(Value::Null, selector),
            ),
            ("podSelector", pods.as_ref().map_or(Value::Null, selector)),
        ]),
        Peer::Block { cidr, except } => {
            json!({"ipBlock": map([("cidr", text(cidr)), ("except", texts(except))])})
        }
    }
}

fn port(port: &PolicyPort) -> Value {
    let number = match &port.port {
        None => Value::Null,
        Some(PortRef::Number(number)) => Value::from(*number),
        Some(PortRef::Name(name)) => text(name),
    };
    map([
        (
            "protocol",
            port.protocol.as_deref().map_or(Value::Null, text),
        ),
        ("port", number),
        ("endPort", port.end.map_or(Value::Null, Value::from)),
    ])
}

fn selector(selector: &Selector) -> Value {
    let pairs = if selector.labels.is_empty() {
        Value::Null
    } else {
        labels(&selector.labels)
    };
    let expression = |e: &crate::model::objects::selector::Requirement| {
        map([
            ("key", text(&e.key)),
            ("operator", text(&e.operator)),
            ("values", texts(&e.values)),
        ])
    };
    let expressions = match &*selector.expressions {
        [] => Value::Null,
        all => all.iter().map(expression).collect(),
    };
    map([("matchLabels", pairs), ("matchExpressions", expressions)])
}
