//! A refusal of what was allowed a moment ago is not believed at once: an API server that starts answers 403 until its
//! authorizer has read the rules, and 404 for an add-on until it has read its definition. What is known stays meanwhile.

use std::time::Duration;

use tokio::time::Instant;

use crate::clock;

/// How long a refusal has to last.
const LONG: Duration = Duration::from_secs(20);
/// How long a server that has just begun may take to serve its add-ons. Most clusters lack one, so this is the time
/// until all is there.
const ADD_ONS: Duration = Duration::from_secs(8);
/// How soon what is doubted is tried again.
pub(super) const AGAIN: Duration = Duration::from_secs(2);

/// A server for which somebody had to wait: it may have begun a moment ago, and then knows little.
#[derive(Clone, Copy, Debug)]
pub(super) struct Newcomer(Option<Instant>);

impl Newcomer {
    /// One that answered at once, or only after a while.
    pub(super) fn of(waited: bool) -> Newcomer {
        Newcomer(waited.then(clock::tick))
    }

    /// Whether its refusals are not believed yet.
    pub(super) fn is_doubted(self) -> bool {
        self.0.is_some_and(|since| since.elapsed() < LONG)
    }

    /// Whether it is not believed yet that it lacks something.
    pub(super) fn may_add(self) -> bool {
        self.0.is_some_and(|since| since.elapsed() < ADD_ONS)
    }
}

/// Whether to believe refusals of one request.
#[derive(Debug, Default)]
pub(super) struct Doubt {
    /// It was allowed before.
    known: bool,
    since: Option<Instant>,
}

impl Doubt {
    /// It is allowed.
    pub(super) fn allowed(&mut self) {
        *self = Doubt {
            known: true,
            since: None,
        };
    }

    /// It is refused; true while that is not believed. What was never allowed is believed at once, and so is what was
    /// refused for long enough.
    pub(super) fn refused(&mut self) -> bool {
        let since = *self.since.get_or_insert_with(clock::tick);
        self.known &= since.elapsed() < LONG;
        self.known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn only_what_was_allowed_is_doubted_and_not_for_ever() {
        let mut doubt = Doubt::default();
        assert!(!doubt.refused());
        doubt.allowed();
        assert!(doubt.refused());
        tokio::time::advance(LONG / 2).await;
        assert!(doubt.refused());
        tokio::time::advance(LONG).await;
        assert!(!doubt.refused() && !doubt.refused());
        doubt.allowed();
        assert!(doubt.refused());
    }
}
