//! The answer to "can this reach that?": three values, each with what decides it.

use super::ports::PortSet;
use crate::model::ObjectKey;
use crate::semantics::network::Direction;

/// Why an answer depends on something that Kubernetes leaves open or that is not visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// One of them shares the network of its node: the API leaves undefined what policies do to it.
    HostNetwork,
    /// Only an `ipBlock` would allow it, and whether blocks mean pods is left to the plugin.
    BlockOrPods,
    /// Another kind of policy may decide.
    VendorPolicy,
    /// A rule lets a name outside be called: which addresses that is, is not known.
    DomainName,
    /// Policies of one priority disagree, and which is asked first is not defined.
    EqualPriority,
    /// A port's name is found in a sidecar alone, where not every plugin looks.
    NamedPort,
    /// No plugin that enforces policies was found.
    NotEnforced,
    /// Policies, or labels of namespaces, may not be read.
    PoliciesNotVisible,
    /// A pod has no address yet.
    PodPending,
    /// The address that the policy sees is not the caller's, and it is not known which one it is.
    SourceRewritten,
}

impl Doubt {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Doubt::HostNetwork => "host-network",
            Doubt::BlockOrPods => "ipblock-vs-pods",
            // Reports know one word for policies beside NetworkPolicy that leave it open.
            Doubt::VendorPolicy | Doubt::DomainName | Doubt::EqualPriority => "vendor-policy",
            Doubt::NamedPort => "unknown-named-port",
            Doubt::NotEnforced => "not-enforced",
            Doubt::PoliciesNotVisible => "policies-not-visible",
            Doubt::PodPending => "pod-pending",
            Doubt::SourceRewritten => "source-address-rewritten",
        }
    }

    /// A sentence for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Doubt::HostNetwork => {
                "one of them uses the network of its node, which policies need not cover"
            }
            Doubt::BlockOrPods => {
                "only an ipBlock would allow it, and whether blocks mean pods is up to the network plugin"
            }
            Doubt::VendorPolicy => "another kind of policy may decide it",
            Doubt::DomainName => "a rule allows a name outside, whose addresses are not known",
            Doubt::EqualPriority => {
                "policies of the same priority disagree, and which of them comes first is not defined"
            }
            Doubt::NamedPort => {
                "the port's name is that of a sidecar, where not every network plugin looks"
            }
            Doubt::NotEnforced => "no network plugin that enforces policies was found",
            Doubt::PoliciesNotVisible => "policies or namespaces that decide it may not be read",
            Doubt::PodPending => "a pod has no address yet",
            Doubt::SourceRewritten => {
                "the address that policies see is another one than the caller's, of the pod's own node perhaps, which is always let in"
            }
        }
    }
}

/// Three values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It can.
    Allow,
    /// It cannot.
    Deny,
    /// It depends.
    Undetermined(Doubt),
}

impl Verdict {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Allow => "allow",
            Verdict::Deny => "deny",
            Verdict::Undetermined(_) => "undetermined",
        }
    }

    /// How close it is to a certain denial: the less, the more is let through.
    pub fn rank(self) -> u8 {
        match self {
            Verdict::Allow => 0,
            Verdict::Undetermined(_) => 1,
            Verdict::Deny => 2,
        }
    }

    /// Why it depends.
    pub fn doubt(self) -> Option<Doubt> {
        match self {
            Verdict::Undetermined(doubt) => Some(doubt),
            Verdict::Allow | Verdict::Deny => None,
        }
    }
}

/// What decides: a rule that allows, or a policy that isolates and does not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Because {
    /// The policy.
    pub policy: ObjectKey,
    /// The side that it decides: into the destination, or out of the source.
    pub direction: Direction,
    /// Index of the rule in that section; `None`: no rule of it allows this.
    pub rule: Option<usize>,
}

/// Ports with one answer for one reason. Rows of a pair never share a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The answer.
    pub verdict: Verdict,
    /// Which ports; none for a denial, which is of all.
    pub ports: PortSet,
    /// What decides; nothing where no policy isolates either side.
    pub because: Vec<Because>,
    /// For a denial: the rule that came closest, and what it lacks.
    pub nearest_miss: Option<String>,
}
