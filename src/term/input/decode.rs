//! Bytes from the terminal to keys and pasted text. It never reads and never waits: whoever feeds it says when nothing
//! more came. However the bytes are cut into pieces, the same keys come out; no byte sequence makes it fail.

use super::csi::{Found, Meant, csi, ss3};
use super::paste::Paste;
use crate::term::key::{Code, Key};
use std::time::Duration;

/// What the terminal sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    Key(Key),
    Paste(String),
}

/// How long an Esc alone may be the start of something. Long enough for a sequence that a slow link cut in two, short
/// enough that a person does not notice (vim's `ttimeoutlen` is 50 to 100 ms).
const ESC_ALONE: Duration = Duration::from_millis(50);
/// How long to wait for the rest of what looks like a sequence: nobody types one by hand.
const REST_OF_SEQUENCE: Duration = Duration::from_millis(500);
/// How long a paste may pause.
const REST_OF_PASTE: Duration = Duration::from_secs(2);
/// A report longer than this is not one.
const MAX_REPORT: usize = 4096;

/// The state between two reads.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    pending: Vec<u8>,
    paste: Option<Paste>,
}

impl Decoder {
    /// Takes bytes and gives what they complete.
    pub(super) fn feed(&mut self, bytes: &[u8], out: &mut Vec<Input>) {
        for (at, byte) in bytes.iter().enumerate() {
            if let Some(paste) = &mut self.paste {
                if paste.push(*byte) {
                    out.extend(self.paste.take().map(|paste| Input::Paste(paste.text())));
                }
                continue;
            }
            self.pending.push(*byte);
            // A run of plain characters is decoded once, not once a byte.
            let more = bytes
                .get(at + 1)
                .is_some_and(|next| (0x20..0x7f).contains(next) && (0x20..0x7f).contains(byte));
            if !more || self.pending[0] == ESC {
                self.decode(out);
            }
        }
    }

    /// How long to wait for more before [`Self::give_up`]; `None` when nothing is half read.
    pub(super) fn patience(&self) -> Option<Duration> {
        match (&self.paste, self.pending.as_slice()) {
            (Some(_), _) => Some(REST_OF_PASTE),
            (None, []) => None,
            (None, [ESC]) => Some(ESC_ALONE),
            (None, _) => Some(REST_OF_SEQUENCE),
        }
    }

    /// Nothing more came: what is half read is what it looks like, an Esc and the keys after it.
    pub(super) fn give_up(&mut self, out: &mut Vec<Input>) {
        loop {
            out.extend(self.paste.take().map(|paste| Input::Paste(paste.text())));
            let rest = std::mem::take(&mut self.pending);
            let Some((first, rest)) = rest.split_first() else {
                return;
            };
            if *first == ESC {
                out.push(Input::Key(Key::plain(Code::Esc)));
            }
            self.feed(rest, out);
        }
    }

    fn decode(&mut self, out: &mut Vec<Input>) {
        let mut at = 0;
        while at < self.pending.len() && self.paste.is_none() {
            let (taken, input) = match step(&self.pending[at..]) {
                Step::Wait => break,
                Step::Skip(taken) => (taken, None),
                Step::Key(taken, key) => (taken, Some(key)),
                Step::Paste(taken) => {
                    self.paste = Some(Paste::default());
                    (taken, None)
                }
            };
            at += taken;
            out.extend(input.map(Input::Key));
        }
        self.pending.drain(..at);
    }
}

const ESC: u8 = 0x1b;

/// What the first bytes are.
enum Step {
    /// It takes more bytes to tell.
    Wait,
    /// So many bytes mean nothing.
    Skip(usize),
    /// So many bytes are a key.
    Key(usize, Key),
    /// So many bytes say that pasted text follows.
    Paste(usize),
}

fn step(bytes: &[u8]) -> Step {
    match bytes[0] {
        ESC => escape(bytes),
        byte if byte < 0x20 || byte == 0x7f => Step::Key(1, control(byte)),
        byte if byte < 0x80 => Step::Key(1, Key::char(char::from(byte))),
        _ => utf8(bytes),
    }
}

/// Quirk "Esc runs into the next key": over ssh an Esc and a key pressed after it arrive in one piece, exactly like Alt
/// and that key. No binding needs Alt, so they are two keys and none is lost.
fn escape(bytes: &[u8]) -> Step {
    let found = match bytes.get(1) {
        None => return Step::Wait,
        Some(b'[') => csi(bytes),
        Some(b'O') => ss3(bytes),
        Some(b']' | b'P' | b'_' | b'^' | b'X') => report(bytes),
        Some(_) => Found::NotOne,
    };
    match found {
        Found::Part => Step::Wait,
        Found::NotOne => Step::Key(1, Key::plain(Code::Esc)),
        Found::Whole(taken, Meant::Key(key)) => Step::Key(taken, key),
        Found::Whole(taken, Meant::Paste) => Step::Paste(taken),
        Found::Whole(taken, Meant::Nothing) => Step::Skip(taken),
    }
}

