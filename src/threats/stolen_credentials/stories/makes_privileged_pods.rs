//! A subject makes privileged pods
//!
//! ## What
//! A subject may make pods, itself or through a controller, in a namespace where nothing that can be seen refuses
//! privileged ones: no Pod Security level is enforced there, or `privileged` is, or the subject may change the level. What
//! a namespace without a label gets is a setting of the API server that the API does not show; it counts as privileged.
//!
//! ## Why
//! A privileged pod is root on its node, and with it every pod, token and Secret on that node. Making a pod is one
//! request.
//!
//! ## References
//! - MITRE ATT&CK T1610, Deploy Container
//! - MITRE ATT&CK T1611, Escape to Host
//! - Kubernetes, Pod Security Admission

use std::collections::BTreeMap;

use crate::model::Labels;
use crate::semantics::pod_security::Level;
use crate::semantics::pod_security::labels::{Mode, effective};
use crate::semantics::rbac::power::{Ability, Power, may_relabel, powers_of};
use crate::semantics::rbac::{Clause, Held, Identity, Scope as RbacScope, held, subjects};
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::remedies::single_cuts;

const MAKES: &[&str] = &["pod-makers-fenced"];
const ADMITS: &[&str] = &["pod-security-enforced"];

/// The story.
pub static STORY: Story = Story {
    id: "makes-privileged-pods",
    since: "0.1",
    threat: ThreatId::StolenCredentials,
    goal: "node-root",
    steps: &[
        StoryStep {
            title: "the subject makes pods",
            cut_by: MAKES,
        },
        StoryStep {
            title: "the namespace admits privileged ones",
            cut_by: ADMITS,
        },
    ],
    needs: &[
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
        Kind::Namespace,
    ],
    scope: Scope::Cluster(run),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: edit, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects:
- {kind: ServiceAccount, name: deployer, namespace: ci}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {pod-security.kubernetes.io/enforce: restricted}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: owner, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {pod-security.kubernetes.io/enforce: baseline}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: edit, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects:
- {kind: ServiceAccount, name: deployer, namespace: ci}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: view, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {kind: ServiceAccount, name: deployer, namespace: ci}
",
        ),
    ],
};

/// Namespaces with what their labels say.
type Fences = BTreeMap<Str, Labels>;

fn run(view: &View<'_>, out: &mut Scenes) {
    let fences = fences(view);
    for subject in subjects(view) {
        let who = Identity::of(subject);
        if who.is_master() {
            continue;
        }
        let held = held(view, &who);
        let mut found = powers_of(view, &held);
        found.retain(|power| {
            let direct = |c: &Clause<'_>| c.grant.binding.subjects.contains(subject);
            power.ability == Ability::MakePods && !power.is_stock() && power.by.iter().any(direct)
        });
        if !found.is_empty() {
            tell(subject, &who, &held, &found, &fences, out);
        }
    }
}

/// The namespaces whose labels are known. (The look at all of them notes the others.)
fn fences(view: &View<'_>) -> Fences {
    let names = view.namespaces();
    let known = names.into_iter().filter_map(|name| {
        let labels = match view.namespace(&name) {
            Look::Seen(namespace) => namespace.meta.labels.clone(),
            Look::Absent => Labels::default(),
            Look::Blind(_) => return None,
        };
        Some((name, labels))
    });
    known.collect()
}

/// One instance for a subject: the namespaces that it makes pods in, split into those that admit privileged ones and those
/// that refuse them.
fn tell(
    subject: &Subject,
    who: &Identity,
    held: &Held<'_>,
    found: &[Power<'_>],
    fences: &Fences,
    out: &mut Scenes,
) {
    let reached = fences
        .iter()
        .filter(|(name, _)| found.iter().any(|power| power.scope.reaches(name)));
    let (open, closed): (Vec<_>, Vec<_>) = reached
        .map(|(name, labels)| (name, labels, admits(held, name, labels)))
        .partition(|(_, _, admits)| *admits != Admits::Nothing);
    let actor = Actor::Subject(subject.clone());
    let evidence = || found.iter().flat_map(|p| &p.by).flat_map(Clause::evidence);
    let Some((name, labels, how)) = open.first() else {
        let Some((name, labels, how)) = closed.first() else {
            return;
        };
        let says = format!(
            "Whoever comes by the login of {subject} makes pods in {name}, which refuses privileged ones."
        );
        out.stopped(actor, 1, ADMITS, says)
            .step(
                format!("{subject} makes pods in {name}"),
                MAKES,
                evidence().collect(),
            )
            .step(how.says(name), ADMITS, vec![label_of(name, labels)]);
        return;
    };
    let more = match open.len() - 1 {
        0 => String::new(),
        n => format!(" and {n} more namespaces"),
    };
    let says = format!(
        "Whoever comes by the login of {subject} makes a privileged pod in {name}{more} and owns its node."
    );
    let instance = out.works(actor, says);
    instance.step(
        format!("{subject} makes pods in {name}{more}"),
        MAKES,
        evidence().collect(),
    );
    for change in single_cuts(who, found) {
        instance.cut(change);
    }
    instance.step(how.says(name), ADMITS, vec![label_of(name, labels)]);
    let bounded = !found.iter().any(|p| p.scope == RbacScope::Cluster);
    if let ([_], Admits::Level, true) = (open.as_slice(), how, bounded) {
        let enforce = Edit::Label(Mode::Enforce.label().into(), Some("baseline".into()));
        instance.cut(Change::new(&ObjectKey::of_namespace(name), enforce));
    }
}

/// The label that decides, as it is.
fn label_of(namespace: &str, labels: &Labels) -> Evidence {
    let label = Mode::Enforce.label();
    let path = format!("metadata.labels['{label}']");
    let object = ObjectKey::of_namespace(namespace);
    match labels.get(label) {
        Some(value) => Evidence::explicit(&object, path, value),
        None => Evidence::new(&object, path, "unset", Origin::Default),
    }
}

/// Why a namespace admits privileged pods of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Admits {
    /// It does not.
    Nothing,
    /// No level refuses them.
    Level,
    /// The subject may change the level.
    Relabelled,
}

impl Admits {
    fn says(self, namespace: &str) -> String {
        match self {
            Admits::Nothing => format!("{namespace} refuses privileged pods"),
            Admits::Level => format!(
                "{namespace} enforces no level that refuses privileged pods (the default of the cluster is not visible)"
            ),
            Admits::Relabelled => {
                format!("the same login may change the level that {namespace} enforces")
            }
        }
    }
}

fn admits(held: &Held<'_>, name: &str, labels: &Labels) -> Admits {
    match effective(labels, Mode::Enforce).level {
        None | Some(Level::Privileged) => Admits::Level,
        Some(Level::Baseline | Level::Restricted) if may_relabel(held, name) => Admits::Relabelled,
        Some(Level::Baseline | Level::Restricted) => Admits::Nothing,
    }
}
