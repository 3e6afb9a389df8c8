//! Reading Secrets (P14 to P17). `list` and `watch` return contents as `get` does. `list` with resourceNames works with a
//! field selector on the name, so it reads those names and no others. The answer to a patch is the object, changed or not;
//! that to a deletion of all that match, tried as a dry run, is everything that matched, and it carries no name.

use super::{Ability, At, Power};
use crate::model::objects::access::Rule;
use crate::semantics::rbac::rule::{Ask, allows, allows_some};

const READ: &[&str] = &["get", "list", "watch", "patch"];
const READ_ALL: &[&str] = &["get", "list", "watch", "patch", "deletecollection"];

/// True when a rule reads Secrets: all of its scope, or those that it names.
pub fn reads_secrets(rule: &Rule) -> bool {
    let some = |verb: &&str| allows_some(rule, &Ask::any(verb, "", "secrets"));
    let all = |verb: &&str| allows(rule, &Ask::any(verb, "", "secrets"));
    READ.iter().any(some) || READ_ALL.iter().any(all)
}

pub(super) fn find<'a>(at: &At<'_, 'a>, out: &mut Vec<Power<'a>>) {
    out.extend(
        at.any(READ_ALL, "", "secrets")
            .map(|clause| at.power(Ability::ReadSecrets, [clause])),
    );
    out.extend(at.limited(Ability::ReadSecrets, at.named(READ, "", "secrets")));
}
