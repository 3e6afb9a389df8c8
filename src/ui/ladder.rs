//! The Pod Security ladder in words: what stands between a workload or a namespace and a level, and the settings behind it.

use crate::engine::{
    ContainerSettings, EnforcedLevel, Given, Ladder, Level, NamespaceStanding, PodStanding,
    RejectedWorkload, Violation, WorkloadStanding,
};
use crate::model::{Kind, Missing, ObjectKey};
use crate::theme::Meaning;
use crate::ui::canvas::owned;
use crate::ui::row::RowId;
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// Names of pods that are written out; the rest is counted.
const NAMED: usize = 3;

/// The Namespace or workload whose ladder a row leads to.
pub fn climbs(row: &RowId) -> Option<ObjectKey> {
    match row {
        RowId::Namespace(name) if !name.is_empty() => Some(ObjectKey::of_namespace(name)),
        RowId::Level(rung) => Some(rung.0.clone()),
        other => other.object().cloned(),
    }
}

/// What stands between a workload and a level: each control once.
pub fn between(standing: &WorkloadStanding, level: Level) -> Vec<&'static str> {
    let mut all: Vec<&'static str> = Vec::new();
    for violation in standing.each.iter().flat_map(|pods| of(pods, level)) {
        if !all.contains(&violation.control) {
            all.push(violation.control);
        }
    }
    all
}

fn of(standing: &PodStanding, level: Level) -> &[Violation] {
    match level {
        Level::Privileged => &[],
        Level::Baseline => &standing.baseline,
        Level::Restricted => &standing.restricted,
    }
}

/// A workload and a level.
pub fn workload(standing: &WorkloadStanding, level: Level, sheet: &mut Sheet) {
    let name = format!("{} and {}", standing.workload.name, level.word());
    sheet.text(vec![owned(name, Meaning::Title)]);
    version(standing.minor, sheet);
    if between(standing, level).is_empty() {
        met(sheet);
        return;
    }
    let mut told: Vec<(&[Violation], Vec<&PodStanding>)> = Vec::new();
    for pods in &standing.each {
        let why = of(pods, level);
        match told.iter_mut().find(|(known, _)| *known == why) {
            Some((_, same)) => same.push(pods),
            None => told.push((why, vec![pods])),
        }
    }
    for (why, whom) in told.iter().filter(|(why, _)| !why.is_empty()) {
        sheet.blank();
        let whom: Vec<String> = whom.iter().map(|pods| whose(pods)).collect();
        sheet.text(vec![owned(whom.join(" and "), Meaning::Heading)]);
        violations(why, sheet);
    }
    key("the one patch that brings it there", sheet);
}

fn whose(standing: &PodStanding) -> String {
    let names: Vec<&str> = standing.pods.iter().take(NAMED).map(|p| &**p).collect();
    match standing.pods.len() {
        0 => "the template".to_owned(),
        n if n <= NAMED => names.join(", "),
        n => format!("{} and {} more", names.join(", "), n - NAMED),
    }
}

fn violations(all: &[Violation], sheet: &mut Sheet) {
    for violation in all {
        let line = vec![
            Piece::new(format!("  {}", violation.refusal.reason), Meaning::Text),
            Piece::new(format!("  {}", violation.control), Meaning::Muted),
        ];
        sheet.hanging(4, line);
        if !violation.refusal.detail.is_empty() {
            let detail = format!("    {}", violation.refusal.detail);
            sheet.hanging(4, vec![owned(detail, Meaning::Muted)]);
        }
    }
}

/// A namespace and a level.
pub fn namespace(standing: &NamespaceStanding, level: Level, sheet: &mut Sheet) {
    let name = format!("{} and {}", standing.namespace, level.word());
    sheet.text(vec![owned(name, Meaning::Title)]);
    let (says, meaning) = enforced(standing.enforced.as_ref());
    field("enforces", says, meaning, sheet);
    field("could today", standing.could.word(), Meaning::Text, sheet);
    version(standing.minor, sheet);
    missing(&standing.missing, sheet);
    let refused = match level {
        Level::Privileged => &[][..],
        Level::Baseline => &standing.baseline,
        Level::Restricted => &standing.restricted,
    };
    if refused.is_empty() {
        let says = "A raise refuses nothing that is here.";
        sheet.blank();
        sheet.text(vec![Piece::new(says, Meaning::Better)]);
    } else {
        sheet.heading("a raise refuses");
        for one in refused {
            sheet.hanging(4, vec![owned(format!("  {}", one.says()), Meaning::Text)]);
        }
        let says = "Pods that run stay; new ones of these are refused.";
        sheet.text(vec![Piece::new(says, Meaning::Muted)]);
    }
    key("the labels that raise it, warn and audit first", sheet);
}

