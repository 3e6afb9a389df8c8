//! Wayland's clipboard, through wl-clipboard. It stays behind as a process that serves the text.
//! Over ssh the desktop of this machine is not the one the person looks at: not tried there.

use super::{Family, Route};
use crate::term::copy::feed;

/// `wl-copy`.
pub static ROUTE: Route = Route {
    id: "wl-copy",
    name: "wl-copy",
    rank: 30,
    family: Family::Native,
    available: |env| {
        !env.is_remote() && env.has("WAYLAND_DISPLAY") && env.program("wl-copy").is_some()
    },
    send: |text, env, _| feed("wl-copy", &[], text, env),
};
