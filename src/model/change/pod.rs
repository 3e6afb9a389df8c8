//! Edits of pod specs and of containers in them: of a pod or of a template.

use crate::model::Str;
use crate::model::objects::container::SeLinux;

/// Edits of a pod spec.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PodEdit {
    /// `hostNetwork`.
    HostNetwork(bool),
    /// `hostPID`.
    HostPid(bool),
    /// `hostIPC`.
    HostIpc(bool),
    /// `automountServiceAccountToken`.
    Automount(bool),
    /// `serviceAccountName`.
    Account(Str),
    /// Pod-level `runAsNonRoot`.
    NonRoot(bool),
    /// Pod-level `runAsUser`; `None` takes it away.
    User(Option<i64>),
    /// Pod-level `seccompProfile.type`.
    Seccomp(Str),
    /// Pod-level `appArmorProfile.type`; `None` takes the profile away.
    AppArmor(Option<Str>),
    /// What pod-level `seLinuxOptions` has beside its `level`; empty texts are taken away.
    SeLinux(SeLinux),
    /// Take a sysctl away. The list is replaced as it stands (it has no merge key).
    RemoveSysctl(Str),
    /// Take pod-level `windowsOptions.hostProcess` away.
    RemoveHostProcess,
    /// Take an annotation of the pod away.
    RemoveAnnotation(Str),
    /// Take a volume and every mount of it away.
    RemoveVolume(Str),
    /// Put an emptyDir in place of a volume's source.
    EmptyDir(Str),
    /// Add a volume of this name: an emptyDir.
    AddEmptyDir(Str),
    /// `hostUsers`.
    HostUsers(bool),
    /// `shareProcessNamespace`.
    ShareProcesses(bool),
    /// `enableServiceLinks`.
    ServiceLinks(bool),
    /// Take `hostAliases` away.
    RemoveHostAliases,
    /// Take `priorityClassName` away.
    RemovePriority,
}

/// Edits of one container.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ContainerEdit {
    /// `privileged`.
    Privileged(bool),
    /// `allowPrivilegeEscalation`.
    Escalation(bool),
    /// `runAsNonRoot`; `None` takes it away so that the pod's holds.
    NonRoot(Option<bool>),
    /// `runAsUser`; `None` takes it away.
    User(Option<i64>),
    /// `readOnlyRootFilesystem`.
    ReadOnlyRoot(bool),
    /// `capabilities` as a whole: add, drop. Lists are replaced as they stand (they have no merge key).
    Capabilities(Box<[Str]>, Box<[Str]>),
    /// `seccompProfile.type`; `None` takes the container's own away.
    Seccomp(Option<Str>),
    /// `appArmorProfile.type`; `None` takes the container's own away.
    AppArmor(Option<Str>),
    /// What `seLinuxOptions` has beside its `level`; empty texts are taken away.
    SeLinux(SeLinux),
    /// Take `procMount` away.
    RemoveProcMount,
    /// Take `windowsOptions.hostProcess` away.
    RemoveHostProcess,
    /// Take `hostPort` off (port, protocol, hostPort, hostIP).
    RemoveHostPort(u16, Str, u16, Str),
    /// Take the host out of a probe or a lifecycle handler: its path, as in `Container::probe_hosts`.
    RemoveProbeHost(Str),
    /// Mount a volume that the pod has (volume, path), writable.
    Mount(Str, Str),
    /// `readOnly: true` of the mount at this path.
    ReadOnlyMount(Str),
    /// Image reference.
    Image(Str),
    /// `imagePullPolicy`.
    PullPolicy(Str),
}
