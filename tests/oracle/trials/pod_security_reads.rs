//! The comparison with upstream notices every field and every listed value that a rule might forget: random pods are judged
//! without it, or with it misspelt, and some verdict must change. One that does not is a hole in the comparison.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, ensure};
use bartizan::model::objects::container::{Container, List, SeLinux, Seccomp};
use bartizan::model::objects::pod::Pod;
use bartizan::model::objects::pod_spec::PodSpec;
use bartizan::model::objects::volume::VolumeSource;
use bartizan::model::{Labels, Str};
use bartizan::semantics::pod_security::standard;
use libtest_mimic::Trial;

use crate::samples::{differs, samples};
use crate::verdicts::JUDGE;

pub fn trials() -> Vec<Trial> {
    vec![JUDGE.trial("pod_security::forgotten_fields_are_noticed", reads)]
}

/// A change of facts: judging the changed pod is what a rule would do that did not read them.
type Forget = Box<dyn Fn(&mut PodSpec)>;

fn of_containers(change: impl Fn(&mut Container) + 'static) -> Forget {
    Box::new(move |spec| spec.containers.iter_mut().for_each(&change))
}

fn without(list: List) -> Forget {
    Box::new(move |spec| {
        let all = std::mem::take(&mut spec.containers).into_vec();
        spec.containers = all.into_iter().filter(|c| c.list != list).collect();
    })
}

/// A value that a rule knows, misspelt: what a rule would do that had forgotten it, or had always allowed it.
fn misspelt(at: &mut Str, value: &str, other: &str) {
    if **at == *value {
        *at = other.into();
    }
}

fn misspell_all(list: &mut Box<[Str]>, value: &str) {
    list.iter_mut()
        .for_each(|at| misspelt(at, value, "misspelt"));
}

fn fields_of_pods() -> Vec<(&'static str, Forget)> {
    vec![
        ("init containers", without(List::Init)),
        ("sidecars", without(List::Sidecar)),
        ("containers", without(List::Regular)),
        ("ephemeral containers", without(List::Ephemeral)),
        ("names", of_containers(|c| c.name = "x".into())),
        ("hostNetwork", Box::new(|s| s.host_network = false)),
        ("hostPID", Box::new(|s| s.host_pid = false)),
        ("hostIPC", Box::new(|s| s.host_ipc = false)),
        ("hostUsers", Box::new(|s| s.host_users = None)),
        (
            "hostUsers true",
            Box::new(|s| s.host_users = s.host_users.map(|_| false)),
        ),
        ("os", Box::new(|s| s.os = None)),
        (
            "letter case of os",
            Box::new(|s| s.os = s.os.as_ref().map(|os| os.to_lowercase().into())),
        ),
        (
            "pod runAsNonRoot true",
            Box::new(|s| s.security.non_root = s.security.non_root.filter(|is| !is)),
        ),
        (
            "pod runAsNonRoot false",
            Box::new(|s| s.security.non_root = s.security.non_root.filter(|is| *is)),
        ),
        ("pod runAsUser", Box::new(|s| s.security.user = None)),
        (
            "pod seccompProfile",
            Box::new(|s| s.security.seccomp = None),
        ),
        (
            "pod appArmorProfile",
            Box::new(|s| s.security.apparmor = None),
        ),
        (
            "pod seLinuxOptions",
            Box::new(|s| s.security.selinux = None),
        ),
        (
            "pod hostProcess",
            Box::new(|s| s.security.host_process = None),
        ),
    ]
}

fn fields_of_containers() -> Vec<(&'static str, Forget)> {
    vec![
        (
            "privileged",
            of_containers(|c| c.security.privileged = None),
        ),
        (
            "allowPrivilegeEscalation",
            of_containers(|c| c.security.escalation = None),
        ),
        (
            "unset allowPrivilegeEscalation",
            of_containers(|c| c.security.escalation = c.security.escalation.or(Some(false))),
        ),
        (
            "runAsNonRoot",
            of_containers(|c| c.security.non_root = None),
        ),
        ("runAsUser", of_containers(|c| c.security.user = None)),
        ("procMount", of_containers(|c| c.security.proc_mount = None)),
        (
            "empty procMount",
            of_containers(|c| {
                let set = c.security.proc_mount.take();
                c.security.proc_mount = set.filter(|mount| !mount.is_empty());
            }),
        ),
        (
            "added capabilities",
            of_containers(|c| c.security.add = [].into()),
        ),
        (
            "dropped capabilities",
            of_containers(|c| c.security.drop = [].into()),
        ),
        (
            "seccompProfile",
            of_containers(|c| c.security.seccomp = None),
        ),
        (
            "empty seccompProfile",
            of_containers(|c| {
                let set = c.security.seccomp.take();
                c.security.seccomp = set.filter(|s| !s.kind.is_empty());
            }),
        ),
        (
            "appArmorProfile",
            of_containers(|c| c.security.apparmor = None),
        ),
        (
            "empty appArmorProfile",
            of_containers(|c| {
                let set = c.security.apparmor.take();
                c.security.apparmor = set.filter(|kind| !kind.is_empty());
            }),
        ),
        (
            "seLinuxOptions",
            of_containers(|c| c.security.selinux = None),
        ),
        (
            "hostProcess",
            of_containers(|c| c.security.host_process = None),
        ),
        ("hostPort", of_containers(|c| c.ports = [].into())),
        (
            "hosts of probes and hooks",
            of_containers(|c| c.probe_hosts = [].into()),
        ),
    ]
}

