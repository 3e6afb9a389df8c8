//! Is a pod isolated, and by which policies?

use super::other_policies::no_other_policies;
use super::policy_types::{Direction, isolates};
use super::rules::{allows_everything, rules};
use crate::model::objects::network_policy::NetworkPolicy;
use crate::model::{Kind, Missing, Object};
use crate::semantics::selectors;
use crate::view::{PodLike, View};

/// One direction of one pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side<'a> {
    /// These policies select it and isolate it: only what their rules allow passes. Others that are not visible could
    /// allow more, never less.
    Isolated(Vec<&'a NetworkPolicy>),
    /// No policy isolates it: everything passes.
    Open,
    /// It shares the network of its node: the API leaves undefined what policies do to it, and most plugins do nothing.
    HostNetwork,
    /// No policy was seen that isolates it, but not everything is visible.
    Blind(Missing),
}

/// The policies of a namespace that isolate pods in a direction, in order of name. Blindness is noted.
pub fn isolating<'a>(
    view: &View<'a>,
    namespace: &str,
    direction: Direction,
) -> impl Iterator<Item = &'a NetworkPolicy> + use<'a> {
    view.list(Kind::NetworkPolicy, namespace)
        .filter_map(|object| match &**object {
            Object::NetworkPolicy(policy) => Some(policy),
            _ => None,
        })
        .filter(move |policy| isolates(policy, direction))
}

/// Whether a pod (or the pods of a template) is isolated in a direction.
pub fn isolation<'a>(pod: &PodLike<'_>, view: &View<'a>, direction: Direction) -> Side<'a> {
    if pod.spec.host_network {
        return Side::HostNetwork;
    }
    let selecting: Vec<_> = isolating(view, pod.namespace(), direction)
        .filter(|policy| selectors::matches(&policy.pods, pod.labels))
        .collect();
    if !selecting.is_empty() {
        return Side::Isolated(selecting);
    }
    let hidden = view
        .world()
        .sight()
        .blind(Kind::NetworkPolicy, Some(pod.namespace()));
    match hidden.or_else(|| no_other_policies(view, pod.namespace(), direction)) {
        Some(missing) => Side::Blind(missing),
        None => Side::Open,
    }
}

/// What the policies for the whole namespace (empty `podSelector`) say of a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamespaceWide<'a> {
    /// This one isolates every pod, those to come too, and none allows everything.
    Denies(&'a NetworkPolicy),
    /// This one allows everything to every pod: policies only add, so no other can deny.
    Allows(&'a NetworkPolicy),
    /// There is none.
    Silent,
}

/// Looks at the policies for the whole namespace. Blindness is noted.
pub fn namespace_wide<'a>(
    view: &View<'a>,
    namespace: &str,
    direction: Direction,
) -> NamespaceWide<'a> {
    let mut answer = NamespaceWide::Silent;
    for policy in isolating(view, namespace, direction).filter(|p| p.pods.is_empty()) {
        if rules(policy, direction).iter().any(allows_everything) {
            return NamespaceWide::Allows(policy);
        }
        if answer == NamespaceWide::Silent {
            answer = NamespaceWide::Denies(policy);
        }
    }
    answer
}
