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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Reason, sight::State};
    use crate::semantics::testing::world;
    use crate::view::Workload;

    const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web, tier: front}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: by-expression, namespace: shop}
spec:
  podSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}, {key: legacy, operator: DoesNotExist}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: other, namespace: pay}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
";

    fn side(world: &crate::view::World, direction: Direction) -> String {
        let workloads = Workload::all(world, "shop");
        let likes = workloads[0].pod_likes();
        match isolation(&likes[0].0, &View::new(world), direction) {
            Side::Isolated(by) => by
                .iter()
                .map(|p| p.meta.name().to_owned())
                .collect::<Vec<_>>()
                .join(" "),
            other => format!("{other:?}").split('(').next().unwrap().to_owned(),
        }
    }

    #[test]
    fn expressions_select_and_policies_stay_in_their_namespace() {
        let world = world(POD);
        assert_eq!(side(&world, Direction::Ingress), "by-expression");
        assert_eq!(side(&world, Direction::Egress), "Open");
    }

    #[test]
    fn pods_with_the_network_of_their_node_are_outside_of_policies() {
        let world = world(&POD.replace("{containers:", "{hostNetwork: true, containers:"));
        assert_eq!(side(&world, Direction::Ingress), "HostNetwork");
    }

    #[test]
    fn hidden_policies_leave_isolated_what_is_and_the_rest_unknown() {
        let mut world = world(POD);
        world
            .sight_mut()
            .set(Kind::NetworkPolicy, None, State::Blind(Reason::Loading));
        assert_eq!(side(&world, Direction::Ingress), "by-expression");
        assert_eq!(side(&world, Direction::Egress), "Blind");
    }
}
