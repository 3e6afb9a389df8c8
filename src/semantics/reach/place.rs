//! Namespaces as policies see them.

use super::class::{ClassId, PlaceId};
use super::names::{NameId, Names};
use super::policy::{PolicyId, Where};
use super::selector::{Chosen, Pairs};
use super::verdict::Doubt;
use crate::model::{Kind, Str};
use crate::semantics::network::{Direction, no_vendor_policies};
use crate::semantics::selectors::{NAMESPACE_NAME, namespace_labels};
use crate::view::{Look, View};

/// A namespace.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its name.
    pub name: Str,
    /// Its labels; `None` where they may not be read.
    pub labels: Option<Pairs>,
    /// What its name alone says of its labels.
    named: (NameId, NameId),
    /// Some of its policies may not be read.
    pub hidden: bool,
    /// Another kind of policy may decide its ingress, its egress.
    pub vendor: [bool; 2],
    /// Its NetworkPolicies, in order of name.
    pub policies: Vec<PolicyId>,
}

impl Place {
    /// Looks at a namespace.
    pub fn new(view: &View<'_>, name: &Str, names: &mut Names) -> Place {
        let sight = view.world().sight();
        let broken = view.world().broken().keys();
        let unread = broken
            .filter(|key| key.known() == Some(Kind::NetworkPolicy))
            .any(|key| key.home() == &**name);
        let labels = match namespace_labels(view, name) {
            Look::Seen(labels) => Some(labels),
            // It is gone, or it was never more than a name.
            Look::Absent => Some(crate::model::Labels::of(&[(NAMESPACE_NAME, name)])),
            Look::Blind(_) => None,
        };
        let labels = labels.map(|labels| {
            let mut pairs: Vec<_> = labels
                .iter()
                .map(|(k, v)| (names.id(k), names.id(v)))
                .collect();
            pairs.sort_unstable();
            pairs.into()
        });
        Place {
            name: name.clone(),
            labels,
            named: (names.id(&NAMESPACE_NAME.into()), names.id(name)),
            hidden: unread || sight.blind(Kind::NetworkPolicy, Some(name)).is_some(),
            vendor: Direction::ALL.map(|d| no_vendor_policies(view, name, d).is_some()),
            policies: Vec::new(),
        }
    }

    /// Whether a selector selects it; `None` when its labels are hidden and its name does not decide.
    pub fn is_selected(&self, chosen: &Chosen) -> Option<bool> {
        if let Some(labels) = &self.labels {
            return Some(chosen.matches(labels));
        }
        let (key, _) = self.named;
        let by_name = [self.named];
        let decided = |ask: bool| {
            chosen
                .wanted()
                .iter()
                .filter(move |w| (w.key == key) == ask)
        };
        if *chosen == Chosen::Nothing || !decided(true).all(|w| w.holds(&by_name)) {
            return Some(false);
        }
        decided(false).next().is_none().then_some(true)
    }
}

/// Namespaces of a peer: those that it selects, and those that it may.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// For certain, in order.
    pub sure: Vec<PlaceId>,
    /// Depending on labels that are hidden, in order.
    pub maybe: Vec<PlaceId>,
}

impl Places {
    /// Whether a namespace is among them; `None`: it may be.
    pub fn selects(&self, id: PlaceId) -> Option<bool> {
        if self.maybe.binary_search(&id).is_ok() {
            return None;
        }
        Some(self.sure.binary_search(&id).is_ok())
    }

    /// Of a peer among all namespaces, which are in order of name.
    pub fn of(place: &Where, all: &[Place]) -> Places {
        let mut places = Places::default();
        match place {
            Where::Own(name) => {
                let at = all.binary_search_by(|p| p.name.cmp(name)).ok();
                places.sure.extend(at.and_then(|at| u32::try_from(at).ok()));
            }
            Where::Selected(chosen) => {
                for (id, place) in (0..).zip(all) {
                    match place.is_selected(chosen) {
                        Some(true) => places.sure.push(id),
                        Some(false) => {}
                        None => places.maybe.push(id),
                    }
                }
            }
        }
        places
    }
}

/// Classes of a peer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crowd {
    /// For certain, in order.
    pub sure: Vec<ClassId>,
    /// Depending on labels that are hidden, in order.
    pub maybe: Vec<ClassId>,
}

impl Crowd {
    /// Whether a class is among them.
    pub fn holds(&self, class: ClassId) -> Holds {
        if self.sure.binary_search(&class).is_ok() {
            Holds::Yes
        } else if self.maybe.binary_search(&class).is_ok() {
            Holds::Maybe(Doubt::PoliciesNotVisible)
        } else {
            Holds::No
        }
    }
}

/// Whether a peer means somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It does.
    Yes,
    /// It may.
    Maybe(Doubt),
    /// It does not.
    No,
}
