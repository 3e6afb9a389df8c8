//! Namespace enforces no Pod Security level
//!
//! ## What
//! Namespaces without the label `pod-security.kubernetes.io/enforce`. `enforce-version` alone enforces nothing.
//!
//! ## Why
//! Without it the cluster's default applies, usually `privileged`: whoever may create a pod there may own the node.
//!
//! ## Fix
//! Sets `enforce: baseline`. Running pods stay; new ones that break the level are refused.
//!
//! ## References
//! - pod-security-admission `api/constants.go`
//! - CIS Kubernetes Benchmark 1.12, 5.2.1

use crate::threats::prelude::*;

const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

/// The check.
pub static CHECK: Check = Check {
    id: "pod-security-not-enforced",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "pod-security-enforced",
    needs: &[Kind::Namespace],
    rests_on: RestsOn::Presence,
    standards: &["cis:1.12/5.2.1", "owasp:2025/K05"],
    scope: Scope::Object(&[Kind::Namespace], run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
",
        ),
    ],
};

fn run(object: &Object, _: &View<'_>, out: &mut Sink) {
    if object.meta().labels.get(ENFORCE).is_none() {
        let path = format!("metadata.labels['{ENFORCE}']");
        out.fires(
            Part::Whole,
            Severity::Medium,
            "the cluster's default level applies, usually privileged",
        )
        .because(Evidence::new(object.key(), path, "unset", Origin::Default));
    }
}

fn fix(finding: &Finding, _: &View<'_>) -> Option<Remedy> {
    let change = Change::new(
        &finding.id.object,
        Edit::Label(ENFORCE.into(), Some("baseline".into())),
    );
    Some(Remedy::review(
        [change],
        "new pods that break the level are refused",
    ))
}
