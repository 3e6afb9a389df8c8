//! OSC 52, the sequence that sets a terminal's clipboard: encoded here, on one line. (`base64(1)` wraps at 76 columns, and
//! terminals reject that: jesseduffield/lazygit#3595.)

/// The whole sequence for a text, to the selection `c`, ended by BEL (which GNU screen and every terminal accept).
pub(in crate::term) fn osc52(text: &str) -> String {
    format!("\x1b]52;c;{}\x07", base64(text.as_bytes()))
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Standard base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            if digit <= group.len() {
                let index = (bits >> (18 - 6 * digit)) & 63;
                out.push(char::from(ALPHABET[index as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Written from the standard and not from the code above: bits in, bits out.
    fn decode(text: &str) -> Vec<u8> {
        let digits = text
            .trim_end_matches('=')
            .bytes()
            .map(|digit| ALPHABET.iter().position(|known| *known == digit).unwrap());
        let bits = digits
            .map(|digit| format!("{digit:06b}"))
            .collect::<Vec<_>>()
            .concat();
        bits.as_bytes()
            .chunks_exact(8)
            .map(|bits| u8::from_str_radix(std::str::from_utf8(bits).unwrap(), 2).unwrap())
            .collect()
    }

    #[test]
    fn the_vectors_of_rfc_4648() {
        for (text, wanted) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(text.as_bytes()), wanted);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "+//+");
        assert_eq!(osc52("foo"), "\x1b]52;c;Zm9v\x07");
    }

    proptest! {
        #[test]
        fn every_text_comes_back_and_stays_on_one_line(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let text = base64(&bytes);
            prop_assert_eq!(text.len() % 4, 0);
            prop_assert!(text.bytes().all(|byte| byte == b'=' || ALPHABET.contains(&byte)));
            prop_assert_eq!(decode(&text), bytes);
        }
    }
}
