//! What a credential that stands in a manifest is worth, by its class.

use crate::model::Severity;

/// A private key or a token of a known form is one for certain; a password is told by the name of its variable or flag.
pub(super) fn severity(class: &str) -> Severity {
    if class == "password" {
        Severity::Medium
    } else {
        Severity::High
    }
}
