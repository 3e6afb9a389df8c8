//! Upstream's own code as a judge of ours.
//!
//! Each folder beside this file is a Go module that answers questions with Kubernetes' own packages; `judge` builds it once
//! and runs it; `trials` compares. How to add one: a folder with a Go program, and one file in `trials/` with
//! `pub fn trials() -> Vec<Trial>`.

#![allow(
    clippy::print_stderr,
    reason = "a test program may say what it is doing"
)]

mod judge;
mod samples;
mod seed;
mod trials;
mod verdicts;

use std::process::ExitCode;

include!(concat!(env!("OUT_DIR"), "/oracle_trials.rs"));

fn main() -> ExitCode {
    let arguments = libtest_mimic::Arguments::from_args();
    libtest_mimic::run(&arguments, all_trials()).exit_code()
}
