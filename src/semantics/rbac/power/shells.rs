//! Commands in running containers (P35, P37).

use super::{Ability, At, Power};
use crate::view::View;

pub(super) fn find<'a>(at: &At<'_, 'a>, out: &mut Vec<Power<'a>>) {
    let verbs = exec_verbs(at.view);
    let exec = at
        .any(verbs, "", "pods/exec")
        .or_else(|| at.any(&["update", "patch"], "", "pods/ephemeralcontainers"));
    out.extend(exec.map(|clause| at.power(Ability::EnterContainers, [clause])));
    out.extend(at.limited(Ability::EnterContainers, at.named(verbs, "", "pods/exec")));
}

/// Verbs on `pods/exec` that start a command.
pub(crate) fn exec_verbs(view: &View<'_>) -> &'static [&'static str] {
    if get_is_enough(view) {
        &["create", "get"]
    } else {
        &["create"]
    }
}

/// Before 1.35 a WebSocket needs `get` alone; then `AuthorizePodWebsocketUpgradeCreatePermission` asks for `create` too
/// (kubernetes/kubernetes#78741). An unknown version counts as a new one.
pub fn get_is_enough(view: &View<'_>) -> bool {
    let version = view.world().cluster().version.as_ref();
    version.is_some_and(|v| (v.major, v.minor) < (1, 35))
}
