//! Versions of the standard. Source: pod-security-admission `api/helpers.go` (`ParseVersion`, `Version.Older`).

use std::fmt;

use super::registry::newest;
use crate::model::ServerVersion;

/// Version of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// `v1.N`.
    Minor(u64),
    /// The server's own; newer than every number (`Version.Older`).
    Latest,
}

impl Version {
    /// `latest` or `v1.N` without leading zeros, N as far as Go's `int` goes.
    pub fn parse(text: &str) -> Option<Version> {
        if text == "latest" {
            return Some(Version::Latest);
        }
        let minor = text.strip_prefix("v1.")?;
        let plain = minor == "0" || (!minor.starts_with('0') && !minor.is_empty());
        let digits = minor.chars().all(|c| c.is_ascii_digit());
        let number = (plain && digits).then(|| minor.parse::<i64>().ok())??;
        u64::try_from(number).ok().map(Version::Minor)
    }

    /// The minor whose rules a server applies: none newer than it knows itself, and none newer than is known here.
    pub fn applied(self, server: Option<&ServerVersion>) -> u32 {
        let own = server
            .filter(|v| v.major == 1)
            .map_or(newest(), |v| v.minor.min(newest()));
        match self {
            Version::Minor(minor) => u32::try_from(minor).map_or(own, |minor| minor.min(own)),
            Version::Latest => own,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Version::Minor(minor) => write!(f, "v1.{minor}"),
            Version::Latest => f.write_str("latest"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_written_one_way() {
        assert_eq!(Version::parse("latest"), Some(Version::Latest));
        assert_eq!(Version::parse("v1.0"), Some(Version::Minor(0)));
        assert_eq!(Version::parse("v1.36"), Some(Version::Minor(36)));
        assert_eq!(
            Version::parse("v1.9223372036854775807"),
            Some(Version::Minor(i64::MAX.unsigned_abs()))
        );
        for wrong in [
            "",
            "1.30",
            "v1.",
            "v1.030",
            "v2.1",
            "v1.30.1",
            "Latest",
            "v1.+3",
            "v1.9223372036854775808",
        ] {
            assert_eq!(Version::parse(wrong), None, "{wrong}");
        }
        assert!(Version::Latest > Version::Minor(99));
    }

    #[test]
    fn a_server_applies_nothing_newer_than_itself() {
        let server = ServerVersion::parse("v1.30.4").unwrap();
        let applied = |version: Version| version.applied(Some(&server));
        assert_eq!(applied(Version::Latest), 30);
        assert_eq!(applied(Version::Minor(99)), 30);
        assert_eq!(applied(Version::Minor(22)), 22);
        assert_eq!(Version::Minor(1 << 40).applied(None), newest());
        let future = ServerVersion::parse("v1.99.0").unwrap();
        assert_eq!(Version::Latest.applied(Some(&future)), newest());
    }
}
