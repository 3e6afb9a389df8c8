//! PodSpec: of a pod or of a template. Unset stays unset; defaults are applied by `semantics` on read.

use crate::model::{Labels, Str};

use super::container::{Container, Resources, SeLinux, Seccomp};
use super::volume::Volume;

/// What is kept of a pod's specification.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent fields of Kubernetes, each set or not"
)]
pub struct PodSpec {
    /// Init containers, then regular, then ephemeral ones; each list in order.
    pub containers: Box<[Container]>,
    /// Volumes in order. The token volume that admission injects into pods is left out of this list; the containers
    /// that mount it say so in [`Container::token`].
    pub volumes: Box<[Volume]>,
    /// `hostNetwork`.
    pub host_network: bool,
    /// `hostPID`.
    pub host_pid: bool,
    /// `hostIPC`.
    pub host_ipc: bool,
    /// `hostUsers`.
    pub host_users: Option<bool>,
    /// `os.name`.
    pub os: Option<Str>,
    /// `runtimeClassName`.
    pub runtime_class: Option<Str>,
    /// `serviceAccountName`; `None` is `default`.
    pub account: Option<Str>,
    /// `automountServiceAccountToken`.
    pub automount: Option<bool>,
    /// Pod-level `securityContext`.
    pub security: PodSecurity,
    /// `priorityClassName`.
    pub priority: Option<Str>,
    /// Names in `imagePullSecrets`.
    pub pull_secrets: Box<[Str]>,
    /// Secrets that volumes name for their drivers (`csi.nodePublishSecretRef`, `azureFile.secretName`, ...): the kubelet is
    /// given them, containers are not.
    #[serde(default)]
    pub driver_secrets: Box<[Str]>,
    /// ConfigMaps in projected volumes; that of the injected token volume is left out.
    #[serde(default)]
    pub projected_maps: Box<[Str]>,
    /// Host names in `hostAliases`.
    pub host_aliases: Box<[Str]>,
    /// `shareProcessNamespace`.
    pub share_processes: bool,
    /// `enableServiceLinks`; `None` is Kubernetes' default, true.
    pub service_links: Option<bool>,
    /// `tolerations`, without those of node conditions that admission adds to every pod.
    pub tolerations: Box<[Toleration]>,
    /// `nodeSelector`.
    pub node_selector: Labels,
    /// Only the old name of the field, `serviceAccount`, names the account. The server fills both in.
    pub old_account_field: bool,
    /// Which of the pod's own `resources` are set (KEP-2837): its containers share what they allow.
    pub resources: Resources,
}

/// A toleration.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Toleration {
    /// `key`; empty with `Exists` tolerates every taint.
    pub key: Str,
    /// `operator`: `Exists` or `Equal`, `Equal` when unset.
    pub operator: Str,
    /// `value`.
    pub value: Str,
    /// `effect`; empty matches every effect.
    pub effect: Str,
}

/// Pod-level `securityContext`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct PodSecurity {
    /// `runAsNonRoot`.
    pub non_root: Option<bool>,
    /// `runAsUser`.
    pub user: Option<i64>,
    /// `runAsGroup`.
    pub group: Option<i64>,
    /// `fsGroup`.
    pub fs_group: Option<i64>,
    /// `supplementalGroups`.
    pub supplemental: Box<[i64]>,
    /// `seccompProfile`.
    pub seccomp: Option<Seccomp>,
    /// `appArmorProfile.type`.
    pub apparmor: Option<Str>,
    /// `seLinuxOptions`.
    pub selinux: Option<SeLinux>,
    /// `windowsOptions.hostProcess`.
    pub host_process: Option<bool>,
    /// (name, value) of each of `sysctls`.
    pub sysctls: Box<[(Str, Str)]>,
}

impl PodSpec {
    /// Name of the service account that the pod runs as.
    pub fn account_name(&self) -> &str {
        self.account.as_deref().unwrap_or("default")
    }

    /// The container of a name, of whatever kind: names are unique over all lists.
    pub fn container(&self, name: &str) -> Option<&Container> {
        self.containers.iter().find(|c| *c.name == *name)
    }

    /// The volume of a name.
    pub fn volume(&self, name: &str) -> Option<&Volume> {
        self.volumes.iter().find(|v| *v.name == *name)
    }
}
