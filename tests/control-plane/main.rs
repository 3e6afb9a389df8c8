//! Trials against a real Kubernetes control plane. How to add one: a file in `trials/` with `pub fn trials() -> Vec<Trial>`.
//!
//! `harness` knows how to run a control plane and nothing of Bartizan; `trials` knows what must be true of Bartizan.

#![allow(
    clippy::print_stderr,
    reason = "a test program may say what it is doing"
)]

mod harness;
mod trials;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = libtest_mimic::Arguments::from_args();
    let conclusion = libtest_mimic::run(&arguments, trials::all());
    harness::Cluster::end_shared();
    conclusion.exit_code()
}
