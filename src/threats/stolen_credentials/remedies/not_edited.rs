//! Why a role is not edited, and where its rules come from.

use super::narrow::{Narrowed, is_ours};
use super::sources::fills;
use crate::fix::managed_by;
use crate::model::objects::access::{Role, Rule};
use crate::semantics::rbac::{role_of, stock};
use crate::threats::prelude::*;

/// Roles that are named; more are counted.
const NAMED: usize = 3;

/// A sentence on why the right is not taken out of the role of a finding's binding; `None` where it can be.
pub(crate) fn not_edited(
    finding: &Finding,
    view: &View<'_>,
    narrowed: impl Fn(&Rule) -> Narrowed,
) -> Option<String> {
    let (binding, _) = super::bound(finding, view)?;
    let role = role_of(view, binding).seen()?;
    let key = &role.meta.key;
    let touched = |role: &Role| {
        !role
            .rules
            .iter()
            .all(|r| matches!(narrowed(r), Narrowed::Kept))
    };
    if role.aggregation.is_some() {
        let parts = view.context(|view| parts(view, role));
        let from: Vec<&&Role> = parts.iter().filter(|part| touched(part)).collect();
        return Some(format!(
            "{key} is put together from other cluster roles and is not edited: the right comes from {}",
            sources(&from)
        ));
    }
    if !is_ours(role) {
        return Some(format!(
            "{key} is one of Kubernetes' own and is not edited: the API server puts its rules back at its next start"
        ));
    }
    let wild = |rule: &Rule| matches!(narrowed(rule), Narrowed::Inseparable);
    role.rules.iter().any(wild).then(|| {
        format!("a wildcard of {key} holds the right among others: it cannot be taken out alone")
    })
}

/// The cluster roles that fill a role, in order.
fn parts<'a>(view: &View<'a>, role: &Role) -> Vec<&'a Role> {
    let all = view.list(Kind::ClusterRole, "");
    all.filter_map(|object| match &**object {
        Object::Role(part) if fills(part, role) => Some(part),
        _ => None,
    })
    .collect()
}

/// Which roles, and how to change each.
fn sources(from: &[&&Role]) -> String {
    if from.is_empty() {
        return "none that is visible".to_owned();
    }
    let more = from.len().saturating_sub(NAMED);
    let named = from.iter().take(NAMED).map(|role| source(role));
    let named: Vec<String> = named.collect();
    match more {
        0 => named.join("; "),
        n => format!("{}; and {n} more", named.join("; ")),
    }
}

fn source(role: &Role) -> String {
    let key = &role.meta.key;
    if stock::role_writer(role).is_some() {
        return format!("{key} (Kubernetes' own: put back at the next start)");
    }
    match managed_by::of(&Object::Role(role.clone())) {
        Some(manager) => format!("{key} ({})", manager.says),
        None => format!("{key} (change that one)"),
    }
}
