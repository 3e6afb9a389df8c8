//! The names and digests that controllers and registries would have made up, derived from text so that they never change.

/// FNV-1a, 64 bit, over UTF-8.
pub fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A suffix as controllers append it: letters that cannot spell a word (`k8s.io/apimachinery/pkg/util/rand`).
pub fn suffix(text: &str, length: usize) -> String {
    const LETTERS: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut hash = fnv(text);
    let mut suffix = String::new();
    for _ in 0..length {
        let at = usize::try_from(hash % 27).unwrap_or(0);
        suffix.push(char::from(LETTERS[at]));
        hash /= 27;
    }
    suffix
}

/// An image digest.
pub fn digest(text: &str) -> String {
    let parts: Vec<String> = (0..4)
        .map(|at| format!("{:016x}", fnv(&format!("{at}:{text}"))))
        .collect();
    format!("sha256:{}", parts.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_names_never_change() {
        assert_eq!(fnv(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(suffix("shop/cart", 5).len(), 5);
        assert_eq!(suffix("shop/cart", 5), suffix("shop/cart", 5));
        assert_eq!(digest("nginx:1.29").len(), 7 + 64);
    }
}
