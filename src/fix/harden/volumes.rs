//! Volumes that a level refuses.
//!
//! A directory of the node that a program merely keeps its data in becomes an emptyDir; what is the node's own goes with
//! its mounts. In a DaemonSet neither: it is there to look at the node, and a person has to say whether it may.

use super::work::{Work, listed};
use crate::model::change::PodEdit;
use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::volume::{Volume, VolumeSource};
use crate::semantics::host_path::{HostVolume, host_volumes, reaches_socket, sensitive};

pub(super) fn mend(work: &mut Work, control: &'static str) {
    let spec = work.spec();
    for volume in &spec.volumes {
        if !work.refuses(control, |part| part.volumes = [volume.clone()].into()) {
            continue;
        }
        if !is_mounted(&spec, volume) {
            work.pod(PodEdit::RemoveVolume(volume.name.clone()));
            continue;
        }
        let host = host_volumes(&spec);
        match host.iter().find(|h| h.volume.name == volume.name) {
            Some(host) => of_the_node(work, control, host),
            None => work.leave(control, of_another_kind(volume)),
        }
    }
}

fn is_mounted(spec: &PodSpec, volume: &Volume) -> bool {
    let mut mounts = spec.containers.iter().flat_map(|c| &c.mounts);
    mounts.any(|m| m.volume == volume.name)
}

fn of_the_node(work: &mut Work, control: &'static str, host: &HostVolume<'_>) {
    let (name, path) = (&host.volume.name, host.written);
    let mut users: Vec<&str> = host.mounts.iter().map(|m| &*m.container.name).collect();
    users.dedup();
    let users = listed(&users);
    if work.is_daemon_set() {
        work.leave(
            control,
            format!(
                "volume {name}: {users} of every node {} {path} of that node, which may be what this DaemonSet is for: \
                 keep it in a namespace of its own that enforces less, or take the volume away",
                if host.mounts.iter().all(|m| m.mount.read_only) { "reads" } else { "writes" }
            ),
        );
        return;
    }
    let own = |m: &crate::semantics::host_path::HostMount<'_>| {
        reaches_socket(&m.path) || sensitive(&m.path, m.mount.read_only).is_some()
    };
    if host.is_file() || host.mounts.iter().any(own) {
        work.pod(PodEdit::RemoveVolume(name.clone()));
        work.breaks(format!(
            "{users} loses {path} of the node: what it does with that fails"
        ));
        return;
    }
    work.pod(PodEdit::EmptyDir(name.clone()));
    work.breaks(format!(
        "{users} starts with an empty directory in place of {path} of the node, and what it writes goes with the pod: \
         move the data to a PersistentVolumeClaim to keep it"
    ));
}

fn of_another_kind(volume: &Volume) -> String {
    let name = &volume.name;
    match &volume.source {
        VolumeSource::Other(field) if &**field == "gitRepo" => {
            format!("volume {name} is a gitRepo: clone into an emptyDir in an init container")
        }
        VolumeSource::Other(field) => format!(
            "volume {name} is of type {field}: make a PersistentVolume of it and mount its claim, so that who may use it \
             is decided outside the pod"
        ),
        _ => format!("volume {name} is of a type that the level does not allow"),
    }
}
