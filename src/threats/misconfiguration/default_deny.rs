//! What the two default-deny checks share: pods about whose traffic nobody has decided, the policies that decide it, and
//! what these would break.

mod alone;
mod declared_first;

use std::collections::BTreeSet;

use crate::model::objects::network_policy::{NetworkPolicy, PolicyRule};
use crate::model::objects::selector::Selector;
use crate::model::{Meta, Str};
use crate::semantics::declared::{self, free_name};
use crate::semantics::network::{
    Direction, Undecided, allows_everything, dns_rule, isolates, isolating, rules, undecided,
};
use crate::semantics::system_namespaces::is_system;
use crate::threats::prelude::*;

/// What a verdict on a namespace can depend on.
pub(super) const NEEDS: &[Kind] = &[
    Kind::Namespace,
    Kind::NetworkPolicy,
    Kind::CustomResourceDefinition,
    Kind::AdminNetworkPolicy,
    Kind::BaselineAdminNetworkPolicy,
    Kind::ClusterNetworkPolicy,
    Kind::CiliumNetworkPolicy,
    Kind::CiliumClusterwideNetworkPolicy,
    Kind::EgressFirewall,
    Kind::EgressNetworkPolicy,
    Kind::Pod,
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::DaemonSet,
    Kind::Job,
    Kind::CronJob,
    Kind::ReplicationController,
    Kind::ReplicaSet,
];

/// Fires on a namespace with pods, or templates that want pods, that are open in a direction.
pub(super) fn run(namespace: &str, view: &View<'_>, out: &mut Sink, direction: Direction) {
    let found = undecided(view, namespace, direction);
    if found.open.is_empty() {
        return;
    }
    let severity = if is_system(namespace) {
        Severity::Low
    } else {
        Severity::Medium
    };
    let finding = out.fires(Part::Whole, severity, why(view, &found, direction));
    if let Some(policy) = found.allowed_by {
        let section = section(direction);
        let at = rules(policy, direction)
            .iter()
            .position(allows_everything)
            .unwrap_or(0);
        finding.because(Evidence::explicit(
            &policy.meta.key,
            format!("spec.{section}[{at}]"),
            "allows everything to every pod",
        ));
    }
    for subject in found.open.iter().take(3) {
        let says = format!("no policy isolates it for {}", direction.word());
        finding.because(Evidence::new(subject.holder, "", says, Origin::Default));
    }
}

fn why(view: &View<'_>, found: &Undecided<'_>, direction: Direction) -> String {
    let does = match direction {
        Direction::Ingress => "take traffic from every pod of the cluster",
        Direction::Egress => "may connect to every pod, every node and the internet",
    };
    let workloads: BTreeSet<_> = found.open.iter().map(|r| r.workload(view)).collect();
    let mut names: Vec<String> = workloads
        .iter()
        .take(3)
        .map(|key| key.name.to_string())
        .collect();
    if workloads.len() > 3 {
        names.push(format!("{} more", workloads.len() - 3));
    }
    let names = names.join(", ");
    let what = match (
        found.open.iter().any(|r| r.pod.is_some()),
        found.open.len(),
        found.of,
    ) {
        (true, 1, 1) => "its one pod".to_owned(),
        (true, all, of) if all == of => format!("all {all} pods"),
        (true, open, of) => format!("{open} of {of} pods"),
        (false, open, of) if open == of => "the pods of every template".to_owned(),
        (false, open, of) => format!("the pods of {open} of {of} templates"),
    };
    let does = if what == "its one pod" {
        does.replacen("take", "takes", 1)
    } else {
        does.to_owned()
    };
    format!("{what} {does}: {names}")
}

/// Field of the policy that holds the rules of a direction.
fn section(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "ingress",
        Direction::Egress => "egress",
    }
}

/// What closes the namespace in a direction. Where something is declared that a bare denial would cut, the policies that
/// let it pass come first, and the bare denial is the other way.
pub(super) fn fixes(finding: &Finding, view: &View<'_>, direction: Direction) -> Vec<Remedy> {
    let namespace = finding.id.object.home();
    let Some(closing) = closing(view, namespace, direction) else {
        return Vec::new();
    };
    let plan = view.context(|view| declared::plan(view, namespace, direction, &closing));
    let bare = alone::remedy(view, namespace, direction, closing.clone());
    if plan.allows.is_empty() {
        return vec![declared_first::told(bare, &plan)];
    }
    let first = declared_first::remedy(&plan, closing, direction);
    vec![
        first,
        bare.called("deny all, without the policies that allow what is declared"),
    ]
}

/// The policy that denies by default, unless there is one. Policies for the whole namespace that allow everything are
/// deleted, for no other can deny beside them; where one decides the other direction too, that takes a person.
fn closing(view: &View<'_>, namespace: &str, direction: Direction) -> Option<Vec<Change>> {
    let wide = isolating(view, namespace, direction).filter(|p| p.pods.is_empty());
    let (open, denies): (Vec<_>, Vec<_>) =
        wide.partition(|p| rules(p, direction).iter().any(allows_everything));
    let only_this = |p: &&NetworkPolicy| !Direction::ALL.into_iter().all(|d| isolates(p, d));
    if !open.iter().all(only_this) {
        return None;
    }
    let deny = denies.is_empty().then(|| deny(namespace, view, direction));
    let delete = open.iter().map(|p| Change::new(&p.meta.key, Edit::Delete));
    Some(deny.into_iter().chain(delete).collect())
}

fn deny(namespace: &str, view: &View<'_>, direction: Direction) -> Change {
    let wanted = format!("default-deny-{}", section(direction));
    let name = view.context(|view| free_name(view, namespace, &wanted, &BTreeSet::new()));
    let key = ObjectKey::namespaced(Kind::NetworkPolicy, namespace, &name);
    let egress: Option<Box<[PolicyRule]>> = match direction {
        Direction::Ingress => None,
        Direction::Egress => Some(Box::new([dns_rule(view)])),
    };
    let policy = NetworkPolicy {
        meta: Meta::bare(key.clone()),
        pods: Selector::default(),
        types: Box::new([Str::from(direction.word())]),
        ingress: None,
        egress,
    };
    Change::new(&key, Edit::CreatePolicy(Box::new(policy)))
}