/// Quirk "late answers": the reply to a question that an earlier program asked (colours, capabilities). Real ones go on
/// with a digit, `>`, `!` or `G`; anything else is a person who pressed Esc and then this key.
fn report(bytes: &[u8]) -> Found {
    match bytes.get(2) {
        None => return Found::Part,
        Some(b'0'..=b'9' | b'>' | b'!' | b'G') => {}
        Some(_) => return Found::NotOne,
    }
    let rest = &bytes[2..];
    let ends = |at: usize| match rest[at] {
        0x07 => Some(at + 3),
        b'\\' if at > 0 && rest[at - 1] == ESC => Some(at + 3),
        _ => None,
    };
    match (0..rest.len()).find_map(ends) {
        Some(end) => Found::Whole(end, Meant::Nothing),
        None if rest.len() > MAX_REPORT => Found::NotOne,
        None => Found::Part,
    }
}

fn control(byte: u8) -> Key {
    match byte {
        0x00 => Key::ctrl(' '),
        // Quirk "two backspaces": PuTTY and old terminals send Ctrl-H where others send DEL.
        0x08 | 0x7f => Key::plain(Code::Backspace),
        b'\t' => Key::plain(Code::Tab),
        // Line feed is what scripts that play a person send for Enter.
        b'\r' | b'\n' => Key::plain(Code::Enter),
        0x01..=0x1a => Key::ctrl(char::from(byte - 1 + b'a')),
        _ => Key::ctrl(char::from(byte - 0x1c + b'\\')),
    }
}

