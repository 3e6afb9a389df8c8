//! What is not visible, and how to see it.

use super::controls::ControlState;
use super::snapshot::NotVisible;
use crate::model::Reason;
use crate::semantics::other_authorizers::other_authorizers;
use crate::view::World;

/// What is not visible, and how to see it: blind places first, then authorizers beside RBAC, then controls
/// that no evidence decides.
pub(super) fn not_visible(world: &World, controls: &[ControlState]) -> Vec<NotVisible> {
    let mut all: Vec<NotVisible> = Vec::new();
    for missing in world.sight().all_blind() {
        let plural = missing.kind.info().plural;
        let place = missing
            .namespace
            .as_ref()
            .map_or(String::new(), |ns| format!(" in {ns}"));
        let group = missing.kind.info().group;
        let resource = if group.is_empty() {
            plural.to_owned()
        } else {
            format!("{plural}.{group}")
        };
        let how = match missing.reason {
            Reason::Forbidden => format!("ask for get, list and watch on {resource}{place}"),
            Reason::Loading => "wait: it is being read".to_owned(),
            Reason::NotServed => format!("the server does not serve {resource}"),
            _ => "look at the connection, then re-list (Ctrl-R)".to_owned(),
        };
        all.push(NotVisible {
            what: format!("{plural}{place}"),
            reason: missing.sentence(),
            how,
            missing: Some(missing),
        });
    }
    for other in other_authorizers(world) {
        all.push(NotVisible {
            what: other.what.to_owned(),
            reason: format!("outside the API; {}", other.why),
            how: other.how.to_owned(),
            missing: None,
        });
    }
    for control in controls {
        if let Some(how) = control.control.not_visible {
            all.push(NotVisible {
                what: control.control.title.to_owned(),
                reason: "outside what the API tells".to_owned(),
                how: how.to_owned(),
                missing: None,
            });
        }
    }
    all
}
