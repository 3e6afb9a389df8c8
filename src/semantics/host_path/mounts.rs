//! `hostPath` volumes with the mounts that make them reachable. A volume that no container mounts gives nobody anything.

use crate::model::objects::container::{Container, Mount};
use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::volume::{Volume, VolumeSource};
use crate::model::{Evidence, Origin};
use crate::view::PodLike;

/// A `hostPath` volume that at least one container mounts.
#[derive(Clone, Debug)]
pub struct HostVolume<'a> {
    /// The volume.
    pub volume: &'a Volume,
    /// Its path as written.
    pub written: &'a str,
    /// Its `type`, empty without.
    pub kind: &'a str,
    /// Its mounts, in order of container.
    pub mounts: Vec<HostMount<'a>>,
}

/// One mount of such a volume.
#[derive(Clone, Debug)]
pub struct HostMount<'a> {
    /// The container.
    pub container: &'a Container,
    /// The mount.
    pub mount: &'a Mount,
    /// Its index in the container's list, for field paths.
    pub at: usize,
    /// Path of the node that the container reaches: the volume's with the mount's `subPath`, cleaned.
    pub path: String,
}

/// The mounted `hostPath` volumes of a pod, in order of volume.
pub fn host_volumes(spec: &PodSpec) -> Vec<HostVolume<'_>> {
    spec.volumes
        .iter()
        .filter_map(|volume| {
            let VolumeSource::HostPath { path, kind } = &volume.source else {
                return None;
            };
            let mounts = mounts_of(spec, volume, path);
            (!mounts.is_empty()).then_some(HostVolume {
                volume,
                written: path,
                kind,
                mounts,
            })
        })
        .collect()
}

fn mounts_of<'a>(spec: &'a PodSpec, volume: &Volume, path: &str) -> Vec<HostMount<'a>> {
    let mounting = spec.containers.iter().flat_map(|container| {
        let mounts = container.mounts.iter().enumerate();
        let mounts = mounts.filter(|(_, mount)| mount.volume == volume.name);
        mounts.map(move |(at, mount)| (container, at, mount))
    });
    mounting
        .map(|(container, at, mount)| HostMount {
            container,
            mount,
            at,
            path: clean(&format!("{path}/{}", fixed_part(&mount.sub_path))),
        })
        .collect()
}

impl HostVolume<'_> {
    /// The path on the node, as evidence.
    pub fn path(&self, pod: &PodLike<'_>) -> Evidence {
        let path = pod.path(&format!("volumes[{}].hostPath.path", self.volume.index));
        Evidence::explicit(pod.holder, path, self.written.to_owned())
    }

    /// A single file, socket or device rather than a directory.
    pub fn is_file(&self) -> bool {
        matches!(
            self.kind,
            "File" | "FileOrCreate" | "Socket" | "CharDevice" | "BlockDevice"
        )
    }
}

impl HostMount<'_> {
    /// The field that says whether it can be written, as evidence.
    pub fn mode(&self, pod: &PodLike<'_>) -> Evidence {
        let path = pod.in_container(
            self.container,
            &format!("volumeMounts[{}].readOnly", self.at),
        );
        if self.mount.read_only {
            Evidence::explicit(pod.holder, path, true)
        } else {
            Evidence::new(pod.holder, path, "unset", Origin::Default)
        }
    }
}

/// The leading directories of a `subPath` that no variable (`$(POD_NAME)`) decides.
fn fixed_part(sub_path: &str) -> &str {
    match sub_path.find("$(") {
        Some(at) => sub_path[..at].rfind('/').map_or("", |end| &sub_path[..end]),
        None => sub_path,
    }
}

/// An absolute path without `.`, `..`, doubled or trailing slashes; `/var/run` is the old name of `/run`.
pub fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    if parts.starts_with(&["var", "run"]) {
        parts.remove(0);
    }
    format!("/{}", parts.join("/"))
}

/// `path` is `above` or lies below it.
pub(super) fn is_within(path: &str, above: &str) -> bool {
    above == "/"
        || path
            .strip_prefix(above)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::objects::container::List;
    use crate::semantics::samples::{container, mount, volume};

    #[test]
    fn paths_are_cleaned_before_they_are_compared() {
        for (path, cleaned) in [
            ("/", "/"),
            ("", "/"),
            ("//etc/./kubernetes/", "/etc/kubernetes"),
            ("/srv/../etc", "/etc"),
            ("/../..", "/"),
            ("/var/run/docker.sock", "/run/docker.sock"),
            ("/var/running", "/var/running"),
        ] {
            assert_eq!(clean(path), cleaned, "{path}");
        }
        assert!(is_within("/etc/ssl", "/etc") && !is_within("/etcd", "/etc"));
    }

    #[test]
    fn a_sub_path_narrows_what_is_reached() {
        let host = VolumeSource::HostPath {
            path: "/var".into(),
            kind: "".into(),
        };
        let mut spec = PodSpec {
            volumes: [volume("v", host)].into(),
            ..PodSpec::default()
        };
        assert!(host_volumes(&spec).is_empty());
        let mut c = container("c", List::Regular);
        let with = |sub: &str| Mount {
            sub_path: sub.into(),
            ..mount("v", "/x")
        };
        c.mounts = [
            with(""),
            with("lib/app"),
            with("log/$(POD_NAME)/x"),
            with("$(X)"),
        ]
        .into();
        spec.containers = [c].into();
        let volumes = host_volumes(&spec);
        let paths: Vec<_> = volumes[0].mounts.iter().map(|m| m.path.as_str()).collect();
        assert_eq!(paths, ["/var", "/var/lib/app", "/var/log", "/var"]);
    }
}
