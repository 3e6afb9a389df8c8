//! Rights beyond one's own: `escalate` (P04) and `bind` (P05, P06), each worth nothing alone.
//!
//! Source: kubernetes/kubernetes `pkg/registry/rbac/escalation_check.go`. `escalate` is asked for on the role that is
//! written, so that role must be writable too; `bind` on the role that is bound, in the namespace of the binding, so a
//! binding must be writable there. Whoever lacks both may only pass on what they hold: that is no ability of its own.

use super::{Ability, At, Power};
use crate::semantics::rbac::grants::{Clause, Held, Scope};
use crate::semantics::rbac::rule::is_everything;
use crate::view::View;

const GROUP: &str = "rbac.authorization.k8s.io";

pub(super) fn find<'a>(at: &At<'_, 'a>, out: &mut Vec<Power<'a>>) {
    let wide = at.scope.is_cluster();
    let roles: &[&str] = if wide {
        &["clusterroles", "roles"]
    } else {
        &["roles"]
    };
    out.extend(roles.iter().find_map(|resource| rewrite(at, resource)));
    let bindings = at
        .write(GROUP, "clusterrolebindings")
        .filter(|_| wide)
        .or_else(|| at.write(GROUP, "rolebindings"));
    out.extend(bindings.and_then(|bindings| bind(at, bindings)));
}

/// `escalate` and a way to write, for every role or for one and the same name.
fn rewrite<'a>(at: &At<'_, 'a>, resource: &str) -> Option<Power<'a>> {
    const WRITE: &[&str] = &["update", "patch"];
    if let Some(escalate) = at.any(&["escalate"], GROUP, resource) {
        let write = at.some(WRITE, GROUP, resource)?;
        return Some(at.power(Ability::RewriteRoles, [escalate, write]));
    }
    let named = at.named(&["escalate"], GROUP, resource).into_iter();
    named.into_iter().find_map(|escalate| {
        let mut names = escalate.rule.names.iter();
        let write = names.find_map(|name| at.one(WRITE, GROUP, resource, name))?;
        Some(at.power(Ability::RewriteRoles, [escalate, write]))
    })
}

/// `bind` on every cluster role, on a named one that holds everything, or on others by name. (`bind` on Roles alone
/// reaches no more than the Roles that somebody else wrote into the namespace.)
fn bind<'a>(at: &At<'_, 'a>, bindings: Clause<'a>) -> Option<Power<'a>> {
    if let Some(bind) = at.any(&["bind"], GROUP, "clusterroles") {
        return Some(at.power(Ability::BindRoles, [bind, bindings]));
    }
    let named = at.named(&["bind"], GROUP, "clusterroles");
    let grants_all = |c: &&Clause<'_>| c.rule.names.iter().any(|name| is_admin(at, name));
    if let Some(bind) = named.iter().find(grants_all) {
        return Some(at.power(Ability::BindRoles, [*bind, bindings]));
    }
    let mut limited = at.limited(Ability::BindRoles, named)?;
    limited.by.push(bindings);
    Some(limited)
}

/// A cluster role that holds everything, by content.
fn is_admin(at: &At<'_, '_>, name: &str) -> bool {
    let role = at.view.role(None, name).seen();
    role.is_some_and(|role| role.rules.iter().any(is_everything))
}

/// Binds the Roles that exist in a namespace, and no cluster role: worth what somebody else wrote into them.
pub fn binds_local_roles<'a>(view: &View<'a>, held: &Held<'a>, scope: Scope<'a>) -> bool {
    let at = At::new(view, held, scope);
    at.some(&["bind"], GROUP, "roles").is_some() && at.write(GROUP, "rolebindings").is_some()
}
