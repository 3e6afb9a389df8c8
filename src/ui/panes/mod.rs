//! Panes: one a file, found by being here. How to add one stands in [`pane`](super::pane).

use super::pane::PaneDef;

automod::dir!(pub "src/ui/panes");

include!(concat!(env!("OUT_DIR"), "/panes.rs"));

/// The pane of an id.
pub fn pane(id: &str) -> Option<&'static PaneDef> {
    ALL.iter().copied().find(|pane| pane.id == id)
}