/// The level in force in a namespace, and why.
pub fn enforced(found: Option<&EnforcedLevel>) -> (String, Meaning) {
    let Some(found) = found else {
        let says = "not visible: the Namespace may not be read";
        return (says.to_owned(), Meaning::Unknown);
    };
    match (found.level, found.level_from) {
        (Some(level), Given::InvalidLabel) => {
            let says = format!("{}: its label is no level", level.word());
            (says, Meaning::Warning)
        }
        (Some(level), _) => {
            let meaning = if level == Level::Privileged {
                Meaning::Fires
            } else {
                Meaning::Better
            };
            (level.word().to_owned(), meaning)
        }
        (None, _) => {
            let says = "nothing of its own; the cluster's default is not visible";
            (says.to_owned(), Meaning::Fires)
        }
    }
}

/// What a namespace could enforce today, and how far the next level is.
pub fn distance(ladder: &Ladder) -> (String, Meaning) {
    let could = ladder.could();
    let mut says = could.word().to_owned();
    if let Some((next, n)) = ladder.next() {
        let n = counted(n, "workload", "workloads");
        says = format!("{says}; {n} from {}", next.word());
    }
    if ladder.hidden {
        says.push_str(", by what is visible");
    }
    (says, meaning(could))
}

/// How good a level is.
pub fn meaning(level: Level) -> Meaning {
    match level {
        Level::Privileged => Meaning::Fires,
        Level::Baseline => Meaning::Text,
        Level::Restricted => Meaning::Better,
    }
}

/// The level that a namespace enforces in one word, for a column.
pub fn word(ladder: &Ladder) -> Piece<'static> {
    match (&ladder.enforced, ladder.level()) {
        (None, _) => Piece::new("hidden", Meaning::Unknown),
        (Some(_), None) => Piece::new("no level", Meaning::Fires),
        (Some(_), Some(level)) => Piece::new(level.word(), meaning(level)),
    }
}

/// A workload that a level refuses.
pub fn refused(one: &RejectedWorkload, level: Level, sheet: &mut Sheet) {
    let name = format!("{} and {}", one.workload.name, level.word());
    sheet.text(vec![owned(name, Meaning::Title)]);
    let pods = match one.pods.len() {
        0 => "no pod of it is there now".to_owned(),
        n => counted(n, "pod refused", "pods refused"),
    };
    field("pods", pods, Meaning::Number, sheet);
    sheet.blank();
    violations(&one.violations, sheet);
    sheet.blank();
    sheet.text(vec![
        Piece::new("enter", Meaning::Key),
        Piece::new(" goes to its own levels", Meaning::Muted),
    ]);
}

/// Name of a container, and of the pods that it is told of.
pub fn name(container: &ContainerSettings) -> String {
    match &container.pods[..] {
        [] => container.name.to_string(),
        [one] => format!("{} in {one}", container.name),
        [first, rest @ ..] => format!("{} in {first} and {} more", container.name, rest.len()),
    }
}

/// What is told of it, in a few words.
pub fn what(container: &ContainerSettings) -> &'static str {
    if container.only_live {
        "not in the template"
    } else if container.pods.is_empty() {
        container.list.word()
    } else {
        "unlike its template"
    }
}

/// The settings in force in a container.
pub fn settings(container: &ContainerSettings, sheet: &mut Sheet) {
    sheet.text(vec![
        owned(&*container.name, Meaning::Title),
        Piece::new(format!("  {}", what(container)), Meaning::Muted),
    ]);
    let pods = container.pods.len();
    if pods > 0 {
        field("pods", counted(pods, "pod", "pods"), Meaning::Number, sheet);
    }
    sheet.heading("settings in force");
    for setting in &container.settings {
        let right = vec![
            owned(&*setting.value, Meaning::YamlValue),
            Piece::new(format!("  {}", setting.origin.word()), Meaning::Origin),
        ];
        sheet.pair(2, Piece::new(setting.field, Meaning::YamlKey), right);
        if let Some(template) = &setting.template {
            let says = format!("    the template has {template}");
            sheet.hanging(4, vec![owned(says, Meaning::Muted)]);
        }
    }
}

fn met(sheet: &mut Sheet) {
    sheet.blank();
    sheet.text(vec![Piece::new(
        "Met by its template and by every live pod.",
        Meaning::Better,
    )]);
}

fn version(minor: u32, sheet: &mut Sheet) {
    field("rules of", format!("v1.{minor}"), Meaning::Text, sheet);
}

fn missing(all: &[Missing], sheet: &mut Sheet) {
    for one in all {
        field("not visible", one.sentence(), Meaning::Unknown, sheet);
    }
}

fn key(does: &'static str, sheet: &mut Sheet) {
    sheet.blank();
    sheet.text(vec![
        Piece::new("y", Meaning::Key),
        Piece::new(format!(" copies {does}"), Meaning::Muted),
    ]);
}

fn field(label: &'static str, text: impl Into<String>, meaning: Meaning, sheet: &mut Sheet) {
    let label = Piece::new(format!("{label:<13}"), Meaning::Muted);
    sheet.hanging(13, vec![label, owned(text, meaning)]);
}

/// A row leads to a ladder: the row is about a namespace, or about an object that is a workload.
pub fn is_namespace(key: &ObjectKey) -> bool {
    key.known() == Some(Kind::Namespace)
}
