//! Chooses and starts the source that the flags name.

use std::sync::mpsc::SyncSender;

use super::exit::Failure;
use super::globals::Globals;
use super::output;
use crate::model::{Batch, Object};
use crate::semantics::closed::complete;
use crate::semantics::rbac::stock::assumed;
use crate::source::{Handle, demo, files, live};

/// Batches under way at most: a slow engine slows its source down.
pub const DEPTH: usize = 8;

/// Stock objects of the demo's version.
fn stock() -> Vec<Object> {
    assumed(demo::version().as_ref())
}

/// Starts the source.
pub fn start(globals: &Globals, out: SyncSender<Batch>) -> Result<Handle, Failure> {
    let threads =
        |error: std::io::Error| Failure::connect(format!("cannot start a thread: {error}"));
    if globals.demo {
        return demo::start(stock(), out).map_err(threads);
    }
    if !globals.files.is_empty() {
        let options = files::Options {
            paths: globals.files.clone(),
            namespace: globals.home().to_owned(),
            complete,
        };
        return files::start(options, out).map_err(threads);
    }
    live::start(globals.connection.clone(), out).map_err(connect)
}

/// Everything at once, for one look: files and demo need no waiting. `None`: the source is an API server.
pub fn at_once(globals: &Globals) -> Result<Option<Batch>, Failure> {
    if globals.demo {
        return Ok(Some(demo::first_look(stock())));
    }
    if globals.files.is_empty() {
        return Ok(None);
    }
    let loaded = files::load(&globals.files, globals.home(), complete);
    loaded
        .problems
        .iter()
        .for_each(|problem| output::note(&problem.to_string()));
    if loaded.objects.is_empty() && !loaded.problems.is_empty() {
        return Err(Failure::usage("nothing could be read from the files named"));
    }
    for (kind, count) in &loaded.unread {
        output::note(&format!("not read: {count} x {kind}"));
    }
    Ok(Some(files::batch(loaded)))
}

/// A connection error as an end of the program.
pub fn connect(error: live::ConnectError) -> Failure {
    match error {
        live::ConnectError::Config(error) => Failure::connect(error.to_string()),
        other => Failure::connect(other.to_string()),
    }
}
