//! Who holds certain rules through a binding: what the checks of this group report on.
//!
//! One holder is one subject of one binding, with all rules that matter to the check: a finding is made once for each
//! subject, not once for each rule. Stock bindings of stock roles hold nothing here.

use crate::semantics::rbac::{Clause, Scope, portions, scope_of};
use crate::threats::prelude::*;

/// Rules cited by a finding; a role with a hundred of the kind says no more by citing them all.
const CITED: usize = 3;

/// A subject of a binding with the rules that matter.
pub(crate) struct Holder<'a> {
    /// The subject.
    pub(crate) subject: &'a Subject,
    /// Where its rights count.
    pub(crate) scope: Scope<'a>,
    /// The rules, never empty.
    pub(crate) clauses: Vec<Clause<'a>>,
    changed_stock: bool,
}

/// The subjects of a binding that hold rules which `matters` picks.
pub(crate) fn holders<'a>(
    object: &'a Object,
    view: &View<'a>,
    matters: impl Fn(&Clause<'a>) -> bool,
) -> Vec<Holder<'a>> {
    let Object::Binding(binding) = object else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for portion in portions(view, binding) {
        for (at, subject) in &portion.subjects {
            let clauses: Vec<Clause<'a>> = portion.clauses(*at).filter(|c| matters(c)).collect();
            if !clauses.is_empty() {
                found.push(Holder {
                    subject,
                    scope: scope_of(binding),
                    clauses,
                    changed_stock: portion.changed_stock,
                });
            }
        }
    }
    found
}

impl Holder<'_> {
    /// Reports it on the binding. `why` says why it matters here; that a stock object was changed makes it worse.
    pub(crate) fn report<'s>(
        &self,
        out: &'s mut Sink,
        severity: Severity,
        why: impl Into<String>,
    ) -> Option<&'s mut Draft> {
        let first = self.clauses.first()?;
        let part = Part::Subject(self.subject.to_string().into());
        let why: String = why.into();
        let (severity, why) = if self.changed_stock {
            let why = format!("{why}; an object of Kubernetes itself was changed for it");
            (severity.raised(), why)
        } else {
            (severity, why)
        };
        let draft = out.fires(part, severity, why);
        for evidence in first.evidence() {
            draft.because(evidence);
        }
        for clause in self.clauses.iter().take(CITED).skip(1) {
            draft.evidence.extend(clause.evidence().pop());
        }
        Some(draft)
    }
}
