//! How long to wait before trying again: doubling, with a bound, and never all watches at the same moment.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// What is denied or not served is asked for again this often: rights change.
pub(super) const RARE: Duration = Duration::from_secs(300);
/// Kinds that may be listed but not watched are listed again this often.
pub(super) const POLL: Duration = Duration::from_secs(60);
/// A watch that lasts this long was a good one.
pub(super) const GOOD: Duration = Duration::from_secs(5);

/// Waiting times of one watch, growing with each failure.
#[derive(Debug, Default)]
pub(super) struct Pace {
    step: u32,
}

impl Pace {
    /// The next waiting time: 0.8 s, then doubled up to 30 s, a fifth more or less.
    pub(super) fn next(&mut self) -> Duration {
        let seconds = (0.8 * f64::from(1_u32 << self.step.min(6))).min(30.0);
        self.step = self.step.saturating_add(1);
        Duration::from_secs_f64(seconds * (0.8 + 0.4 * chance()))
    }

    /// All went well.
    pub(super) fn reset(&mut self) {
        self.step = 0;
    }
}

/// Seconds after which the server shall end a watch: less than its own limit, and spread.
pub(super) fn watch_seconds() -> u32 {
    let spread = RandomState::new().hash_one(1_u8) % 50;
    240 + u32::try_from(spread).unwrap_or(0)
}

/// Between 0 and 1. Every `RandomState` has keys of its own, which is all the chance that is needed here.
fn chance() -> f64 {
    let bits = RandomState::new().hash_one(0_u8) >> 11;
    bits as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_to_a_bound_and_starts_anew() {
        let mut pace = Pace::default();
        let waits: Vec<f64> = (0..20).map(|_| pace.next().as_secs_f64()).collect();
        assert!(
            (0.6..1.0).contains(&waits[0]) && (1.2..2.0).contains(&waits[1]),
            "{waits:?}"
        );
        assert!(
            waits[10..].iter().all(|w| (23.9..36.1).contains(w)),
            "{waits:?}"
        );
        pace.reset();
        assert!(pace.next().as_secs_f64() < 1.0);
        assert!((240..290).contains(&watch_seconds()));
    }
}
