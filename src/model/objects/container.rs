//! Container of any list: init, regular, ephemeral.

use std::borrow::Cow;

use crate::model::Str;

use super::environment::{EnvVar, ValueClass};

/// Which list a container stands in.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum List {
    /// `initContainers`.
    Init,
    /// `initContainers` with `restartPolicy: Always`: a sidecar that runs for the pod's life.
    Sidecar,
    /// `containers`.
    Regular,
    /// `ephemeralContainers`.
    Ephemeral,
}

impl List {
    /// What containers of it are called.
    pub fn word(self) -> &'static str {
        match self {
            List::Init => "init container",
            List::Sidecar => "sidecar",
            List::Regular => "container",
            List::Ephemeral => "ephemeral container",
        }
    }

    /// Field name of the list.
    pub fn field(self) -> &'static str {
        match self {
            List::Init | List::Sidecar => "initContainers",
            List::Regular => "containers",
            List::Ephemeral => "ephemeralContainers",
        }
    }
}

/// One container.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent fields of Kubernetes, each set or not"
)]
pub struct Container {
    /// Name, unique in the pod over all lists.
    pub name: Str,
    /// The list it stands in.
    pub list: List,
    /// Index in that list, for field paths.
    pub index: u16,
    /// Image reference as written.
    pub image: Str,
    /// `imagePullPolicy`.
    pub pull: Option<Str>,
    /// `securityContext`.
    pub security: Security,
    /// Ports.
    pub ports: Box<[ContainerPort]>,
    /// Mounts, without the injected token's.
    pub mounts: Box<[Mount]>,
    /// The injected service account token is mounted (seen in a live pod only).
    pub token: bool,
    /// Environment, `envFrom` included (its name is the reference's prefix).
    pub env: Box<[EnvVar]>,
    /// Class of command and arguments together.
    pub args: ValueClass,
    /// (field path below the container, host) of probes and lifecycle handlers that name a host.
    pub probe_hosts: Box<[(Str, Str)]>,
    /// Command or arguments run `sudo`.
    pub sudo: bool,
    /// `livenessProbe` is set.
    pub liveness: bool,
    /// `readinessProbe` is set.
    pub readiness: bool,
    /// Which of `resources` are set.
    pub resources: Resources,
}

/// Which quantities of `resources` a container sets; their amounts are not kept.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize,
)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "five independent fields of Kubernetes, each set or not"
)]
pub struct Resources {
    /// `limits.memory`.
    pub memory_limit: bool,
    /// `limits.cpu`.
    pub cpu_limit: bool,
    /// `limits.ephemeral-storage`.
    pub storage_limit: bool,
    /// `requests.memory`.
    pub memory_request: bool,
    /// `requests.cpu`.
    pub cpu_request: bool,
}

/// A container's `securityContext`. `None` is unset.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct Security {
    /// `privileged`.
    pub privileged: Option<bool>,
    /// `allowPrivilegeEscalation`.
    pub escalation: Option<bool>,
    /// `runAsNonRoot`.
    pub non_root: Option<bool>,
    /// `runAsUser`.
    pub user: Option<i64>,
    /// `runAsGroup`.
    pub group: Option<i64>,
    /// `readOnlyRootFilesystem`.
    pub read_only_root: Option<bool>,
    /// `capabilities.add`, as written.
    pub add: Box<[Str]>,
    /// `capabilities.drop`, as written.
    pub drop: Box<[Str]>,
    /// `seccompProfile`.
    pub seccomp: Option<Seccomp>,
    /// `appArmorProfile.type`.
    pub apparmor: Option<Str>,
    /// `seLinuxOptions`.
    pub selinux: Option<SeLinux>,
    /// `procMount`.
    pub proc_mount: Option<Str>,
    /// `windowsOptions.hostProcess`.
    pub host_process: Option<bool>,
}

/// `seccompProfile`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Seccomp {
    /// `RuntimeDefault`, `Localhost`, `Unconfined`, or whatever is written.
    pub kind: Str,
    /// `localhostProfile`.
    pub localhost: Option<Str>,
}

/// `seLinuxOptions`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct SeLinux {
    /// `type`.
    pub kind: Str,
    /// `user`.
    pub user: Str,
    /// `role`.
    pub role: Str,
}

/// One port of a container.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ContainerPort {
    /// Name; empty without.
    pub name: Str,
    /// Number.
    pub port: u16,
    /// TCP, UDP or SCTP; TCP when unset.
    pub protocol: Str,
    /// `hostPort`, 0 when unset.
    pub host_port: u16,
    /// `hostIP`; empty when unset.
    pub host_ip: Str,
}

/// One volume mount.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Mount {
    /// Volume name.
    pub volume: Str,
    /// Path in the container.
    pub path: Str,
    /// `readOnly`.
    pub read_only: bool,
    /// `subPath` or `subPathExpr`; empty without.
    pub sub_path: Str,
    /// `mountPropagation: Bidirectional`: what is mounted below it in the container is mounted on the node too. The API
    /// allows that to privileged containers alone.
    pub shared: bool,
}

impl Container {
    /// Field path of the container below a pod spec: `initContainers[2]`.
    pub fn path(&self) -> String {
        [self.list.field(), "[", &digits(self.index), "]"].concat()
    }
}

/// A small number in digits, as field paths hold them: most lists are short.
pub(crate) fn digits(number: u16) -> Cow<'static, str> {
    const FEW: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    match FEW.get(usize::from(number)) {
        Some(digit) => Cow::Borrowed(digit),
        None => Cow::Owned(number.to_string()),
    }
}
