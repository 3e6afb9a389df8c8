//! Kubelets through the API server (P51). `get nodes/proxy` is enough on every version: a WebSocket to the kubelet's
//! `exec` is a GET (kubernetes/kubernetes#119640, closed unfixed). Nodes are cluster-scoped: nothing in a namespace.

use super::{Ability, At, Power};

const VERBS: &[&str] = &["get", "create"];

pub(super) fn find<'a>(at: &At<'_, 'a>, out: &mut Vec<Power<'a>>) {
    if !at.scope.is_cluster() {
        return;
    }
    out.extend(
        at.any(VERBS, "", "nodes/proxy")
            .map(|clause| at.power(Ability::ReachKubelets, [clause])),
    );
    out.extend(at.limited(Ability::ReachKubelets, at.named(VERBS, "", "nodes/proxy")));
}
