//! X11's clipboard, through xsel. It stays behind as a process that serves the text.
//! Over ssh the desktop of this machine is not the one the person looks at: not tried there.

use super::{Family, Route};
use crate::term::copy::feed;

/// `xsel`.
pub static ROUTE: Route = Route {
    id: "xsel",
    name: "xsel",
    rank: 32,
    family: Family::Native,
    available: |env| !env.is_remote() && env.has("DISPLAY") && env.program("xsel").is_some(),
    send: |text, env, _| feed("xsel", &["--clipboard", "--input"], text, env),
};
