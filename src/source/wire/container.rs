//! Containers of any list.

use super::environment::{self, EnvFrom, EnvWire};
use super::fields::wire;
use super::lenient::{List, Text};
use super::pool::Pool;
use crate::model::Str;
use crate::model::objects::container::{
    Container, ContainerPort, List as Place, Mount, Resources, SeLinux, Seccomp, Security,
};

wire! {
    pub(super) struct ContainerWire<'a> {
        name: Text<'a> = "name",
        image: Text<'a> = "image",
        image_pull_policy: Option<Text<'a>> = "imagePullPolicy",
        restart_policy: Option<Text<'a>> = "restartPolicy",
        command: List<Text<'a>> = "command",
        args: List<Text<'a>> = "args",
        env: List<EnvWire<'a>> = "env",
        env_from: List<EnvFrom<'a>> = "envFrom",
        ports: List<PortWire<'a>> = "ports",
        volume_mounts: List<MountWire<'a>> = "volumeMounts",
        security_context: Option<SecurityWire<'a>> = "securityContext",
        resources: Option<ResourcesWire> = "resources",
        liveness_probe: Option<Handler<'a>> = "livenessProbe",
        readiness_probe: Option<Handler<'a>> = "readinessProbe",
        startup_probe: Option<Handler<'a>> = "startupProbe",
        lifecycle: Option<Lifecycle<'a>> = "lifecycle",
    }
}

wire! {
    struct PortWire<'a> {
        name: Text<'a> = "name",
        container_port: Option<u16> = "containerPort",
        protocol: Option<Text<'a>> = "protocol",
        host_port: Option<u16> = "hostPort",
        host_ip: Text<'a> = "hostIP",
    }
}

wire! {
    struct MountWire<'a> {
        name: Text<'a> = "name",
        mount_path: Text<'a> = "mountPath",
        read_only: Option<bool> = "readOnly",
        sub_path: Text<'a> = "subPath",
        sub_path_expr: Text<'a> = "subPathExpr",
        mount_propagation: Option<Text<'a>> = "mountPropagation",
    }
}

wire! {
    struct SecurityWire<'a> {
        privileged: Option<bool> = "privileged",
        allow_privilege_escalation: Option<bool> = "allowPrivilegeEscalation",
        run_as_non_root: Option<bool> = "runAsNonRoot",
        run_as_user: Option<i64> = "runAsUser",
        run_as_group: Option<i64> = "runAsGroup",
        read_only_root_filesystem: Option<bool> = "readOnlyRootFilesystem",
        capabilities: Option<Capabilities<'a>> = "capabilities",
        seccomp_profile: Option<SeccompWire<'a>> = "seccompProfile",
        app_armor_profile: Option<AppArmor<'a>> = "appArmorProfile",
        se_linux_options: Option<SeLinuxWire<'a>> = "seLinuxOptions",
        proc_mount: Option<Text<'a>> = "procMount",
        windows_options: Option<WindowsOptions> = "windowsOptions",
    }
}

wire! {
    struct Capabilities<'a> {
        add: List<Text<'a>> = "add",
        drop: List<Text<'a>> = "drop",
    }
}

wire! {
    pub(super) struct SeccompWire<'a> {
        r#type: Text<'a> = "type",
        localhost_profile: Option<Text<'a>> = "localhostProfile",
    }
}

wire! {
    pub(super) struct AppArmor<'a> {
        r#type: Text<'a> = "type",
    }
}

wire! {
    pub(super) struct SeLinuxWire<'a> {
        r#type: Text<'a> = "type",
        user: Text<'a> = "user",
        role: Text<'a> = "role",
    }
}

wire! {
    pub(super) struct WindowsOptions {
        pub(super) host_process: Option<bool> = "hostProcess",
    }
}

wire! {
    pub(super) struct ResourcesWire {
        limits: Option<Quantities> = "limits",
        requests: Option<Quantities> = "requests",
    }
}

wire! {
    /// Quantities may be written as numbers; only their presence counts.
    struct Quantities {
        memory: Option<serde::de::IgnoredAny> = "memory",
        cpu: Option<serde::de::IgnoredAny> = "cpu",
        storage: Option<serde::de::IgnoredAny> = "ephemeral-storage",
    }
}

wire! {
    /// A probe or a lifecycle handler: only a host that it names.
    struct Handler<'a> {
        http_get: Option<Host<'a>> = "httpGet",
        tcp_socket: Option<Host<'a>> = "tcpSocket",
    }
}

wire! {
    struct Host<'a> {
        host: Text<'a> = "host",
    }
}

wire! {
    struct Lifecycle<'a> {
        post_start: Option<Handler<'a>> = "postStart",
        pre_stop: Option<Handler<'a>> = "preStop",
    }
}

