//! What an evaluation read, so that the engine runs it again when one of these places changes, and only then.

use crate::model::{Kind, Str};

/// A kind in one namespace (`""` is the cluster scope), or everywhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Kind.
    pub kind: Kind,
    /// Namespace; `None` is every namespace.
    pub namespace: Option<Str>,
}

/// A small set of places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads(Vec<Place>);

impl Reads {
    /// Adds a place.
    pub fn add(&mut self, kind: Kind, namespace: Option<&str>) {
        if !self
            .0
            .iter()
            .any(|p| p.kind == kind && p.namespace.as_deref() == namespace)
        {
            // Most places of one evaluation lie in one namespace.
            let known = self
                .0
                .iter()
                .rev()
                .find(|p| p.namespace.as_deref() == namespace);
            let namespace = match known {
                Some(place) => place.namespace.clone(),
                None => namespace.map(Str::from),
            };
            self.0.push(Place { kind, namespace });
        }
    }

    /// Every place becomes its kind everywhere: what reads most of the facts keeps a short list.
    pub fn widen(&mut self) {
        let mut kinds: Vec<Kind> = self.0.iter().map(|place| place.kind).collect();
        kinds.sort();
        kinds.dedup();
        let wide = kinds.into_iter().map(|kind| Place {
            kind,
            namespace: None,
        });
        self.0 = wide.collect();
    }

    /// True when nothing was read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The places.
    pub fn iter(&self) -> impl Iterator<Item = &Place> {
        self.0.iter()
    }
}
