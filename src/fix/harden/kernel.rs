//! What a container may do to the kernel: privileged, escalation, capabilities, `/proc`, sysctls.

use super::work::{Work, listed};
use crate::model::Str;
use crate::model::change::{ContainerEdit, PodEdit};
use crate::model::objects::container::{Container, Security};
use crate::model::objects::pod_spec::PodSpec;
use crate::semantics::capabilities::{RESTRICTED, drops_all, drops_exactly_all, normal};
use crate::semantics::effective::{StartsAsRoot, starts_as_root};
use crate::semantics::isolation::{has_user_namespace, is_windows};

/// The API refuses these settings for a pod that names Windows, and up to this version the standard asks them of every pod.
fn is_for_linux(work: &mut Work, control: &'static str) -> bool {
    let windows = is_windows(&work.spec());
    if windows {
        work.leave(
            control,
            "a pod for Windows may not have this setting, and up to v1.24 the standard asks it of every pod: set the \
             namespace's enforce-version to v1.25 or later"
                .to_owned(),
        );
    }
    !windows
}

pub(super) fn privileged(work: &mut Work, control: &'static str) {
    for container in work.containers() {
        if container.security.privileged != Some(true) {
            continue;
        }
        if let Some(mount) = container.mounts.iter().find(|m| m.shared) {
            work.leave(
                control,
                format!(
                    "{} shares what it mounts at {} with the node (mountPropagation: Bidirectional), which only a \
                     privileged container may",
                    container.name, mount.path
                ),
            );
            continue;
        }
        work.container(&container.name, ContainerEdit::Privileged(false));
        work.breaks(format!(
            "{} was privileged: devices of the node, mounting and kernel settings are out of its reach",
            container.name
        ));
    }
}

pub(super) fn escalation(work: &mut Work, control: &'static str) {
    if !is_for_linux(work, control) {
        return;
    }
    let mut names = Vec::new();
    for container in work.containers() {
        match (container.security.escalation, container.security.privileged) {
            (Some(false), _) => {}
            // `ValidateSecurityContext`: the two exclude each other.
            (_, Some(true)) => work.leave(
                control,
                format!(
                    "{} has to stay privileged, which is escalation",
                    container.name
                ),
            ),
            _ => {
                work.container(&container.name, ContainerEdit::Escalation(false));
                names.push(container.name);
            }
        }
    }
    if !names.is_empty() {
        work.breaks(format!(
            "sudo, su, ping and other programs with a setuid bit or file capabilities gain nothing in {}",
            listed(&names)
        ));
    }
}

pub(super) fn capabilities(work: &mut Work, control: &'static str) {
    let drop_all = control == "capabilities_restricted";
    if drop_all && !is_for_linux(work, control) {
        return;
    }
    let mut bare = Vec::new();
    for container in work.containers() {
        let lists = &container.security;
        let (mut add, lost): (Vec<Str>, Vec<Str>) = lists
            .add
            .iter()
            .cloned()
            .partition(|name| !refuses_adding(work, control, &container, name));
        let drops = !drop_all || drops_exactly_all(lists);
        if drops && lost.is_empty() {
            continue;
        }
        if !drops && binds_low_as_root(&work.spec(), &container) {
            add.push(RESTRICTED.into());
        }
        let drop: Box<[Str]> = if drops {
            lists.drop.clone()
        } else {
            [Str::from("ALL")].into()
        };
        work.container(
            &container.name,
            ContainerEdit::Capabilities(add.into(), drop),
        );
        if !lost.is_empty() {
            let (name, lost) = (&container.name, listed(&lost));
            work.breaks(format!("{name} loses {lost}: what it does with that fails"));
        }
        if !drops && !drops_all(lists) {
            bare.push(container.name.clone());
        }
    }
    if !bare.is_empty() {
        work.breaks(format!(
            "no capability is left to {}: what begins as root to take files over or to change its user (chown, setuid) \
             fails",
            listed(&bare)
        ));
    }
}

fn refuses_adding(work: &Work, control: &str, container: &Container, name: &Str) -> bool {
    work.refuses(control, |spec| {
        let security = Security {
            add: [name.clone()].into(),
            drop: [Str::from("ALL")].into(),
            ..Security::default()
        };
        let alone = Container {
            security,
            ..container.clone()
        };
        spec.containers = [alone].into();
    })
}

/// Root of a user namespace binds low ports by a capability; the restricted level allows that one.
fn binds_low_as_root(spec: &PodSpec, container: &Container) -> bool {
    let dropped = |name: &Str| normal(name) == RESTRICTED;
    let security = &container.security;
    has_user_namespace(spec)
        && starts_as_root(spec, container) != StartsAsRoot::No
        && container.ports.iter().any(|p| p.port < 1024)
        && !drops_all(security)
        && !security.drop.iter().any(dropped)
        && !security.add.iter().any(|name| **name == *RESTRICTED)
}

pub(super) fn proc_mount(work: &mut Work, control: &'static str) {
    for container in work.containers() {
        let refused = |mount: &Str| {
            work.refuses(control, |spec| {
                let mut alone = container.clone();
                alone.security.proc_mount = Some(mount.clone());
                spec.containers = [alone].into();
            })
        };
        if container.security.proc_mount.as_ref().is_some_and(refused) {
            work.container(&container.name, ContainerEdit::RemoveProcMount);
            work.breaks(format!(
                "{} sees /proc with the usual parts masked: containers inside it no longer start",
                container.name
            ));
        }
    }
}

pub(super) fn sysctls(work: &mut Work, control: &'static str) {
    let mut names = Vec::new();
    for sysctl in &work.spec().security.sysctls {
        if work.refuses(control, |spec| {
            spec.security.sysctls = [sysctl.clone()].into()
        }) {
            work.pod(PodEdit::RemoveSysctl(sysctl.0.clone()));
            names.push(sysctl.0.clone());
        }
    }
    if !names.is_empty() {
        work.breaks(format!(
            "{} {} at the kernel's default",
            listed(&names),
            if names.len() == 1 { "stands" } else { "stand" }
        ));
    }
}
