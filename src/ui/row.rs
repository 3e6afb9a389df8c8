//! Identity of what a row shows. Selection, marks, expansion and scroll anchors are held by these, never by an index:
//! facts move under the person's hands, the cursor must not.

use crate::engine::{Level, PowerKey, RightKey};
use crate::model::{FindingId, ObjectKey, Str, ThreatId};
use crate::threats::Actor;

/// What one row is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowId {
    /// A section of a tree, by its own name.
    Section(&'static str),
    /// A threat.
    Threat(ThreatId),
    /// A story kind, by its id.
    Story(&'static str),
    /// An instance of a story.
    Instance(&'static str, Actor),
    /// A control, by its slug.
    Control(&'static str),
    /// A check, by its id.
    Check(&'static str),
    /// A finding.
    Finding(Box<FindingId>),
    /// What a check cannot know of an object; `None`: of the cluster.
    Unknown(&'static str, Option<ObjectKey>),
    /// A namespace; empty: what is of the cluster as a whole.
    Namespace(Str),
    /// An object: a workload, an account, a policy, a service.
    Object(ObjectKey),
    /// A user, a group or an account, as the command line writes it.
    Subject(Str),
    /// A repository of images, by its name in full.
    Repository(Str),
    /// A tag of a repository.
    Tag(Box<(Str, Str)>),
    /// A digest that a tag of a repository runs; empty: nothing runs.
    Digest(Box<(Str, Str, Str)>),
    /// Something not visible, by what it is.
    Hidden(Str),
    /// An entry of the change log: time in nanoseconds, and which of that moment.
    Change(i128, u32),
    /// A cut, by what it says.
    Cut(Str),
    /// A Pod Security level that a Namespace or a workload may be brought to.
    Level(Box<(ObjectKey, Level)>),
    /// An ability of somebody, in a list of what they may do.
    Power(Box<PowerKey>),
    /// A right of somebody.
    Right(Box<RightKey>),
    /// A command, by its id.
    Command(&'static str),
    /// Anything a list offers by name: a context, a theme, a view.
    Choice(Str),
}

impl RowId {
    /// The object that the row is about, if it is about one.
    pub fn object(&self) -> Option<&ObjectKey> {
        match self {
            RowId::Finding(id) => Some(&id.object),
            RowId::Object(key)
            | RowId::Unknown(_, Some(key))
            | RowId::Instance(_, Actor::Object(key)) => Some(key),
            RowId::Level(rung) => Some(&rung.0),
            _ => None,
        }
    }

    /// Rows that a person can mark and copy fixes of.
    pub fn is_fixable(&self) -> bool {
        matches!(
            self,
            RowId::Finding(_) | RowId::Instance(..) | RowId::Cut(_) | RowId::Level(_)
        )
    }
}

/// The way to a row from the top of its list: with two rows for one thing in two branches, each has its own.
pub type Path = Vec<RowId>;

/// What a pane is opened on.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Nothing: the pane is about the whole cluster.
    #[default]
    Whole,
    /// A threat.
    Threat(ThreatId),
    /// One row.
    Row(RowId),
    /// Several rows: what was marked.
    Rows(Vec<RowId>),
    /// A text that was typed.
    Text(Str),
}

impl Target {
    /// The rows it names.
    pub fn rows(&self) -> &[RowId] {
        match self {
            Target::Row(row) => std::slice::from_ref(row),
            Target::Rows(rows) => rows,
            Target::Whole | Target::Threat(_) | Target::Text(_) => &[],
        }
    }
}
