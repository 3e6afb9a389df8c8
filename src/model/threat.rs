//! The five threat groups, by id. Their texts, questions and controls live in `threats/<threat>/mod.rs`.

use std::fmt;

/// A threat group, in the order of the panes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThreatId {
    /// Somebody outside the cluster.
    ExternalAttacker,
    /// Code in a container that turned against its cluster.
    MaliciousContainer,
    /// Somebody with a login that is not theirs, or that can do more than it should.
    StolenCredentials,
    /// Settings that weaken the whole.
    Misconfiguration,
    /// Images that can be broken into.
    VulnerableApplications,
}

impl ThreatId {
    /// All five, in order.
    pub const ALL: [ThreatId; 5] = [
        ThreatId::ExternalAttacker,
        ThreatId::MaliciousContainer,
        ThreatId::StolenCredentials,
        ThreatId::Misconfiguration,
        ThreatId::VulnerableApplications,
    ];

    /// Name in reports, flags and palette.
    pub fn slug(self) -> &'static str {
        match self {
            ThreatId::ExternalAttacker => "external-attacker",
            ThreatId::MaliciousContainer => "malicious-container",
            ThreatId::StolenCredentials => "stolen-credentials",
            ThreatId::Misconfiguration => "misconfiguration",
            ThreatId::VulnerableApplications => "vulnerable-applications",
        }
    }

    /// The pane's number key, 1 to 5.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// The threat of a slug or of its number.
    pub fn parse(text: &str) -> Option<ThreatId> {
        ThreatId::ALL
            .into_iter()
            .find(|t| t.slug() == text || t.number().to_string() == text)
    }

    /// Attackers own stories; weaknesses own controls only.
    pub fn is_attacker(self) -> bool {
        self.number() <= 3
    }
}

impl fmt::Display for ThreatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}
