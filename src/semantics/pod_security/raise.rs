//! Who stands in the way of a stricter level in a namespace, and what the server would say of it.
//!
//! Source: `admission/admission.go` (`ValidateNamespace`, `EvaluatePodsInNamespace`). The server looks at every pod that is
//! there, finished ones too, but at most at 3,000 and for one second; here the list is whole. Nothing is exempted: which
//! users, namespaces and runtime classes are is a setting of the API server that the API does not show.

use std::collections::BTreeMap;

use super::labels::{Mode, effective};
use super::{Level, Version, Violation, violations};
use crate::model::objects::pod::Pod;
use crate::model::{Kind, Labels, Object};
use crate::semantics::quoted::quoted;
use crate::view::View;

/// A pod that a level refuses.
#[derive(Clone, Debug)]
pub struct Rejected<'a> {
    /// The pod.
    pub pod: &'a Pod,
    /// Why, in upstream's order; never empty.
    pub violations: Vec<Violation>,
}

/// The version that a namespace's labels ask to be enforced; the server's own where they name none.
pub fn enforced_version(labels: &Labels) -> Version {
    effective(labels, Mode::Enforce)
        .version
        .unwrap_or(Version::Latest)
}

/// Every pod of a namespace that a level and minor version refuses, in order of name. Blindness is noted.
pub fn rejected<'a>(
    view: &View<'a>,
    namespace: &str,
    level: Level,
    minor: u32,
) -> Vec<Rejected<'a>> {
    let pods = view
        .list(Kind::Pod, namespace)
        .filter_map(|object| match &**object {
            Object::Pod(pod) => Some(pod),
            _ => None,
        });
    pods.filter_map(|pod| {
        let violations: Vec<Violation> = violations(level, minor, pod).collect();
        (!violations.is_empty()).then_some(Rejected { pod, violations })
    })
    .collect()
}

/// The warnings that the server gives to whoever sets the label, as it would if it looked at every pod.
pub fn warnings(
    namespace: &str,
    level: Level,
    version: Version,
    rejected: &[Rejected<'_>],
) -> Vec<String> {
    let mut by_reason: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for one in rejected {
        let reasons: Vec<&str> = one.violations.iter().map(|v| v.refusal.reason).collect();
        let pods = by_reason.entry(reasons.join(", ")).or_default();
        pods.push(one.pod.meta.name());
    }
    let mut lines: Vec<String> = by_reason
        .iter()
        .filter_map(|(reasons, pods)| {
            let first = pods.iter().min()?;
            Some(match pods.len() - 1 {
                0 => format!("{first}: {reasons}"),
                1 => format!("{first} (and 1 other pod): {reasons}"),
                more => format!("{first} (and {more} other pods): {reasons}"),
            })
        })
        .collect();
    lines.sort();
    if !lines.is_empty() {
        let asked = quoted(&format!("{}:{version}", level.word()));
        let head = format!(
            "existing pods in namespace {} violate the new PodSecurity enforce level {asked}",
            quoted(namespace)
        );
        lines.insert(0, head);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::semantics::testing::world;

    fn pod(name: &str, spec: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: shop}}\nspec: {{{spec}}}\n---\n"
        )
    }

    #[test]
    fn every_pod_counts_and_reasons_are_gathered_as_the_server_does() {
        let node = "hostPID: true, containers: [{name: c}]";
        let fine = "containers: [{name: c}]";
        let port = "containers: [{name: c, ports: [{containerPort: 1, hostPort: 1}]}]";
        let world = world(
            &[
                pod("d", node),
                pod("c", fine),
                pod("b", node),
                pod("a", port),
                pod("e", node),
            ]
            .concat(),
        );
        let view = View::new(&world);
        let found = rejected(&view, "shop", Level::Baseline, 37);
        let names: Vec<&str> = found.iter().map(|r| r.pod.meta.name()).collect();
        assert_eq!(names, ["a", "b", "d", "e"]);
        assert!(!view.is_blind());
        let said = warnings("shop", Level::Baseline, Version::Latest, &found);
        assert_eq!(
            said,
            [
                r#"existing pods in namespace "shop" violate the new PodSecurity enforce level "baseline:latest""#,
                "a: hostPort",
                "b (and 2 other pods): host namespaces",
            ]
        );
        assert!(warnings("shop", Level::Privileged, Version::Latest, &[]).is_empty());
    }

    #[test]
    fn a_finished_pod_is_looked_at_too() {
        let text = pod("job", "hostPID: true, containers: [{name: c}]");
        let world = world(&format!(
            "{}status: {{phase: Succeeded}}",
            text.trim_end_matches("---\n")
        ));
        let view = View::new(&world);
        assert_eq!(rejected(&view, "shop", Level::Baseline, 37).len(), 1);
    }
}
