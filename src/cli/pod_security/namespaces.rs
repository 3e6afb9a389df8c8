//! One row for every namespace: what holds in it, where that comes from, and which pods a raise would reject.

use serde::Serialize;

use super::pods::said;
use super::{Asked, Unseen, ViolationRow, json};
use crate::model::objects::namespace::Namespace;
use crate::model::text::clean;
use crate::model::{Kind, Labels, Missing, Object, ObjectKey, Str};
use crate::report::columns::table;
use crate::report::document::ObjectRow;
use crate::semantics::pod_security::labels::{Effective, Given, Mode, effective, invalid};
use crate::semantics::pod_security::raise::{enforced_version, rejected, warnings};
use crate::semantics::pod_security::{Level, Version};
use crate::view::{View, top_owner};

/// A namespace.
#[derive(Clone, Debug, Serialize)]
pub(in crate::cli) struct NamespaceRow {
    object: ObjectRow,
    enforce: ModeRow,
    audit: ModeRow,
    warn: ModeRow,
    invalid_labels: Vec<LabelRow>,
    /// The strictest level that rejects no pod that is there; absent when pods are not visible.
    #[serde(skip_serializing_if = "Option::is_none")]
    highest_level: Option<&'static str>,
    raise: Vec<RaiseRow>,
    /// Why its labels or its pods are not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_visible: Vec<String>,
}

/// What a mode comes to.
#[derive(Clone, Debug, Serialize)]
struct ModeRow {
    /// Absent where the labels are not visible.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
    /// `label`, `invalid label`, `enforce` (warn follows it), `default`: the cluster's, which the API does not show, or
    /// `not visible`: neither are the labels.
    level_from: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    version_from: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct LabelRow {
    label: &'static str,
    value: String,
}

/// What setting a level would do to the pods that are there.
#[derive(Clone, Debug, Serialize)]
struct RaiseRow {
    level: &'static str,
    version: String,
    rejects: Vec<RejectRow>,
    /// What the server says to whoever sets the label.
    warnings: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct RejectRow {
    object: ObjectRow,
    /// The top owner, when it is another object.
    #[serde(skip_serializing_if = "Option::is_none")]
    workload: Option<ObjectRow>,
    phase: &'static str,
    violations: Vec<ViolationRow>,
}

impl NamespaceRow {
    /// A raise rejects a pod.
    pub(in crate::cli) fn rejects(&self) -> bool {
        self.raise.iter().any(|raise| !raise.rejects.is_empty())
    }
}

/// Every row, in order of name.
pub(in crate::cli) fn rows(asked: &Asked<'_>) -> Vec<NamespaceRow> {
    let names = asked.world.namespaces();
    let named = |name: &&Str| asked.covers(name) && is_written(asked, name);
    names.iter().filter(named).map(|n| row(asked, n)).collect()
}

/// A closed world assumes namespaces for stock objects' sake; one that holds nothing to judge is no answer.
fn is_written(asked: &Asked<'_>, name: &str) -> bool {
    let assumed = match asked
        .world
        .get(&ObjectKey::of_namespace(name))
        .map(|o| &**o)
    {
        Some(Object::Namespace(namespace)) => namespace.assumed,
        _ => false,
    };
    let mut kinds = Kind::TEMPLATED.into_iter().chain([Kind::Pod]);
    let space = asked.world.space(name);
    !assumed || space.is_some_and(|space| kinds.any(|kind| !space.table(kind).is_empty()))
}

fn row(asked: &Asked<'_>, name: &str) -> NamespaceRow {
    let view = View::new(asked.world);
    let key = ObjectKey::of_namespace(name);
    let found = view.get(&key).seen();
    let namespace = found.and_then(|object| match &**object {
        Object::Namespace(namespace) => Some(namespace),
        _ => None,
    });
    let none = Labels::default();
    let labels = namespace.map_or(&none, |n| &n.meta.labels);
    let mut not_visible: Vec<String> = view.take_blind().iter().map(Missing::sentence).collect();
    if namespace.is_none_or(|n: &Namespace| n.assumed) && not_visible.is_empty() {
        not_visible.push("its labels: the Namespace is not among the objects".to_owned());
    }
    let version = asked.version.unwrap_or_else(|| enforced_version(labels));
    let minor = match asked.version {
        Some(_) => asked.minor(),
        None => asked.server_minor(version),
    };
    let raise = Raise {
        asked,
        view: &view,
        name,
        version,
        minor,
    };
    let stricter = [Level::Baseline, Level::Restricted];
    let raises: Vec<RaiseRow> = stricter.into_iter().map(|level| raise.to(level)).collect();
    let blind = view.take_blind();
    let mut meets = raises.iter().filter(|raise| raise.rejects.is_empty());
    let meets = meets.next_back().map_or("privileged", |raise| raise.level);
    not_visible.extend(blind.iter().map(Missing::sentence));
    let mode = |mode| match namespace {
        Some(_) => ModeRow::of(effective(labels, mode)),
        None => ModeRow::UNKNOWN,
    };
    NamespaceRow {
        object: (&key).into(),
        enforce: mode(Mode::Enforce),
        audit: mode(Mode::Audit),
        warn: mode(Mode::Warn),
        invalid_labels: invalid(labels)
            .map(|(label, value)| LabelRow {
                label,
                value: value.to_string(),
            })
            .collect(),
        highest_level: blind.is_empty().then_some(meets),
        raise: raises
            .into_iter()
            .filter(|raise| asked.level.is_none_or(|level| level.word() == raise.level))
            .collect(),
        not_visible,
    }
}

/// What a raise needs to know.
struct Raise<'a> {
    asked: &'a Asked<'a>,
    view: &'a View<'a>,
    name: &'a str,
    version: Version,
    minor: u32,
}

impl Raise<'_> {
    fn to(&self, level: Level) -> RaiseRow {
        let found = rejected(self.view, self.name, level, self.minor);
        let warnings = warnings(self.name, level, self.version, &found);
        let rejects = found.into_iter().map(|one| {
            let key = &one.pod.meta.key;
            let object = self.asked.world.get(key);
            let owner = object.map(|object| top_owner(self.asked.world, object));
            RejectRow {
                object: key.into(),
                workload: owner.filter(|owner| owner != key).as_ref().map(Into::into),
                phase: one.pod.phase.word(),
                violations: one.violations.into_iter().map(Into::into).collect(),
            }
        });
        RaiseRow {
            level: level.word(),
            version: format!("v1.{}", self.minor),
            rejects: rejects.collect(),
            warnings,
        }
    }
}

