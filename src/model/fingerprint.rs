//! Hashes that outlive a run: of findings (baselines compare them) and of rule contents (parts name them).

/// FNV-1a, 64 bit: stable over versions, machines and releases, which std's hashers do not promise. Not for maps.
pub fn fnv1a<'a>(texts: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for text in texts {
        for byte in text.bytes().chain([0x1f]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}
