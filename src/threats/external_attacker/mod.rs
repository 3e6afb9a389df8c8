//! Threat 1: somebody outside the cluster.

mod behind;

use super::{Control, Question, Threat};
use crate::model::ThreatId;

/// Its checks, one a file.
pub mod checks {
    automod::dir!(pub "src/threats/external_attacker/checks");
}

/// Its stories, one a file.
pub mod stories {
    automod::dir!(pub "src/threats/external_attacker/stories");
}

/// The group.
pub static THREAT: Threat = Threat {
    id: ThreatId::ExternalAttacker,
    title: "External attacker",
    text: "Somebody without a login and outside the cluster. They look for a management port that answers without asking who they are, and for an application that lets them in.",
    questions: QUESTIONS,
    controls: CONTROLS,
    views: &["stories", "services", "workloads", "namespaces"],
};

const QUESTIONS: &[Question] = &[
    Question {
        id: "E-1",
        text: "Are the management services of the cluster exposed to the internet?",
        seed: "McCune 2017, external attackers",
    },
    Question {
        id: "E-2",
        text: "How much trust can the internal network be given?",
        seed: "McCune 2017, external attackers",
    },
    Question {
        id: "E-3",
        text: "Is the API reachable only by machines in the cluster and by those that administer it?",
        seed: "Trend Micro 2020, external attacks",
    },
];

const CONTROLS: &[Control] = &[
    Control {
        slug: "anonymous-holds-nothing",
        title: "Callers without a login hold no rights",
        seed: "McCune 2017, management ports that are visible externally require authentication",
        not_visible: None,
    },
    Control {
        slug: "login-is-not-enough",
        title: "A login alone, of whoever it is, holds no rights",
        seed: "McCune 2017, management ports that are visible externally require authentication",
        not_visible: None,
    },
    Control {
        slug: "services-closed",
        title: "No service faces the outside that need not",
        seed: "Trend Micro 2020, services are firewalled",
        not_visible: None,
    },
    Control {
        slug: "load-balancers-restricted",
        title: "Load balancers take traffic from known addresses only",
        seed: "Trend Micro 2020, services are firewalled",
        not_visible: None,
    },
    Control {
        slug: "ingress-encrypted",
        title: "Ingresses use TLS, for hosts that are named",
        seed: "Trend Micro 2020, external attacks",
        not_visible: None,
    },
    Control {
        slug: "api-server-closed",
        title: "The API server answers known networks only",
        seed: "Trend Micro 2020, firewall to the API",
        not_visible: Some(
            "the API does not show which networks reach it; see the endpoint setting of the platform",
        ),
    },
    Control {
        slug: "kubelet-authenticates",
        title: "Kubelets ask who calls, and whether they may",
        seed: "McCune 2017, Kubelet API",
        not_visible: Some(
            "kubelet settings are not in the API; kubelet flags or configz on each node show them",
        ),
    },
    Control {
        slug: "etcd-authenticates",
        title: "etcd takes client certificates only",
        seed: "McCune 2017, Etcd API",
        not_visible: Some(
            "etcd flags are not in the API of a managed plane; the static pod on a control-plane node shows them",
        ),
    },
    Control {
        slug: "metrics-ports-closed",
        title: "cAdvisor and the read-only kubelet port are closed",
        seed: "McCune 2017, services that do not allow authentication",
        not_visible: Some(
            "kubelet settings are not in the API; readOnlyPort on each node shows it",
        ),
    },
];
