//! Edits of a pod spec, applied.

use crate::model::Str;
use crate::model::change::PodEdit;
use crate::model::objects::container::Seccomp;
use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::volume::{Volume, VolumeSource};

pub(super) fn edit(edit: &PodEdit, spec: &mut PodSpec) -> Option<()> {
    match edit {
        PodEdit::HostNetwork(on) => spec.host_network = *on,
        PodEdit::HostPid(on) => spec.host_pid = *on,
        PodEdit::HostIpc(on) => spec.host_ipc = *on,
        PodEdit::HostUsers(on) => spec.host_users = Some(*on),
        PodEdit::ShareProcesses(on) => spec.share_processes = *on,
        PodEdit::ServiceLinks(on) => spec.service_links = Some(*on),
        PodEdit::RemoveHostAliases => {
            (!spec.host_aliases.is_empty()).then_some(())?;
            spec.host_aliases = Box::default();
        }
        PodEdit::Automount(on) => {
            spec.automount = Some(*on);
            if !on {
                // Admission injects no token into the pods that come next.
                for container in &mut spec.containers {
                    container.token = false;
                }
            }
        }
        PodEdit::Account(name) => {
            (spec.account_name() != &**name || spec.old_account_field).then_some(())?;
            spec.account = Some(name.clone());
            spec.old_account_field = false;
        }
        PodEdit::NonRoot(on) => spec.security.non_root = Some(*on),
        PodEdit::User(user) => spec.security.user = *user,
        PodEdit::Seccomp(kind) => {
            spec.security.seccomp = Some(Seccomp {
                kind: kind.clone(),
                localhost: None,
            })
        }
        PodEdit::AppArmor(kind) => spec.security.apparmor = kind.clone(),
        PodEdit::SeLinux(options) => *spec.security.selinux.as_mut()? = options.clone(),
        PodEdit::RemoveSysctl(name) => {
            let all = &spec.security.sysctls;
            all.iter().find(|(n, _)| n == name)?;
            spec.security.sysctls = all.iter().filter(|(n, _)| n != name).cloned().collect();
        }
        PodEdit::RemoveHostProcess => drop(spec.security.host_process.take()?),
        // The annotations of a pod are not in its spec.
        PodEdit::RemoveAnnotation(_) => return None,
        PodEdit::EmptyDir(name) => {
            let volume = spec.volumes.iter_mut().find(|v| v.name == *name)?;
            match &mut volume.source {
                VolumeSource::EmptyDir { medium, .. } => *medium = Str::from(""),
                other => *other = VolumeSource::empty_dir(),
            }
        }
        PodEdit::AddEmptyDir(name) => add_empty_dir(name, spec)?,
        PodEdit::RemoveVolume(name) => remove_volume(name, spec)?,
        PodEdit::RemovePriority => drop(spec.priority.take()?),
    }
    Some(())
}

/// Adds a volume at the end, unless the name is taken.
fn add_empty_dir(name: &Str, spec: &mut PodSpec) -> Option<()> {
    spec.volume(name).is_none().then_some(())?;
    let volume = Volume {
        name: name.clone(),
        index: spec.volumes.len() as u16,
        source: VolumeSource::empty_dir(),
    };
    spec.volumes = spec.volumes.iter().cloned().chain([volume]).collect();
    Some(())
}

/// Takes a volume and its mounts away; later volumes move up, as in the patched list.
fn remove_volume(name: &Str, spec: &mut PodSpec) -> Option<()> {
    spec.volume(name)?;
    spec.volumes = spec
        .volumes
        .iter()
        .filter(|v| v.name != *name)
        .cloned()
        .collect();
    for (at, volume) in spec.volumes.iter_mut().enumerate() {
        volume.index = at as u16;
    }
    for container in &mut spec.containers {
        container.mounts = container
            .mounts
            .iter()
            .filter(|m| m.volume != *name)
            .cloned()
            .collect();
    }
    Some(())
}
