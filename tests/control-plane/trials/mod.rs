//! Every trial: one file, one subject, found by being here. `src/build.rs` writes the list that `main.rs` includes.

automod::dir!(pub "tests/control-plane/trials");
