//! Keys: a decoder that knows no file, and the thread that feeds it.
//!
//! Why not the reader of crossterm 0.29: its `poll` blocks inside a `read` on half a sequence, so an editor would lose its
//! first keys to it; it takes an Esc at the end of a read for a key although the rest is on its way; and it spins at a
//! whole core once the terminal is gone (crossterm#793).

mod csi;
mod decode;
mod paste;
mod reader;

pub(super) use reader::Reader;
