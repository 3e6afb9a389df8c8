//! Edits of one container, applied.

use crate::model::Str;
use crate::model::change::ContainerEdit;
use crate::model::objects::container::{Container, Mount, Seccomp};
use crate::model::objects::pod_spec::PodSpec;

pub(super) fn edit(name: &Str, edit: &ContainerEdit, spec: &mut PodSpec) -> Option<()> {
    if let ContainerEdit::Mount(volume, _) = edit {
        spec.volume(volume)?;
    }
    let container = spec.containers.iter_mut().find(|c| c.name == *name)?;
    match edit {
        ContainerEdit::Image(image) => container.image = image.clone(),
        ContainerEdit::PullPolicy(policy) => container.pull = Some(policy.clone()),
        ContainerEdit::RemoveHostPort(port, protocol, host_port, _) => {
            let found = container.ports.iter_mut().find(|p| {
                p.port == *port && p.protocol == *protocol && p.host_port == *host_port
            })?;
            found.host_port = 0;
            found.host_ip = Str::from("");
        }
        ContainerEdit::RemoveProbeHost(path) => {
            let all = &container.probe_hosts;
            all.iter().find(|(p, _)| p == path)?;
            container.probe_hosts = all.iter().filter(|(p, _)| p != path).cloned().collect();
        }
        ContainerEdit::Mount(volume, path) => mount(volume, path, container)?,
        ContainerEdit::ReadOnlyMount(path) => {
            let mount = container.mounts.iter_mut().find(|m| m.path == *path)?;
            mount.read_only = true;
        }
        edit => security(edit, container)?,
    }
    Some(())
}

/// Adds a mount at the end, unless something is mounted there.
fn mount(volume: &Str, path: &Str, container: &mut Container) -> Option<()> {
    let taken = container.mounts.iter().any(|m| m.path == *path);
    (!taken).then_some(())?;
    let mount = Mount {
        volume: volume.clone(),
        path: path.clone(),
        read_only: false,
        sub_path: Str::from(""),
        shared: false,
    };
    container.mounts = container.mounts.iter().cloned().chain([mount]).collect();
    Some(())
}

/// What stands in `securityContext`.
fn security(edit: &ContainerEdit, container: &mut Container) -> Option<()> {
    let security = &mut container.security;
    match edit {
        ContainerEdit::Privileged(on) => security.privileged = Some(*on),
        ContainerEdit::Escalation(on) => security.escalation = Some(*on),
        ContainerEdit::NonRoot(on) => security.non_root = *on,
        ContainerEdit::User(user) => security.user = *user,
        ContainerEdit::ReadOnlyRoot(on) => security.read_only_root = Some(*on),
        ContainerEdit::Capabilities(add, drop) => {
            security.add = add.clone();
            security.drop = drop.clone();
        }
        ContainerEdit::Seccomp(kind) => {
            security.seccomp = kind.clone().map(|kind| Seccomp {
                kind,
                localhost: None,
            });
        }
        ContainerEdit::AppArmor(kind) => security.apparmor = kind.clone(),
        ContainerEdit::SeLinux(options) => *security.selinux.as_mut()? = options.clone(),
        ContainerEdit::RemoveProcMount => drop(security.proc_mount.take()?),
        ContainerEdit::RemoveHostProcess => drop(security.host_process.take()?),
        _ => return None,
    }
    Some(())
}
