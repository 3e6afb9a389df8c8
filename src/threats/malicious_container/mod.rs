//! Threat 2: code in a container that turned against its cluster.

use super::{Control, Question, Threat};
use crate::model::ThreatId;

/// Its checks, one a file.
pub mod checks {
    automod::dir!(pub "src/threats/malicious_container/checks");
}

/// Its stories, one a file.
pub mod stories {
    automod::dir!(pub "src/threats/malicious_container/stories");
}

mod credentials;
mod surroundings;
mod taken_over;
pub(crate) mod taken_token;

/// The group.
pub static THREAT: Threat = Threat {
    id: ThreatId::MaliciousContainer,
    title: "Malicious container",
    text: "One container is taken over, by a flaw in its application or by a poisoned image. From there the attacker reaches for the node, for the token mounted beside the code, and for everything the network lets it talk to.",
    questions: QUESTIONS,
    controls: CONTROLS,
    views: &["stories", "namespaces", "workloads", "images"],
};

const QUESTIONS: &[Question] = &[
    Question {
        id: "C-1",
        text: "Are there applications that face the internet?",
        seed: "McCune 2017, malicious containers",
    },
    Question {
        id: "C-2",
        text: "Do several applications share the cluster?",
        seed: "McCune 2017, malicious containers",
    },
    Question {
        id: "C-3",
        text: "Do containers have access to the cloud provider's API?",
        seed: "McCune 2017, malicious containers",
    },
];

const CONTROLS: &[Control] = &[
    Control {
        slug: "containers-unprivileged",
        title: "No container is privileged or holds a capability that is as good",
        seed: "McCune 2017, privileged containers",
        not_visible: None,
    },
    Control {
        slug: "host-namespaces-closed",
        title: "No pod shares network, processes or IPC with its node",
        seed: "McCune 2017, privileged containers",
        not_visible: None,
    },
    Control {
        slug: "host-paths-closed",
        title: "No pod mounts paths of its node that matter",
        seed: "McCune 2017, privileged containers",
        not_visible: None,
    },
    Control {
        slug: "processes-least-privilege",
        title: "Processes run with no more than they need",
        seed: "McCune 2017, privileged containers",
        not_visible: None,
    },
    Control {
        slug: "resources-bounded",
        title: "No container can starve its node",
        seed: "NSA and CISA 2022, resource policies",
        not_visible: None,
    },
    Control {
        slug: "credentials-kept-apart",
        title: "Credentials are kept in Secrets, not in workloads",
        seed: "OWASP 2025, K08",
        not_visible: None,
    },
    Control {
        slug: "token-not-mounted",
        title: "Service account tokens are not mounted where unused",
        seed: "McCune 2017, service accounts are either not mounted or have restricted rights",
        not_visible: None,
    },
    Control {
        slug: "account-rights-restricted",
        title: "Accounts whose tokens are mounted hold little",
        seed: "McCune 2017, service accounts are either not mounted or have restricted rights",
        not_visible: None,
    },
    Control {
        slug: "pods-isolated",
        title: "Network policies restrict who talks to whom",
        seed: "McCune 2017, use network policies to restrict access between namespaces and pods",
        not_visible: None,
    },
    Control {
        slug: "policies-enforced",
        title: "The network plugin enforces policies",
        seed: "McCune 2017, use network policies to restrict access between namespaces and pods",
        not_visible: Some("the API does not show whether the network plugin enforces policies"),
    },
    Control {
        slug: "management-ports-closed-to-pods",
        title: "Management ports ask pods who they are too",
        seed: "McCune 2017, management ports visible on the cluster network require authentication",
        not_visible: Some("needs a probe from inside the pod network, which is never made"),
    },
];
