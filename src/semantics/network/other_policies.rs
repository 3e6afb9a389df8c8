//! Policies of other kinds that may allow or deny traffic too, and whose rules are not read.
//!
//! Only their presence is known: of some kinds by their objects, of the rest by the names of their definitions
//! (CustomResourceDefinition). Where there is one, "no policy isolates this pod" cannot be claimed: it is not visible, and
//! what is missing is named. An object of a namespace leaves the others as they are.

use super::policy_types::Direction;
use crate::model::objects::cluster_policy::ClusterPolicy;
use crate::model::{Kind, Missing, Object, ObjectKey, Reason};
use crate::semantics::selectors::{self, namespace_labels};
use crate::view::{Look, View};

/// One kind of policy beside NetworkPolicy.
#[derive(Clone, Copy, Debug)]
pub struct OtherPolicies {
    /// Name of its CustomResourceDefinition.
    pub crd: &'static str,
    /// The kind, where its objects are watched: without one of them its definition changes nothing.
    pub kind: Option<Kind>,
    /// Directions that it can decide.
    pub directions: &'static [Direction],
}

const BOTH: &[Direction] = &Direction::ALL;
const EGRESS: &[Direction] = &[Direction::Egress];

const fn other(crd: &'static str, directions: &'static [Direction]) -> OtherPolicies {
    OtherPolicies {
        crd,
        kind: None,
        directions,
    }
}

const fn watched(crd: &'static str, kind: Kind, directions: &'static [Direction]) -> OtherPolicies {
    OtherPolicies {
        crd,
        kind: Some(kind),
        directions,
    }
}

/// The kinds that decide traffic of pods on OSI layers 3 and 4. Meshes work above and change no such verdict.
pub const OTHER_POLICIES: &[OtherPolicies] = &[
    watched(
        "ciliumnetworkpolicies.cilium.io",
        Kind::CiliumNetworkPolicy,
        BOTH,
    ),
    watched(
        "ciliumclusterwidenetworkpolicies.cilium.io",
        Kind::CiliumClusterwideNetworkPolicy,
        BOTH,
    ),
    other("networkpolicies.crd.projectcalico.org", BOTH),
    other("globalnetworkpolicies.crd.projectcalico.org", BOTH),
    other("networkpolicies.projectcalico.org", BOTH),
    other("globalnetworkpolicies.projectcalico.org", BOTH),
    other("networkpolicies.crd.antrea.io", BOTH),
    other("clusternetworkpolicies.crd.antrea.io", BOTH),
    other("applicationnetworkpolicies.networking.k8s.aws", BOTH),
    other("clusternetworkpolicies.networking.k8s.aws", BOTH),
    watched("egressfirewalls.k8s.ovn.org", Kind::EgressFirewall, EGRESS),
    watched(
        "egressnetworkpolicies.network.openshift.io",
        Kind::EgressNetworkPolicy,
        EGRESS,
    ),
];

/// Policies of the cluster that come before and after NetworkPolicies.
pub const TIERS: [Kind; 3] = [
    Kind::AdminNetworkPolicy,
    Kind::BaselineAdminNetworkPolicy,
    Kind::ClusterNetworkPolicy,
];

/// Nothing when no other kind of policy can decide this direction in this namespace; else what is not visible, which is
/// noted in the view as well. Policies of the cluster are read, and [`reach`](crate::semantics::reach) judges them: here
/// one that may be about pods of the namespace leaves open what NetworkPolicies alone say.
pub fn no_other_policies(
    view: &View<'_>,
    namespace: &str,
    direction: Direction,
) -> Option<Missing> {
    no_vendor_policies(view, namespace, direction)
        .or_else(|| no_tier_policies(view, namespace, direction))
}

fn no_tier_policies(view: &View<'_>, namespace: &str, direction: Direction) -> Option<Missing> {
    for kind in TIERS {
        let all: Vec<_> = view.list(kind, "").collect();
        if let Some(missing) = view.world().sight().blind(kind, None) {
            return Some(missing);
        }
        let mut policies = all.into_iter().filter_map(|object| match &**object {
            Object::ClusterPolicy(policy) => Some(policy),
            _ => None,
        });
        if policies.any(|policy| concerns(view, policy, namespace, direction)) {
            let info = kind.info();
            let missing = Missing {
                kind: Kind::NetworkPolicy,
                namespace: Some(namespace.into()),
                reason: Reason::NotRead(format!("{}.{}", info.plural, info.group).into()),
            };
            view.note_blind(missing.clone());
            return Some(missing);
        }
    }
    None
}

fn concerns(
    view: &View<'_>,
    policy: &ClusterPolicy,
    namespace: &str,
    direction: Direction,
) -> bool {
    let rules = match direction {
        Direction::Ingress => &policy.ingress,
        Direction::Egress => &policy.egress,
    };
    let selected = || match namespace_labels(view, namespace) {
        Look::Seen(labels) => selectors::matches(&policy.subject.namespaces, &labels),
        Look::Absent | Look::Blind(_) => true,
    };
    !rules.is_empty() && selected()
}

/// The same of kinds whose rules are not read at all, known by their definitions.
pub fn no_vendor_policies(
    view: &View<'_>,
    namespace: &str,
    direction: Direction,
) -> Option<Missing> {
    for other in OTHER_POLICIES
        .iter()
        .filter(|o| o.directions.contains(&direction))
    {
        let there = if let Some(kind) = other.kind {
            objects(view, kind, namespace)
        } else {
            let key = ObjectKey::cluster(Kind::CustomResourceDefinition, other.crd);
            view.get(&key).map(drop)
        };
        match there {
            Look::Absent => {}
            Look::Blind(missing) => return Some(missing),
            Look::Seen(()) => {
                let missing = Missing {
                    kind: Kind::NetworkPolicy,
                    namespace: Some(namespace.into()),
                    reason: Reason::NotRead(other.crd.into()),
                };
                view.note_blind(missing.clone());
                return Some(missing);
            }
        }
    }
    None
}

/// Whether there is an object of a kind in a namespace, or of one without namespaces anywhere.
fn objects(view: &View<'_>, kind: Kind, namespace: &str) -> Look<()> {
    let home = if kind.info().namespaced {
        namespace
    } else {
        ""
    };
    if view.list(kind, home).next().is_some() {
        return Look::Seen(());
    }
    let place = kind.info().namespaced.then_some(namespace);
    match view.world().sight().blind(kind, place) {
        Some(missing) => Look::Blind(missing),
        None => Look::Absent,
    }
}
