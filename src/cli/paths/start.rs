//! Where a path starts: a subject, or a workload that somebody broke into.

use crate::cli::exit::Failure;
use crate::model::{ObjectKey, Subject};
use crate::semantics::paths::Start;
use crate::semantics::rbac::Identity;

/// From `sa:NAMESPACE/NAME`, `user:NAME`, `group:NAME` or `KIND/NAMESPACE/NAME`.
pub(in crate::cli) fn start(text: &str) -> Result<Start, Failure> {
    if let Some(subject) = Subject::parse(text) {
        return Ok(Start::Subject(settled(subject)));
    }
    ObjectKey::parse(text).map(Start::Workload).ok_or_else(|| {
        Failure::usage(format!(
            "--from {text}: write sa:NAMESPACE/NAME, user:NAME, group:NAME, or a workload: deploy/NAMESPACE/NAME"
        ))
    })
}

/// The user name of an account is the account.
fn settled(subject: Subject) -> Subject {
    if let Subject::User(name) = &subject {
        let named_by = Identity::user(name);
        let account = named_by.named_by().iter();
        let mut account = account.filter(|s| matches!(s, Subject::ServiceAccount { .. }));
        if let Some(account) = account.next() {
            return account.clone();
        }
    }
    subject
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    #[test]
    fn a_start_is_a_subject_or_a_workload() {
        let cart = Start::Subject(Subject::account("shop", "cart"));
        assert_eq!(start("sa:shop/cart"), Ok(cart.clone()));
        assert_eq!(start("user:system:serviceaccount:shop:cart"), Ok(cart));
        let workload = ObjectKey::namespaced(Kind::Deployment, "shop", "cart");
        for text in [
            "deploy/shop/cart",
            "Deployment/shop/cart",
            "deployments/shop/cart",
        ] {
            assert_eq!(start(text), Ok(Start::Workload(workload.clone())), "{text}");
        }
        for text in ["cart", "deploy/cart", "node/x/y", "thing/shop/cart"] {
            assert!(start(text).is_err(), "{text}");
        }
    }
}
