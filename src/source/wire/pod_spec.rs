//! PodSpec, of pods and of templates. Unset stays unset.

use std::sync::Arc;

use super::access::Named;
use super::container::{
    AppArmor, ContainerWire, ResourcesWire, SeLinuxWire, SeccompWire, WindowsOptions,
};
use super::fields::wire;
use super::lenient::{List, Pairs, Text};
use super::pool::Pool;
use super::volume::VolumeWire;
use crate::model::objects::container::{Container, List as Place};
use crate::model::objects::pod_spec::{PodSecurity, PodSpec, Toleration};

wire! {
    pub(super) struct PodSpecWire<'a> {
        init_containers: List<ContainerWire<'a>> = "initContainers",
        containers: List<ContainerWire<'a>> = "containers",
        ephemeral_containers: List<ContainerWire<'a>> = "ephemeralContainers",
        volumes: List<VolumeWire<'a>> = "volumes",
        node_name: Option<Text<'a>> = "nodeName",
        host_network: Option<bool> = "hostNetwork",
        host_pid: Option<bool> = "hostPID",
        host_ipc: Option<bool> = "hostIPC",
        host_users: Option<bool> = "hostUsers",
        os: Option<Named<'a>> = "os",
        runtime_class_name: Option<Text<'a>> = "runtimeClassName",
        service_account_name: Option<Text<'a>> = "serviceAccountName",
        /// Old name of `serviceAccountName`, still accepted alone.
        service_account: Option<Text<'a>> = "serviceAccount",
        automount_service_account_token: Option<bool> = "automountServiceAccountToken",
        security_context: Option<SecurityWire<'a>> = "securityContext",
        priority_class_name: Option<Text<'a>> = "priorityClassName",
        image_pull_secrets: List<Named<'a>> = "imagePullSecrets",
        host_aliases: List<HostAlias<'a>> = "hostAliases",
        share_process_namespace: Option<bool> = "shareProcessNamespace",
        enable_service_links: Option<bool> = "enableServiceLinks",
        tolerations: List<TolerationWire<'a>> = "tolerations",
        node_selector: Pairs<'a> = "nodeSelector",
        resources: Option<ResourcesWire> = "resources",
    }
}

wire! {
    struct SecurityWire<'a> {
        run_as_non_root: Option<bool> = "runAsNonRoot",
        run_as_user: Option<i64> = "runAsUser",
        run_as_group: Option<i64> = "runAsGroup",
        fs_group: Option<i64> = "fsGroup",
        supplemental_groups: List<i64> = "supplementalGroups",
        seccomp_profile: Option<SeccompWire<'a>> = "seccompProfile",
        app_armor_profile: Option<AppArmor<'a>> = "appArmorProfile",
        se_linux_options: Option<SeLinuxWire<'a>> = "seLinuxOptions",
        windows_options: Option<WindowsOptions> = "windowsOptions",
        sysctls: List<Sysctl<'a>> = "sysctls",
    }
}

wire! {
    struct Sysctl<'a> {
        name: Text<'a> = "name",
        value: Text<'a> = "value",
    }
}

wire! {
    struct HostAlias<'a> {
        hostnames: List<Text<'a>> = "hostnames",
    }
}

wire! {
    struct TolerationWire<'a> {
        key: Text<'a> = "key",
        operator: Option<Text<'a>> = "operator",
        value: Text<'a> = "value",
        effect: Text<'a> = "effect",
    }
}

impl TolerationWire<'_> {
    /// DaemonSets and the DefaultTolerationSeconds plugin add these: they say how long a pod stays on a sick node.
    fn is_of_a_condition(&self) -> bool {
        self.key.as_str().starts_with("node.kubernetes.io/")
    }

    fn fact(&self, pool: &mut Pool) -> Toleration {
        Toleration {
            key: pool.text(&self.key),
            operator: pool.or(self.operator.as_ref(), "Equal"),
            value: pool.text(&self.value),
            effect: pool.text(&self.effect),
        }
    }
}

