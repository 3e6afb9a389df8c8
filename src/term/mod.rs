//! The terminal: taking it and giving it back, keys and signals as values, frames, pacing, and the ways to a clipboard.
//!
//! Must not know what is drawn or what a key does. Nothing here ever asks the terminal a question and waits for the
//! answer. Every oddity of a terminal that is worked around is called a *quirk*, has a name, a cause and a test.

pub mod clipboard;
mod colour;
pub mod copy;
mod ending;
mod env;
mod error;
mod event;
mod external;
mod frame;
mod input;
mod key;
mod noise;
mod pacer;
mod painter;
mod panic;
mod pen;
mod signals;
mod suspend;
mod terminal;
mod tty;

pub use colour::{ColourChoice, level};
pub use env::Env;
pub use error::TermError;
pub use event::{Ending, Sink, TermEvent};
pub use external::{ExternalError, Tool};
pub use frame::Screen;
pub use key::{Code, Key};
pub use pacer::{Pacer, Why};
pub use painter::Drawn;
pub use panic::{EXIT_BUG, install_panic_hook};
pub use suspend::Suspended;
pub use terminal::Terminal;
pub use tty::{Tty, is_gone};
