//! Where objects come from: an API server, files, the embedded demo. A source turns wire forms into facts and sends
//! them as batches into a bounded channel; nothing of it is known to the engine but the batches.

pub mod wire;
