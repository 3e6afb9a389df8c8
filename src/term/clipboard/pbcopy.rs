//! The clipboard of macOS, through its own tool.
//! Over ssh the desktop of this machine is not the one the person looks at: not tried there.

use super::{Family, Route};
use crate::term::copy::feed;

/// `pbcopy`.
pub static ROUTE: Route = Route {
    id: "pbcopy",
    name: "pbcopy",
    rank: 33,
    family: Family::Native,
    available: |env| {
        cfg!(target_os = "macos") && !env.is_remote() && env.program("pbcopy").is_some()
    },
    send: |text, env, _| feed("pbcopy", &[], text, env),
};
