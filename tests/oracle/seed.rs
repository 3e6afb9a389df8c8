//! How much is made, and from which seed: from the environment, so that a failure can be made again.

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};

/// `BARTIZAN_SEED`, or the number of today: each day other samples.
pub fn seed() -> Result<String> {
    let today = || Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() / 86_400);
    let named = number("BARTIZAN_SEED")?;
    Ok(named
        .map_or_else(today, Ok::<u64, anyhow::Error>)?
        .to_string())
}

/// A number that a variable holds.
pub fn number(variable: &str) -> Result<Option<u64>> {
    let Ok(text) = env::var(variable) else {
        return Ok(None);
    };
    Ok(Some(
        text.parse().with_context(|| format!("{variable}={text}"))?,
    ))
}