impl<'a> PodSpecWire<'a> {
    pub(super) fn node_name(&self) -> Option<&Text<'a>> {
        self.node_name.as_ref()
    }

    /// `live`: of a pod, where admission has injected the token volume, not of a template, where a person wrote it.
    pub(super) fn fact(&self, live: bool, pool: &mut Pool) -> Arc<PodSpec> {
        let injected = |name: &str| {
            live && self
                .volumes
                .iter()
                .any(|v| v.name.as_str() == name && v.is_injected_token())
        };
        let account = self
            .service_account_name
            .as_ref()
            .filter(|name| !name.is_empty());
        let spec = PodSpec {
            containers: self.all_containers(&injected, pool),
            volumes: self
                .volumes
                .iter()
                .enumerate()
                .filter(|(_, volume)| !(live && volume.is_injected_token()))
                .map(|(at, volume)| volume.fact(at, pool))
                .collect(),
            host_network: self.host_network.unwrap_or(false),
            host_pid: self.host_pid.unwrap_or(false),
            host_ipc: self.host_ipc.unwrap_or(false),
            host_users: self.host_users,
            os: pool.option(self.os.as_ref().map(|os| &os.name)),
            runtime_class: pool.option(self.runtime_class_name.as_ref()),
            account: pool.option(account.or(self.service_account.as_ref())),
            automount: self.automount_service_account_token,
            security: self
                .security_context
                .as_ref()
                .map(|s| s.fact(pool))
                .unwrap_or_default(),
            priority: pool.option(self.priority_class_name.as_ref()),
            pull_secrets: Named::names(&self.image_pull_secrets, pool),
            driver_secrets: self
                .volumes
                .iter()
                .filter_map(VolumeWire::driver_secret)
                .map(|name| pool.text(name))
                .collect(),
            projected_maps: self
                .volumes
                .iter()
                .filter(|volume| !(live && volume.is_injected_token()))
                .flat_map(VolumeWire::projected_maps)
                .map(|name| pool.text(name))
                .collect(),
            host_aliases: self
                .host_aliases
                .iter()
                .flat_map(|alias| alias.hostnames.iter())
                .map(|name| pool.text(name))
                .collect(),
            share_processes: self.share_process_namespace.unwrap_or(false),
            service_links: self.enable_service_links,
            tolerations: self
                .tolerations
                .iter()
                .filter(|toleration| !toleration.is_of_a_condition())
                .map(|toleration| toleration.fact(pool))
                .collect(),
            node_selector: pool.labels(&self.node_selector, |_| true),
            old_account_field: account.is_none()
                && self
                    .service_account
                    .as_ref()
                    .is_some_and(|name| !name.is_empty()),
            resources: self
                .resources
                .as_ref()
                .map(ResourcesWire::fact)
                .unwrap_or_default(),
        };
        pool.spec(spec)
    }

    fn all_containers(&self, injected: &dyn Fn(&str) -> bool, pool: &mut Pool) -> Box<[Container]> {
        let lists = [
            (Place::Init, &self.init_containers),
            (Place::Regular, &self.containers),
            (Place::Ephemeral, &self.ephemeral_containers),
        ];
        let all = lists
            .into_iter()
            .flat_map(|(place, list)| list.iter().enumerate().map(move |(at, c)| (place, at, c)));
        all.map(|(place, at, container)| container.fact(place, at, injected, pool))
            .collect()
    }
}

