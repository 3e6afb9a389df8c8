//! The views of a threat's pane: its stories and controls, or one inventory with each row's standing in that threat.

use crate::model::ThreatId;
use crate::threats;

/// The overview: stories, controls, what the threat is about.
pub const OVERVIEW: &str = "stories";

/// Every view, in the order of the chooser.
pub const NAMES: &[&str] = &[
    OVERVIEW,
    "namespaces",
    "workloads",
    "accounts",
    "policies",
    "services",
    "images",
];

/// What a view lists, in a few words.
pub fn about(name: &str, threat: ThreatId) -> &'static str {
    match name {
        "namespaces" => "namespaces, with what is in them",
        "workloads" => "workloads and their pods",
        "accounts" => "service accounts, who runs as them, what binds them",
        "policies" => "network policies and what they select",
        "services" => "services, ingresses and gateways, and where they face",
        "images" => "images, who runs them, which digests run",
        _ if threat.is_attacker() => "stories that work, then controls and inventory",
        _ => "controls that fail, then inventory",
    }
}

/// The inventory that organises a threat: the first of its own views that is one.
pub fn inventory(threat: ThreatId) -> &'static str {
    let own = threats::threats().into_iter().find(|t| t.id == threat);
    own.into_iter()
        .flat_map(|t| t.views)
        .copied()
        .find(|view| *view != OVERVIEW && NAMES.contains(view))
        .unwrap_or("namespaces")
}