fn utf8(bytes: &[u8]) -> Step {
    let wanted = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Step::Skip(1),
    };
    let have = &bytes[..wanted.min(bytes.len())];
    match std::str::from_utf8(have) {
        Ok(text) => match text.chars().next() {
            // C1 controls: a key cannot be one.
            Some(c) if !c.is_control() => Step::Key(wanted, Key::char(c)),
            _ => Step::Skip(wanted),
        },
        Err(error) if error.error_len().is_none() && have.len() < wanted => Step::Wait,
        Err(_) => Step::Skip(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys(bytes: &[u8]) -> Vec<String> {
        let (mut decoder, mut out) = (Decoder::default(), Vec::new());
        decoder.feed(bytes, &mut out);
        decoder.give_up(&mut out);
        assert_eq!(decoder.patience(), None);
        spelled(out)
    }

    fn spelled(inputs: Vec<Input>) -> Vec<String> {
        let spell = |input| match input {
            Input::Key(key) => Key::to_string(&key),
            Input::Paste(text) => format!("paste {text:?}"),
        };
        inputs.into_iter().map(spell).collect()
    }

    fn one(bytes: &[u8]) -> String {
        keys(bytes).join(" ")
    }

    #[test]
    fn keys_of_every_dialect() {
        for (bytes, wanted) in [
            (&b"j"[..], "j"),
            (b"\x1b[A", "Up"),
            (b"\x1bOB", "Down"),
            (b"\x1b[1;5C", "Ctrl-Right"),
            (b"\x1b[1;2D", "S-Left"),
            (b"\x1b[1;3A", "Alt-Up"),
            (
                b"\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~",
                "Home End Home End Home End",
            ),
            (b"\x1b[5~\x1b[6~\x1b[2~\x1b[3~", "PgUp PgDn Ins Del"),
            (b"\x1b[5;5~", "Ctrl-PgUp"),
            (b"\x1b[Z", "S-Tab"),
            (b"\t\r\n\x7f\x08", "Tab Enter Enter Backspace Backspace"),
            (b"\x1bOP\x1b[11~\x1b[[A\x1b[P\x1b[1;2P", "F1 F1 F1 F1 S-F1"),
            (b"\x1b[15~\x1b[17~\x1b[21~\x1b[24~", "F5 F6 F10 F12"),
            (
                b"\x1b[a\x1b[7$\x1b[5^\x1b[6@",
                "S-Up S-Home Ctrl-PgUp Ctrl-S-PgDn",
            ),
            (b"\x1bOM\x1bOp\x1bOk", "Enter 0 +"),
            (
                b"\x1b[97;5u\x1b[27;5;100~\x1b[13u\x1b[27u",
                "Ctrl-A Ctrl-D Enter Esc",
            ),
            (b"\x1b[103;2u", "G"),
            (
                b"\x00\x01\x04\x1a\x1c\x1f",
                "Ctrl-Space Ctrl-A Ctrl-D Ctrl-Z Ctrl-\\ Ctrl-_",
            ),
            ("é漢🦀".as_bytes(), "é 漢 🦀"),
        ] {
            assert_eq!(one(bytes), wanted, "{:?}", bytes.escape_ascii().to_string());
        }
    }

    #[test]
    fn quirk_esc_runs_into_the_next_key() {
        assert_eq!(one(b"\x1bj"), "Esc j");
        assert_eq!(one(b"\x1b\x1b"), "Esc Esc");
        assert_eq!(one(b"\x1b\x1b[A"), "Esc Up");
        assert_eq!(one(b"\x1b["), "Esc [");
        assert_eq!(one(b"\x1b]"), "Esc ]");
        assert_eq!(one(b"\x1bPj"), "Esc P j");
        assert_eq!(one(b"\x1bOj\x1bOz"), "* Esc O z");
        assert_eq!(one(b"\x1b[\xff"), "Esc [");
    }

    #[test]
    fn quirk_late_answers_are_swallowed() {
        assert_eq!(one(b"a\x1b]11;rgb:1e1e/1e1e/1e1e\x07b"), "a b");
        assert_eq!(one(b"a\x1bP>|tmux 3.3a\x1b\\b"), "a b");
        assert_eq!(
            one(b"a\x1b[?62;22cb\x1b[24;80Rc\x1b[?2026;2$yd\x1b[I\x1b[Oe"),
            "a b c d e"
        );
        assert_eq!(one(b"a\x1b[<0;10;5Mb\x1b[M !!c"), "a b c");
        assert_eq!(one(b"a\x1b[8;24;80tb"), "a b");
    }

    #[test]
    fn half_a_sequence_waits_and_then_is_what_it_looks_like() {
        let (mut decoder, mut out) = (Decoder::default(), Vec::new());
        decoder.feed(b"\x1b", &mut out);
        assert_eq!((out.len(), decoder.patience()), (0, Some(ESC_ALONE)));
        decoder.feed(b"[", &mut out);
        assert_eq!((out.len(), decoder.patience()), (0, Some(REST_OF_SEQUENCE)));
        decoder.feed(b"A", &mut out);
        assert_eq!(
            (out.as_slice(), decoder.patience()),
            (&[Input::Key(Key::plain(Code::Up))][..], None)
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_dropped() {
        assert_eq!(one(b"a\xff\xc0\x80b"), "a b");
        assert_eq!(
            one(b"a\xc2\x9bb"),
            "a b",
            "C1 CSI is neither a key nor a sequence"
        );
        assert_eq!(one(b"a\xe6\xbcb"), "a b");
        assert_eq!(one(b"a\xe6"), "a");
    }

    #[test]
    fn a_paste_is_one_piece_of_clean_text() {
        assert_eq!(
            one(b"a\x1b[200~q\rq\x1b[A\x1b[201~b"),
            "a paste \"q\\nq[A\" b"
        );
        assert_eq!(one(b"\x1b[200~never ended"), "paste \"never ended\"");
        assert_eq!(one(b"\x1b]1\x1b[200~x"), "Esc ] 1 paste \"x\"");
    }

    proptest! {
        #[test]
        fn cuts_change_nothing(bytes in prop::collection::vec(prop_oneof![
            4 => Just(b"\x1b[".to_vec()), 2 => Just(b"\x1bO".to_vec()), 1 => Just(b"\x1b[200~".to_vec()), 1 => Just(b"\x1b[201~".to_vec()),
            1 => Just(b"\x1b]1".to_vec()), 1 => Just(b"\x07".to_vec()), 2 => Just("漢".as_bytes().to_vec()),
            6 => prop::collection::vec(any::<u8>(), 1..4), 4 => prop::collection::vec(0x30u8..0x7f, 1..4),
        ], 0..40), size in 1usize..7) {
            let bytes = bytes.concat();
            let whole = keys(&bytes);
            let (mut decoder, mut out) = (Decoder::default(), Vec::new());
            for piece in bytes.chunks(size) {
                decoder.feed(piece, &mut out);
            }
            decoder.give_up(&mut out);
            prop_assert_eq!(spelled(out), whole);
            prop_assert!(decoder.pending.is_empty() && decoder.paste.is_none());
        }
    }
}
