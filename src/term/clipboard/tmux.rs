//! Through tmux's own command, which is the only way that reaches the outer terminal with every setting of tmux:
//! with the default `set-clipboard external` it drops both a bare OSC 52 and one wrapped in its own DCS
//! (tmux/tmux#1864, #4214; measured with tmux 3.3a). Needs tmux 3.2 for `-w`. The person's options are never changed.

use super::{Family, Route};
use crate::term::copy::feed;

/// `tmux load-buffer -w -`.
pub static ROUTE: Route = Route {
    id: "tmux",
    name: "tmux",
    rank: 10,
    family: Family::Tmux,
    available: |env| env.in_tmux() && env.program("tmux").is_some(),
    send: |text, env, _| feed("tmux", &["load-buffer", "-w", "-"], text, env),
};
