//! Where workloads and namespaces stand on the ladder privileged, baseline, restricted, and what lies between.
//!
//! Templates count beside pods: what a template asks for is refused when its next pod is made.

use std::collections::BTreeMap;

use super::labels::{Effective, Mode, effective};
use super::raise::{enforced_version, rejected};
use super::{Level, PodFacts, Version, Violation, highest_level, violations};
use crate::model::{Kind, Missing, ObjectKey, Str};
use crate::semantics::running;
use crate::view::{View, Workload, top_owner};

/// A workload on the ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkloadStanding {
    /// The workload: the top owner.
    pub workload: ObjectKey,
    /// The version of the standard: what its namespace's labels name.
    pub version: Version,
    /// The minor whose rules that means on this server.
    pub minor: u32,
    /// The strictest level that its template and all its live pods meet.
    pub highest: Level,
    /// Its template first, then its live pods, gathered by what they hold.
    pub each: Vec<PodStanding>,
}

/// A template, or live pods that hold the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodStanding {
    /// Names of the pods; empty for the template.
    pub pods: Vec<Str>,
    /// The strictest level that it meets.
    pub highest: Level,
    /// What stands between it and baseline, in upstream's order.
    pub baseline: Vec<Violation>,
    /// What stands between it and restricted.
    pub restricted: Vec<Violation>,
}

/// A namespace on the ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceStanding {
    /// Its name.
    pub namespace: Str,
    /// What it enforces; `None` where the Namespace is not visible.
    pub enforced: Option<Effective>,
    /// The version of the standard that its labels name.
    pub version: Version,
    /// The minor whose rules that means on this server.
    pub minor: u32,
    /// The strictest level that refuses nothing that is there today. What is not visible may lower it: see `missing`.
    pub could: Level,
    /// Workloads that baseline refuses, in order of key.
    pub baseline: Vec<RejectedWorkload>,
    /// Workloads that restricted refuses.
    pub restricted: Vec<RejectedWorkload>,
    /// What was not visible of its pods and workloads.
    pub missing: Vec<Missing>,
}

/// A workload that a level refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedWorkload {
    /// The top owner; a bare pod is its own.
    pub workload: ObjectKey,
    /// Its template is refused.
    pub template: bool,
    /// Names of its pods that are refused, finished ones too, as the server counts them.
    pub pods: Vec<Str>,
    /// Why: each control once, as the first of them is refused.
    pub violations: Vec<Violation>,
}

/// Where a workload stands, at the version that its namespace enforces. `None`: neither template nor pods are there.
pub fn of_workload(view: &View<'_>, key: &ObjectKey) -> Option<WorkloadStanding> {
    let (version, minor) = in_force(view, key.home());
    let workload = running::workload(view, key)?;
    let each: Vec<PodStanding> = workload
        .pod_likes()
        .iter()
        .map(|(like, pods)| PodStanding {
            pods: pods.iter().map(|p| p.meta.key.name.clone()).collect(),
            highest: highest_level(minor, like),
            baseline: violations(Level::Baseline, minor, like).collect(),
            restricted: violations(Level::Restricted, minor, like).collect(),
        })
        .collect();
    Some(WorkloadStanding {
        workload: key.clone(),
        version,
        minor,
        highest: each.iter().map(|p| p.highest).min()?,
        each,
    })
}

/// Where a namespace stands.
pub fn of_namespace(view: &View<'_>, name: &str) -> NamespaceStanding {
    let labels = view.namespace(name).seen().map(|n| &n.meta.labels);
    drop(view.take_blind());
    let (version, minor) = in_force(view, name);
    let [baseline, restricted] =
        [Level::Baseline, Level::Restricted].map(|level| refused(view, name, level, minor));
    let could = match (baseline.is_empty(), restricted.is_empty()) {
        (_, true) => Level::Restricted,
        (true, false) => Level::Baseline,
        (false, false) => Level::Privileged,
    };
    let mut missing = view.take_blind();
    missing.dedup();
    NamespaceStanding {
        namespace: name.into(),
        enforced: labels.map(|labels| effective(labels, Mode::Enforce)),
        version,
        minor,
        could,
        baseline,
        restricted,
        missing,
    }
}

/// The version that a namespace's labels ask to be enforced, and the minor that it means on this server.
pub fn in_force(view: &View<'_>, namespace: &str) -> (Version, u32) {
    let labels = view.context(|view| view.namespace(namespace).seen().map(|n| &n.meta.labels));
    let version = labels.map_or(Version::Latest, enforced_version);
    (version, version.applied(view.cluster().version.as_ref()))
}

