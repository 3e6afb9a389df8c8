//! Namespaces and objects: what they are, and what fires on them.

use super::field;
use super::story::gone;
use crate::engine::{Ladder, Row};
use crate::model::{ObjectKey, Severity};
use crate::theme::Meaning;
use crate::ui::canvas::owned;
use crate::ui::context::Context;
use crate::ui::facts;
use crate::ui::ladder;
use crate::ui::say;
use crate::ui::since::{age, count, counted};
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

pub(super) fn namespace(cx: &Context<'_>, name: &str, sheet: &mut Sheet) {
    let Some(table) = cx.snapshot.spaces.get(name) else {
        gone(sheet, "This namespace is gone.");
        return;
    };
    let title = if name.is_empty() {
        "the cluster as a whole"
    } else {
        name
    };
    sheet.text(vec![owned(title, Meaning::Title)]);
    if table.system {
        sheet.text(vec![Piece::new(
            "part of Kubernetes itself",
            Meaning::Muted,
        )]);
    }
    sheet.blank();
    if !name.is_empty() {
        for (label, n) in [
            ("pods", table.pods),
            ("workloads", table.workloads.len()),
            ("accounts", table.accounts.len()),
            ("policies", table.policies.len()),
            ("services", table.services.len()),
            ("images", table.images.len()),
        ] {
            field(sheet, label, count(n), Meaning::Number);
        }
    }
    if let Some(ladder) = &table.ladder {
        levels(ladder, sheet);
    }
    summary(cx, table.rows.iter(), sheet);
}

/// Where it stands between the Pod Security levels.
fn levels(ladder: &Ladder, sheet: &mut Sheet) {
    let (says, meaning) = ladder::enforced(ladder.enforced.as_ref());
    field(sheet, "enforces", says, meaning);
    let (says, meaning) = ladder::distance(ladder);
    field(sheet, "could", says, meaning);
}

/// Findings by check, the worst first.
fn summary<'a>(cx: &Context<'_>, rows: impl Iterator<Item = &'a Row>, sheet: &mut Sheet) {
    let mut checks: Vec<(Severity, usize, &'static str)> = Vec::new();
    let mut unknown = 0;
    for row in rows {
        let Some(finding) = row.finding() else {
            unknown += 1;
            continue;
        };
        match checks.iter_mut().find(|(.., id)| *id == row.check) {
            Some(slot) => {
                slot.0 = slot.0.max(finding.severity);
                slot.1 += 1;
            }
            None => checks.push((finding.severity, 1, row.check)),
        }
    }
    checks.sort_by(|a, b| (b.0, b.1, a.2).cmp(&(a.0, a.1, b.2)));
    if !checks.is_empty() {
        sheet.heading("fires here");
    }
    for (severity, n, check) in checks {
        let title = Piece::new(cx.catalogue.check_title(check), Meaning::Text);
        let right = vec![
            owned(
                if n > 1 {
                    format!("{} x ", count(n))
                } else {
                    String::new()
                },
                Meaning::Number,
            ),
            Piece::new(severity.word(), say::severity(severity)),
        ];
        sheet.row(2, title, right);
    }
    if unknown > 0 {
        sheet.blank();
        let n = counted(unknown, "verdict", "verdicts");
        sheet.text(vec![owned(format!("{n} not visible"), Meaning::Unknown)]);
    }
}

pub(super) fn object(cx: &Context<'_>, key: &ObjectKey, sheet: &mut Sheet) {
    sheet.text(vec![owned(key.to_string(), Meaning::Title)]);
    sheet.blank();
    field(sheet, "kind", key.kind.name(), Meaning::Text);
    workload(cx, key, sheet);
    account(cx, key, sheet);
    if let Some(policy) = facts::policy(cx.snapshot, key) {
        let selects = policy.selects.map_or_else(
            || "pods are not visible".to_owned(),
            |n| counted(n, "pod", "pods"),
        );
        field(sheet, "selects", selects, Meaning::Number);
        field(sheet, "decides", policy.directions, Meaning::Text);
    }
    if let Some(service) = facts::service(cx.snapshot, key) {
        field(sheet, "type", service.kind, Meaning::Text);
        field(sheet, "ports", &*service.ports, Meaning::Text);
        let outside = if service.outside.is_empty() {
            "inside the cluster only"
        } else {
            &service.outside
        };
        field(sheet, "outside", outside, Meaning::Text);
    }
    summary(cx, facts::rows_of(cx.snapshot, key), sheet);
}

fn workload(cx: &Context<'_>, key: &ObjectKey, sheet: &mut Sheet) {
    let Some(workload) = facts::workload(cx.snapshot, key) else {
        return;
    };
    let wanted = workload
        .replicas
        .map_or(String::new(), |n| format!(", {n} wanted"));
    field(
        sheet,
        "pods",
        format!("{} live{wanted}", count(workload.pods)),
        Meaning::Number,
    );
    field(sheet, "account", &*workload.account, Meaning::Text);
    let meaning = ladder::meaning(workload.meets);
    field(sheet, "meets", workload.meets.word(), meaning);
    super::images::of_workload(cx, key, sheet);
}

fn account(cx: &Context<'_>, key: &ObjectKey, sheet: &mut Sheet) {
    let Some(account) = facts::account(cx.snapshot, key) else {
        return;
    };
    field(
        sheet,
        "used by",
        counted(account.used_by, "workload", "workloads"),
        Meaning::Number,
    );
    field(
        sheet,
        "named by",
        counted(account.bindings, "binding", "bindings"),
        Meaning::Number,
    );
    let token = if account.automount_off {
        "not mounted unless a pod asks for it"
    } else {
        "mounted unless a pod refuses it"
    };
    field(sheet, "token", token, Meaning::Text);
    if let Some(created) = account.created {
        let made = format!("{} ago", age(created, cx.now));
        field(sheet, "made", made, Meaning::Text);
    }
}

pub(super) fn subject(cx: &Context<'_>, name: &str, sheet: &mut Sheet) {
    sheet.text(vec![owned(name, Meaning::Title)]);
    let named = |row: &&Row| {
        let part = row.finding().map(|finding| &finding.id.part);
        matches!(part, Some(crate::model::Part::Subject(part)) if **part == *name)
    };
    summary(cx, cx.snapshot.rows().filter(named), sheet);
    if name.starts_with("group:") {
        sheet.blank();
        let text = "who is in a group is known to the identity provider, not to the cluster";
        sheet.text(vec![Piece::new(text, Meaning::Unknown)]);
    }
}
