//! Which credentials of Kubernetes a mounted path of the node shows to whoever may read it.
//!
//! The files belong to root, and a mount that is read-only shows them as well. Sources: kubeadm, "PKI certificates and
//! requirements"; kubernetes.io/docs/concepts/security/api-server-bypass-risks; `KubeHound` `EXPLOIT_HOST_TRAVERSE`.

use super::mounts::is_within;

/// Credentials that lie on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shows {
    /// The keys of the control plane, where the node is one.
    Keys,
    /// The login of the node's kubelet.
    Kubelet,
    /// Tokens and Secrets of the pods on the node.
    Pods,
}

const TABLE: [(&str, Shows); 6] = [
    ("/etc/kubernetes/admin.conf", Shows::Keys),
    ("/etc/kubernetes/super-admin.conf", Shows::Keys),
    ("/etc/kubernetes/pki/ca.key", Shows::Keys),
    ("/var/lib/etcd/member", Shows::Keys),
    ("/var/lib/kubelet/pki", Shows::Kubelet),
    ("/var/lib/kubelet/pods", Shows::Pods),
];

/// What lies at a cleaned path or below it, each once, the worst first.
pub fn shows(path: &str) -> Vec<Shows> {
    let here = TABLE.iter().filter(|(at, _)| is_within(at, path));
    let mut found: Vec<Shows> = here.map(|(_, shows)| *shows).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_shows_what_lies_below_it() {
        let all = vec![Shows::Keys, Shows::Kubelet, Shows::Pods];
        for (path, found) in [
            ("/", all.clone()),
            ("/var/lib", all),
            ("/etc/kubernetes/pki", vec![Shows::Keys]),
            ("/etc", vec![Shows::Keys]),
            ("/var/lib/kubelet", vec![Shows::Kubelet, Shows::Pods]),
            ("/var/lib/kubelet/pods", vec![Shows::Pods]),
        ] {
            assert_eq!(shows(path), found, "{path}");
        }
        for path in [
            "/etc/kubernetes/manifests",
            "/etc/kubernetes/pki/ca.crt",
            "/var/lib/kubelet/device-plugins",
            "/var/log",
            "/var/lib/etcd-backup",
        ] {
            assert_eq!(shows(path), [], "{path}");
        }
    }
}
