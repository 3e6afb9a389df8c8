//! Threat 5: images that can be broken into.

use super::{Control, Question, Threat};
use crate::model::ThreatId;

/// Its checks, one a file.
pub mod checks {
    automod::dir!(pub "src/threats/vulnerable_applications/checks");
}

mod image_users;
mod live_pods;
mod prize;

/// The group.
pub static THREAT: Threat = Threat {
    id: ThreatId::VulnerableApplications,
    title: "Vulnerable applications",
    text: "No attacker of its own: applications with known flaws, or whose code can change under a name that stays the same. They are how the other threats begin.",
    questions: QUESTIONS,
    controls: CONTROLS,
    views: &["images", "workloads", "namespaces"],
};

const QUESTIONS: &[Question] = &[
    Question {
        id: "V-1",
        text: "Are container images up to date?",
        seed: "Trend Micro 2020, vulnerable applications",
    },
    Question {
        id: "V-2",
        text: "Do they come from trusted sources?",
        seed: "Trend Micro 2020, vulnerable applications",
    },
    Question {
        id: "V-3",
        text: "Are they scanned before they are deployed?",
        seed: "Trend Micro 2020, vulnerable applications",
    },
    Question {
        id: "V-4",
        text: "Which library with a flaw is in many images at once?",
        seed: "Trend Micro 2020, vulnerable applications",
    },
];

const CONTROLS: &[Control] = &[
    Control {
        slug: "tags-fixed",
        title: "Images are named by a tag that does not move",
        seed: "Trend Micro 2020, images up to date",
        not_visible: None,
    },
    Control {
        slug: "images-pinned",
        title: "Images are pinned by digest",
        seed: "Trend Micro 2020, images up to date",
        not_visible: None,
    },
    Control {
        slug: "one-tag-one-image",
        title: "One tag runs one image",
        seed: "Trend Micro 2020, images up to date",
        not_visible: None,
    },
    Control {
        slug: "registries-alive",
        title: "Images come from registries that still get updates",
        seed: "Trend Micro 2020, downloaded from trusted sources",
        not_visible: None,
    },
    Control {
        slug: "components-maintained",
        title: "Known components still get security fixes",
        seed: "Trend Micro 2020, images up to date",
        not_visible: None,
    },
    Control {
        slug: "cluster-supported",
        title: "The version of Kubernetes still gets security fixes",
        seed: "Trend Micro 2020, images up to date",
        not_visible: None,
    },
    Control {
        slug: "sources-trusted",
        title: "Images come from registries that are trusted",
        seed: "Trend Micro 2020, downloaded from trusted sources",
        not_visible: Some("which registries are trusted is for a person to say"),
    },
    Control {
        slug: "images-verified",
        title: "Signatures of images are verified at admission",
        seed: "Trend Micro 2020, downloaded from trusted sources",
        not_visible: Some(
            "a webhook's configuration does not tell what it verifies; policies of the API server's own files, of a cloud and of the runtimes are in no API",
        ),
    },
    Control {
        slug: "images-scanned",
        title: "Images are scanned for known flaws",
        seed: "Trend Micro 2020, scanning as part of CI/CD",
        not_visible: Some(
            "no scanner that publishes its results in the cluster is read by this version",
        ),
    },
];
