//! The state of each control: it holds, it fails, or it cannot be known.

use std::sync::Arc;

use super::evaluation::check_rules;
use super::tally::Tally;
use crate::model::ThreatId;
use crate::threats::{self, Control};

/// A control, now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlState {
    /// Its group.
    pub threat: ThreatId,
    /// The control.
    pub control: &'static Control,
    /// Whether it holds.
    pub holds: Holds,
    /// Checks that decide it.
    pub checks: Vec<&'static str>,
}

/// Whether a control holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Nothing fires, nothing is hidden.
    Holds,
    /// It fails on so many findings.
    Fails(usize),
    /// It cannot be known.
    NotVisible,
}

impl Holds {
    /// The word on screen.
    pub fn word(&self) -> &'static str {
        match self {
            Holds::Holds => "holds",
            Holds::Fails(_) => "fails",
            Holds::NotVisible => "not visible",
        }
    }
}

/// Every control's state, in the order of the groups, from the tallies of its checks.
pub(super) fn controls(tally: &Tally) -> Arc<[ControlState]> {
    let states = threats::threats().into_iter().flat_map(|threat| {
        threat
            .controls
            .iter()
            .map(move |control| state(threat.id, control, tally))
    });
    states.collect()
}

fn state(threat: ThreatId, control: &'static Control, tally: &Tally) -> ControlState {
    let own = check_rules().filter(|(_, check)| check.control == control.slug);
    let (mut checks, mut fires, mut unknown) = (Vec::new(), 0, 0);
    for (at, check) in own {
        checks.push(check.id);
        if let Some(count) = tally.of(at) {
            fires += count.fires;
            unknown += count.unknown;
        }
    }
    let holds = match (fires, unknown) {
        (1.., _) => Holds::Fails(fires),
        (0, 1..) => Holds::NotVisible,
        (0, 0) if control.not_visible.is_some() || checks.is_empty() => Holds::NotVisible,
        (0, 0) => Holds::Holds,
    };
    ControlState {
        threat,
        control,
        holds,
        checks,
    }
}
