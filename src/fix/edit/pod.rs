//! Edits of a pod spec as a whole.

use serde_json::{Value, json};

use super::{Marks, Spec, option, touch};
use crate::fix::touch::{Seg, Touch, below};
use crate::fix::write;
use crate::model::Str;
use crate::model::change::PodEdit;
use crate::model::objects::container::{Container, List, Seccomp};
use crate::model::objects::volume::VolumeSource;

/// Where admission mounts the token of the service account (kubernetes/plugin/pkg/admission/serviceaccount).
const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

pub(super) fn marks(edit: &PodEdit, at: &Spec<'_>) -> Option<Marks> {
    let spec = at.pod;
    let security = &spec.security;
    let one = |field: &str, now: Value, then: Value| -> Marks {
        touch(below(&at.path, field), now, then).into()
    };
    Some(match edit {
        PodEdit::HostNetwork(on) => one("hostNetwork", flag(spec.host_network), json!(on)),
        PodEdit::HostPid(on) => one("hostPID", flag(spec.host_pid), json!(on)),
        PodEdit::HostIpc(on) => one("hostIPC", flag(spec.host_ipc), json!(on)),
        PodEdit::HostUsers(on) => one("hostUsers", option(spec.host_users), json!(on)),
        PodEdit::Automount(on) => automount(*on, at),
        PodEdit::NonRoot(on) => one(
            "securityContext.runAsNonRoot",
            option(security.non_root),
            json!(on),
        ),
        PodEdit::User(user) => one(
            "securityContext.runAsUser",
            option(security.user),
            option(*user),
        ),
        PodEdit::Seccomp(kind) => seccomp(&at.path, security.seccomp.as_ref(), Some(kind)),
        PodEdit::RemoveVolume(name) => remove_volume(name, at)?,
        PodEdit::EmptyDir(name) => empty_dir(name, at)?,
    })
}

/// False and unset are one in these fields.
fn flag(on: bool) -> Value {
    if on { json!(true) } else { Value::Null }
}

/// A live pod carries the injected mount: the flag alone would not take it away. The volume's generated name is not
/// among the facts, but mounts merge by path; a volume that nothing mounts reaches no container.
fn automount(on: bool, at: &Spec<'_>) -> Marks {
    let path = below(&at.path, "automountServiceAccountToken");
    let mut marks = Marks::from(touch(path, option(at.pod.automount), json!(on)));
    let mounting = at.pod.containers.iter().filter(|c| !on && c.token);
    for container in mounting.filter(|c| c.list != List::Ephemeral) {
        let mut path = below(&container_path(&at.path, container), "volumeMounts");
        path.push(Seg::Item("mountPath", json!(TOKEN_PATH), u16::MAX));
        marks.touches.push(gone(path, Value::Null));
    }
    marks
}

/// `seccompProfile`: the type is set, and a localhost profile that no longer fits is taken away.
pub(super) fn seccomp(head: &[Seg], now: Option<&Seccomp>, then: Option<&Str>) -> Marks {
    let path = below(head, "securityContext.seccompProfile");
    let whole = |s: &Seccomp| {
        write::map([
            ("type", write::text(&s.kind)),
            (
                "localhostProfile",
                s.localhost.as_deref().map_or(Value::Null, write::text),
            ),
        ])
    };
    let Some(then) = then else {
        return touch(path, now.map_or(Value::Null, whole), Value::Null).into();
    };
    let was = |pick: fn(&Seccomp) -> Option<&Str>| {
        now.and_then(pick).map_or(Value::Null, |s| write::text(s))
    };
    if now.is_none() {
        return touch(path, Value::Null, json!({"type": &**then})).into();
    }
    let fields = [
        ("type", was(|s| Some(&s.kind)), write::text(then)),
        (
            "localhostProfile",
            was(|s| s.localhost.as_ref()),
            Value::Null,
        ),
    ];
    Marks {
        touches: fields
            .map(|(field, now, then)| touch(below(&path, field), now, then))
            .into(),
        ..Marks::default()
    }
}

fn remove_volume(name: &Str, at: &Spec<'_>) -> Option<Marks> {
    let volume = at.pod.volume(name)?;
    let mut marks = Marks::default();
    let mut path = below(&at.path, "volumes");
    path.push(Seg::Item("name", write::text(name), volume.index));
    let source = write::source(&volume.source);
    if source.is_none() {
        marks.lost.push(format!("the details of volume {name}"));
    }
    let was = source.map(|source| json!({write::field(&volume.source): source}));
    marks.touches.push(gone(path, was.unwrap_or(Value::Null)));
    for container in at
        .pod
        .containers
        .iter()
        .filter(|c| c.list != List::Ephemeral)
    {
        for (index, mount) in container.mounts.iter().enumerate() {
            if mount.volume == *name {
                let mut path = below(&container_path(&at.path, container), "volumeMounts");
                path.push(Seg::Item(
                    "mountPath",
                    write::text(&mount.path),
                    index as u16,
                ));
                marks.touches.push(gone(path, Value::Null));
                marks
                    .lost
                    .push(format!("the details of the mount at {}", mount.path));
            }
        }
    }
    Some(marks)
}

fn empty_dir(name: &Str, at: &Spec<'_>) -> Option<Marks> {
    let volume = at.pod.volume(name)?;
    let mut marks = Marks::default();
    let mut item = below(&at.path, "volumes");
    item.push(Seg::Item("name", write::text(name), volume.index));
    if let VolumeSource::EmptyDir(medium) = &volume.source {
        let path = below(&item, "emptyDir.medium");
        return Some(touch(path, write::or_unset(medium), Value::Null).into());
    }
    let source = write::source(&volume.source);
    if source.is_none() {
        marks.lost.push(format!("the details of volume {name}"));
    }
    let old = below(&item, write::field(&volume.source));
    marks.touches = vec![
        touch(old, source.unwrap_or_else(|| json!({})), Value::Null),
        touch(below(&item, "emptyDir"), Value::Null, json!({})),
    ];
    Some(marks)
}

/// An item that goes; `was` is what stood in it beside its merge key.
fn gone(path: Vec<Seg>, was: Value) -> Touch {
    touch(path, was, json!({"$patch": "delete"}))
}

/// Path of a container's entry.
pub(super) fn container_path(spec: &[Seg], container: &Container) -> Vec<Seg> {
    let mut path = below(spec, container.list.field());
    path.push(Seg::Item(
        "name",
        write::text(&container.name),
        container.index,
    ));
    path
}
