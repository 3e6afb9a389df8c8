//! The catalogue of the hand-written cluster: stories and checks of its own, which no new file changes.

use bartizan::model::ThreatId;
use bartizan::threats::{Doc, Scope, Story, StoryStep};
use bartizan::ui::{Catalogue, CheckText, StoryText};

fn story(
    id: &'static str,
    threat: ThreatId,
    goal: &'static str,
    steps: &'static [StoryStep],
) -> Story {
    Story {
        id,
        since: "0.1",
        threat,
        goal,
        steps,
        needs: &[],
        scope: Scope::Cluster(|_, _| {}),
        examples: &[],
    }
}

static STEPS: &[StoryStep] = &[
    StoryStep {
        title: "a token is mounted",
        cut_by: &["token-not-mounted"],
    },
    StoryStep {
        title: "its account reads Secrets",
        cut_by: &["account-rights-restricted"],
    },
];

/// Stories of the test's own catalogue, leaked once: the registry's are statics too.
pub fn stories() -> [&'static Story; 5] {
    static ALL: std::sync::OnceLock<[&'static Story; 5]> = std::sync::OnceLock::new();
    *ALL.get_or_init(|| {
        [
            story("public-api", ThreatId::ExternalAttacker, "a way in", &[]),
            story(
                "token-reads-secrets",
                ThreatId::MaliciousContainer,
                "any-secret",
                STEPS,
            ),
            story(
                "privileged-owns-node",
                ThreatId::MaliciousContainer,
                "node-root",
                &[],
            ),
            story(
                "runtime-socket",
                ThreatId::MaliciousContainer,
                "node-root",
                &[],
            ),
            story(
                "admin-by-name",
                ThreatId::StolenCredentials,
                "cluster-admin",
                &[],
            ),
        ]
        .map(|story| &*Box::leak(Box::new(story)))
    })
}

fn doc(title: &'static str) -> Doc {
    Doc {
        title,
        what: "Containers whose settings say so, of init and ephemeral kind too.",
        why: "Who takes it over has one step less to go.",
        fix: "Takes the setting away.",
        references: "- a standard",
    }
}

/// The catalogue of the test.
pub fn catalogue() -> Catalogue {
    let mut all = Catalogue::default();
    let check = |title, threats, control, no_fix| CheckText {
        doc: doc(title),
        threats,
        control,
        standards: &["pss:baseline/privileged", "cis:1.12/5.2.2"],
        no_fix,
    };
    all.add_check(
        "privileged",
        check(
            "Container runs privileged",
            &[ThreatId::MaliciousContainer],
            "containers-unprivileged",
            None,
        ),
    );
    all.add_check(
        "token",
        check(
            "Token is mounted where nothing uses it",
            &[ThreatId::MaliciousContainer, ThreatId::StolenCredentials],
            "token-not-mounted",
            None,
        ),
    );
    all.add_check(
        "admin",
        check(
            "Subject is bound to cluster-admin",
            &[ThreatId::StolenCredentials],
            "admins-few",
            None,
        ),
    );
    all.add_check(
        "open-ingress",
        check(
            "Pods accept traffic from everywhere",
            &[ThreatId::Misconfiguration],
            "ingress-denied-by-default",
            None,
        ),
    );
    all.add_check(
        "moving-tag",
        check(
            "Image tag moves",
            &[ThreatId::VulnerableApplications],
            "tags-fixed",
            Some("only its owner knows which version is meant"),
        ),
    );
    for (id, title, goal) in [
        ("public-api", "API server answers the internet", "a way in"),
        (
            "token-reads-secrets",
            "Token mounted, account reads Secrets",
            "any-secret",
        ),
        (
            "privileged-owns-node",
            "Privileged container owns its node",
            "node-root",
        ),
        ("runtime-socket", "Runtime socket is mounted", "node-root"),
        (
            "admin-by-name",
            "Subject is admin by another name",
            "cluster-admin",
        ),
    ] {
        all.add_story(
            id,
            StoryText {
                doc: doc(title),
                goal,
            },
        );
    }
    all
}
