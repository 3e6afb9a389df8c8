//! X11's clipboard, through xclip. It stays behind as a process that serves the text.
//! Over ssh the desktop of this machine is not the one the person looks at: not tried there.

use super::{Family, Route};
use crate::term::copy::feed;

/// `xclip`.
pub static ROUTE: Route = Route {
    id: "xclip",
    name: "xclip",
    rank: 31,
    family: Family::Native,
    available: |env| !env.is_remote() && env.has("DISPLAY") && env.program("xclip").is_some(),
    send: |text, env, _| feed("xclip", &["-selection", "clipboard", "-in"], text, env),
};
