//! The only place that reads the clock. Everything else gets the time as a value, so every test controls it.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// Now, by the wall clock.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Now, by the clock that never goes back: for the pace of frames.
pub fn instant() -> Instant {
    Instant::now()
}

/// A stopwatch for waits and measurements; never for what is shown.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts.
    pub fn start() -> Stopwatch {
        Stopwatch(Instant::now())
    }

    /// Time since the start.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// The time that an async runtime's timers go by, which a test can move.
pub fn tick() -> tokio::time::Instant {
    tokio::time::Instant::now()
}
