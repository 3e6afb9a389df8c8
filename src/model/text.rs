//! Text that comes from a cluster: interned once, cleaned before anything shows it.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use rustc_hash::FxHashSet;

/// Interned text: clones are a counter, equal texts of one interner share their bytes.
pub type Str = Arc<str>;

/// Text of the program itself, which is not copied, or text that was put together.
pub type Text = Cow<'static, str>;

/// Shares equal strings. Each source owns one; the facts keep what they need alive after it is dropped.
#[derive(Debug, Default)]
pub struct Interner {
    known: FxHashSet<Str>,
}

impl Interner {
    /// The shared copy of `text`.
    pub fn get(&mut self, text: &str) -> Str {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let new: Str = Arc::from(text);
        self.known.insert(new.clone());
        new
    }

    /// Forgets strings that nobody else holds any more. Call it now and then on a long watch.
    pub fn sweep(&mut self) {
        self.known.retain(|s| Arc::strong_count(s) > 1);
    }

    /// How many strings are shared.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// True when nothing was interned yet.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

/// True for characters that may never reach a screen, a log, a title or a message: controls, line and paragraph
/// separators, bidirectional controls (Unicode TR 9) and all that is drawn as nothing (`Default_Ignorable_Code_Point` of
/// the Unicode Character Database: zero-width characters, fillers, variation selectors, tags). They can hide or reorder
/// what a person reads.
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// The one sanitiser: what may reach a person's eyes. C0 controls become their visible pictures, the rest U+FFFD.
/// Not for YAML or commands: there a replaced character would name another object (see `fix::yaml`).
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|c| match c {
                '\t' => ' ',
                c if c < ' ' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
                '\u{7f}' => '\u{2421}',
                c if is_hostile(c) => '\u{fffd}',
                c => c,
            })
            .collect(),
    )
}

/// JSON as it may be printed: the same value, with every character that could act on a terminal or hide as an escape.
/// Only inside strings can JSON hold one; what lays a document out stays.
pub fn plain_json(json: &str) -> Cow<'_, str> {
    let acts = |c: char| c != '\n' && is_hostile(c);
    // Nearly all of it is plain ASCII, and that is quickly seen.
    let plain = |byte: &u8| matches!(byte, b'\n' | b' '..=b'~');
    if json.as_bytes().iter().all(plain) || !json.chars().any(acts) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if acts(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// A name as it may be copied: as it is, or in double quotes with JSON's escapes where it could act on a terminal.
/// Cleaning it would name another object.
pub fn copyable(name: &str) -> Cow<'_, str> {
    if !name.chars().any(is_hostile) {
        return Cow::Borrowed(name);
    }
    let quoted = serde_json::Value::from(name).to_string();
    Cow::Owned(plain_json(&quoted).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_bytes() {
        let mut interner = Interner::default();
        let (a, b) = (interner.get("shop"), interner.get("shop"));
        assert!(Arc::ptr_eq(&a, &b));
        drop((a, b));
        interner.sweep();
        assert!(interner.is_empty());
    }

    #[test]
    fn escape_sequences_and_overrides_become_visible() {
        assert_eq!(clean("a\u{1b}[31mb"), "a\u{241b}[31mb");
        assert_eq!(clean("x\u{202e}y\u{200b}"), "x\u{fffd}y\u{fffd}");
        assert!(matches!(clean("plain-name"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_and_names_keep_what_they_mean() {
        let name = "a\u{7f}\u{9b}\u{202e}\u{e0041}\"\n";
        let value = serde_json::json!({"name": name, "list": [1]});
        let text = format!("{value:#}\n");
        let plain = plain_json(&text);
        assert!(
            !plain.chars().any(|c| c != '\n' && is_hostile(c)),
            "{plain}"
        );
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&plain).unwrap(),
            value
        );
        assert!(matches!(plain_json("{\n}"), Cow::Borrowed(_)));
        assert_eq!(copyable("a'b"), "a'b");
        assert_eq!(copyable(name), r#""a\u007f\u009b\u202e\udb40\udc41\"\n""#);
    }
}
