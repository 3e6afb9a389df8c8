//! What each typed edit touches in the object's own form.
//!
//! Fields go into a strategic merge patch. Where that would be unsafe (a list without a merge key, or with a repeated
//! one) an edit gives operations of a JSON patch instead, each behind tests of what it expects to find.

mod access;
mod container;
mod ingress;
mod pod;
mod security;
mod service;
mod volume;

use serde_json::{Value, json};

use super::touch::{Seg, Touch, fields};
use super::write;
use crate::model::change::{Edit, PodEdit};
use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::workload::{pod_meta_path, pod_spec_path};
use crate::model::{Object, Str};

/// What an edit does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// Fields, for the strategic merge patch.
    pub(super) touches: Vec<Touch>,
    /// Operations, for the JSON patch, in order.
    pub(super) ops: Vec<Op>,
    /// What facts do not hold, so that a patch made from them cannot bring it back.
    pub(super) lost: Vec<String>,
}

/// Operations of a JSON patch that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Op {
    /// What must hold before.
    pub(super) tests: Vec<Value>,
    /// The change.
    pub(super) ops: Vec<Value>,
    /// What undoes it.
    pub(super) undo: Vec<Value>,
}

impl Op {
    fn expect(&mut self, path: &str, value: impl Into<Value>) -> &mut Op {
        let value: Value = value.into();
        self.tests
            .push(json!({"op": "test", "path": path, "value": value}));
        self
    }

    fn remove(&mut self, path: &str, old: impl Into<Value>) -> &mut Op {
        let old: Value = old.into();
        self.ops.push(json!({"op": "remove", "path": path}));
        self.undo
            .insert(0, json!({"op": "add", "path": path, "value": old}));
        self
    }

    fn add(&mut self, path: &str, new: impl Into<Value>) -> &mut Op {
        let new: Value = new.into();
        self.ops
            .push(json!({"op": "add", "path": path, "value": new}));
        self.undo.insert(0, json!({"op": "remove", "path": path}));
        self
    }

    fn replace(&mut self, path: &str, new: impl Into<Value>, old: impl Into<Value>) -> &mut Op {
        let (new, old): (Value, Value) = (new.into(), old.into());
        self.ops
            .push(json!({"op": "replace", "path": path, "value": new}));
        self.undo
            .insert(0, json!({"op": "replace", "path": path, "value": old}));
        self
    }
}

/// What an edit of existing facts does; `None` when it does not fit them.
pub(super) fn marks(edit: &Edit, now: &Object) -> Option<Marks> {
    match (edit, now) {
        (Edit::Label(key, value), _) => Some(label(key, value.as_ref(), now)),
        (Edit::Pod(PodEdit::RemoveAnnotation(key)), _) => remove_annotation(key, now),
        (Edit::Pod(edit), _) => pod::marks(edit, &pod_spec(now)?),
        (Edit::Container(name, edit), _) => container::marks(name, edit, &pod_spec(now)?),
        (Edit::AccountAutomount(on), Object::ServiceAccount(account)) => Some(field(
            "automountServiceAccountToken",
            option(account.automount),
            json!(on),
        )),
        (Edit::Service(edit), Object::Service(service)) => Some(service::marks(edit, service)),
        (Edit::Ingress(edit), Object::Ingress(ingress)) => ingress::marks(edit, ingress),
        (Edit::RemoveSubject(subject), Object::Binding(binding)) => {
            access::remove_subject(subject, binding)
        }
        (Edit::Rule(at, edit), Object::Role(role)) => access::rule(*at, edit, role),
        (Edit::WebhookIgnore(name, ignore), Object::Webhooks(config)) => {
            let at = config.webhooks.iter().position(|w| w.name == *name)?;
            let word = |ignore: bool| json!(if ignore { "Ignore" } else { "Fail" });
            let was = config.webhooks.get(at)?.ignore.map_or(Value::Null, word);
            let mut path = fields("webhooks");
            path.push(Seg::Item("name", write::text(name), at as u16));
            path.push(Seg::Field("failurePolicy".into()));
            Some(touch(path, was, word(*ignore)).into())
        }
        _ => None,
    }
}

impl From<Touch> for Marks {
    fn from(touch: Touch) -> Marks {
        Marks {
            touches: vec![touch],
            ..Marks::default()
        }
    }
}

/// A pod spec, and where it stands in its object.
struct Spec<'a> {
    pod: &'a PodSpec,
    path: Vec<Seg>,
    /// The same as a JSON pointer.
    pointer: String,
}

fn pod_spec(object: &Object) -> Option<Spec<'_>> {
    let spec = match object {
        Object::Pod(pod) => &pod.spec,
        Object::Workload(workload) => &workload.template.spec,
        _ => return None,
    };
    let dotted = pod_spec_path(object.kind());
    Some(Spec {
        pod: spec,
        path: fields(dotted),
        pointer: format!("/{}", dotted.replace('.', "/")),
    })
}

fn label(key: &Str, value: Option<&Str>, object: &Object) -> Marks {
    let mut path = fields("metadata.labels");
    path.push(Seg::Field(key.clone()));
    let text = |v: Option<&Str>| v.map_or(Value::Null, |v| write::text(v));
    touch(path, text(object.meta().labels.get(key)), text(value)).into()
}

/// Of the pods: a template's metadata, or a bare pod's own.
fn remove_annotation(key: &Str, object: &Object) -> Option<Marks> {
    let annotations = match object {
        Object::Pod(pod) => &pod.meta.annotations,
        Object::Workload(workload) => &workload.template.annotations,
        _ => return None,
    };
    let now = write::text(annotations.get(key)?);
    let mut path = fields(pod_meta_path(object.kind()));
    path.extend([Seg::Field("annotations".into()), Seg::Field(key.clone())]);
    Some(touch(path, now, Value::Null).into())
}

fn field(dotted: &str, now: Value, then: Value) -> Marks {
    touch(fields(dotted), now, then).into()
}

fn touch(path: Vec<Seg>, now: Value, then: Value) -> Touch {
    Touch { path, now, then }
}

/// A value, or unset.
fn option<T: Into<Value>>(value: Option<T>) -> Value {
    value.map_or(Value::Null, Into::into)
}
