//! Sockets of container runtimes. Whoever may talk to one starts containers as root on the node.
//!
//! A read-only mount does not help: connecting to a socket is not a write to the file system it lies in (Linux
//! `sb_permission` refuses writes to files, directories and links only).

use super::mounts::is_within;

/// Paths after `/var/run` was made `/run`.
const SOCKETS: &[&str] = &[
    "/run/containerd/containerd.sock",
    "/run/cri-dockerd.sock",
    "/run/crio/crio.sock",
    "/run/docker/containerd/containerd.sock",
    "/run/docker.sock",
    "/run/dockershim.sock",
    "/run/k0s/containerd.sock",
    "/run/k3s/containerd/containerd.sock",
    "/run/podman/podman.sock",
    "/var/snap/microk8s/common/run/containerd.sock",
];

/// The socket that a cleaned path names, or that lies in the directory it names. The whole file system and `/var` are too
/// wide to be called that; see [`reaches_socket`].
pub fn socket(path: &str) -> Option<&'static str> {
    let wide = matches!(path, "/" | "/var" | "/var/snap");
    SOCKETS
        .iter()
        .copied()
        .find(|s| !wide && is_within(s, path))
}

/// A socket can be reached through a mount of this path, however wide. (`/var` holds no more than a link to `/run`, which
/// leads nowhere inside a container.)
pub fn reaches_socket(path: &str) -> bool {
    path == "/" || socket(path).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_and_the_directories_that_hold_it() {
        for (path, found) in [
            ("/run/docker.sock", Some("/run/docker.sock")),
            ("/run", Some("/run/containerd/containerd.sock")),
            ("/run/k3s", Some("/run/k3s/containerd/containerd.sock")),
            ("/run/xtables.lock", None),
            ("/run/containerd/containerd.sock.ttrpc", None),
            ("/var", None),
            ("/", None),
        ] {
            assert_eq!(socket(path), found, "{path}");
        }
        assert!(reaches_socket("/") && reaches_socket("/run/crio") && !reaches_socket("/var"));
    }
}
