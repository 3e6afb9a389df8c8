//! Threat 3: somebody with a login that is not theirs, or that can do more than it should.

use super::{Control, Question, Threat};
use crate::model::ThreatId;

mod binding_power;
pub(crate) mod holders;
mod login_taken;
pub(crate) mod remedies;

/// Its checks, one a file.
pub mod checks {
    automod::dir!(pub "src/threats/stolen_credentials/checks");
}

/// Its stories, one a file.
pub mod stories {
    automod::dir!(pub "src/threats/stolen_credentials/stories");
}

/// The group.
pub static THREAT: Threat = Threat {
    id: ThreatId::StolenCredentials,
    title: "Stolen credentials",
    text: "Somebody holds a login of the cluster: a token from a container, a kubeconfig from a laptop, a colleague with more rights than the work needs. What matters is what each subject can do, and who it can become.",
    questions: QUESTIONS,
    controls: CONTROLS,
    views: &["stories", "accounts", "namespaces"],
};

const QUESTIONS: &[Question] = &[
    Question {
        id: "U-1",
        text: "Do many users have access to the cluster?",
        seed: "McCune 2017, malicious users",
    },
    Question {
        id: "U-2",
        text: "Are there users who are meant to have limited rights only?",
        seed: "McCune 2017, malicious users",
    },
];

const CONTROLS: &[Control] = &[
    Control {
        slug: "admins-few",
        title: "Nobody is admin of the cluster who need not be",
        seed: "McCune 2017, RBAC, least privilege",
        not_visible: None,
    },
    Control {
        slug: "no-wildcards",
        title: "Roles name what they allow",
        seed: "McCune 2017, RBAC, least privilege",
        not_visible: None,
    },
    Control {
        slug: "secrets-closed",
        title: "Secrets are read by those who need them only",
        seed: "McCune 2017, RBAC, least privilege",
        not_visible: None,
    },
    Control {
        slug: "no-shells",
        title: "Nobody can start a shell in running containers",
        seed: "McCune 2017, RBAC, least privilege",
        not_visible: None,
    },
    Control {
        slug: "no-escalation-verbs",
        title: "Nobody holds escalate, bind or impersonate",
        seed: "McCune 2017, RBAC, least privilege",
        not_visible: None,
    },
    Control {
        slug: "node-proxy-closed",
        title: "Nobody reaches kubelets through the API server",
        seed: "McCune 2017, RBAC, least privilege",
        not_visible: None,
    },
    Control {
        slug: "pod-makers-fenced",
        title: "Who can make pods cannot make them where strong accounts live",
        seed: "McCune 2017, Pod Security Policies",
        not_visible: None,
    },
    Control {
        slug: "traffic-kept",
        title: "Nobody leads traffic of the cluster elsewhere",
        seed: "McCune 2017, RBAC, least privilege",
        not_visible: None,
    },
    Control {
        slug: "traces-kept",
        title: "Nobody removes the traces of what was done",
        seed: "McCune 2017, RBAC, least privilege",
        not_visible: None,
    },
    Control {
        slug: "bindings-current",
        title: "Bindings name subjects and roles that exist",
        seed: "Trend Micro 2020, thorough audit of all users and service accounts",
        not_visible: None,
    },
    Control {
        slug: "accounts-current",
        title: "Every service account is used by something",
        seed: "Trend Micro 2020, thorough audit of all users and service accounts",
        not_visible: None,
    },
    Control {
        slug: "no-client-certificates",
        title: "People do not log in with client certificates, which cannot be revoked",
        seed: "McCune 2017, static files with SSL keys",
        not_visible: Some("issued certificates are not in the API once their request is gone"),
    },
];
