//! Which minor versions of Kubernetes still get security fixes. The clock is not read: the table says how things stood
//! when this version of the program was released.

use crate::model::ServerVersion;

/// The day of which the table speaks.
pub const AS_OF: &str = "2026-11-24";

/// (minor, last day of upstream's support). Up to 1.31: kubernetes/website `data/releases/eol.yaml`; from 1.32:
/// kubernetes.io/releases/patch-releases and endoflife.date. A minor beyond the table is supported.
const END_OF_LIFE: &[(u32, &str)] = &[
    (19, "2021-10-28"),
    (20, "2022-02-28"),
    (21, "2022-06-28"),
    (22, "2022-12-08"),
    (23, "2023-02-28"),
    (24, "2023-07-28"),
    (25, "2023-10-28"),
    (26, "2024-02-28"),
    (27, "2024-07-16"),
    (28, "2024-10-22"),
    (29, "2025-02-28"),
    (30, "2025-07-15"),
    (31, "2025-11-11"),
    (32, "2026-02-28"),
    (33, "2026-06-28"),
    (34, "2026-10-27"),
    (35, "2027-02-28"),
    (36, "2027-06-28"),
];

/// The day on which upstream's support ended, if it had by [`AS_OF`].
pub fn ended(version: &ServerVersion) -> Option<&'static str> {
    if version.major != 1 {
        return None;
    }
    let (oldest, first) = END_OF_LIFE.first()?;
    if version.minor < *oldest {
        return Some(first); // long before; the day itself no longer matters
    }
    let (_, end) = END_OF_LIFE
        .iter()
        .find(|(minor, _)| *minor == version.minor)?;
    (*end < AS_OF).then_some(end)
}

/// The oldest minor that upstream still supported on [`AS_OF`].
pub fn oldest_supported() -> u32 {
    END_OF_LIFE
        .iter()
        .find(|(_, end)| *end >= AS_OF)
        .map_or(0, |(minor, _)| *minor)
}

/// A vendor's build (`v1.33.4-eks-1a2b3c`, `v1.33.5-gke.2000`): the vendor may patch it longer than upstream does.
pub fn is_vendor_build(version: &ServerVersion) -> bool {
    version.git.contains(['-', '+'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end_of(git: &str) -> Option<&'static str> {
        ended(&ServerVersion::parse(git).unwrap())
    }

    #[test]
    fn minors_end_on_their_day() {
        assert_eq!(end_of("v1.34.8"), Some("2026-10-27"));
        assert_eq!(end_of("v1.33.4-eks-1a2b3c"), Some("2026-06-28"));
        assert_eq!(end_of("v1.9.0"), Some("2021-10-28"));
        for supported in ["v1.35.0", "v1.36.3", "v1.37.1", "v1.99.0"] {
            assert_eq!(end_of(supported), None, "{supported}");
        }
        assert_eq!(oldest_supported(), 35);
        assert!(END_OF_LIFE.is_sorted());
    }
}
