//! Where a value comes from. Defaults are never written in at load: that would destroy the origin.

use std::fmt;

/// Origin of the value that an evidence cites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Written in the object at this path.
    Explicit,
    /// Taken over from an enclosing object (the pod's `securityContext`, the account's `automount`), or filled in from others (the rules
    /// of an aggregated role).
    Inherited,
    /// Written nowhere: Kubernetes' default applies.
    Default,
    /// Seen only in the running object (status, injected by admission).
    Live,
}

impl Origin {
    /// The word on screen and in reports.
    pub fn word(self) -> &'static str {
        match self {
            Origin::Explicit => "explicit",
            Origin::Inherited => "inherited",
            Origin::Default => "default",
            Origin::Live => "live",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
