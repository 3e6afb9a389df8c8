//! What the fix pane shows and copies: the question behind rows, the text of the answers, the difference to live objects, and
//! the comparison with them that the word "proven" needs.
//!
//! Functions of answers; when to copy or fetch is the pane's own business (`panes/fix.rs`).

mod live;
mod proving;
mod questions;
mod show;
mod style;
mod way;
mod wish;

pub use live::{Live, differences, targets};
pub use proving::{Proofs, Proving};
pub use questions::Questions;
pub use show::{sheet, steps, text};
pub use style::{line as style_line, next};
pub use way::{Ways, head};
pub use wish::Wish;
