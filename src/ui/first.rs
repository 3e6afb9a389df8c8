//! The parts of the first screen, and how many lines each gets on a screen of any height.

mod header;
mod threats;
mod world;

pub use header::header;
pub use threats::{heading, threat};
pub use world::{changes, cuts, hidden};

use crate::engine::Snapshot;

/// Lines of each part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Header lines: 1 or 2.
    pub header: u16,
    /// Lines of dashes: below the header, above cuts, above what is not visible, at the end.
    pub rules: [bool; 4],
    /// The line of column heads.
    pub heads: bool,
    /// Threats that are listed.
    pub threats: u16,
    /// Each threat has its loudest line.
    pub loudest: bool,
    /// Lines of cuts.
    pub cuts: u16,
    /// Lines of what is not visible.
    pub hidden: u16,
    /// Lines of changes.
    pub changes: u16,
}

/// How much there is to tell of each part that can grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wants {
    /// Cuts.
    pub cuts: usize,
    /// Things not visible.
    pub hidden: usize,
    /// Changes.
    pub changes: usize,
}

impl Wants {
    /// What a snapshot has to tell.
    pub fn of(snapshot: &Snapshot) -> Wants {
        Wants {
            cuts: snapshot.cuts.len(),
            hidden: snapshot.not_visible.len(),
            changes: snapshot.changes.len(),
        }
    }
}

/// What fits into a height; what a person needs most comes first.
pub fn plan(height: u16, wants: Wants) -> Plan {
    let mut plan = Plan {
        header: 0,
        rules: [false; 4],
        heads: false,
        threats: height.min(5),
        loudest: false,
        cuts: 0,
        hidden: 0,
        changes: 0,
    };
    let mut left = height.saturating_sub(5);
    let mut take = |cost: u16| {
        let fits = cost <= left;
        if fits {
            left -= cost;
        }
        fits
    };
    plan.header = u16::from(take(1));
    plan.heads = take(1);
    plan.cuts = u16::from(take(1));
    plan.hidden = u16::from(take(1));
    plan.changes = u16::from(take(1));
    plan.header += u16::from(plan.header == 1 && take(1));
    plan.rules[0] = take(1);
    plan.rules[1] = take(1);
    plan.loudest = take(5);
    plan.cuts += u16::from(take(1));
    plan.rules[2] = take(1);
    plan.hidden += u16::from(take(1));
    plan.rules[3] = take(1);
    // A tall screen tells more of each, in turn. The first cut takes two lines, what is not visible one for its heading.
    let more = |have: u16, want: usize, most: u16| have < most && usize::from(have) < want;
    for _ in 0..8 {
        plan.changes += u16::from(more(plan.changes, wants.changes, 12) && take(1));
        plan.cuts += u16::from(more(plan.cuts, wants.cuts + 1, 6) && take(1));
        plan.hidden += u16::from(more(plan.hidden, wants.hidden + 1, 6) && take(1));
        plan.changes += u16::from(more(plan.changes, wants.changes, 12) && take(1));
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_never_needs_more_than_there_is() {
        for height in 0..80 {
            let wants = Wants {
                cuts: 9,
                hidden: 9,
                changes: 9,
            };
            let plan = plan(height, wants);
            let rules = plan.rules.iter().filter(|r| **r).count() as u16;
            let threats = if plan.loudest { 2 } else { 1 } * plan.threats;
            let sum = plan.header
                + rules
                + u16::from(plan.heads)
                + threats
                + plan.cuts
                + plan.hidden
                + plan.changes;
            assert!(sum <= height, "{height}: {plan:?}");
            if height == 22 {
                assert_eq!(sum, 22);
                assert!(plan.loudest && plan.rules == [true; 4]);
                assert_eq!(
                    (plan.header, plan.cuts, plan.hidden, plan.changes),
                    (2, 2, 2, 1)
                );
            }
        }
    }
}