impl ModeRow {
    const UNKNOWN: ModeRow = ModeRow {
        level: None,
        level_from: "not visible",
        version: None,
        version_from: "not visible",
    };

    fn of(effective: Effective) -> Self {
        let from = |given| match given {
            Given::Label => "label",
            Given::InvalidLabel => "invalid label",
            Given::Enforced => "enforce",
            Given::ClusterDefault => "default",
        };
        let version = effective.version.unwrap_or(Version::Latest);
        ModeRow {
            level: Some(effective.level.unwrap_or(Level::Privileged).word()),
            level_from: from(effective.level_from),
            version: Some(version.to_string()),
            version_from: from(effective.version_from),
        }
    }
}

/// The rows in a format.
pub(in crate::cli) fn print(format: &str, rows: &[NamespaceRow], unseen: &Unseen) -> String {
    let unseen = &unseen.outside_api();
    if format != "table" {
        return json(format, "namespaces", rows, unseen);
    }
    let mut text = String::new();
    let lines = rows.iter().map(|row| {
        let rejects = row.raise.iter().map(|raise| match raise.rejects.len() {
            0 => format!("{}: none", raise.level),
            1 => format!("{}: 1 pod", raise.level),
            many => format!("{}: {many} pods", raise.level),
        });
        let rejects: Vec<String> = rejects.collect();
        vec![
            clean(&row.object.name).into_owned(),
            row.enforce.said(),
            row.warn.said(),
            row.audit.said(),
            row.highest_level.unwrap_or("not visible").to_owned(),
            rejects.join(", "),
        ]
    });
    let head = [
        "NAMESPACE",
        "ENFORCES",
        "WARNS",
        "AUDITS",
        "PODS MEET",
        "A RAISE REJECTS",
    ];
    table(&mut text, &head, lines.collect());
    let rejects: Vec<Vec<String>> = rows.iter().flat_map(reject_lines).collect();
    if !rejects.is_empty() {
        text.push('\n');
        let head = ["NAMESPACE", "LEVEL", "WORKLOAD", "PODS", "BECAUSE"];
        table(&mut text, &head, rejects);
    }
    text.push('\n');
    let lines = unseen.not_visible.iter().map(|row| {
        let cells = [&row.what, &row.reason, &row.how];
        cells.map(|cell| clean(cell).into_owned()).to_vec()
    });
    let head = ["NOT VISIBLE", "WHY", "HOW TO SEE IT"];
    table(&mut text, &head, lines.collect());
    text
}

/// One line for pods of one workload that are rejected for the same.
fn reject_lines(row: &NamespaceRow) -> Vec<Vec<String>> {
    let mut lines: Vec<(Vec<String>, usize, String)> = Vec::new();
    for raise in &row.raise {
        for reject in &raise.rejects {
            let holder = reject.workload.as_ref().unwrap_or(&reject.object);
            let workload = format!("{}/{}", holder.kind, holder.name);
            let head = vec![
                clean(&row.object.name).into_owned(),
                format!("{} {}", raise.level, raise.version),
                clean(&workload).into_owned(),
            ];
            let because: Vec<String> = reject.violations.iter().map(said).collect();
            let because = because.join(", ");
            match lines.iter_mut().find(|l| l.0 == head && l.2 == because) {
                Some((_, count, _)) => *count += 1,
                None => lines.push((head, 1, because)),
            }
        }
    }
    let line = |(mut head, count, because): (Vec<String>, usize, String)| {
        head.extend([count.to_string(), because]);
        head
    };
    lines.into_iter().map(line).collect()
}

impl ModeRow {
    fn said(&self) -> String {
        let (Some(level), Some(version)) = (self.level, &self.version) else {
            return self.level_from.to_owned();
        };
        match self.level_from {
            "label" => format!("{level} {version}"),
            from => format!("{level} {version} ({from})"),
        }
    }
}
