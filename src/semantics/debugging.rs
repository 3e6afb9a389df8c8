//! Ephemeral containers that get further than the rest of their pod: what `kubectl debug` leaves behind.
//!
//! Their settings are judged like those of every other container; this says only that they are there.

use super::capabilities::held;
use super::effective::{is_privileged, may_be_root};
use crate::model::objects::container::{Container, List};
use crate::model::objects::pod_spec::PodSpec;

/// How far code in a container gets by the container's own settings. In order: the farther, the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Not even root.
    User,
    /// It may be root inside.
    Root,
    /// It holds capabilities that reach beyond it.
    Beyond,
    /// It is privileged.
    Node,
}

/// How far code in a container gets.
pub fn reach(spec: &PodSpec, container: &Container) -> Reach {
    if is_privileged(container) {
        Reach::Node
    } else if !held(&container.security).is_empty() {
        Reach::Beyond
    } else if may_be_root(spec, container) {
        Reach::Root
    } else {
        Reach::User
    }
}

/// The ephemeral containers that get further than every other container of the pod, and how far.
pub fn left_behind(spec: &PodSpec) -> Vec<(&Container, Reach)> {
    let is_debug = |c: &&Container| c.list == List::Ephemeral;
    if !spec.containers.iter().any(|c| is_debug(&c)) {
        return Vec::new();
    }
    let own = spec.containers.iter().filter(|c| !is_debug(c));
    let usual = own.map(|c| reach(spec, c)).max().unwrap_or(Reach::User);
    let left = spec.containers.iter().filter(is_debug);
    left.map(|c| (c, reach(spec, c)))
        .filter(|(_, reach)| *reach > usual)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::semantics::samples::container;

    #[test]
    fn a_debug_container_is_left_behind_where_it_gets_further_than_its_pod() {
        let mut debug = container("debug", List::Ephemeral);
        debug.security.privileged = Some(true);
        let mut web = container("web", List::Regular);
        let spec = |all: &[&Container]| PodSpec {
            containers: all.iter().map(|c| (*c).clone()).collect(),
            ..PodSpec::default()
        };
        let with = spec(&[&web, &debug]);
        let left: Vec<_> = left_behind(&with).iter().map(|(_, r)| *r).collect();
        assert_eq!(left, [Reach::Node]);
        web.security.privileged = Some(true);
        let alike = spec(&[&web, &debug]);
        assert!(left_behind(&alike).is_empty());
    }
}
