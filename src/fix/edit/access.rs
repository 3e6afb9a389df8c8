//! Edits of roles and bindings. Rules and subjects have no name and their lists are replaced by a strategic merge patch:
//! each is named by its place, behind a test of its content.

use serde_json::json;

use super::{Marks, Op};
use crate::fix::write;
use crate::model::Subject;
use crate::model::change::RuleEdit;
use crate::model::objects::access::{Binding, Role};

/// Takes every entry of a subject out, from the last to the first so that places stay true.
pub(super) fn remove_subject(subject: &Subject, binding: &Binding) -> Option<Marks> {
    let value = write::subject(subject);
    let places = binding.subjects.iter().enumerate().rev();
    let mut op = Op::default();
    for (at, _) in places.filter(|(_, s)| *s == subject) {
        let path = format!("/subjects/{at}");
        // `apiGroup` may be unset in a manifest: it says nothing that the kind does not.
        for field in ["kind", "name", "namespace"] {
            if let Some(value) = value.get(field) {
                op.expect(&format!("{path}/{field}"), value.clone());
            }
        }
        op.remove(&path, value.clone());
    }
    if binding.subjects.iter().all(|s| s == subject) {
        // The server stores an empty list as none at all: there would be nothing to add to.
        op.undo = vec![
            json!({"op": "add", "path": "/subjects", "value": write::subjects(&binding.subjects)}),
        ];
    }
    (!op.ops.is_empty()).then(|| op.into())
}

/// Takes a rule out or replaces it. The content decides; the place is where it was seen.
pub(super) fn rule(at: usize, edit: &RuleEdit, role: &Role) -> Option<Marks> {
    let now = edit.now();
    let at = role.place(at, now)?;
    let path = format!("/rules/{at}");
    let mut op = Op::default();
    op.expect(&path, write::rule(now));
    match edit {
        RuleEdit::Remove(now) => op.remove(&path, write::rule(now)),
        RuleEdit::Replace(now, then) => op.replace(&path, write::rule(then), write::rule(now)),
        RuleEdit::Split(now, then) => {
            let (first, more) = then.split_first()?;
            op.replace(&path, write::rule(first), write::rule(now));
            for (next, rule) in more.iter().enumerate() {
                op.add(&format!("/rules/{}", at + 1 + next), write::rule(rule));
            }
            &mut op
        }
    };
    if matches!(edit, RuleEdit::Remove(_)) && role.rules.len() == 1 {
        op.undo = vec![json!({"op": "add", "path": "/rules", "value": write::rules(&role.rules)})];
    }
    Some(op.into())
}
