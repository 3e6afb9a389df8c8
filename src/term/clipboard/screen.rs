//! Through GNU screen, which passes a sequence on only inside a DCS. Quirk "768 bytes": screen 4.9 cuts a DCS there and
//! prints the rest on the display, and older ones cut at 256; so the sequence goes in pieces, each in a DCS of its own.
//! It must end in BEL: the `ESC \` of the other form would close the DCS instead.

use super::{Family, Route};
use crate::term::copy::osc52;

/// The largest DCS that is sent, wrapper included.
const MAX_DCS: usize = 240;

/// OSC 52 in pieces, each within a DCS.
pub static ROUTE: Route = Route {
    id: "screen",
    name: "OSC 52 through screen",
    rank: 20,
    family: Family::Osc52,
    available: |env| env.in_screen(),
    send: |text, _, out| {
        for piece in osc52(text).as_bytes().chunks(MAX_DCS - 4) {
            out.write_all(b"\x1bP")?;
            out.write_all(piece)?;
            out.write_all(b"\x1b\\")?;
        }
        Ok(out.flush()?)
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::Env;

    #[test]
    fn quirk_768_bytes() {
        for length in [0, 1, 100, 171, 500, 6_000, 75_000] {
            let text = "x".repeat(length);
            let mut sent = Vec::new();
            (ROUTE.send)(&text, &Env::default(), &mut sent).unwrap();
            let sent = String::from_utf8(sent).unwrap();
            let pieces: Vec<&str> = sent.split_inclusive("\x1b\\").collect();
            assert!(
                pieces
                    .iter()
                    .all(|piece| piece.len() <= MAX_DCS && piece.starts_with("\x1bP")),
                "{length}"
            );
            let joined: String = pieces
                .iter()
                .map(|piece| &piece[2..piece.len() - 2])
                .collect();
            assert_eq!(joined, osc52(&text));
            assert!(
                !joined[1..].contains('\x1b'),
                "an escape inside would end the wrapper"
            );
        }
    }
}
