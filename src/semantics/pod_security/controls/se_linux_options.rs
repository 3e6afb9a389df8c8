//! SELinux may not be loosened
//!
//! User and role stay the runtime's, and the type is one of the few meant for containers; from 1.31 also the one for engines
//! that run containers of their own.
//!
//! Source: `policy/check_seLinuxOptions.go`

use crate::model::objects::container::SeLinux;
use crate::semantics::pod_security::wording::{each_once, join_quoted, plural, setters};
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "seLinuxOptions",
    level: Level::Baseline,
    revisions: &[Revision::new(0, v1_0), Revision::new(31, v1_31)],
};

const TYPES: &[&str] = &["", "container_t", "container_init_t", "container_kvm_t"];
const ENGINE: &str = "container_engine_t";

fn v1_0(pod: PodFacts<'_>) -> Option<Refusal> {
    judged(pod, |kind| TYPES.contains(&kind))
}

fn v1_31(pod: PodFacts<'_>) -> Option<Refusal> {
    judged(pod, |kind| TYPES.contains(&kind) || kind == ENGINE)
}

fn judged(pod: PodFacts<'_>, allowed: fn(&str) -> bool) -> Option<Refusal> {
    let bad = |options: Option<&SeLinux>| {
        options.is_some_and(|o| !allowed(&o.kind) || !o.user.is_empty() || !o.role.is_empty())
    };
    let of_pod = pod.spec.security.selinux.as_ref();
    let of_containers = pod.containers(|c| bad(c.security.selinux.as_ref()));
    let setters = setters(bad(of_pod), &of_containers)?;
    let containers = pod.spec.containers.iter();
    let containers = containers.filter_map(|c| c.security.selinux.as_ref());
    let all: Vec<&SeLinux> = of_pod.into_iter().chain(containers).collect();
    let types = each_once(all.iter().map(|o| &*o.kind).filter(|kind| !allowed(kind)));
    let mut data = Vec::new();
    if !types.is_empty() {
        data.push(format!(
            "{} {}",
            plural("type", "types", types.len()),
            join_quoted(&types)
        ));
    }
    if all.iter().any(|o| !o.user.is_empty()) {
        data.push("user may not be set".to_owned());
    }
    if all.iter().any(|o| !o.role.is_empty()) {
        data.push("role may not be set".to_owned());
    }
    Some(Refusal {
        reason: "seLinuxOptions",
        detail: format!(
            "{setters} set forbidden securityContext.seLinuxOptions: {}",
            data.join("; ")
        ),
    })
}
