//! Which directions a policy isolates: `policyTypes`, with the defaults of the API.

use crate::model::objects::network_policy::NetworkPolicy;

/// A direction of traffic, seen from the pod that a policy selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Into the pod.
    Ingress,
    /// Out of the pod.
    Egress,
}

impl Direction {
    /// Both.
    pub const ALL: [Direction; 2] = [Direction::Ingress, Direction::Egress];

    /// As `policyTypes` writes it.
    pub fn word(self) -> &'static str {
        match self {
            Direction::Ingress => "Ingress",
            Direction::Egress => "Egress",
        }
    }
}

/// True when the policy isolates the pods that it selects in this direction.
///
/// Without `policyTypes` ingress always is isolated, egress only when there is at least one egress rule
/// (`SetDefaults_NetworkPolicy`: `len(spec.egress) != 0`, so `egress: []` alone isolates nothing). Objects read from a
/// server are defaulted already; manifests are not.
pub fn isolates(policy: &NetworkPolicy, direction: Direction) -> bool {
    if policy.types.is_empty() {
        return match direction {
            Direction::Ingress => true,
            Direction::Egress => policy
                .egress
                .as_ref()
                .is_some_and(|rules| !rules.is_empty()),
        };
    }
    policy.types.iter().any(|t| **t == *direction.word())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::objects::network_policy::PolicyRule;
    use crate::model::{Kind, Meta, ObjectKey, Str};

    type Rules = Option<usize>;

    /// A policy with these types and this many rules each way (`None`: the field is absent).
    fn isolated(types: &[&str], ingress: Rules, egress: Rules) -> [bool; 2] {
        let rules = |count: Rules| -> Option<Box<[PolicyRule]>> {
            let open = PolicyRule {
                peers: Box::default(),
                ports: Box::default(),
            };
            count.map(|count| vec![open; count].into_boxed_slice())
        };
        let policy = NetworkPolicy {
            meta: Meta::bare(ObjectKey::namespaced(Kind::NetworkPolicy, "shop", "p")),
            pods: crate::model::objects::selector::Selector::default(),
            types: types.iter().map(|t| Str::from(*t)).collect(),
            ingress: rules(ingress),
            egress: rules(egress),
        };
        Direction::ALL.map(|direction| isolates(&policy, direction))
    }

    const ANY: [Rules; 3] = [None, Some(0), Some(1)];

    #[test]
    fn types_left_out_isolate_ingress_and_egress_only_with_a_rule() {
        for ingress in ANY {
            assert_eq!(isolated(&[], ingress, None), [true, false]);
            assert_eq!(isolated(&[], ingress, Some(0)), [true, false]);
            assert_eq!(isolated(&[], ingress, Some(1)), [true, true]);
        }
    }

    #[test]
    fn types_that_are_written_decide_alone() {
        for ingress in ANY {
            for egress in ANY {
                assert_eq!(isolated(&["Ingress"], ingress, egress), [true, false]);
                assert_eq!(isolated(&["Egress"], ingress, egress), [false, true]);
                assert_eq!(
                    isolated(&["Ingress", "Egress"], ingress, egress),
                    [true, true]
                );
            }
        }
    }
}
