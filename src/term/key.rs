//! A key as the program knows it, free of any terminal library, with one spelling for screens, settings and tests.

use std::fmt;
use std::str::FromStr;

/// Which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A character; capitals are characters of their own.
    Char(char),
    /// Enter, also as line feed and on the keypad.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Backspace, also where it is sent as Ctrl-H.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, from 1.
    F(u8),
}

/// Keys with a name, as they are spelled.
const NAMES: [(Code, &str); 15] = [
    (Code::Char(' '), "Space"),
    (Code::Enter, "Enter"),
    (Code::Esc, "Esc"),
    (Code::Tab, "Tab"),
    (Code::Backspace, "Backspace"),
    (Code::Delete, "Del"),
    (Code::Insert, "Ins"),
    (Code::Up, "Up"),
    (Code::Down, "Down"),
    (Code::Left, "Left"),
    (Code::Right, "Right"),
    (Code::Home, "Home"),
    (Code::End, "End"),
    (Code::PageUp, "PgUp"),
    (Code::PageDown, "PgDn"),
];

/// A key with what was held beside it. For characters `shift` is never set: it is in the character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// Whether Control was held.
    pub ctrl: bool,
    /// Whether Shift was held, where the terminal tells.
    pub shift: bool,
    /// Whether Alt was held, where the terminal tells; Alt with a character arrives as Esc and the character.
    pub alt: bool,
}

impl Key {
    /// A key alone.
    pub const fn plain(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            shift: false,
            alt: false,
        }
    }

    /// A character.
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// A character with Control.
    pub const fn ctrl(c: char) -> Self {
        Self {
            ctrl: true,
            ..Self::char(c)
        }
    }

    /// The character to insert into a line that is being typed.
    pub fn typed(self) -> Option<char> {
        match self {
            Self {
                code: Code::Char(c),
                ctrl: false,
                alt: false,
                ..
            } => Some(c),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "Ctrl-"), (self.alt, "Alt-"), (self.shift, "S-")] {
            if held {
                f.write_str(name)?;
            }
        }
        if let Some((_, name)) = NAMES.iter().find(|(code, _)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            Code::Char(c) if self.ctrl => write!(f, "{}", c.to_ascii_uppercase()),
            Code::Char(c) => write!(f, "{c}"),
            Code::F(n) => write!(f, "F{n}"),
            _ => Ok(()),
        }
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut key = Self::char('\0');
        let mut rest = text;
        while let Some((word, after)) = rest
            .split_once('-')
            .filter(|(word, after)| !word.is_empty() && !after.is_empty())
        {
            match word.to_ascii_lowercase().as_str() {
                "ctrl" | "c" => key.ctrl = true,
                "alt" | "m" => key.alt = true,
                "shift" | "s" => key.shift = true,
                _ => break,
            }
            rest = after;
        }
        key.code = code(rest).ok_or_else(|| {
            format!("{text:?} is not a key; write a character, a name such as Enter, Esc, PgDn or F1, and Ctrl- or S- before it")
        })?;
        if let Code::Char(c) = key.code {
            if key.ctrl {
                key.code = Code::Char(c.to_ascii_lowercase());
            }
            if key.shift {
                return Err(format!(
                    "{text:?}: write the character that Shift gives, such as G"
                ));
            }
        }
        Ok(key)
    }
}

fn code(text: &str) -> Option<Code> {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if !c.is_control() => return Some(Code::Char(c)),
        _ => {}
    }
    let lower = text.to_ascii_lowercase();
    let long = match lower.as_str() {
        "delete" => "del",
        "insert" => "ins",
        "escape" => "esc",
        "return" => "enter",
        "pageup" => "pgup",
        "pagedown" => "pgdn",
        other => other,
    };
    let named = NAMES
        .iter()
        .find(|(_, name)| name.eq_ignore_ascii_case(long))
        .map(|(code, _)| *code);
    named.or_else(|| {
        lower
            .strip_prefix('f')?
            .parse()
            .ok()
            .filter(|n| (1..=24).contains(n))
            .map(Code::F)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_spelled_as_people_write_them() {
        for (text, key) in [
            ("g", Key::char('g')),
            ("G", Key::char('G')),
            ("-", Key::char('-')),
            ("Ctrl--", Key::ctrl('-')),
            ("Ctrl-D", Key::ctrl('d')),
            ("Space", Key::char(' ')),
            (
                "S-Tab",
                Key {
                    shift: true,
                    ..Key::plain(Code::Tab)
                },
            ),
            (
                "Alt-Left",
                Key {
                    alt: true,
                    ..Key::plain(Code::Left)
                },
            ),
            ("F12", Key::plain(Code::F(12))),
            ("PgDn", Key::plain(Code::PageDown)),
        ] {
            assert_eq!(key.to_string(), text);
            assert_eq!(text.parse(), Ok(key), "{text}");
        }
        assert_eq!("ctrl-d".parse(), Ok(Key::ctrl('d')));
        assert_eq!("c-d".parse(), Ok(Key::ctrl('d')));
        assert_eq!("shift-tab".parse::<Key>().unwrap().to_string(), "S-Tab");
        assert_eq!("pagedown".parse(), Ok(Key::plain(Code::PageDown)));
    }

    #[test]
    fn nonsense_is_refused_with_a_hint() {
        for text in ["", "Ctrl-", "F25", "F0", "shift-g", "hyper-x", "gg", "\x1b"] {
            assert!(text.parse::<Key>().is_err(), "{text:?}");
        }
        assert!("shift-g".parse::<Key>().unwrap_err().contains("such as G"));
    }

    #[test]
    fn only_characters_are_typed() {
        assert_eq!(Key::char('é').typed(), Some('é'));
        assert_eq!(Key::ctrl('a').typed(), None);
        assert_eq!(Key::plain(Code::Enter).typed(), None);
    }

    proptest! {
        #[test]
        fn every_spelling_is_read_back(c in any::<char>(), at in 0usize..NAMES.len(), n in 1u8..=24, ctrl: bool, alt: bool) {
            prop_assume!(!(c.is_control() || ctrl && c.is_ascii_uppercase()));
            for code in [Code::Char(c), NAMES[at].0, Code::F(n)] {
                let key = Key { code, ctrl, alt, shift: false };
                prop_assert_eq!(key.to_string().parse(), Ok(key));
            }
        }
    }
}
