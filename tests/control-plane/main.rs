//! Trials against a real Kubernetes control plane.
//!
//! `harness` knows how to run a control plane and nothing of Bartizan; `trials` holds what must be true of Bartizan.
//!
//! How to add a trial: one file in `trials/` with `pub fn trials() -> Vec<Trial>`, each made by a function of
//! [`harness::trial`], and no edit elsewhere.

#![allow(
    clippy::print_stderr,
    reason = "a test program may say what it is doing"
)]

mod harness;
mod trials;

use std::process::ExitCode;

include!(concat!(env!("OUT_DIR"), "/trials.rs"));

fn main() -> ExitCode {
    let arguments = libtest_mimic::Arguments::from_args();
    let conclusion = libtest_mimic::run(&arguments, all_trials());
    harness::Cluster::end_shared();
    conclusion.exit_code()
}
