//! Pod Security label of a namespace is not what it seems
//!
//! ## What
//! Namespaces whose `pod-security.kubernetes.io` labels hold a level or a version that does not exist, or that pin
//! `enforce` to a version of the standard older than the server's.
//!
//! ## Why
//! An invalid level means restricted for `enforce` and privileged, so nothing, for `warn` and `audit`. A pinned version
//! keeps the rules of its day: what later versions refuse is let in.
//!
//! ## Fix
//! Writes what the server makes of an invalid `enforce` level, restricted; sets `warn` and `audit` to baseline, and a
//! version to latest.
//!
//! ## References
//! - pod-security-admission `api/helpers.go` (`PolicyToEvaluate`, `ParseLevel`, `ParseVersion`)
//! - kubernetes.io, Enforce Pod Security Standards with Namespace Labels

use crate::model::Labels;
use crate::semantics::pod_security::labels::{Mode, invalid};
use crate::semantics::pod_security::{Level, Version};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "pod-security-label-invalid",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "pod-security-enforced",
    needs: &[Kind::Namespace],
    rests_on: RestsOn::Presence,
    standards: &["owasp:2025/K05"],
    scope: Scope::Object(&[Kind::Namespace], run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: strict}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/enforce-version: v1.24}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/warn: loud}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/enforce-version: '1.30'}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/enforce-version: latest}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::Namespace(namespace) = object else {
        return;
    };
    let labels = &namespace.meta.labels;
    if namespace.terminating {
        return;
    }
    let wrong: Vec<(&str, &Str)> = invalid(labels).collect();
    if !wrong.is_empty() {
        let off = wrong
            .iter()
            .any(|(label, _)| *label == Mode::Warn.label() || *label == Mode::Audit.label());
        let why = if off {
            "a level that does not exist: warn and audit then say nothing"
        } else {
            "a value that does not exist: the server takes restricted for a level and latest for a version"
        };
        let draft = out.fires(Part::Whole, Severity::Low, why);
        for (label, value) in wrong {
            draft.because(Evidence::explicit(object.key(), path(label), value));
        }
        return;
    }
    let Some((text, pinned)) = pinned(labels) else {
        return;
    };
    let server = Version::Latest.applied(view.cluster().version.as_ref());
    if pinned >= u64::from(server) {
        return;
    }
    let why = format!(
        "what the standard refuses since v1.{} is let in",
        pinned + 1
    );
    out.fires(Part::Whole, Severity::Low, why)
        .because(Evidence::explicit(
            object.key(),
            path(Mode::Enforce.version_label()),
            text,
        ));
}

/// The minor that `enforce` is pinned to, as written and as a number.
fn pinned(labels: &Labels) -> Option<(&Str, u64)> {
    let text = labels.get(Mode::Enforce.version_label())?;
    match Version::parse(text)? {
        Version::Minor(minor) => Some((text, minor)),
        Version::Latest => None,
    }
}

fn path(label: &str) -> String {
    format!("metadata.labels['{label}']")
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let Object::Namespace(namespace) = &**view.get(&finding.id.object).seen()? else {
        return None;
    };
    let labels = &namespace.meta.labels;
    let mut to: Vec<(&str, &str)> = invalid(labels)
        .map(|(label, _)| {
            (
                label,
                match label {
                    _ if label.ends_with("-version") => "latest",
                    // What the server makes of it today, in its own words.
                    _ if label == Mode::Enforce.label() => Level::Restricted.word(),
                    _ => Level::Baseline.word(),
                },
            )
        })
        .collect();
    if to.is_empty() {
        pinned(labels)?;
        to.push((Mode::Enforce.version_label(), "latest"));
    }
    let changes = to.into_iter().map(|(label, value)| {
        let edit = Edit::Label(label.into(), Some(value.into()));
        Change::new(&finding.id.object, edit)
    });
    Some(Remedy::review(
        changes,
        "a newer version refuses more: P on the namespace lists the pods that it would",
    ))
}
