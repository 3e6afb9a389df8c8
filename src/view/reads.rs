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
            self.0.push(Place {
                kind,
                namespace: namespace.map(Str::from),
            });
        }
    }

    /// Adds all places of another set.
    pub fn merge(&mut self, other: &Reads) {
        for place in &other.0 {
            self.add(place.kind, place.namespace.as_deref());
        }
    }

    /// True when a change of an object of this kind in this namespace could matter.
    pub fn touch(&self, kind: Kind, namespace: &str) -> bool {
        self.0
            .iter()
            .any(|p| p.kind == kind && p.namespace.as_deref().is_none_or(|ns| ns == namespace))
    }

    /// True when a change in what is visible of this kind could matter (`None`: everywhere).
    pub fn touch_sight(&self, kind: Kind, namespace: Option<&str>) -> bool {
        match namespace {
            None => self.0.iter().any(|p| p.kind == kind),
            Some(ns) => self.touch(kind, ns),
        }
    }

    /// The places.
    pub fn iter(&self) -> impl Iterator<Item = &Place> {
        self.0.iter()
    }
}
