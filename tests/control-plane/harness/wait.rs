//! Waiting for what a control plane does in its own time.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use super::Result;

/// Asks until there is an answer. `what` completes "waited for ..."; the last error is part of the message.
pub fn eventually<T>(
    what: &str,
    limit: Duration,
    mut ask: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let start = Instant::now();
    loop {
        let asked = ask();
        if let Ok(Some(answer)) = asked {
            return Ok(answer);
        }
        if start.elapsed() > limit {
            let last = asked.err().unwrap_or_else(|| anyhow!("it has not come"));
            return Err(last).with_context(|| format!("waited {limit:?} for {what}"));
        }
        sleep(Duration::from_millis(200));
    }
}
