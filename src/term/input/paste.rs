//! Pasted text between the two marks of bracketed paste: bounded, and free of anything but text.

/// A paste ends with this.
const END: &[u8] = b"\x1b[201~";
/// More than this is not meant for a one-line prompt; the rest is dropped.
const MAX_BYTES: usize = 64 * 1024;

/// A paste that is still arriving.
#[derive(Debug, Default)]
pub(super) struct Paste {
    bytes: Vec<u8>,
    /// How much of the end mark was seen. Its first byte occurs nowhere else in it, so no other bookkeeping is needed.
    matched: usize,
}

impl Paste {
    /// Takes a byte; true when it was the last of the end mark.
    pub(super) fn push(&mut self, byte: u8) -> bool {
        if byte == END[self.matched] {
            self.matched += 1;
            return self.matched == END.len();
        }
        self.keep(&END[..self.matched]);
        self.matched = usize::from(byte == END[0]);
        if self.matched == 0 {
            self.keep(&[byte]);
        }
        false
    }

    /// The text: line ends as `\n`, tabs kept, every other control character gone, so that nothing hidden in it acts.
    pub(super) fn text(mut self) -> String {
        self.keep(&END[..self.matched % END.len()]);
        let text = String::from_utf8_lossy(&self.bytes)
            .replace("\r\n", "\n")
            .replace('\r', "\n");
        text.chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
            .collect()
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = MAX_BYTES.saturating_sub(self.bytes.len());
        self.bytes.extend(bytes.iter().take(room));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paste(bytes: &[u8]) -> (String, usize) {
        let mut paste = Paste::default();
        let used = bytes
            .iter()
            .position(|byte| paste.push(*byte))
            .map_or(bytes.len(), |at| at + 1);
        (paste.text(), used)
    }

    #[test]
    fn the_end_mark_is_found_after_false_starts() {
        assert_eq!(paste(b"a\x1b[20\x1b[201~b"), ("a[20".to_owned(), 11));
        assert_eq!(paste(b"\x1b\x1b[201~"), (String::new(), 7));
        assert_eq!(paste(b"x\x1b[2"), ("x[2".to_owned(), 4));
    }

    #[test]
    fn a_huge_paste_is_cut_and_its_end_still_found() {
        let mut bytes = vec![b'x'; MAX_BYTES + 1000];
        bytes.extend_from_slice(END);
        let (text, used) = paste(&bytes);
        assert_eq!((text.len(), used), (MAX_BYTES, bytes.len()));
    }

    #[test]
    fn only_text_is_left() {
        assert_eq!(
            paste("a\r\nb\rc\td\x07\u{9b}é\x1b[201~".as_bytes()).0,
            "a\nb\nc\tdé"
        );
    }
}
