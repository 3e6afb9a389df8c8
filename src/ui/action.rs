//! What a command or a pane asks of the application, as values. A pane cannot reach another pane; it returns these.

use crate::engine::Query;

use super::effect::Effect;
use super::msg::Note;
use super::row::Target;

pub use super::widgets::cursor::Motion;

/// One thing to do inside the application.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Give a message to the pane that has the keys.
    Pane(PaneMsg),
    /// Do something outside.
    Do(Effect),
    /// Ask the engine; the answer comes back to every open pane with the question beside it.
    Ask(Query),
    /// Open a pane by its id.
    Open(&'static str, Target),
    /// Open a pane by its id on these rows, or, when there are none, on every row of the node under the cursor.
    OpenNode(&'static str, Vec<super::row::RowId>),
    /// Open a pane by its id at the place of the one that has the keys (a picker that was answered).
    Swap(&'static str, Target),
    /// Go to a place by way of the first screen.
    Go(&'static str, Target),
    /// Close the overlay that has the keys, if one has.
    CloseOver,
    /// One step out: overlay, filter, full screen, one level; at the first screen nothing.
    Leave,
    /// [`Action::Leave`], and at the first screen the end.
    LeaveOrQuit,
    /// To the first screen.
    Home,
    /// To the place before, in the order of visits.
    Back,
    /// To the place after, in the order of visits.
    Forward,
    /// To the last place, and with it again back here.
    Last,
    /// Start typing a filter.
    AskFilter,
    /// Set the filter of the pane, as if typed.
    Filter(String),
    /// Change how things are looked at.
    Choose(Choice),
    /// Mark or unmark the selected row, and step on.
    Mark,
    /// Unmark everything.
    Unmark,
    /// Run a command by its id, as if its key was pressed.
    Run(&'static str),
    /// Tell the person something.
    Note(Note),
    /// Look at the open panes again at this time, though nothing else happens until then.
    Wake(jiff::Timestamp),
    /// End.
    Quit,
}

/// A change of choices.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// The next severity floor.
    Floor,
    /// The next order.
    Sort,
    /// System namespaces folded away or not.
    System,
    /// The facts stand still, or move again.
    Freeze,
    /// The pane alone on the whole screen, or not.
    Full,
    /// The view of a threat's pane, by name.
    View(crate::model::ThreatId, &'static str),
}

/// What a pane is told.
#[derive(Clone, Debug, PartialEq)]
pub enum PaneMsg {
    /// Move the cursor.
    Move(Motion),
    /// Enter.
    Open,
    /// Open the branch, then step in.
    Inward,
    /// Close the branch, then to the parent.
    Outward,
    /// To the next finding, whatever its branch.
    NextFinding,
    /// To the previous finding.
    PreviousFinding,
    /// To the next part of the pane (tree, detail).
    NextPart,
    /// To the previous part.
    PreviousPart,
    /// Open every branch, or close all.
    ToggleAll,
    /// One of the pane's own commands, by its id.
    Own(&'static str),
    /// A key that types, while [`Pane::types`](super::pane::Pane::types).
    Type(crate::term::Key),
    /// Text pasted, while it types.
    Paste(String),
    /// The engine's answer to a question that some pane asked.
    Answer(Box<Answered>),
    /// A live object's manifest, or why there is none.
    Fetched(crate::model::ObjectKey, Result<String, String>),
    /// The steps of a fix were compared on the live objects.
    Proven(Box<super::fixing::Proving>, Result<(), String>),
    /// The kubeconfig's contexts: the one in use, all of them.
    Contexts(Option<String>, Result<Vec<String>, String>),
}

/// A question with its answer.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The question.
    pub query: Query,
    /// The generation of the facts that the answer is true of.
    pub generation: u64,
    /// The answer.
    pub answer: crate::engine::Answer,
}

impl PartialEq for Answered {
    /// The same question, answered of the same facts, has the same answer.
    fn eq(&self, other: &Self) -> bool {
        self.query == other.query && self.generation == other.generation
    }
}

impl From<Effect> for Action {
    fn from(effect: Effect) -> Self {
        Action::Do(effect)
    }
}
