//! What must not be guessable: the key that signs service account tokens, and the token of each user.
//!
//! Made from the kernel's random bytes alone, so that neither a crate nor a tool is needed for it.

use std::fs::File;
use std::io::{self, Read};

/// A P-256 private key as SEC 1 (RFC 5915) writes it. The public half is optional there: the reader computes it.
pub fn signing_key() -> io::Result<String> {
    const BEFORE: [u8; 7] = [0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20];
    const P256: [u8; 12] = [
        0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
    ];
    let mut scalar = random()?;
    scalar[0] = scalar[0] & 0x7f | 1; // above zero and below the order of the curve, which starts with 0xff
    let der: Vec<u8> = BEFORE.into_iter().chain(scalar).chain(P256).collect();
    Ok(format!(
        "-----BEGIN EC PRIVATE KEY-----\n{}\n-----END EC PRIVATE KEY-----\n",
        base64(&der)
    ))
}

/// Sixty-four hexadecimal digits.
pub fn token() -> io::Result<String> {
    let digits = random()?
        .into_iter()
        .flat_map(|byte| [byte >> 4, byte & 15]);
    Ok(digits
        .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
        .collect())
}

fn random() -> io::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Base64, padded.
pub fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |some: &[u8]| {
        let byte = |at: usize| some.get(at).copied().map_or(0, u32::from);
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let digit = |at: usize| char::from(ALPHABET[(bits >> (18 - 6 * at) & 63) as usize]);
        [0, 1, 2, 3].map(|at| if at > some.len() { '=' } else { digit(at) })
    };
    bytes.chunks(3).flat_map(group).collect()
}
