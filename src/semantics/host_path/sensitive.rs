//! Which paths of a node matter, and what an attacker gets from them.
//!
//! A path counts when it is one of these, holds one of them, or lies in one of them. Sources: the union of what scanners
//! list (kubescape, trivy, kube-linter, kubeaudit), the escape paths of `KubeHound` and `IceKube`, and
//! kubernetes.io/docs/concepts/security/api-server-bypass-risks.

use super::mounts::is_within;

/// What is at stake at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Harm {
    /// Helps an attacker to look around.
    Little,
    /// Data of other programs.
    Data,
    /// Credentials, or a lever that needs one more step.
    Credentials,
    /// Root on the node.
    Node,
}

/// A path that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sensitive {
    /// The path of the list that was met.
    pub path: &'static str,
    /// What lies there.
    pub holds: &'static str,
    /// What reading gives.
    pub read: Harm,
    /// What writing gives.
    pub write: Harm,
}

/// What lies at a cleaned path, if it matters. Paths that every program of the node may read anyway (certificates of
/// public authorities, time zones, kernel modules) do not matter when they are mounted read-only.
pub fn sensitive(path: &str, read_only: bool) -> Option<Sensitive> {
    if read_only && PUBLIC.iter().any(|public| is_within(path, public)) {
        return None;
    }
    if let Some(row) = TABLE.iter().find(|row| row.entry.path == path) {
        return Some(row.entry);
    }
    let inside = TABLE.iter().filter(|row| is_within(row.entry.path, path));
    // Of equals the last one wins here: turned around, the first of the table.
    if let Some(worst) = inside
        .rev()
        .max_by_key(|row| (row.entry.write, row.entry.read))
    {
        return Some(worst.entry);
    }
    let nearest = TABLE
        .iter()
        .filter(|row| row.entry.path != "/" && is_within(path, row.entry.path))
        .max_by_key(|row| row.entry.path.len())?;
    Some(match nearest.below {
        Below::AsBad => nearest.entry,
        Below::Less => Sensitive {
            read: nearest.entry.read.less(),
            write: nearest.entry.write.less(),
            ..nearest.entry
        },
    })
}

impl Harm {
    fn less(self) -> Harm {
        match self {
            Harm::Node => Harm::Credentials,
            Harm::Credentials => Harm::Data,
            Harm::Data | Harm::Little => Harm::Little,
        }
    }
}

struct Row {
    entry: Sensitive,
    below: Below,
}

/// What a path below the entry is worth.
enum Below {
    AsBad,
    Less,
}

const PUBLIC: &[&str] = &[
    "/etc/ca-certificates",
    "/etc/hostname",
    "/etc/hosts",
    "/etc/localtime",
    "/etc/machine-id",
    "/etc/nsswitch.conf",
    "/etc/os-release",
    "/etc/pki/ca-trust",
    "/etc/pki/tls/certs",
    "/etc/resolv.conf",
    "/etc/ssl/certs",
    "/etc/timezone",
    "/lib/modules",
    "/usr/lib/modules",
    "/usr/lib/os-release",
    "/usr/local/share/ca-certificates",
    "/usr/share",
    "/usr/src",
];

macro_rules! paths {
    ($($path:literal $holds:literal $read:ident $write:ident $below:ident;)*) => {
        const TABLE: &[Row] = &[$(Row {
            entry: Sensitive { path: $path, holds: $holds, read: Harm::$read, write: Harm::$write },
            below: Below::$below,
        }),*];
    };
}

