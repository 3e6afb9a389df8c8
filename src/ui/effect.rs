//! What the explorer wants done outside of itself. [`App::update`](crate::ui::App::update) returns these; the event loop
//! runs them and sends the results back as [`Msg`](crate::ui::Msg)s. None of them writes to a cluster.

use crate::engine::Query;
use crate::model::ObjectKey;
use crate::term::Why;

use super::fixing::Proving;
use super::memory::Memory;

/// One wish.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the engine; it answers with the same number.
    Ask {
        /// Number of the question.
        number: u64,
        /// The question.
        query: Query,
    },
    /// Send a text to the clipboard and keep it in a file; answered by [`Msg::Copied`](crate::ui::Msg::Copied).
    Copy {
        /// The text.
        text: String,
        /// What names the file: the check, the namespace, the object. Not cleaned.
        parts: Vec<String>,
    },
    /// Keep a text in a file; answered by [`Msg::Written`](crate::ui::Msg::Written).
    WriteFile {
        /// The text.
        text: String,
        /// What names the file.
        parts: Vec<String>,
    },
    /// Keep a text in a file and open the person's editor on it. Answered by `Written`, then
    /// [`Msg::Returned`](crate::ui::Msg::Returned).
    Edit {
        /// The text.
        text: String,
        /// What names the file.
        parts: Vec<String>,
    },
    /// Show a text in the person's pager; answered by [`Msg::Returned`](crate::ui::Msg::Returned).
    Page {
        /// The text.
        text: String,
    },
    /// Give the terminal back and stop, as a shell job; answered by [`Msg::Returned`](crate::ui::Msg::Returned).
    Suspend,
    /// Fetch one live object whole; answered by [`Msg::Fetched`](crate::ui::Msg::Fetched).
    Fetch(ObjectKey),
    /// Compare what the steps of a fix make of the live objects with its changes; answered by
    /// [`Msg::Proven`](crate::ui::Msg::Proven).
    Prove(Box<Proving>),
    /// Read the contexts of the kubeconfig; answered by [`Msg::Contexts`](crate::ui::Msg::Contexts).
    ListContexts,
    /// Look at another context.
    SwitchContext(String),
    /// Watch these namespaces only; `None` is all that the login may see.
    SetNamespaces(Option<Vec<String>>),
    /// List everything anew.
    Relist,
    /// Use the theme of this name; answered by [`Msg::Theme`](crate::ui::Msg::Theme).
    SetTheme(String),
    /// Write the next frame whole.
    Repaint,
    /// Remember these choices for this context.
    Remember(Box<Memory>),
    /// End the program.
    Quit,
}

/// What came of one message.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct Effects {
    /// What to do, in order.
    pub all: Vec<Effect>,
    /// Why the screen may look different now; `None`: it does not, and no frame is due.
    pub why: Option<Why>,
}

impl Effects {
    /// Nothing to do and nothing to draw.
    pub fn none() -> Effects {
        Effects::default()
    }

    /// Nothing to do, but something to draw.
    pub fn draw(why: Why) -> Effects {
        Effects {
            all: Vec::new(),
            why: Some(why),
        }
    }

    /// Adds a wish.
    pub fn push(&mut self, effect: Effect) {
        self.all.push(effect);
    }

    /// Says that something changed; the most pressing reason counts.
    pub fn mark(&mut self, why: Why) {
        self.why = self.why.max(Some(why));
    }
}