/// Every workload of a namespace that a level and minor version refuses, by its template or by a pod. Blindness is noted.
pub fn refused(
    view: &View<'_>,
    namespace: &str,
    level: Level,
    minor: u32,
) -> Vec<RejectedWorkload> {
    let mut found: BTreeMap<ObjectKey, RejectedWorkload> = BTreeMap::new();
    for Workload { key, template, .. } in running::workloads(view, namespace) {
        let facts = template.map(PodFacts::from);
        let why: Vec<Violation> = facts
            .into_iter()
            .flat_map(|facts| violations(level, minor, facts))
            .collect();
        if !why.is_empty() {
            entry(&mut found, &key).template = true;
            entry(&mut found, &key).also(why);
        }
    }
    for one in rejected(view, namespace, level, minor) {
        let pod = &one.pod.meta.key;
        let owner = view.world().get(pod).map(|o| top_owner(view.world(), o));
        let row = entry(&mut found, owner.as_ref().unwrap_or(pod));
        row.pods.push(pod.name.clone());
        row.also(one.violations);
    }
    found.into_values().collect()
}

fn entry<'m>(
    found: &'m mut BTreeMap<ObjectKey, RejectedWorkload>,
    key: &ObjectKey,
) -> &'m mut RejectedWorkload {
    found
        .entry(key.clone())
        .or_insert_with(|| RejectedWorkload {
            workload: key.clone(),
            template: false,
            pods: Vec::new(),
            violations: Vec::new(),
        })
}

impl RejectedWorkload {
    fn also(&mut self, why: Vec<Violation>) {
        for violation in why {
            if self
                .violations
                .iter()
                .all(|v| v.control != violation.control)
            {
                self.violations.push(violation);
            }
        }
    }

    /// `Deployment cart (3 pods): privileged, host namespaces`.
    pub fn says(&self) -> String {
        let reasons: Vec<&str> = self.violations.iter().map(|v| v.refusal.reason).collect();
        let name = &self.workload.name;
        let kind = self.workload.kind.name();
        let pods = match self.pods.len() {
            _ if self.workload.known() == Some(Kind::Pod) => String::new(),
            0 => " (no pods now)".to_owned(),
            1 => " (1 pod)".to_owned(),
            n => format!(" ({n} pods)"),
        };
        let old = if self.template || pods.is_empty() {
            ""
        } else {
            ", its template no longer"
        };
        format!("{kind} {name}{pods}: {}{old}", reasons.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::semantics::testing::world;

    const SHOP: &str = "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce-version: v1.30}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: cart, namespace: shop, uid: u}
spec: {template: {spec: {containers: [{name: c, securityContext: {privileged: true}}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: cart-0, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: cart, uid: u, controller: true}]}
spec: {hostPID: true, containers: [{name: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: bare, namespace: shop}
spec: {containers: [{name: c, livenessProbe: {httpGet: {host: a}}}]}
status: {phase: Succeeded}
";

    #[test]
    fn a_namespace_counts_templates_and_every_pod() {
        let world = world(SHOP);
        let standing = of_namespace(&View::new(&world), "shop");
        assert_eq!((standing.minor, standing.could), (30, Level::Privileged));
        let says: Vec<String> = standing
            .baseline
            .iter()
            .map(RejectedWorkload::says)
            .collect();
        assert_eq!(
            says,
            ["StatefulSet cart (1 pod): privileged, host namespaces"]
        );
        assert_eq!(standing.restricted.len(), 2, "{:?}", standing.restricted);
        assert!(standing.restricted[1].says().starts_with("Pod bare: "));
        assert!(standing.missing.is_empty());
    }

    #[test]
    fn a_workload_is_as_loose_as_its_loosest_pod() {
        let world = world(SHOP);
        let key = ObjectKey::namespaced(Kind::StatefulSet, "shop", "cart");
        let standing = of_workload(&View::new(&world), &key).unwrap();
        assert_eq!(
            (standing.highest, standing.each.len()),
            (Level::Privileged, 2)
        );
        let controls = |at: usize| -> Vec<&str> {
            let all = standing.each[at].baseline.iter();
            all.map(|v| v.control).collect()
        };
        assert_eq!(
            (controls(0), controls(1)),
            (vec!["privileged"], vec!["hostNamespaces"])
        );
        assert_eq!(standing.each[1].pods, [Str::from("cart-0")]);
    }
}