impl ContainerWire<'_> {
    pub(super) fn fact(
        &self,
        place: Place,
        at: usize,
        injected: &dyn Fn(&str) -> bool,
        pool: &mut Pool,
    ) -> Container {
        let always = self
            .restart_policy
            .as_ref()
            .is_some_and(|policy| policy.as_str() == "Always");
        let mounts = self
            .volume_mounts
            .iter()
            .filter(|mount| !injected(mount.name.as_str()));
        let mounts: Box<[Mount]> = mounts.map(|mount| mount.fact(pool)).collect();
        Container {
            name: pool.text(&self.name),
            list: if place == Place::Init && always {
                Place::Sidecar
            } else {
                place
            },
            index: at as u16,
            image: pool.text(&self.image),
            pull: pool.option(self.image_pull_policy.as_ref()),
            security: self
                .security_context
                .as_ref()
                .map(|s| s.fact(pool))
                .unwrap_or_default(),
            ports: self.ports.iter().map(|port| port.fact(pool)).collect(),
            token: mounts.len() < self.volume_mounts.0.len(),
            mounts,
            env: environment::facts(&self.env, &self.env_from, pool),
            args: environment::arguments(&self.command, &self.args, pool),
            probe_hosts: self.probe_hosts(pool),
            sudo: self.runs_sudo(),
            liveness: self.liveness_probe.is_some(),
            readiness: self.readiness_probe.is_some(),
            resources: self
                .resources
                .as_ref()
                .map(ResourcesWire::fact)
                .unwrap_or_default(),
        }
    }

    /// `sudo` as a program: a word of its own, by any path, also inside the text that a shell is given.
    fn runs_sudo(&self) -> bool {
        let words = self.command.iter().chain(self.args.iter());
        words
            .flat_map(|text| {
                text.as_str()
                    .split(|c: char| c.is_whitespace() || ";|&()".contains(c))
            })
            .any(|word| word.rsplit('/').next() == Some("sudo"))
    }

    fn probe_hosts(&self, pool: &mut Pool) -> Box<[(Str, Str)]> {
        let lifecycle = self.lifecycle.as_ref();
        let handlers = [
            ("livenessProbe", self.liveness_probe.as_ref()),
            ("readinessProbe", self.readiness_probe.as_ref()),
            ("startupProbe", self.startup_probe.as_ref()),
            (
                "lifecycle.postStart",
                lifecycle.and_then(|l| l.post_start.as_ref()),
            ),
            (
                "lifecycle.preStop",
                lifecycle.and_then(|l| l.pre_stop.as_ref()),
            ),
        ];
        let mut hosts = Vec::new();
        for (path, handler) in handlers
            .into_iter()
            .filter_map(|(path, handler)| Some((path, handler?)))
        {
            for (field, target) in [
                ("httpGet", &handler.http_get),
                ("tcpSocket", &handler.tcp_socket),
            ] {
                if let Some(target) = target.as_ref().filter(|target| !target.host.is_empty()) {
                    hosts.push((
                        pool.get(&format!("{path}.{field}.host")),
                        pool.text(&target.host),
                    ));
                }
            }
        }
        hosts.into()
    }
}

impl ResourcesWire {
    pub(super) fn fact(&self) -> Resources {
        let (limits, requests) = (self.limits.as_ref(), self.requests.as_ref());
        Resources {
            memory_limit: limits.is_some_and(|l| l.memory.is_some()),
            cpu_limit: limits.is_some_and(|l| l.cpu.is_some()),
            storage_limit: limits.is_some_and(|l| l.storage.is_some()),
            memory_request: requests.is_some_and(|r| r.memory.is_some()),
            cpu_request: requests.is_some_and(|r| r.cpu.is_some()),
        }
    }
}

impl PortWire<'_> {
    fn fact(&self, pool: &mut Pool) -> ContainerPort {
        ContainerPort {
            name: pool.text(&self.name),
            port: self.container_port.unwrap_or(0),
            protocol: pool.or(self.protocol.as_ref(), "TCP"),
            host_port: self.host_port.unwrap_or(0),
            host_ip: pool.text(&self.host_ip),
        }
    }
}

impl MountWire<'_> {
    fn fact(&self, pool: &mut Pool) -> Mount {
        let sub_path = if self.sub_path.is_empty() {
            &self.sub_path_expr
        } else {
            &self.sub_path
        };
        Mount {
            volume: pool.text(&self.name),
            path: pool.text(&self.mount_path),
            read_only: self.read_only.unwrap_or(false),
            sub_path: pool.text(sub_path),
            shared: self
                .mount_propagation
                .as_ref()
                .is_some_and(|p| p.as_str() == "Bidirectional"),
        }
    }
}