paths! {
    "/"                        "everything on the node"                                   Credentials Node        Less;
    "/.aws"                    "keys of the cloud account"                              Credentials Credentials AsBad;
    "/.azure"                  "keys of the cloud account"                              Credentials Credentials AsBad;
    "/.config/gcloud"          "keys of the cloud account"                              Credentials Credentials AsBad;
    "/bin"                     "programs that root runs"                                  Little      Node        AsBad;
    "/boot"                    "the kernel that starts next"                              Little      Node        AsBad;
    "/dev"                     "devices"                                                  Data        Credentials Less;
    "/etc"                     "users, services and credentials of the node"              Credentials Node        Less;
    "/etc/cni"                 "what runs for each new pod"                               Little      Node        AsBad;
    "/etc/cron.d"              "what root runs by the clock"                              Little      Node        AsBad;
    "/etc/kubernetes"          "static pods, certificates and admin credentials"          Credentials Node        AsBad;
    "/etc/ssh"                 "the node's SSH keys"                                      Credentials Node        AsBad;
    "/etc/systemd"             "services that root runs"                                  Little      Node        AsBad;
    "/gcloud"                  "keys of the cloud account"                              Credentials Credentials AsBad;
    "/home"                    "keys and logins of the node's users"                      Credentials Credentials Less;
    "/lib"                     "libraries that root loads"                                Little      Node        AsBad;
    "/lib64"                   "libraries that root loads"                                Little      Node        AsBad;
    "/opt/cni/bin"             "programs that root runs for each new pod"                 Little      Node        AsBad;
    "/proc"                    "settings of the kernel and every process"                 Data        Node        AsBad;
    "/root"                    "keys and logins of root"                                  Credentials Node        AsBad;
    "/run/dbus"                "the bus on which services are started"                    Credentials Node        AsBad;
    "/run/systemd"             "the sockets that start services"                          Credentials Node        AsBad;
    "/sbin"                    "programs that root runs"                                  Little      Node        AsBad;
    "/sys"                     "settings of the kernel"                                   Little      Node        Less;
    "/usr"                     "programs that root runs"                                  Little      Node        Less;
    "/usr/bin"                 "programs that root runs"                                  Little      Node        AsBad;
    "/usr/lib"                 "libraries that root loads"                                Little      Node        AsBad;
    "/usr/libexec"             "programs that root runs"                                  Little      Node        AsBad;
    "/usr/local/bin"           "programs that root runs"                                  Little      Node        AsBad;
    "/usr/sbin"                "programs that root runs"                                  Little      Node        AsBad;
    "/var/lib/containerd"      "file systems of every container"                          Credentials Node        AsBad;
    "/var/lib/containers"      "file systems of every container"                          Credentials Node        AsBad;
    "/var/lib/docker"          "file systems of every container"                          Credentials Node        AsBad;
    "/var/lib/docker/containers" "logs of every container"                                Data        Data        AsBad;
    "/var/lib/etcd"            "every object of the cluster, Secrets included"            Credentials Node        AsBad;
    "/var/lib/kubelet"         "tokens and Secrets of every pod on the node"              Credentials Node        Less;
    "/var/lib/kubelet/pki"     "the node's own certificate"                               Credentials Node        AsBad;
    "/var/lib/kubelet/pods"    "tokens and Secrets of every pod on the node"              Credentials Credentials Less;
    "/var/lib/rancher"         "data and credentials of the node's Kubernetes"            Credentials Node        AsBad;
    "/var/log"                 "logs of the node and of every pod"                        Data        Data        Less;
    "/var/spool/cron"          "what users run by the clock"                              Little      Node        AsBad;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_itself_its_parents_and_its_children_count() {
        for (path, met) in [
            ("/", "/"),
            ("/etc", "/etc"),
            ("/etc/kubernetes/manifests", "/etc/kubernetes"),
            ("/etc/app.conf", "/etc"),
            ("/var/lib/kubelet/plugins/driver", "/var/lib/kubelet"),
            ("/proc/sys/kernel", "/proc"),
            ("/opt", "/opt/cni/bin"),
            ("/home/ops/.aws", "/home"),
            ("/.aws/credentials", "/.aws"),
            ("/.config", "/.config/gcloud"),
            ("/etc/kubernetes/azure.json", "/etc/kubernetes"),
        ] {
            assert_eq!(sensitive(path, false).map(|s| s.path), Some(met), "{path}");
        }
        for holder in ["/var", "/var/lib", "/usr/local"] {
            assert_eq!(
                sensitive(holder, false).map(|s| s.write),
                Some(Harm::Node),
                "{holder}"
            );
        }
        for harmless in [
            "/srv/data",
            "/mnt/disks/a",
            "/var/lib/app",
            "/etcd",
            "/tmp",
            "/opt/app",
        ] {
            assert_eq!(sensitive(harmless, false), None, "{harmless}");
        }
    }

    #[test]
    fn what_everybody_may_read_does_not_matter_read_only() {
        for public in [
            "/etc/ssl/certs",
            "/lib/modules",
            "/usr/share/zoneinfo",
            "/etc/localtime",
        ] {
            assert_eq!(sensitive(public, true), None, "{public}");
            assert!(sensitive(public, false).is_some(), "{public}");
        }
        assert!(sensitive("/etc/ssl", true).is_some());
    }

    #[test]
    fn deeper_entries_speak_for_what_is_below_them() {
        assert_eq!(
            sensitive("/etc/cron.d/job", false).map(|s| s.write),
            Some(Harm::Node)
        );
        assert_eq!(
            sensitive("/etc/app", false).map(|s| s.write),
            Some(Harm::Credentials)
        );
        assert_eq!(
            sensitive("/var/lib/docker/containers", false).map(|s| s.write),
            Some(Harm::Data)
        );
    }

    #[test]
    fn every_entry_is_clean_and_listed_once() {
        let paths: Vec<_> = TABLE.iter().map(|row| row.entry.path).collect();
        assert!(paths.windows(2).all(|two| two[0] < two[1]), "{paths:?}");
        assert!(
            paths
                .iter()
                .all(|path| super::super::mounts::clean(path) == **path)
        );
        assert!(PUBLIC.is_sorted());
    }
}
