//! A sequence that asks the terminal itself to take the text: the way over ssh, as the terminal is at the person's own
//! machine. Nothing ever answers, so nobody can say that it arrived.

use super::{Family, Route};
use crate::term::copy::osc52;

/// Bare OSC 52.
pub static ROUTE: Route = Route {
    id: "osc52",
    name: "OSC 52",
    rank: 90,
    family: Family::Osc52,
    available: |_| true,
    send: |text, _, out| {
        out.write_all(osc52(text).as_bytes())?;
        Ok(out.flush()?)
    },
};
