//! Small facts for the unit tests of this layer.

use crate::model::objects::container::{Container, List, Mount, Resources, Security};
use crate::model::objects::environment::ValueClass;
use crate::model::objects::volume::{Volume, VolumeSource};

/// A container with nothing but a name.
pub(super) fn container(name: &str, list: List) -> Container {
    Container {
        name: name.into(),
        list,
        index: 0,
        image: "registry.example.com/app:1".into(),
        pull: None,
        security: Security::default(),
        ports: Box::default(),
        mounts: Box::default(),
        token: false,
        env: Box::default(),
        args: ValueClass::Empty,
        probe_hosts: Box::default(),
        sudo: false,
        liveness: false,
        readiness: false,
        resources: Resources::default(),
    }
}

/// A writable mount.
pub(super) fn mount(volume: &str, path: &str) -> Mount {
    Mount {
        volume: volume.into(),
        path: path.into(),
        read_only: false,
        sub_path: "".into(),
        shared: false,
    }
}

/// The first volume of a spec.
pub(super) fn volume(name: &str, source: VolumeSource) -> Volume {
    Volume {
        name: name.into(),
        index: 0,
        source,
    }
}
