//! Mounted paths of the node that are worth root there: files that root runs or obeys, and the runtime's socket.
//!
//! A user namespace does not stop it: owners of files in a volume are mapped back (KEP-127, "Handling of volumes").

use crate::model::Evidence;
use crate::model::objects::volume::Volume;
use crate::semantics::effective::{group, may_be_root};
use crate::semantics::host_path::{Harm, HostMount, host_volumes, reaches_socket, sensitive};
use crate::view::PodLike;

/// How far one mount carries; a later one carries further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carries {
    /// It is mounted read-only: nothing to run.
    ReadOnly,
    /// The container never is root, and the files are root's.
    NoRoot,
    /// To root on the node.
    Through,
}

/// One mount that is worth root.
#[derive(Clone, Debug)]
pub struct Way<'a> {
    /// How far it carries.
    pub carries: Carries,
    /// The volume.
    pub volume: &'a Volume,
    /// The path that the volume names.
    pub path: Evidence,
    /// The mount.
    pub mount: HostMount<'a>,
    /// What lies there.
    pub holds: &'static str,
}

/// Every mount of a pod that is worth root, in order.
pub fn ways<'a>(pod: &PodLike<'a>) -> Vec<Way<'a>> {
    let mut ways = Vec::new();
    for host in host_volumes(pod.spec) {
        let path = host.path(pod);
        for mount in host.mounts {
            let Some((carries, holds)) = carries(pod, &mount) else {
                continue;
            };
            ways.push(Way {
                carries,
                volume: host.volume,
                path: path.clone(),
                mount,
                holds,
            });
        }
    }
    ways
}

/// No other volume carries as far: without this one the pod does not get there.
pub fn is_alone(ways: &[Way<'_>], way: &Way<'_>) -> bool {
    let mut same = ways.iter().filter(|other| other.carries == way.carries);
    same.all(|other| other.volume.name == way.volume.name)
}

/// How far a mount carries, and what lies there; `None`: not to the node.
fn carries(pod: &PodLike<'_>, mount: &HostMount<'_>) -> Option<(Carries, &'static str)> {
    let c = mount.container;
    let root = may_be_root(pod.spec, c);
    if reaches_socket(&mount.path) {
        // Such sockets belong to root and to a group; only a group that is written and is not 0 is known to be another.
        let outside = group(pod.spec, c).value.is_some_and(|group| group != 0);
        let carries = if root || !outside {
            Carries::Through
        } else {
            Carries::NoRoot
        };
        return Some((carries, "the socket of the container runtime"));
    }
    let read_only = mount.mount.read_only;
    let found = sensitive(&mount.path, read_only).filter(|found| found.write == Harm::Node)?;
    let carries = match (read_only, root) {
        (true, _) => Carries::ReadOnly,
        (false, true) => Carries::Through,
        (false, false) => Carries::NoRoot,
    };
    Some((carries, found.holds))
}
