//! Everything that can happen to the explorer, as values: keys, facts, answers, and what became of its wishes.
//!
//! The event loop turns the world into these and hands them to [`App::update`](crate::ui::App::update); nothing else
//! reaches the explorer. It drains all that is waiting, sends [`Msg::Tick`] first, then the rest, then draws once.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::fixing::Proving;
use super::keys::Keymap;
use super::memory::Memory;
use crate::engine::{Answer, Snapshot};
use crate::model::ObjectKey;
use crate::term::Key;
use crate::theme::Theme;

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Msg {
    /// A key.
    Key(Key),
    /// Text pasted as one piece.
    Paste(String),
    /// The screen has this width and height now. The first message of all.
    Resize(u16, u16),
    /// The newest snapshot.
    Snapshot(Arc<Snapshot>),
    /// The engine answers the question of this number; true of this generation.
    Answer {
        /// Number that [`Effect::Ask`](crate::ui::Effect::Ask) gave.
        number: u64,
        /// Generation of the facts that it is true of.
        generation: u64,
        /// The answer.
        answer: Answer,
    },
    /// The time is now this. Sent before other messages, and when [`App::wake`](crate::ui::App::wake) asked for it.
    Tick(Timestamp),
    /// A text was copied, or not.
    Copied {
        /// What became of it, in a sentence that says "sent", never "copied", and names the file that holds it.
        says: String,
        /// The person should look twice.
        care: bool,
    },
    /// A file was written, or why not.
    Written(Result<PathBuf, String>),
    /// A live object was fetched: its manifest as YAML with secrets and environment values redacted, or why not.
    Fetched {
        /// Which.
        object: ObjectKey,
        /// Its text.
        result: Result<String, String>,
    },
    /// The steps of a fix were compared on the live objects: they do what its changes say, or what stands in the way.
    Proven {
        /// What was compared.
        proving: Box<Proving>,
        /// The result.
        result: Result<(), String>,
    },
    /// The contexts of the kubeconfig, answering [`Effect::ListContexts`](crate::ui::Effect::ListContexts).
    Contexts {
        /// The one in use; `None` inside a cluster, from files, in the demo.
        current: Option<String>,
        /// All of them, in order, or why they are not known.
        names: Result<Vec<String>, String>,
    },
    /// A theme was asked for or its file was saved: the theme, or what is wrong with it (the old one stays).
    Theme(Result<Box<Theme>, String>),
    /// The names of the themes there are.
    Themes(Vec<String>),
    /// The keymap's file was saved: the keymap, or what is wrong with it (the old one stays).
    Keymap(Result<Box<Keymap>, String>),
    /// What the person chose in this context in an earlier session; sent after the first snapshot's context is known.
    Recalled(Memory),
    /// An editor or a pager ended, or why it did not run; or the program was stopped and goes on. The screen is ours
    /// again and has to be drawn whole.
    Returned(Result<(), String>),
    /// Something to tell the person, once.
    Note(Note),
}

/// A message to the person, on the line above the key bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The sentence. It is cleaned before it is shown.
    pub text: String,
    /// How loud.
    pub tone: Tone,
}

/// How loud a note is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Something happened.
    Notice,
    /// Something needs care.
    Warning,
    /// Something failed.
    Error,
}

impl Note {
    /// Something happened.
    pub fn notice(text: impl Into<String>) -> Note {
        Note {
            text: text.into(),
            tone: Tone::Notice,
        }
    }

    /// Something needs care.
    pub fn warning(text: impl Into<String>) -> Note {
        Note {
            text: text.into(),
            tone: Tone::Warning,
        }
    }

    /// Something failed.
    pub fn error(text: impl Into<String>) -> Note {
        Note {
            text: text.into(),
            tone: Tone::Error,
        }
    }
}
