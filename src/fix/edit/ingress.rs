//! Edits of an Ingress. Its lists have no merge key: what stands in them is named by its place, behind tests.

use serde_json::{Value, json};

use super::{Marks, Op, field};
use crate::fix::write;
use crate::model::Str;
use crate::model::change::IngressEdit;
use crate::model::objects::ingress::{Backend, Ingress};

pub(super) fn marks(edit: &IngressEdit, ingress: &Ingress) -> Option<Marks> {
    Some(match edit {
        IngressEdit::AddTls(secret, hosts) => add_tls(secret, hosts, ingress),
        IngressEdit::Host(at, host) => set_host(*at, host, ingress)?.into(),
    })
}

impl From<Op> for Marks {
    fn from(op: Op) -> Marks {
        Marks {
            ops: vec![op],
            ..Marks::default()
        }
    }
}

fn add_tls(secret: &Str, hosts: &[Str], ingress: &Ingress) -> Marks {
    let entry = write::map([
        ("hosts", write::texts(hosts)),
        ("secretName", write::or_unset(secret)),
    ]);
    let there = ingress.tls.len();
    if there == 0 {
        return field("spec.tls", Value::Null, json!([entry]));
    }
    let mut op = Op::default();
    let last = format!("/spec/tls/{}", there - 1);
    if let Some(hosts) = ingress.tls.last().filter(|hosts| !hosts.is_empty()) {
        op.expect(&format!("{last}/hosts"), write::texts(hosts));
    }
    op.ops
        .push(json!({"op": "add", "path": "/spec/tls/-", "value": entry}));
    op.undo
        .push(json!({"op": "remove", "path": format!("/spec/tls/{there}")}));
    op.into()
}

fn set_host(at: usize, host: &Str, ingress: &Ingress) -> Option<Op> {
    let rule = ingress.rules.get(at)?;
    let path = format!("/spec/rules/{at}/host");
    let mut op = Op::default();
    match (&rule.host, rule.paths.first()) {
        (Some(now), _) => {
            op.expect(&path, write::text(now));
            op.replace(&path, write::text(host), write::text(now));
            return Some(op);
        }
        (None, Some((_, Backend::Service(name, _)))) => {
            let backend = format!("/spec/rules/{at}/http/paths/0/backend/service/name");
            op.expect(&backend, write::text(name));
        }
        (None, _) => {}
    }
    op.ops
        .push(json!({"op": "add", "path": path, "value": &**host}));
    op.undo.push(json!({"op": "remove", "path": path}));
    Some(op)
}
