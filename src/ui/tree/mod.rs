//! The tree of a threat's pane: stories, controls, inventories and findings, as a flat list of visible lines.
//!
//! [`Tree::update`] takes new facts (namespaces whose table is the same one are kept), [`Tree::build`] lists the visible
//! lines for what is open, [`cells`] say what stands on one. Lines are indexes and small; identities are made on demand.

pub mod cells;
mod children;
mod draw;
mod gather;
mod images;
mod inventory;
mod lines;
mod node;
mod seek;
mod signs;
mod space;
mod standing;

use std::sync::Arc;

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use crate::engine::Snapshot;
use crate::model::{Severity, ThreatId};

use super::catalogue::Catalogue;
use super::context::Context;
use super::filter::Filter;
use super::prefs::Prefs;
use super::since::Signs;
use super::view;

pub use gather::SubjectGroup;
pub(in crate::ui) use images::content;
pub use images::{Images, Says};
pub use lines::{Expansion, Line};
pub use node::{Node, Section};
pub use signs::TreeSigns;
pub use space::Space;
pub use standing::{Acting, word};

/// The facts of a tree, and its visible lines.
#[derive(Clone, Debug)]
pub struct Tree {
    threat: ThreatId,
    view: &'static str,
    snapshot: Arc<Snapshot>,
    catalogue: Arc<Catalogue>,
    filter: Filter,
    prefs: Prefs,
    spaces: Vec<Space>,
    subjects: Vec<SubjectGroup>,
    images: Images,
    /// Listed findings of each check, and the worst.
    counts: FxHashMap<&'static str, (usize, Option<Severity>)>,
    acting: Acting,
    signs: TreeSigns,
    /// When it was brought up to date: ages count from there.
    now: Timestamp,
    lines: Vec<Line>,
}

impl Tree {
    /// A tree that knows nothing yet.
    pub fn new(threat: ThreatId) -> Tree {
        Tree {
            threat,
            view: "",
            snapshot: Arc::new(Snapshot::default()),
            catalogue: Arc::new(Catalogue::default()),
            filter: Filter::default(),
            prefs: Prefs::default(),
            spaces: Vec::new(),
            subjects: Vec::new(),
            images: Images::default(),
            counts: FxHashMap::default(),
            acting: Acting::default(),
            signs: TreeSigns::default(),
            now: Timestamp::UNIX_EPOCH,
            lines: Vec::new(),
        }
    }

    /// The view that is shown.
    pub fn view(&self) -> &'static str {
        self.view
    }

    /// A filter is active.
    pub fn is_filtered(&self) -> bool {
        !self.filter.is_empty()
    }

    /// Takes facts, filter and choices; true when anything is another than before.
    pub fn update(&mut self, cx: &Context<'_>) -> bool {
        self.now = cx.now;
        let view = cx
            .prefs
            .views
            .get(&self.threat)
            .copied()
            .unwrap_or(view::OVERVIEW);
        let facts = !Arc::ptr_eq(&self.snapshot, cx.snapshot);
        let looks = self.filter != *cx.filter || self.prefs != *cx.prefs;
        let lists = self.filter != *cx.filter || !self.prefs.list_as(cx.prefs);
        let signs = TreeSigns::new(Signs::of(cx.snapshot, cx.now), cx.catalogue);
        if !facts && !looks && view == self.view && signs == self.signs {
            return false;
        }
        self.view = view;
        self.signs = signs;
        self.filter = cx.filter.clone();
        self.prefs = cx.prefs.clone();
        self.catalogue = cx.catalogue.clone();
        if facts {
            self.snapshot = cx.snapshot.clone();
            self.acting = Acting::of(cx.snapshot, self.threat);
        }
        self.take_spaces(lists);
        self.count();
        self.gather();
        true
    }

    /// Namespaces of the snapshot; those whose table is the same one keep their groups, and with the same choices their
    /// lists.
    fn take_spaces(&mut self, lists: bool) {
        let catalogue = self.catalogue.clone();
        let mut old = std::mem::take(&mut self.spaces).into_iter().peekable();
        for (name, table) in &self.snapshot.spaces {
            if table.system && self.prefs.hide_system {
                continue;
            }
            while old.peek().is_some_and(|space| space.name() < name) {
                old.next();
            }
            let same = old
                .next_if(|space| space.name() == name)
                .filter(|space| Arc::ptr_eq(&space.table, table));
            let fresh = same.is_none();
            let mut space =
                same.unwrap_or_else(|| Space::new(table.clone(), self.threat, &catalogue));
            if fresh || lists {
                space.list(&self.filter, &self.prefs, &catalogue);
            }
            self.spaces.push(space);
        }
    }

    fn count(&mut self) {
        self.counts.clear();
        for (check, more, severity) in self.spaces.iter().flat_map(Space::checks) {
            let (n, worst) = self.counts.entry(check).or_default();
            *n += more;
            *worst = (*worst).max(Some(severity));
        }
    }
}
