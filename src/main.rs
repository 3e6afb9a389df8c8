//! The `bartizan` binary: hands its arguments over, and nothing else.

use std::process::ExitCode;

/// musl's own allocator is slow at what decoding does most; this one is as fast everywhere.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    bartizan::cli::run(std::env::args_os())
}
