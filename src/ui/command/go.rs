//! Going to a place.

use super::{Command, Enabled, Group, always};
use crate::model::ThreatId;
use crate::ui::action::Action;
use crate::ui::context::Context;
use crate::ui::row::Target;

const fn goes(
    id: &'static str,
    keys: &'static str,
    label: &'static str,
    help: &'static str,
    run: fn(&Context<'_>) -> Vec<Action>,
) -> Command {
    Command {
        id,
        keys,
        help,
        label,
        group: Group::Go,
        run,
        ..Command::BASE
    }
}

/// A command that goes to a pane about the whole cluster.
const fn place(
    pane: &'static str,
    keys: &'static str,
    label: &'static str,
    help: &'static str,
    id: &'static str,
    run: fn(&Context<'_>) -> Vec<Action>,
) -> Command {
    Command {
        opens: Some(pane),
        ..goes(id, keys, label, help, run)
    }
}

fn threat(id: ThreatId) -> Vec<Action> {
    vec![Action::Go("threat", Target::Threat(id))]
}

/// In the order of the help.
pub(super) static COMMANDS: &[Command] = &[
    goes(
        "go.external-attacker",
        "1",
        "threat",
        "External attacker",
        |_| threat(ThreatId::ExternalAttacker),
    ),
    goes(
        "go.malicious-container",
        "2",
        "threat",
        "Malicious container",
        |_| threat(ThreatId::MaliciousContainer),
    ),
    goes(
        "go.stolen-credentials",
        "3",
        "threat",
        "Stolen credentials",
        |_| threat(ThreatId::StolenCredentials),
    ),
    goes(
        "go.misconfiguration",
        "4",
        "threat",
        "Misconfiguration",
        |_| threat(ThreatId::Misconfiguration),
    ),
    goes(
        "go.vulnerable-applications",
        "5",
        "threat",
        "Vulnerable applications",
        |_| threat(ThreatId::VulnerableApplications),
    ),
    goes("go.first", "0", "first", "the first screen", |_| {
        vec![Action::Home]
    }),
    Command {
        opens: Some("view"),
        enabled: in_threat,
        ..goes("go.view", "v", "view", "choose what a threat lists", |cx| {
            vec![Action::Open("view", cx.target.clone())]
        })
    },
    place(
        "controls",
        "c",
        "controls",
        "key controls: which hold, which fail",
        "go.controls",
        |_| vec![Action::Go("controls", Target::Whole)],
    ),
    place(
        "cuts",
        "x",
        "cuts",
        "single changes by the stories they end",
        "go.cuts",
        |_| vec![Action::Go("cuts", Target::Whole)],
    ),
    place(
        "changes",
        "t",
        "changes",
        "what changed, and which verdicts with it",
        "go.changes",
        |_| vec![Action::Go("changes", Target::Whole)],
    ),
    place(
        "not-visible",
        "b",
        "not visible",
        "what is not visible, and how to see it",
        "go.not-visible",
        |_| vec![Action::Go("not-visible", Target::Whole)],
    ),
    goes("go.back", "[", "", "to the place before", |_| {
        vec![Action::Back]
    }),
    goes("go.forward", "]", "", "to the place after", |_| {
        vec![Action::Forward]
    }),
    goes("go.last", "-", "", "to the last place, and back", |_| {
        vec![Action::Last]
    }),
    place(
        "contexts",
        "",
        "",
        "choose another context",
        "go.context",
        |_| vec![Action::Open("contexts", Target::Whole)],
    ),
    place(
        "namespaces",
        "",
        "",
        "choose the namespaces to look at",
        "go.namespace",
        |_| vec![Action::Open("namespaces", Target::Whole)],
    ),
    place("themes", "", "", "choose a theme", "look.theme", |_| {
        vec![Action::Open("themes", Target::Whole)]
    }),
];

fn in_threat(cx: &Context<'_>) -> Enabled {
    match cx.target {
        Target::Threat(_) => always(cx),
        _ => Err("only in a threat's pane".into()),
    }
}
