//! One binary of integration tests: every file of this folder is one group, found by automod.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs,
    reason = "tests"
)]

automod::dir!("tests/it");
