//! When to draw. What a person did is shown at once; what the cluster did waits its turn, and the longer the terminal
//! takes to accept a frame, the longer. Nothing to show, no frame and no wake-up.

use std::time::{Duration, Instant};

/// Why something on the screen may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Only a count or an age changed.
    Counters,
    /// A row that is on screen changed.
    Rows,
    /// A key, a paste, a new size.
    Input,
}

/// Frames for changes in rows come at most so often.
const ROWS_GAP: Duration = Duration::from_nanos(1_000_000_000 / 30);
/// Frames for counts alone come at most so often.
const COUNTERS_GAP: Duration = Duration::from_secs(1);
/// The next frame waits this many times as long as the last one took to be accepted, so that a slow line is idle for
/// most of the time and a key gets through.
const FLUSH_FACTOR: u32 = 3;
/// One stall (a frozen tmux, a stopped ssh) must not silence the screen for minutes afterwards.
const MAX_GAP: Duration = Duration::from_secs(2);

/// Keeps account of what is due.
#[derive(Debug, Clone, Default)]
pub struct Pacer {
    wanted: Option<Why>,
    last: Option<(Instant, Duration)>,
}

impl Pacer {
    /// Says that something may have changed; the most pressing reason counts.
    pub fn mark(&mut self, why: Why) {
        self.wanted = self.wanted.max(Some(why));
    }

    /// How long until a frame is due: zero for now, `None` when there is nothing to draw.
    pub fn wait(&self, now: Instant) -> Option<Duration> {
        let why = self.wanted?;
        let Some((at, flush)) = self.last else {
            return Some(Duration::ZERO);
        };
        let gap = match why {
            Why::Input => return Some(Duration::ZERO),
            Why::Rows => ROWS_GAP,
            Why::Counters => COUNTERS_GAP,
        };
        let slow = flush.saturating_mul(FLUSH_FACTOR).min(MAX_GAP);
        Some(
            gap.max(slow)
                .saturating_sub(now.saturating_duration_since(at)),
        )
    }

    /// Whether a frame is due now.
    pub fn is_due(&self, now: Instant) -> bool {
        self.wait(now) == Some(Duration::ZERO)
    }

    /// Says that a frame was drawn, when it was finished and how long the terminal took to accept it.
    pub fn drawn(&mut self, now: Instant, flush: Duration) {
        self.wanted = None;
        self.last = Some((now, flush));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn nothing_to_draw_means_no_wake_up() {
        let (mut pacer, now) = (Pacer::default(), Instant::now());
        assert_eq!(pacer.wait(now), None);
        pacer.mark(Why::Counters);
        assert!(pacer.is_due(now), "the first frame waits for nothing");
        pacer.drawn(now, MS);
        assert_eq!(pacer.wait(now + 3600 * 1000 * MS), None);
    }

    #[test]
    fn keys_are_shown_at_once_and_the_cluster_waits_its_turn() {
        let (mut pacer, now) = (Pacer::default(), Instant::now());
        pacer.drawn(now, MS);
        pacer.mark(Why::Counters);
        assert_eq!(pacer.wait(now + 10 * MS), Some(990 * MS));
        pacer.mark(Why::Rows);
        assert_eq!(
            pacer.wait(now + 10 * MS),
            Some(ROWS_GAP.saturating_sub(10 * MS))
        );
        pacer.mark(Why::Counters);
        assert_eq!(
            pacer.wait(now + 10 * MS),
            Some(ROWS_GAP.saturating_sub(10 * MS)),
            "the most pressing reason counts"
        );
        pacer.mark(Why::Input);
        assert!(pacer.is_due(now + 10 * MS));
    }

    #[test]
    fn a_slow_line_is_given_time_but_one_stall_is_forgiven() {
        let (mut pacer, now) = (Pacer::default(), Instant::now());
        pacer.drawn(now, 100 * MS);
        pacer.mark(Why::Rows);
        assert_eq!(pacer.wait(now), Some(300 * MS));
        pacer.drawn(now, 60_000 * MS);
        pacer.mark(Why::Rows);
        assert_eq!(pacer.wait(now), Some(MAX_GAP));
        pacer.mark(Why::Input);
        assert!(pacer.is_due(now), "a key is never made to wait");
    }

    proptest! {
        #[test]
        fn frames_for_the_cluster_are_never_closer_than_the_gap(events in prop::collection::vec((0u64..60, 0u64..80), 1..200)) {
            let (mut pacer, start) = (Pacer::default(), Instant::now());
            let (mut now, mut last) = (start, None::<(Instant, Duration)>);
            for (step, flush) in events {
                now += Duration::from_millis(step);
                pacer.mark(Why::Rows);
                if pacer.is_due(now) {
                    if let Some((at, flush)) = last {
                        prop_assert!(now - at >= ROWS_GAP.max(flush * FLUSH_FACTOR));
                    }
                    now += Duration::from_millis(flush);
                    pacer.drawn(now, Duration::from_millis(flush));
                    last = Some((now, Duration::from_millis(flush)));
                } else {
                    prop_assert!(pacer.wait(now).is_some_and(|wait| wait > Duration::ZERO));
                }
            }
        }
    }
}
