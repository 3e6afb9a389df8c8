//! A namespace raised to a level: warn and audit first, then enforce, with everybody whom that refuses.

use super::remedy::Remedy;
use crate::model::change::{Change, Edit};
use crate::model::{Labels, ObjectKey, Str};
use crate::semantics::pod_security::labels::{Given, Mode, effective};
use crate::semantics::pod_security::raise::enforced_version;
use crate::semantics::pod_security::standing::{RejectedWorkload, refused};
use crate::semantics::pod_security::{Level, Version};
use crate::view::View;

/// A raise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// The labels, in the order in which they should be set.
    pub remedy: Remedy,
    /// Every workload that the level refuses, by its template or by a pod that is there. Never cut short.
    pub rejected: Vec<RejectedWorkload>,
}

/// The raise of a namespace to a level at a version (`None`: what its labels name). An error says why there is none.
pub fn raise(
    view: &View<'_>,
    namespace: &str,
    level: Level,
    version: Option<Version>,
) -> Result<Raised, String> {
    let found = view.namespace(namespace).seen();
    let labels = &found
        .ok_or_else(|| format!("namespace {namespace} is not visible"))?
        .meta
        .labels;
    let version = version.unwrap_or_else(|| enforced_version(labels));
    let enforced = effective(labels, Mode::Enforce);
    let own = enforced.version.unwrap_or(Version::Latest);
    let stricter = enforced.level > Some(level) && enforced.level_from == Given::Label;
    let same =
        enforced.level == Some(level) && enforced.level_from == Given::Label && own == version;
    if stricter || same {
        let now = enforced.level.map_or("", Level::word);
        return Err(format!("namespace {namespace} enforces {now} already"));
    }
    let key = ObjectKey::of_namespace(namespace);
    let mut changes = Vec::new();
    for mode in [Mode::Warn, Mode::Audit, Mode::Enforce] {
        changes.extend(labelled(&key, labels, mode, level, version));
    }
    let minor = version.applied(view.cluster().version.as_ref());
    let rejected = view.context(|view| refused(view, namespace, level, minor));
    let mut remedy = Remedy::review(
        changes,
        "new pods that break the level are refused, after a restart or a rollout too; pods that run stay",
    );
    for one in &rejected {
        remedy = remedy.may_break(format!("refused from then on: {}", one.says()));
    }
    Ok(Raised { remedy, rejected })
}

/// What brings a mode to the level: nothing where it asks as much already.
fn labelled(
    key: &ObjectKey,
    labels: &Labels,
    mode: Mode,
    level: Level,
    version: Version,
) -> Vec<Change> {
    let now = effective(labels, mode);
    let own = labels.get(mode.version_label());
    let written = own.and_then(|text| Version::parse(text));
    let valid = now.level_from == Given::Label;
    if mode != Mode::Enforce && valid && now.level > Some(level) {
        return Vec::new();
    }
    let set = |label: &str, value: &str| {
        Change::new(key, Edit::Label(label.into(), Some(Str::from(value))))
    };
    let mut changes = Vec::new();
    if !valid || now.level != Some(level) {
        changes.push(set(mode.label(), level.word()));
    }
    // Unset is latest, unless the server is told otherwise.
    if written != Some(version) && (own.is_some() || version != Version::Latest) {
        changes.push(set(mode.version_label(), &version.to_string()));
    }
    changes
}

/// The step of a raise that an edit belongs to: what warns, or what refuses pods once the warnings have been looked at.
pub(super) fn stage(edit: &Edit) -> Option<Mode> {
    let Edit::Label(key, _) = edit else {
        return None;
    };
    let of = |mode: Mode| [mode.label(), mode.version_label()].contains(&&**key);
    let mode = Mode::ALL.into_iter().find(|mode| of(*mode))?;
    Some(if mode == Mode::Audit {
        Mode::Warn
    } else {
        mode
    })
}
