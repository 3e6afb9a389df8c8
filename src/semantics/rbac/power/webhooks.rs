//! Mutating webhooks (P66): whoever points one at a server of their own sees and rewrites every object that anybody
//! writes, administrators and controllers included.

use super::{Ability, At, Power};

const GROUP: &str = "admissionregistration.k8s.io";

pub(super) fn find<'a>(at: &At<'_, 'a>, out: &mut Vec<Power<'a>>) {
    const RESOURCE: &str = "mutatingwebhookconfigurations";
    const WRITE: &[&str] = &["create", "update", "patch"];
    if !at.scope.is_cluster() {
        return;
    }
    out.extend(
        at.any(WRITE, GROUP, RESOURCE)
            .map(|clause| at.power(Ability::RewriteObjects, [clause])),
    );
}
