//! Why a fact is not visible. Not visible is never counted as safe, and always names what would make it visible.

use super::{Kind, Str};

/// Why nothing is known.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Reason {
    /// The login may not do this (HTTP 403).
    Forbidden,
    /// The server does not serve the kind, though this version should.
    NotServed,
    /// Still loading: nothing may be claimed yet.
    Loading,
    /// Did not answer in time, or the connection is lost before the first complete list.
    Unreachable,
    /// The API cannot tell (a cloud's own rights, another node's files).
    OutsideApi,
    /// Would need a probe that is off unless asked for.
    ProbeOff,
    /// Last seen too long ago.
    Stale,
    /// One object of the kind could not be decoded.
    NotDecoded,
    /// The source does not carry this kind (a snapshot that was taken with fewer rights).
    NotInSource,
    /// A resource, as `plural.group`, that this version does not read and that could decide the same question.
    NotRead(Str),
}

impl Reason {
    /// The word in reports.
    pub fn word(&self) -> &'static str {
        match self {
            Reason::Forbidden => "forbidden",
            Reason::NotServed => "not-served",
            Reason::Loading => "loading",
            Reason::Unreachable => "unreachable",
            Reason::OutsideApi => "outside-api",
            Reason::ProbeOff => "probe-off",
            Reason::Stale => "stale",
            Reason::NotDecoded => "not-decoded",
            Reason::NotInSource => "not-in-source",
            Reason::NotRead(_) => "not-read",
        }
    }
}

/// One thing that is not visible: a kind, in a namespace or everywhere.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Missing {
    /// The kind that could not be looked up.
    pub kind: Kind,
    /// The namespace; `None` is cluster-wide.
    pub namespace: Option<Str>,
    /// Why.
    pub reason: Reason,
}

impl Missing {
    /// The verb that the person lacks.
    pub fn verb(&self) -> &'static str {
        "list"
    }

    /// The resource that is not visible, as RBAC rules name it.
    pub fn resource(&self) -> &str {
        match &self.reason {
            Reason::NotRead(resource) => resource,
            _ => self.kind.info().plural,
        }
    }

    /// `forbidden: list pods in shop`.
    pub fn sentence(&self) -> String {
        let place = self
            .namespace
            .as_ref()
            .map_or(String::new(), |ns| format!(" in {ns}"));
        let plural = self.kind.info().plural;
        match &self.reason {
            Reason::NotRead(other) => format!("{other} are not read, and may decide this too"),
            Reason::Forbidden => format!("may not list {plural}{place}"),
            Reason::Loading => format!("{plural}{place} still loading"),
            Reason::NotServed => format!("{plural} are not served"),
            Reason::NotDecoded => format!("some {plural}{place} could not be read"),
            _ => format!("{plural}{place} not visible ({})", self.reason.word()),
        }
    }
}
