//! Parts that any pane may draw with. They know meanings and cells, nothing of clusters: no type of the application gets
//! in here but [`Meaning`](crate::theme::Meaning).

pub mod columns;
pub mod cursor;
pub mod input;
pub mod piece;
pub mod sheet;
pub mod text;
pub mod vtree;
