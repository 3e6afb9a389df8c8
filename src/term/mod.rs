//! The terminal: setting it up and giving it back, keys and signals, frames, and the ways to a clipboard.