impl SecurityWire<'_> {
    fn fact(&self, pool: &mut Pool) -> Security {
        let capabilities = self.capabilities.as_ref();
        Security {
            privileged: self.privileged,
            escalation: self.allow_privilege_escalation,
            non_root: self.run_as_non_root,
            user: self.run_as_user,
            group: self.run_as_group,
            read_only_root: self.read_only_root_filesystem,
            add: capabilities.map(|c| pool.texts(&c.add)).unwrap_or_default(),
            drop: capabilities
                .map(|c| pool.texts(&c.drop))
                .unwrap_or_default(),
            seccomp: self.seccomp_profile.as_ref().map(|s| s.fact(pool)),
            apparmor: AppArmor::kind(self.app_armor_profile.as_ref(), pool),
            selinux: self.se_linux_options.as_ref().map(|s| s.fact(pool)),
            proc_mount: self.proc_mount.as_ref().map(|mount| pool.text(mount)),
            host_process: self.windows_options.as_ref().and_then(|w| w.host_process),
        }
    }
}

impl SeccompWire<'_> {
    pub(super) fn fact(&self, pool: &mut Pool) -> Seccomp {
        Seccomp {
            kind: pool.text(&self.r#type),
            localhost: pool.option(self.localhost_profile.as_ref()),
        }
    }
}

impl AppArmor<'_> {
    pub(super) fn kind(profile: Option<&AppArmor<'_>>, pool: &mut Pool) -> Option<Str> {
        profile.map(|p| pool.text(&p.r#type))
    }
}

impl SeLinuxWire<'_> {
    pub(super) fn fact(&self, pool: &mut Pool) -> SeLinux {
        SeLinux {
            kind: pool.text(&self.r#type),
            user: pool.text(&self.user),
            role: pool.text(&self.role),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::model::objects::environment::ValueClass;

    fn container(json: &str) -> Container {
        let wire = serde_json::from_str::<ContainerWire<'_>>(json).unwrap();
        wire.fact(Place::Regular, 2, &|_| false, &mut Pool::new())
    }

    #[test]
    fn decodes() {
        let c = container(
            r#"{"name":"web","image":"web:1","imagePullPolicy":"Always","command":["/web"],"resources":{"limits":{"memory":"1Gi","cpu":2}},
            "ports":[{"name":"http","containerPort":8080,"hostPort":80,"hostIP":"127.0.0.1"},{"containerPort":53,"protocol":"UDP"}],
            "volumeMounts":[{"name":"d","mountPath":"/d","subPathExpr":"$(POD)"}],
            "livenessProbe":{"httpGet":{"path":"/","port":80,"host":"10.0.0.1"},"periodSeconds":10},
            "readinessProbe":{"exec":{"command":["true"]}},"lifecycle":{"preStop":{"tcpSocket":{"port":1,"host":"h"}}},
            "securityContext":{"privileged":false,"capabilities":{"add":["NET_ADMIN"],"drop":null},"procMount":"Unmasked",
            "seLinuxOptions":{"type":"spc_t"},"appArmorProfile":{"type":"Unconfined"},"seccompProfile":{"type":"RuntimeDefault"}}}"#,
        );
        assert_eq!(
            (c.path().as_str(), c.pull.as_deref(), c.token),
            ("containers[2]", Some("Always"), false)
        );
        assert!(c.resources.memory_limit && c.resources.cpu_limit && !c.resources.cpu_request);
        assert!(c.liveness && c.readiness && !c.sudo);
        assert_eq!(
            (
                c.ports[0].host_port,
                &*c.ports[0].protocol,
                &*c.ports[1].protocol
            ),
            (80, "TCP", "UDP")
        );
        let hosts: Vec<_> = c
            .probe_hosts
            .iter()
            .map(|(path, host)| (&**path, &**host))
            .collect();
        assert_eq!(
            hosts,
            [
                ("livenessProbe.httpGet.host", "10.0.0.1"),
                ("lifecycle.preStop.tcpSocket.host", "h")
            ]
        );
        assert_eq!(
            (
                c.security.privileged,
                c.security.add.len(),
                c.security.drop.len()
            ),
            (Some(false), 1, 0)
        );
        assert_eq!(c.security.apparmor.as_deref(), Some("Unconfined"));
        assert_eq!(&*c.mounts[0].sub_path, "$(POD)");
        assert_eq!(c.args, ValueClass::Plain);
    }

    #[test]
    fn sudo_is_found_as_a_program_only() {
        for (command, runs) in [
            (r#"["sudo","nginx"]"#, true),
            (r#"["/usr/bin/sudo","-E","x"]"#, true),
            (r#"["sh","-c","cd /x; sudo ./run"]"#, true),
            (r#"["sh","-c","echo pseudo sudoku"]"#, false),
            (r#"["cat","/etc/sudoers"]"#, false),
        ] {
            let c = container(&format!(r#"{{"name":"c","command":{command}}}"#));
            assert_eq!(c.sudo, runs, "{command}");
        }
    }

    #[test]
    fn an_empty_container_is_all_unset() {
        let c = container("{}");
        assert_eq!(
            (c.security, c.args, c.pull),
            (Security::default(), ValueClass::Empty, None)
        );
    }
}
