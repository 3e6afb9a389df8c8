//! Edits of a pod spec as a whole.

use serde_json::{Value, json};

use super::security::{apparmor, host_process, seccomp, selinux};
use super::volume::gone;
use super::{Marks, Spec, option, touch, volume};
use crate::fix::touch::{Seg, below};
use crate::fix::write;
use crate::model::Str;
use crate::model::change::PodEdit;
use crate::model::objects::container::{Container, List};

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
        PodEdit::ShareProcesses(on) => one(
            "shareProcessNamespace",
            flag(spec.share_processes),
            json!(on),
        ),
        PodEdit::ServiceLinks(on) => {
            one("enableServiceLinks", option(spec.service_links), json!(on))
        }
        PodEdit::RemoveHostAliases => Marks {
            lost: vec!["the addresses of the host aliases".into()],
            ..one("hostAliases", write::texts(&spec.host_aliases), Value::Null)
        },
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
        PodEdit::Account(name) => one(
            "serviceAccountName",
            // Unset and `default` are one, but only the latter undoes it: the old field `serviceAccount` mirrors the name.
            if spec.old_account_field {
                Value::Null
            } else {
                write::text(spec.account_name())
            },
            write::text(name),
        ),
        PodEdit::Seccomp(kind) => seccomp(&at.path, security.seccomp.as_ref(), Some(kind)),
        PodEdit::AppArmor(kind) => apparmor(&at.path, security.apparmor.as_ref(), kind.as_ref()),
        PodEdit::SeLinux(then) => selinux(&at.path, security.selinux.as_ref()?, then),
        PodEdit::RemoveSysctl(name) => remove_sysctl(name, at),
        PodEdit::RemoveHostProcess => host_process(&at.path, security.host_process),
        PodEdit::RemovePriority => one(
            "priorityClassName",
            write::text(spec.priority.as_ref()?),
            Value::Null,
        ),
        PodEdit::RemoveVolume(name) => volume::remove(name, at)?,
        PodEdit::EmptyDir(name) => volume::empty_dir(name, at)?,
        PodEdit::AddEmptyDir(name) => volume::add_empty_dir(name, at),
        // Annotations are not in the spec.
        PodEdit::RemoveAnnotation(_) => return None,
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

/// The list has no merge key: it is replaced by what is left of it.
fn remove_sysctl(name: &Str, at: &Spec<'_>) -> Marks {
    let list = |left: &dyn Fn(&Str) -> bool| -> Value {
        let all = at.pod.security.sysctls.iter();
        let left: Vec<Value> = all
            .filter(|(name, _)| left(name))
            .map(|(name, value)| json!({"name": &**name, "value": &**value}))
            .collect();
        if left.is_empty() {
            Value::Null
        } else {
            Value::Array(left)
        }
    };
    let path = below(&at.path, "securityContext.sysctls");
    touch(path, list(&|_| true), list(&|n| n != name)).into()
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
