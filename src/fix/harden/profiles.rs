//! Profiles that confine a container: seccomp, AppArmor, SELinux.

use super::work::{Work, listed};
use crate::model::change::{ContainerEdit, PodEdit};
use crate::model::objects::container::{SeLinux, Seccomp};
use crate::model::{Labels, Str};
use crate::semantics::isolation::is_windows;

const RUNTIME: &str = "RuntimeDefault";

/// The pod's own profile where containers lean on it, a container's own where only that is refused.
pub(super) fn seccomp(work: &mut Work, control: &'static str) {
    annotations(work, control);
    let restricted = control == "seccompProfile_restricted";
    let spec = work.spec();
    if restricted && is_windows(&spec) {
        work.leave(
            control,
            "a pod for Windows may not have a seccomp profile, and up to v1.24 the standard asks it of every pod: set \
             the namespace's enforce-version to v1.25 or later"
                .to_owned(),
        );
        return;
    }
    let bad = |work: &Work, profile: Option<&Seccomp>| {
        profile
            .is_some_and(|p| work.refuses(control, |spec| spec.security.seccomp = Some(p.clone())))
    };
    let of_pod = spec.security.seccomp.as_ref();
    let containers = work.containers();
    let leans = containers.iter().any(|c| c.security.seccomp.is_none());
    let pod_is_good = of_pod.is_some() && !bad(work, of_pod);
    let set_pod = bad(work, of_pod) || (restricted && leans && !pod_is_good);
    let mut confined = Vec::new();
    if set_pod {
        work.pod(PodEdit::Seccomp(RUNTIME.into()));
        let leaning = containers.iter().filter(|c| c.security.seccomp.is_none());
        confined.extend(leaning.map(|c| c.name.clone()));
    }
    for container in &containers {
        if bad(work, container.security.seccomp.as_ref()) {
            let own = (!set_pod && !pod_is_good).then(|| Str::from(RUNTIME));
            work.container(&container.name, ContainerEdit::Seccomp(own));
            confined.push(container.name.clone());
        }
    }
    if !confined.is_empty() {
        work.breaks(format!(
            "system calls that the runtime's seccomp profile does not know fail in {}: few programs need one",
            listed(&confined)
        ));
    }
}

/// Before 1.19 the standard reads annotations.
fn annotations(work: &mut Work, control: &'static str) {
    let spec = work.spec();
    for (key, value) in work.annotations().iter() {
        let alone = Labels::new([(key.clone(), value.clone())]);
        let refused = work.refuses_with(control, &alone, |part| {
            part.containers = spec.containers.clone();
            for container in &mut part.containers {
                container.security.seccomp = Some(Seccomp {
                    kind: RUNTIME.into(),
                    localhost: None,
                });
            }
        });
        if refused {
            work.pod(PodEdit::RemoveAnnotation(key.clone()));
        }
    }
}

/// Unset is the runtime's own profile where the node has AppArmor; asked for by name, a node without it refuses the pod.
pub(super) fn apparmor(work: &mut Work, control: &'static str) {
    let bad = |work: &Work, profile: Option<&Str>| {
        profile
            .is_some_and(|p| work.refuses(control, |spec| spec.security.apparmor = Some(p.clone())))
    };
    let mut touched = false;
    if bad(work, work.spec().security.apparmor.as_ref()) {
        work.pod(PodEdit::AppArmor(None));
        touched = true;
    }
    for container in work.containers() {
        if bad(work, container.security.apparmor.as_ref()) {
            work.container(&container.name, ContainerEdit::AppArmor(None));
            touched = true;
        }
    }
    for (key, value) in work.annotations().iter() {
        let alone = Labels::new([(key.clone(), value.clone())]);
        if work.refuses_with(control, &alone, |_| {}) {
            work.pod(PodEdit::RemoveAnnotation(key.clone()));
            touched = true;
        }
    }
    if touched {
        work.breaks(
            "on nodes with AppArmor the runtime's profile holds: mounting, and writing to /proc and /sys, fails"
                .to_owned(),
        );
    }
}

/// User and role go, the type only where it is none of those that containers may have; the level stays.
pub(super) fn selinux(work: &mut Work, control: &'static str) {
    let allowed = |work: &Work, options: Option<&SeLinux>| -> Option<SeLinux> {
        let refused = |options: &SeLinux| {
            work.refuses(control, |spec| {
                spec.security.selinux = Some(options.clone())
            })
        };
        let options = options.filter(|options| refused(options))?;
        let typed = SeLinux {
            kind: options.kind.clone(),
            ..SeLinux::default()
        };
        Some(if refused(&typed) {
            SeLinux::default()
        } else {
            typed
        })
    };
    if let Some(options) = allowed(work, work.spec().security.selinux.as_ref()) {
        work.pod(PodEdit::SeLinux(options));
    }
    for container in work.containers() {
        if let Some(options) = allowed(work, container.security.selinux.as_ref()) {
            work.container(&container.name, ContainerEdit::SeLinux(options));
        }
    }
    work.breaks(
        "on nodes with SELinux the type that the runtime gives to containers holds: files of the node are out of reach"
            .to_owned(),
    );
}
