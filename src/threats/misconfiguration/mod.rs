//! Threat 4: settings that weaken the whole.

mod default_deny;
mod pod_security;

use super::{Control, Question, Threat};
use crate::model::ThreatId;

/// Its checks, one a file.
pub mod checks {
    automod::dir!(pub "src/threats/misconfiguration/checks");
}

/// The group.
pub static THREAT: Threat = Threat {
    id: ThreatId::Misconfiguration,
    title: "Misconfiguration",
    text: "No attacker of its own: settings that open a way for the other threats, or leave one open that a default would have closed.",
    questions: QUESTIONS,
    controls: CONTROLS,
    views: &["namespaces", "policies", "accounts", "workloads"],
};

const QUESTIONS: &[Question] = &[
    Question {
        id: "M-1",
        text: "Does the distribution come with a secure configuration?",
        seed: "Trend Micro 2020, misconfigurations",
    },
    Question {
        id: "M-2",
        text: "Is all traffic between pods allowed by default?",
        seed: "Trend Micro 2020, misconfigurations",
    },
    Question {
        id: "M-3",
        text: "Is etcd publicly reachable?",
        seed: "Trend Micro 2020, misconfigurations",
    },
    Question {
        id: "M-4",
        text: "When were users and service accounts last reviewed?",
        seed: "Trend Micro 2020, misconfigurations",
    },
];

const CONTROLS: &[Control] = &[
    Control {
        slug: "ingress-denied-by-default",
        title: "Pods take no traffic that no policy allows",
        seed: "Trend Micro 2020, deny ingress traffic by default",
        not_visible: None,
    },
    Control {
        slug: "egress-denied-by-default",
        title: "Pods send no traffic that no policy allows",
        seed: "Trend Micro 2020, deny ingress traffic by default",
        not_visible: None,
    },
    Control {
        slug: "policies-select",
        title: "Every network policy selects something",
        seed: "Trend Micro 2020, misconfigurations",
        not_visible: None,
    },
    Control {
        slug: "pod-security-enforced",
        title: "Namespaces enforce a Pod Security level",
        seed: "McCune 2017, Pod Security Policies",
        not_visible: None,
    },
    Control {
        slug: "default-namespace-empty",
        title: "Applications have namespaces of their own",
        seed: "Trend Micro 2020, misconfigurations",
        not_visible: None,
    },
    Control {
        slug: "webhooks-fail-closed",
        title: "Admission webhooks that guard something fail closed",
        seed: "Trend Micro 2020, misconfigurations",
        not_visible: None,
    },
    Control {
        slug: "webhooks-answered",
        title: "Somebody answers every admission webhook",
        seed: "Trend Micro 2020, misconfigurations",
        not_visible: None,
    },
    Control {
        slug: "default-account-unused",
        title: "Workloads run as accounts of their own",
        seed: "Trend Micro 2020, audit of all users and service accounts",
        not_visible: None,
    },
    Control {
        slug: "workloads-kept-well",
        title: "Workloads are defined as their makers would want them",
        seed: "Trend Micro 2020, misconfigurations",
        not_visible: None,
    },
    Control {
        slug: "distribution-secure",
        title: "The distribution comes with a secure configuration",
        seed: "Trend Micro 2020, secure out-of-the-box configuration",
        not_visible: Some("not decided by this version"),
    },
    Control {
        slug: "benchmark-followed",
        title: "The settings of the control plane follow the CIS benchmark",
        seed: "Trend Micro 2020, provider guide and CIS benchmark",
        not_visible: Some("control plane settings are not in the API of a managed plane"),
    },
    Control {
        slug: "accounts-reviewed",
        title: "Users and accounts are reviewed regularly",
        seed: "Trend Micro 2020, regular review",
        not_visible: Some("a fact about people, not about the cluster"),
    },
];
