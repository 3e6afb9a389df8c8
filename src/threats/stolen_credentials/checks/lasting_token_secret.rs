//! Account has a token that never ends
//!
//! ## What
//! Service accounts whose `secrets` name a Secret of the old form `ACCOUNT-token-xxxxx`. Secrets themselves are never read,
//! so a token Secret that no account names is not visible; a pod that mounts one in place of its token is told by "token
//! mounted".
//!
//! ## Why
//! Such a token works until its Secret is deleted: a copy taken years ago still opens the API server.
//!
//! ## Fix
//! None is offered: who uses the token is not known to the API. Look for its last use (`kubernetes.io/legacy-token-last-
//! used` on the Secret), then delete it.
//!
//! ## References
//! - KEP-2799, Reduction of Secret-based Service Account Tokens
//! - kubernetes.io, Managing Service Accounts, "Manually create a long-lived API token"

use crate::semantics::rbac::power::powers_of;
use crate::semantics::rbac::{Identity, held};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "lasting-token-secret",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "bindings-current",
    needs: &[
        Kind::ServiceAccount,
        Kind::Role,
        Kind::ClusterRole,
        Kind::RoleBinding,
        Kind::ClusterRoleBinding,
    ],
    rests_on: RestsOn::Presence,
    standards: &["attack:T1528", "owasp:2025/K08"],
    scope: Scope::Object(&[Kind::ServiceAccount], run),
    fix: Fix::None(
        "who uses the token is not known to the API: look for its last use on the Secret, then delete it",
    ),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: ci}
secrets: [{name: robot-token-7d2kx}]
",
        ),
        Example::fires(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: shop}
secrets: [{name: default-token-abcde}, {name: other}]
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: ci}
secrets: [{name: registry-login}]
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: ci}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::ServiceAccount(account) = object else {
        return;
    };
    let name = account.meta.name();
    let prefix = format!("{name}-token-");
    let mut secrets = account.secrets.iter().enumerate();
    let Some((at, secret)) = secrets.find(|(_, s)| is_token(s, &prefix)) else {
        return;
    };
    let identity = Identity::account(account.meta.namespace(), name);
    let strongest = view.context(|view| {
        let held = held(view, &identity);
        let powers = powers_of(view, &held);
        let worst = powers.iter().max_by_key(|power| power.severity())?;
        Some((worst.severity(), worst.words()))
    });
    let (severity, why) = match strongest {
        Some((severity, words)) if severity >= Severity::High => (
            Severity::High,
            format!("whoever has a copy may {words} until the Secret is deleted"),
        ),
        _ => (
            Severity::Medium,
            "whoever has a copy is this account until the Secret is deleted".to_owned(),
        ),
    };
    out.fires(Part::Whole, severity, why)
        .because(Evidence::explicit(
            object.key(),
            format!("secrets[{at}].name"),
            secret,
        ));
}

/// The token controller put five letters behind the name (`names.SimpleNameGenerator`).
fn is_token(secret: &str, prefix: &str) -> bool {
    secret
        .strip_prefix(prefix)
        .is_some_and(|rest| rest.len() == 5 && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
}
