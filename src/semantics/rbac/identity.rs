//! Who asks: a user name with its groups, as authentication reports them.
//!
//! Source: kubernetes/apiserver `pkg/authentication/serviceaccount/util.go`, `pkg/authentication/user/user.go`.
//! Human users and groups are not objects of the API: which groups a person is in cannot be known, and is not guessed.

use std::sync::LazyLock;

use crate::model::{Str, Subject};

/// Group of everybody who logged in.
pub const AUTHENTICATED: &str = "system:authenticated";
/// Group of callers without a login.
pub const UNAUTHENTICATED: &str = "system:unauthenticated";
/// User name of callers without a login.
pub const ANONYMOUS: &str = "system:anonymous";
/// Group of every service account.
pub const ACCOUNTS: &str = "system:serviceaccounts";
/// Group that is allowed everything before any authorizer is asked; no binding grants or revokes that.
pub const MASTERS: &str = "system:masters";

/// The names of groups that most identities share, made once.
static EVERYBODY: LazyLock<Str> = LazyLock::new(|| AUTHENTICATED.into());
static EVERY_ACCOUNT: LazyLock<Str> = LazyLock::new(|| ACCOUNTS.into());

const ACCOUNT_PREFIX: &str = "system:serviceaccount:";
const NODE_PREFIX: &str = "system:node:";

/// A caller.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    name: Option<Str>,
    groups: Vec<Str>,
    named_by: Vec<Subject>,
}

impl Identity {
    /// A user name with exactly these groups.
    pub fn new(name: &str, groups: impl IntoIterator<Item = Str>) -> Identity {
        Identity::of_parts(Some(name.into()), groups.into_iter().collect())
    }

    /// A user name with the groups that it always has: those of an account or of a node where it is the name of one,
    /// else only `system:authenticated`.
    pub fn user(name: &str) -> Identity {
        if name == ANONYMOUS {
            return Identity::anonymous();
        }
        let mut groups: Vec<Str> = vec![EVERYBODY.clone()];
        if let Some((namespace, _)) = split_account(name) {
            groups.push(EVERY_ACCOUNT.clone());
            groups.push([ACCOUNTS, ":", namespace].concat().into());
        } else if name.starts_with(NODE_PREFIX) {
            groups.push("system:nodes".into());
        }
        Identity::new(name, groups)
    }

    /// A service account.
    pub fn account(namespace: &str, name: &str) -> Identity {
        Identity::user(&[ACCOUNT_PREFIX, namespace, ":", name].concat())
    }

    /// A caller without a login.
    pub fn anonymous() -> Identity {
        Identity::new(ANONYMOUS, [UNAUTHENTICATED.into()])
    }

    /// Somebody of a group, of whom nothing else is known.
    pub fn member_of(group: &str) -> Identity {
        if group == UNAUTHENTICATED {
            return Identity::anonymous();
        }
        let mut groups: Vec<Str> = vec![group.into(), AUTHENTICATED.into()];
        if group
            .strip_prefix(ACCOUNTS)
            .is_some_and(|rest| rest.starts_with(':'))
        {
            groups.push(ACCOUNTS.into());
        }
        Identity::of_parts(None, groups)
    }

    /// Whoever a binding means by a subject.
    pub fn of(subject: &Subject) -> Identity {
        match subject {
            Subject::User(name) => Identity::user(name),
            Subject::Group(group) => Identity::member_of(group),
            Subject::ServiceAccount { namespace, name } => Identity::account(namespace, name),
        }
    }

    fn of_parts(name: Option<Str>, mut groups: Vec<Str>) -> Identity {
        groups.sort();
        groups.dedup();
        let mut named_by: Vec<Subject> = Vec::with_capacity(groups.len() + 2);
        named_by.extend(groups.iter().cloned().map(Subject::Group));
        if let Some(name) = &name {
            named_by.push(Subject::User(name.clone()));
            if let Some((namespace, account)) = split_account(name) {
                named_by.push(Subject::account(namespace, account));
            }
        }
        Identity {
            name,
            groups,
            named_by,
        }
    }

    /// User name; `None` for somebody of a group.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Groups, sorted.
    pub fn groups(&self) -> &[Str] {
        &self.groups
    }

    /// Every subject by which a binding may name this caller.
    pub fn named_by(&self) -> &[Subject] {
        &self.named_by
    }

    /// True when a binding's subject means this caller.
    pub fn is_named_by(&self, subject: &Subject) -> bool {
        self.named_by.contains(subject)
    }

    /// Member of `system:masters`: everything is allowed before any authorizer is asked.
    pub fn is_master(&self) -> bool {
        self.groups.iter().any(|group| &**group == MASTERS)
    }
}

/// Namespace and name in the user name of a service account.
fn split_account(user: &str) -> Option<(&str, &str)> {
    let (namespace, name) = user.strip_prefix(ACCOUNT_PREFIX)?.split_once(':')?;
    (!namespace.is_empty() && !name.is_empty()).then_some((namespace, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_in_its_three_groups_and_named_in_five_ways() {
        let cart = Identity::account("shop", "cart");
        assert_eq!(cart.name(), Some("system:serviceaccount:shop:cart"));
        let groups: Vec<&str> = cart.groups().iter().map(|g| &**g).collect();
        assert_eq!(
            groups,
            [
                "system:authenticated",
                "system:serviceaccounts",
                "system:serviceaccounts:shop"
            ]
        );
        assert!(cart.is_named_by(&Subject::account("shop", "cart")));
        assert!(cart.is_named_by(&Subject::User("system:serviceaccount:shop:cart".into())));
        assert_eq!(cart.named_by().len(), 5);
    }

    #[test]
    fn callers_without_a_login_are_not_authenticated() {
        for anonymous in [
            Identity::anonymous(),
            Identity::user("system:anonymous"),
            Identity::member_of("system:unauthenticated"),
        ] {
            assert!(!anonymous.is_named_by(&Subject::Group("system:authenticated".into())));
            assert!(anonymous.is_named_by(&Subject::User("system:anonymous".into())));
        }
    }

    #[test]
    fn a_member_of_an_accounts_group_is_an_account() {
        let member = Identity::member_of("system:serviceaccounts:shop");
        assert!(member.is_named_by(&Subject::Group("system:serviceaccounts".into())));
        assert_eq!(member.name(), None);
        assert!(
            !Identity::member_of("system:serviceaccountsx")
                .is_named_by(&Subject::Group(ACCOUNTS.into()))
        );
    }
}
