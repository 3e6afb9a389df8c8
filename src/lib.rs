//! Bartizan: a live threat model of a Kubernetes cluster.
//!
//! Folder = layer. Each layer may use the ones to its right (held by `tests/it/layering.rs`):
//!
//! ```text
//! cli    -> everything              ui       -> engine, threats, fix, model, theme, term
//! report -> engine, model           engine   -> threats, semantics, view, fix, model
//! source -> model                   threats  -> semantics, view, fix, model
//! config -> model, theme            fix      -> semantics, view, model
//! term, widgets -> theme            semantics -> view, model
//! theme  -> nothing                 view     -> model
//! ```
//!
//! ```text
//! source (live | files | demo) --Delta batches--> engine --Arc<Snapshot>--> ui, report
//!                                                 engine <--Query-- ui;  engine --Answer--> ui
//! ```
//!
//! A *source* turns objects into [`model`] facts and drops the wire form. The [`view`] answers every look-up with
//! `Seen`, `Absent` or `Blind`. [`semantics`] are the rules of Kubernetes itself. [`threats`] hold one check or story a
//! file. The [`engine`] keeps every verdict true as facts change. [`fix`] turns a typed change into YAML and commands.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::print_stdout,
        clippy::print_stderr,
        reason = "tests may fail loudly"
    )
)]

pub mod cli;
pub mod clock;
pub mod config;
pub mod engine;
pub mod fix;
pub mod model;
pub mod report;
pub mod semantics;
pub mod source;
pub mod term;
pub mod theme;
pub mod threats;
pub mod ui;
pub mod view;