fn values() -> Vec<(String, Forget)> {
    let mut all: Vec<(String, Forget)> = Vec::new();
    for name in CAPABILITIES {
        let forget = of_containers(|c| misspell_all(&mut c.security.add, name));
        all.push((format!("added {name}"), forget));
    }
    let forget = of_containers(|c| misspell_all(&mut c.security.drop, "ALL"));
    all.push(("dropped ALL".into(), forget));
    for name in SYSCTLS {
        let forget = move |s: &mut PodSpec| {
            let all = s.security.sysctls.iter_mut();
            all.for_each(|(at, _)| misspelt(at, name, "misspelt"));
        };
        all.push((format!("sysctl {name}"), Box::new(forget)));
    }
    for name in ["RuntimeDefault", "Localhost", "Unconfined"] {
        let seccomp = |s: &mut Option<Seccomp>| {
            if let Some(s) = s {
                misspelt(&mut s.kind, name, "?");
            }
        };
        let forget = of_containers(move |c| seccomp(&mut c.security.seccomp));
        all.push((format!("seccomp {name}"), forget));
        let forget = move |s: &mut PodSpec| seccomp(&mut s.security.seccomp);
        all.push((format!("pod seccomp {name}"), Box::new(forget)));
        let apparmor = |s: &mut Option<Str>| s.iter_mut().for_each(|s| misspelt(s, name, "?"));
        let forget = of_containers(move |c| apparmor(&mut c.security.apparmor));
        all.push((format!("AppArmor {name}"), forget));
        let forget = move |s: &mut PodSpec| apparmor(&mut s.security.apparmor);
        all.push((format!("pod AppArmor {name}"), Box::new(forget)));
    }
    for name in [
        "",
        "container_t",
        "container_init_t",
        "container_kvm_t",
        "container_engine_t",
    ] {
        all.push(selinux(format!("type {name}"), move |o| {
            misspelt(&mut o.kind, name, "?");
        }));
    }
    all.push(selinux("user".into(), |o| o.user = "".into()));
    all.push(selinux("role".into(), |o| o.role = "".into()));
    for name in VOLUMES {
        all.push((
            format!("volume {name}"),
            Box::new(move |s| another_source(s, name)),
        ));
    }
    all
}

fn selinux(what: String, change: impl Fn(&mut SeLinux) + 'static) -> (String, Forget) {
    let forget = move |s: &mut PodSpec| {
        let of_containers = s.containers.iter_mut();
        let of_containers = of_containers.filter_map(|c| c.security.selinux.as_mut());
        let all = s.security.selinux.as_mut().into_iter().chain(of_containers);
        all.for_each(&change);
    };
    (format!("SELinux {what}"), Box::new(forget))
}

const CAPABILITIES: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
    "ALL",
    "NET_RAW",
    "CAP_KILL",
    "kill",
];

const SYSCTLS: &[&str] = &[
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem",
    "net.ipv4.tcp_slow_start_after_idle",
    "net.ipv4.tcp_notsent_lowat",
    "net/ipv4/tcp_syncookies",
];

const VOLUMES: &[&str] = &[
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "gitRepo",
    "nfs",
    "iscsi",
    "glusterfs",
    "rbd",
    "flexVolume",
    "cinder",
    "cephfs",
    "flocker",
    "fc",
    "azureFile",
    "vsphereVolume",
    "quobyte",
    "azureDisk",
    "photonPersistentDisk",
    "portworxVolume",
    "scaleIO",
    "storageos",
    "nobodyKnowsThis",
];

/// The one source becomes another: one that is refused where it is allowed, and the other way round.
fn another_source(spec: &mut PodSpec, name: &str) {
    for volume in &mut spec.volumes {
        let field = match &volume.source {
            VolumeSource::HostPath { .. } => "hostPath",
            VolumeSource::Secret(_) => "secret",
            VolumeSource::ConfigMap(_) => "configMap",
            VolumeSource::Projected { .. } => "projected",
            VolumeSource::Claim(_) => "persistentVolumeClaim",
            VolumeSource::EmptyDir { .. } => "emptyDir",
            VolumeSource::Csi(_) => "csi",
            VolumeSource::Image { .. } => "image",
            VolumeSource::Other(field) => field,
        };
        if field == name {
            volume.source = VolumeSource::Other("misspelt".into());
            if name == "nobodyKnowsThis" {
                volume.source = VolumeSource::Other("ephemeral".into());
            }
        }
    }
}

fn reads(program: &Path) -> Result<()> {
    let samples = samples(program)?;
    let fields = fields_of_pods().into_iter().chain(fields_of_containers());
    let fields = fields.map(|(name, forget)| (name.into(), forget));
    let (mut killed, mut alive) = (0, Vec::new());
    for (name, forget) in fields.chain(values()) {
        let bend = |pod: &Pod| {
            let mut pod = pod.clone();
            forget(Arc::make_mut(&mut pod.spec));
            pod
        };
        if differs(standard(), &samples, &bend)? {
            killed += 1;
        } else {
            alive.push(name);
        }
    }
    for prefix in [
        "container.apparmor",
        "seccomp.security",
        "container.seccomp",
    ] {
        let bend = |pod: &Pod| {
            let mut pod = pod.clone();
            let kept = pod.meta.annotations.iter();
            let kept = kept.filter(|(key, _)| !key.starts_with(prefix));
            pod.meta.annotations = Labels::new(kept.map(|(k, v)| (k.clone(), v.clone())));
            pod
        };
        if differs(standard(), &samples, &bend)? {
            killed += 1;
        } else {
            alive.push(prefix.to_owned());
        }
    }
    eprintln!("{killed} forgotten fields and values are noticed");
    ensure!(alive.is_empty(), "not noticed: {alive:#?}");
    Ok(())
}
