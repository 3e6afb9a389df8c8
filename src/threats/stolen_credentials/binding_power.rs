//! What one binding makes possible by itself, whoever else is granted what.

use crate::model::Severity;
use crate::model::objects::access::{Binding, Role};
use crate::semantics::rbac::power::powers_in;
use crate::semantics::rbac::{Grant, Held, scope_of};
use crate::view::View;

/// The worst that the binding alone makes possible.
pub(super) fn strongest(
    view: &View<'_>,
    binding: &Binding,
    role: &Role,
    subject: usize,
) -> Option<(Severity, String)> {
    let held = Held {
        grants: vec![Grant {
            binding,
            subject,
            role,
        }],
        ..Held::default()
    };
    view.context(|view| {
        let found = powers_in(view, &held, scope_of(binding));
        let worst = found.iter().max_by_key(|power| power.severity())?;
        Some((worst.severity(), worst.words()))
    })
}