impl SecurityWire<'_> {
    fn fact(&self, pool: &mut Pool) -> PodSecurity {
        PodSecurity {
            non_root: self.run_as_non_root,
            user: self.run_as_user,
            group: self.run_as_group,
            fs_group: self.fs_group,
            supplemental: self.supplemental_groups.iter().copied().collect(),
            seccomp: self.seccomp_profile.as_ref().map(|s| s.fact(pool)),
            apparmor: AppArmor::kind(self.app_armor_profile.as_ref(), pool),
            selinux: self.se_linux_options.as_ref().map(|s| s.fact(pool)),
            host_process: self.windows_options.as_ref().and_then(|w| w.host_process),
            sysctls: self
                .sysctls
                .iter()
                .map(|s| (pool.text(&s.name), pool.text(&s.value)))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn spec(json: &str) -> Arc<PodSpec> {
        serde_json::from_str::<PodSpecWire<'_>>(json)
            .unwrap()
            .fact(false, &mut Pool::new())
    }

    #[test]
    fn unset_stays_unset() {
        assert_eq!(*spec("{}"), PodSpec::default());
        let nulls = r#"{"containers":null,"volumes":null,"securityContext":null,"hostNetwork":null,"serviceAccountName":""}"#;
        assert_eq!(*spec(nulls), PodSpec::default());
    }

    #[test]
    fn containers_stand_in_order_with_the_index_of_their_own_list() {
        let spec = spec(
            r#"{"containers":[{"name":"a"},{"name":"b"}],"initContainers":[{"name":"i"},{"name":"s","restartPolicy":"Always"}],
            "ephemeralContainers":[{"name":"debug","targetContainerName":"a"}]}"#,
        );
        let paths: Vec<_> = spec
            .containers
            .iter()
            .map(|c| (&*c.name, c.path()))
            .collect();
        let expected = [
            ("i", "initContainers[0]"),
            ("s", "initContainers[1]"),
            ("a", "containers[0]"),
            ("b", "containers[1]"),
            ("debug", "ephemeralContainers[0]"),
        ];
        assert_eq!(paths, expected.map(|(name, path)| (name, path.to_owned())));
        assert_eq!(spec.container("s").unwrap().list, Place::Sidecar);
    }

    #[test]
    fn pod_level_settings() {
        let spec = spec(
            r#"{"hostPID":true,"hostUsers":false,"os":{"name":"linux"},"serviceAccount":"old","priorityClassName":"system-node-critical",
            "imagePullSecrets":[{"name":"pull"}],"securityContext":{"runAsNonRoot":true,"runAsUser":0,"sysctls":[{"name":"net.core.somaxconn","value":"1"}],
            "seccompProfile":{"type":"Localhost","localhostProfile":"p.json"},"windowsOptions":{"hostProcess":true},"fsGroup":1,"supplementalGroups":[0,5]},
            "hostAliases":[{"ip":"127.0.0.1","hostnames":["a","b"]},{"ip":"::1"}],"shareProcessNamespace":true,"enableServiceLinks":false,
            "nodeSelector":{"kubernetes.io/os":"linux"},"tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute"},
            {"key":"node-role.kubernetes.io/control-plane","effect":"NoSchedule"}]}"#,
        );
        assert_eq!(
            (spec.security.fs_group, &*spec.security.supplemental),
            (Some(1), &[0, 5][..])
        );
        assert_eq!(
            (
                spec.host_aliases.len(),
                spec.share_processes,
                spec.service_links
            ),
            (2, true, Some(false))
        );
        assert_eq!(
            (
                spec.tolerations.len(),
                &*spec.tolerations[0].operator,
                spec.node_selector.len()
            ),
            (1, "Equal", 1)
        );
        assert!(spec.old_account_field);
        assert!(spec.host_pid && !spec.host_ipc);
        assert_eq!((spec.host_users, spec.account_name()), (Some(false), "old"));
        assert_eq!(
            (spec.security.user, spec.security.host_process),
            (Some(0), Some(true))
        );
        assert_eq!(
            spec.security.seccomp.as_ref().unwrap().localhost.as_deref(),
            Some("p.json")
        );
        let (name, value) = &spec.security.sysctls[0];
        assert_eq!((&**name, &**value), ("net.core.somaxconn", "1"));
    }
}
