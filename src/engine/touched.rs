//! The places that a batch touched, gathered once so that many cells can be asked quickly.

use std::collections::{BTreeMap, BTreeSet};

use super::touch::Touch;
use crate::model::{Kind, Str};
use crate::view::Reads;

/// Places by kind.
#[derive(Debug, Default)]
pub struct Touched(BTreeMap<Kind, Spaces>);

/// Where a kind was touched.
#[derive(Debug, Default)]
pub struct Spaces {
    /// What is visible of it everywhere changed.
    pub everywhere: bool,
    /// Namespaces (`""`: cluster scope).
    pub named: BTreeSet<Str>,
}

impl Touched {
    /// The places of these touches.
    pub fn of<'t>(touches: impl IntoIterator<Item = &'t Touch>) -> Touched {
        let mut touched = Touched::default();
        for touch in touches {
            let (kind, namespace) = match touch {
                Touch::Object { key, .. } => match key.known() {
                    Some(kind) => (kind, Some(key.namespace.clone().unwrap_or_default())),
                    None => continue,
                },
                Touch::Sight(kind, namespace) => (*kind, namespace.clone()),
                Touch::Everything => continue,
            };
            let spaces = touched.0.entry(kind).or_default();
            match namespace {
                Some(namespace) => drop(spaces.named.insert(namespace)),
                None => spaces.everywhere = true,
            }
        }
        touched
    }

    /// True when a place among these reads was touched.
    pub fn hits(&self, reads: &Reads) -> bool {
        reads.iter().any(|place| {
            self.0
                .get(&place.kind)
                .is_some_and(|spaces| match &place.namespace {
                    Some(namespace) => spaces.everywhere || spaces.named.contains(namespace),
                    None => true,
                })
        })
    }

    /// Kinds that were touched, and where.
    pub fn kinds(&self) -> impl Iterator<Item = (Kind, &Spaces)> {
        self.0.iter().map(|(kind, spaces)| (*kind, spaces))
    }
}
