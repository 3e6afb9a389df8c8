//! Where a namespace stands on the Pod Security ladder, counted from its workloads for the panes.
//!
//! Templates and live pods count. The complete list of what a raise refuses, finished pods too, is the answer to
//! [`Query::Raise`](super::Query::Raise).

use super::inventory::WorkloadRow;
use crate::model::{Kind, Object, ObjectKey};
use crate::semantics::pod_security::Level;
use crate::semantics::pod_security::labels::{Effective, Mode, effective};
use crate::view::World;

/// A namespace on the ladder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ladder {
    /// What it enforces; `None` where the Namespace is not visible.
    pub enforced: Option<Effective>,
    /// Workloads that baseline refuses.
    pub baseline: usize,
    /// Workloads that restricted refuses.
    pub restricted: usize,
    /// Pods or templates of it are hidden: the counts may be low.
    pub hidden: bool,
}

impl Ladder {
    /// Of a namespace with these workloads.
    pub(super) fn of(world: &World, namespace: &str, workloads: &[WorkloadRow]) -> Ladder {
        let below = |level: Level| workloads.iter().filter(|w| w.meets < level).count();
        let labels = match world.get(&ObjectKey::of_namespace(namespace)).map(|o| &**o) {
            Some(Object::Namespace(namespace)) => Some(&namespace.meta.labels),
            _ => None,
        };
        let sight = world.sight();
        let mut kinds = Kind::TEMPLATED.into_iter().chain([Kind::Pod]);
        Ladder {
            enforced: labels.map(|labels| effective(labels, Mode::Enforce)),
            baseline: below(Level::Baseline),
            restricted: below(Level::Restricted),
            hidden: kinds.any(|kind| sight.blind(kind, Some(namespace)).is_some()),
        }
    }

    /// The strictest level that refuses nothing that is there.
    pub fn could(&self) -> Level {
        match (self.baseline, self.restricted) {
            (_, 0) => Level::Restricted,
            (0, _) => Level::Baseline,
            _ => Level::Privileged,
        }
    }

    /// The next level above what it could enforce, and how many workloads are in its way.
    pub fn next(&self) -> Option<(Level, usize)> {
        match self.could() {
            Level::Privileged => Some((Level::Baseline, self.baseline)),
            Level::Baseline => Some((Level::Restricted, self.restricted)),
            Level::Restricted => None,
        }
    }

    /// The level in force, where a label says so; the cluster's default is not visible.
    pub fn level(&self) -> Option<Level> {
        self.enforced.and_then(|enforced| enforced.level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ladder(baseline: usize, restricted: usize) -> Ladder {
        Ladder {
            baseline,
            restricted,
            ..Ladder::default()
        }
    }

    #[test]
    fn the_next_rung_is_the_first_that_somebody_is_in_the_way_of() {
        for (rungs, could, next) in [
            ((0, 0), Level::Restricted, None),
            ((0, 3), Level::Baseline, Some((Level::Restricted, 3))),
            ((2, 5), Level::Privileged, Some((Level::Baseline, 2))),
        ] {
            let ladder = ladder(rungs.0, rungs.1);
            assert_eq!((ladder.could(), ladder.next()), (could, next), "{rungs:?}");
        }
    }
}
