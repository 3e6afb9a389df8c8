//! AppArmor profiles may not be turned off
//!
//! Where the node has AppArmor, each container gets the runtime's default profile. Another profile may be asked for only if
//! it lies on the node already. Field and annotation are both read at every version, and annotations also when they name a
//! container that does not exist.
//!
//! Source: `policy/check_appArmorProfile.go`

use crate::model::Str;
use crate::semantics::pod_security::wording::{each_once, join_quoted, plural, setters};
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};
use crate::semantics::quoted::quoted;

/// The control.
pub static CONTROL: Control = Control {
    id: "appArmorProfile",
    level: Level::Baseline,
    revisions: &[Revision::new(0, v1_0)],
};

const ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

fn is_bad(profile: Option<&Str>) -> Option<&str> {
    profile
        .map(|p| &**p)
        .filter(|p| !matches!(*p, "RuntimeDefault" | "Localhost"))
}

fn is_bad_annotation(value: &str) -> bool {
    !(value.is_empty() || value == "runtime/default" || value.starts_with("localhost/"))
}

fn v1_0(pod: PodFacts<'_>) -> Option<Refusal> {
    let of_pod = is_bad(pod.spec.security.apparmor.as_ref());
    let of_containers = pod.spec.containers.iter();
    let of_containers = of_containers.filter_map(|c| is_bad(c.security.apparmor.as_ref()));
    let bad = pod.containers(|c| is_bad(c.security.apparmor.as_ref()).is_some());
    let mut annotations: Vec<String> = pod
        .annotations
        .iter()
        .filter(|(key, value)| key.starts_with(ANNOTATION) && is_bad_annotation(value))
        .map(|(key, value)| format!("{key}={}", quoted(value)))
        .collect();
    annotations.sort();
    let mut setters: Vec<String> = setters(of_pod.is_some(), &bad).into_iter().collect();
    let values = each_once(of_pod.into_iter().chain(of_containers));
    let mut values: Vec<String> = values.into_iter().map(str::to_owned).collect();
    if !annotations.is_empty() {
        setters.push(plural("annotation", "annotations", annotations.len()).to_owned());
        values.extend(annotations);
    }
    (!setters.is_empty()).then(|| Refusal {
        reason: plural(
            "forbidden AppArmor profile",
            "forbidden AppArmor profiles",
            values.len(),
        ),
        detail: format!(
            "{} must not set AppArmor profile type to {}",
            setters.join(" and "),
            join_quoted(&values)
        ),
    })
}
