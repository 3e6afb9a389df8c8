//! Volumes that a level refuses.
//!
//! A directory of the node that a program merely keeps its data in becomes an emptyDir; what is the node's own goes with
//! its mounts. In a DaemonSet neither: it is there to look at the node, and a person has to say whether it may.

use std::collections::BTreeMap;

use super::work::{Work, listed};
use crate::model::change::PodEdit;
use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::volume::{Volume, VolumeSource};
use crate::semantics::host_path::{HostMount, HostVolume, host_volumes, reaches_socket, sensitive};

pub(super) fn mend(work: &mut Work, control: &'static str) {
    let spec = work.spec();
    let host = host_volumes(&spec);
    let mut gone: BTreeMap<(String, Loss), Vec<&str>> = BTreeMap::new();
    for volume in &spec.volumes {
        if !work.refuses(control, |part| part.volumes = [volume.clone()].into()) {
            continue;
        }
        if !is_mounted(&spec, volume) {
            work.pod(PodEdit::RemoveVolume(volume.name.clone()));
            continue;
        }
        match host.iter().find(|h| h.volume.name == volume.name) {
            Some(host) if work.is_daemon_set() => work.leave(control, for_the_node(host)),
            Some(host) => {
                let loss = of_the_node(work, host);
                gone.entry((users(host), loss))
                    .or_default()
                    .push(host.written);
            }
            None => work.leave(control, of_another_kind(volume)),
        }
    }
    for ((users, loss), paths) in gone {
        work.breaks(loss.says(&users, &listed(&paths)));
    }
}

fn is_mounted(spec: &PodSpec, volume: &Volume) -> bool {
    let mut mounts = spec.containers.iter().flat_map(|c| &c.mounts);
    mounts.any(|m| m.volume == volume.name)
}

/// The containers that mount it.
fn users(host: &HostVolume<'_>) -> String {
    let mut users: Vec<&str> = host.mounts.iter().map(|m| &*m.container.name).collect();
    users.dedup();
    listed(&users)
}

fn is_read(host: &HostVolume<'_>) -> bool {
    host.mounts.iter().all(|m| m.mount.read_only)
}

fn for_the_node(host: &HostVolume<'_>) -> String {
    format!(
        "volume {}: {} of every node {} {} of that node, which may be what this DaemonSet is for: keep it in a namespace \
         of its own that enforces less, or take the volume away",
        host.volume.name,
        users(host),
        if is_read(host) { "reads" } else { "writes" },
        host.written
    )
}

/// What becomes of a directory of the node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Loss {
    Gone,
    Unkept,
}

impl Loss {
    fn says(self, users: &str, paths: &str) -> String {
        match self {
            Loss::Gone => {
                format!("{users} loses {paths} of the node: what it does with that fails")
            }
            Loss::Unkept => format!(
                "{users} starts with an empty directory in place of {paths} of the node, and what it writes goes with the \
                 pod: move the data to a PersistentVolumeClaim to keep it"
            ),
        }
    }
}

fn of_the_node(work: &mut Work, host: &HostVolume<'_>) -> Loss {
    let name = host.volume.name.clone();
    let own = |m: &HostMount<'_>| {
        reaches_socket(&m.path) || sensitive(&m.path, m.mount.read_only).is_some()
    };
    // An empty directory is of use to nobody who only reads; the image may have files of its own there.
    if is_read(host) || host.is_file() || host.mounts.iter().any(own) {
        work.pod(PodEdit::RemoveVolume(name));
        return Loss::Gone;
    }
    work.pod(PodEdit::EmptyDir(name));
    Loss::Unkept
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
