//! The labels of a namespace (P71): who writes them decides which Pod Security level is enforced.

use crate::semantics::rbac::grants::Held;
use crate::semantics::rbac::rule::{Ask, allows};

/// May change the Namespace object of this name: cluster-wide, or from inside it, because a request for
/// `/api/v1/namespaces/x` carries `x` as its namespace (kubernetes/apiserver `pkg/endpoints/request/requestinfo.go`).
pub fn may_relabel(held: &Held<'_>, namespace: &str) -> bool {
    held.grants
        .iter()
        .filter(|grant| grant.scope().reaches(namespace))
        .flat_map(|grant| grant.clauses())
        .any(|clause| {
            ["update", "patch"].into_iter().any(|verb| {
                allows(
                    clause.rule,
                    &Ask::any(verb, "", "namespaces").named(namespace),
                )
            })
        })
}
