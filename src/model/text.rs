//! Text that comes from a cluster: interned once, cleaned before anything shows it.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashSet;

/// Interned text: clones are a counter, equal texts of one interner share their bytes.
pub type Str = Arc<str>;

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

/// True for characters that may never reach a screen, a log, a title or a message: controls, bidirectional overrides
/// (Unicode TR 9), zero-width characters and tags. They can hide or reorder what a person reads.
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{061c}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' | '\u{00ad}' | '\u{180e}' | '\u{115f}' | '\u{1160}'
            | '\u{3164}' | '\u{ffa0}')
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
}
