//! Who asks, when no groups are named.

use crate::model::{Str, Subject};
use crate::semantics::rbac::Identity;
use crate::semantics::rbac::identity::{ANONYMOUS, AUTHENTICATED};

/// A user name with these groups, or with those that it always has.
///
/// An account is in its three groups, nobody's login in `system:unauthenticated`, everybody else in
/// `system:authenticated`; which other groups a person is in is not in the API.
pub(in crate::cli) fn caller(user: &str, groups: Option<Vec<Str>>) -> Identity {
    if let Some(groups) = groups {
        return Identity::new(user, groups);
    }
    let account = Identity::user(user);
    let is_account = |subject: &Subject| matches!(subject, Subject::ServiceAccount { .. });
    if user == ANONYMOUS || account.named_by().iter().any(is_account) {
        account
    } else {
        Identity::new(user, [AUTHENTICATED.into()])
    }
}
