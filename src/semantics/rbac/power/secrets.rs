//! Reading Secrets (P14, P15). `list` and `watch` return contents as `get` does. `list` with resourceNames works with a
//! field selector on the name, so it reads those names and no others.

use super::{Ability, At, Power};

const READ: &[&str] = &["get", "list", "watch"];

pub(super) fn find<'a>(at: &At<'_, 'a>, out: &mut Vec<Power<'a>>) {
    out.extend(
        at.any(READ, "", "secrets")
            .map(|clause| at.power(Ability::ReadSecrets, [clause])),
    );
    out.extend(at.limited(Ability::ReadSecrets, at.named(READ, "", "secrets")));
}
