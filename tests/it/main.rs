//! One binary of integration tests: every file of this folder is one group, found by automod.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::format_collect,
    clippy::needless_for_each,
    clippy::too_many_lines,
    clippy::manual_let_else,
    clippy::cast_possible_wrap,
    clippy::unnecessary_box_returns,
    clippy::cloned_ref_to_slice_refs,
    clippy::manual_is_multiple_of,
    missing_docs,
    reason = "tests"
)]

automod::dir!("tests/it");
