//! Control sequences that keys are sent as: CSI and SS3, in the dialects of xterm, the Linux console, rxvt and `PuTTY`.
//!
//! Sources: xterm's *ctlseqs* (PC-style function keys, modifyOtherKeys), the Linux console's `console_codes(4)`,
//! rxvt-unicode's `urxvt(7)` and kitty's keyboard protocol for `CSI u`.

use crate::term::key::{Code, Key};

/// What the start of the bytes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// A whole sequence of this many bytes; it may mean nothing to us.
    Whole(usize, Meant),
    /// More bytes are needed to tell.
    Part,
    /// Not a sequence: the Esc at its start was a key.
    NotOne,
}

/// What a sequence stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meant {
    /// A key.
    Key(Key),
    /// Pasted text begins.
    Paste,
    /// A report nobody asked for: mouse, focus, colours. Swallowed.
    Nothing,
}

/// No key is longer; what is longer is noise.
const MAX_LEN: usize = 64;

/// Reads `ESC [ ...`.
pub(super) fn csi(bytes: &[u8]) -> Found {
    let Some(third) = bytes.get(2) else {
        return Found::Part;
    };
    match third {
        b'[' => return linux_function_key(bytes),
        // X10 mouse report: three bytes of anything follow.
        b'M' => {
            return if bytes.len() < 6 {
                Found::Part
            } else {
                Found::Whole(6, Meant::Nothing)
            };
        }
        _ => {}
    }
    let Some(end) = bytes
        .iter()
        .skip(2)
        .position(|byte| !matches!(byte, 0x20..=0x3f))
        .map(|at| at + 2)
    else {
        return match rxvt_shifted(bytes) {
            Some(found) => found,
            None if bytes.len() > MAX_LEN => Found::Whole(bytes.len(), Meant::Nothing),
            None => Found::Part,
        };
    };
    let last = bytes[end];
    if !matches!(last, 0x40..=0x7e) {
        return rxvt_shifted(bytes).unwrap_or(Found::NotOne);
    }
    let meant = match std::str::from_utf8(&bytes[2..end]) {
        Ok(params) => meaning(params, last),
        Err(_) => Meant::Nothing,
    };
    Found::Whole(end + 1, meant)
}

/// Quirk "rxvt's dollar": Shift with an editing key ends in `$`, which ECMA-48 has as an intermediate byte.
fn rxvt_shifted(bytes: &[u8]) -> Option<Found> {
    let end = bytes.iter().position(|byte| *byte == b'$')?;
    let number = std::str::from_utf8(&bytes[2..end]).ok()?.parse().ok()?;
    let key = tilde(number)?;
    Some(Found::Whole(
        end + 1,
        Meant::Key(Key {
            shift: true,
            ..Key::plain(key)
        }),
    ))
}

/// Quirk "the Linux console's brackets": F1 to F5 are `ESC [ [ A` to `E`.
fn linux_function_key(bytes: &[u8]) -> Found {
    match bytes.get(3) {
        None => Found::Part,
        Some(letter @ b'A'..=b'E') => {
            Found::Whole(4, Meant::Key(Key::plain(Code::F(letter - b'A' + 1))))
        }
        Some(_) => Found::NotOne,
    }
}

/// Reads `ESC O x`: arrows and function keys, and the keypad of a terminal left in application mode.
pub(super) fn ss3(bytes: &[u8]) -> Found {
    let Some(letter) = bytes.get(2) else {
        return Found::Part;
    };
    let code = match letter {
        b'M' => Code::Enter,
        b'j'..=b'y' => Code::Char(char::from(letter - 0x40)),
        _ => match lettered(*letter) {
            Some(code) => code,
            None => return Found::NotOne,
        },
    };
    Found::Whole(3, Meant::Key(Key::plain(code)))
}

fn meaning(params: &str, last: u8) -> Meant {
    let mut numbers = params.split(';').map(|number| {
        number
            .split(':')
            .next()
            .unwrap_or_default()
            .parse::<u32>()
            .ok()
    });
    let (first, second, third) = (
        numbers.next().flatten(),
        numbers.next().flatten(),
        numbers.next().flatten(),
    );
    let key = match (last, first) {
        (b'~', Some(200)) => return Meant::Paste,
        (b'~', Some(27)) => third.and_then(|point| by_code_point(point, second)),
        (b'~', Some(number)) => tilde(number).map(|code| held(code, second)),
        // rxvt: Control, and Control with Shift.
        (b'^', Some(number)) => tilde(number).map(|code| Key {
            ctrl: true,
            ..Key::plain(code)
        }),
        (b'@', Some(number)) => tilde(number).map(|code| Key {
            ctrl: true,
            shift: true,
            ..Key::plain(code)
        }),
        (b'u', Some(point)) => by_code_point(point, second),
        (b'Z', _) => Some(Key {
            shift: true,
            ..Key::plain(Code::Tab)
        }),
        // rxvt: Shift with an arrow.
        (b'a'..=b'd', None) if params.is_empty() => {
            lettered(last.to_ascii_uppercase()).map(|code| Key {
                shift: true,
                ..Key::plain(code)
            })
        }
        // The first parameter is 1 when there are modifiers; the reply to a cursor query has a row there.
        (_, None | Some(1))
            if params
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b';' | b':')) =>
        {
            lettered(last).map(|code| held(code, second))
        }
        _ => None,
    };
    key.map_or(Meant::Nothing, Meant::Key)
}

fn lettered(letter: u8) -> Option<Code> {
    Some(match letter {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'F' => Code::End,
        b'H' => Code::Home,
        b'P'..=b'S' => Code::F(letter - b'P' + 1),
        _ => return None,
    })
}

fn tilde(number: u32) -> Option<Code> {
    Some(match number {
        1 | 7 => Code::Home,
        2 => Code::Insert,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        11..=15 => Code::F(u8::try_from(number - 10).ok()?),
        17..=21 => Code::F(u8::try_from(number - 11).ok()?),
        23..=26 => Code::F(u8::try_from(number - 12).ok()?),
        28 | 29 => Code::F(u8::try_from(number - 13).ok()?),
        31..=34 => Code::F(u8::try_from(number - 14).ok()?),
        _ => return None,
    })
}

/// xterm's modifier parameter: one more than the sum of Shift 1, Alt 2, Control 4.
fn held(code: Code, modifiers: Option<u32>) -> Key {
    let bits = modifiers.unwrap_or(1).saturating_sub(1);
    Key {
        code,
        shift: bits & 1 != 0,
        alt: bits & 2 != 0,
        ctrl: bits & 4 != 0,
    }
}

/// Keys sent as a code point, by terminals that were told to by a program before this one.
fn by_code_point(point: u32, modifiers: Option<u32>) -> Option<Key> {
    let code = match point {
        9 => Code::Tab,
        13 | 57414 => Code::Enter,
        27 => Code::Esc,
        8 | 127 => Code::Backspace,
        // The private use area holds keys that this program does not use.
        0xe000..=0xf8ff => return None,
        _ => Code::Char(char::from_u32(point).filter(|c| !c.is_control())?),
    };
    let mut key = held(code, modifiers);
    if let Code::Char(c) = key.code {
        let shifted = key.shift && c.is_lowercase() && !key.ctrl;
        key.code = Code::Char(if shifted {
            c.to_uppercase().next().unwrap_or(c)
        } else {
            c
        });
        key.shift = false;
    }
    Some(key)
}
