//! Seccomp may not be turned off
//!
//! Unset is allowed here, though it means no filter unless the kubelet sets a default. Before 1.19 the annotations of the
//! time are read, a container's only if the container exists; from then on the field alone.
//!
//! Source: `policy/check_seccompProfile_baseline.go`

use crate::model::objects::container::Seccomp;
use crate::semantics::pod_security::wording::{each_once, join_quoted, plural, setters};
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};
use crate::semantics::quoted::quoted;

/// The control.
pub static CONTROL: Control = Control {
    id: "seccompProfile_baseline",
    level: Level::Baseline,
    revisions: &[Revision::new(0, v1_0), Revision::new(19, v1_19)],
};

const OF_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const OF_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";

fn v1_0(pod: PodFacts<'_>) -> Option<Refusal> {
    let of_containers = pod.spec.containers.iter();
    let of_containers = of_containers.map(|c| format!("{OF_CONTAINER}{}", c.name));
    let forbidden: Vec<String> = [OF_POD.to_owned()]
        .into_iter()
        .chain(of_containers)
        .filter_map(|key| {
            let value = pod.annotations.get(&key)?;
            (!is_good_annotation(value)).then(|| format!("{key}={}", quoted(value)))
        })
        .collect();
    let forbidden = each_once(forbidden.iter().map(String::as_str));
    (!forbidden.is_empty()).then(|| Refusal {
        reason: "seccompProfile",
        detail: format!(
            "forbidden {} {}",
            plural("annotation", "annotations", forbidden.len()),
            forbidden.join(", ")
        ),
    })
}

fn is_good_annotation(value: &str) -> bool {
    matches!(value, "runtime/default" | "docker/default") || value.starts_with("localhost/")
}

/// What is refused because it is set to something bad: `restricted` asks this first.
pub(super) fn v1_19(pod: PodFacts<'_>) -> Option<Refusal> {
    let of_pod = bad(pod.spec.security.seccomp.as_ref());
    let of_containers = pod.containers(|c| bad(c.security.seccomp.as_ref()).is_some());
    let setters = setters(of_pod.is_some(), &of_containers)?;
    let containers = pod.spec.containers.iter();
    let values = containers.filter_map(|c| bad(c.security.seccomp.as_ref()));
    let values = each_once(of_pod.into_iter().chain(values));
    Some(Refusal {
        reason: "seccompProfile",
        detail: format!(
            "{setters} must not set securityContext.seccompProfile.type to {}",
            join_quoted(&values)
        ),
    })
}

/// The type of a profile that is set and not good.
fn bad(profile: Option<&Seccomp>) -> Option<&str> {
    profile.map(|p| &*p.kind).filter(|kind| !is_good(kind))
}

pub(super) fn is_good(kind: &str) -> bool {
    matches!(kind, "RuntimeDefault" | "Localhost")
}
