//! Flaws of container runtimes that let an image or a pod out of its container, by the version that a node reports.
//!
//! A short table that was read and judged, not a feed: a flaw stands here when the version alone decides it and a container
//! is all that it takes. Upstream's ranges: a vendor's build may be mended under the same number.

/// The day on which the table was true.
pub const AS_OF: &str = "2026-11-24";

/// A release: major, minor, patch.
type Release = (u32, u32, u32);

/// One flaw.
#[derive(Debug)]
pub struct Flaw {
    /// Its id.
    pub id: &'static str,
    /// The runtime, as nodes name it.
    runtime: &'static str,
    /// What an attacker does with it, after "an image" or "a pod".
    pub does: &'static str,
    /// The first release that has it.
    since: Release,
    /// The first release of each series that has it no more. Later series never had it.
    mended: &'static [Release],
}

/// The worst first.
const FLAWS: &[Flaw] = &[
    Flaw {
        id: "CVE-2026-53488",
        runtime: "containerd",
        does: "an image that is pulled runs a command as root on its node",
        since: (1, 7, 0),
        mended: &[(1, 7, 33), (2, 0, 10), (2, 1, 9), (2, 2, 5), (2, 3, 2)],
    },
    Flaw {
        id: "CVE-2022-23648",
        runtime: "containerd",
        does: "an image reads any file of its node",
        since: (1, 0, 0),
        mended: &[(1, 4, 13), (1, 5, 10), (1, 6, 1)],
    },
];

/// What a node says of its runtime: `containerd://2.1.5+bottlerocket`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Runtime<'a> {
    name: &'a str,
    release: Release,
    vendor: bool,
}

impl<'a> Runtime<'a> {
    /// Reads it; `None` for what has no three numbers, and for releases that were never finished (`2.3.0-rc.1`).
    pub fn parse(text: &'a str) -> Option<Runtime<'a>> {
        let (name, version) = text.split_once("://")?;
        let version = version.trim_start_matches('v');
        let end = version.find(|c: char| !c.is_ascii_digit() && c != '.');
        let (numbers, rest) = version.split_at(end.unwrap_or(version.len()));
        let mut numbers = numbers.split('.').map(str::parse::<u32>);
        let release = (
            numbers.next()?.ok()?,
            numbers.next()?.ok()?,
            numbers.next()?.ok()?,
        );
        let unfinished = ["-rc", "-beta", "-alpha", "~rc", "~beta"];
        let finished = !unfinished.iter().any(|word| rest.starts_with(word));
        finished.then_some(Runtime {
            name,
            release,
            vendor: !rest.is_empty(),
        })
    }

    /// Built by somebody who may have mended it under the same number.
    pub fn is_vendor_build(&self) -> bool {
        self.vendor
    }

    /// The worst flaw that upstream's release of this number has.
    pub fn flaw(&self) -> Option<&'static Flaw> {
        FLAWS.iter().find(|flaw| {
            flaw.runtime == self.name && flaw.since <= self.release && !flaw.is_mended(self.release)
        })
    }
}

impl Flaw {
    fn is_mended(&self, release: Release) -> bool {
        let series = |r: Release| (r.0, r.1);
        match self.mended.iter().find(|m| series(**m) == series(release)) {
            Some(mended) => release >= *mended,
            // A series without a mended release is older than all of them, between two, or came after.
            None => self.mended.last().is_some_and(|last| release > *last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&'static str> {
        Runtime::parse(text)?.flaw().map(|flaw| flaw.id)
    }

    #[test]
    fn a_release_has_the_flaws_of_its_series_until_they_are_mended() {
        for (text, flaw) in [
            ("containerd://1.7.32", Some("CVE-2026-53488")),
            ("containerd://1.7.33", None),
            ("containerd://2.1.5+bottlerocket", Some("CVE-2026-53488")),
            ("containerd://2.1.9+bottlerocket", None),
            ("containerd://2.3.1", Some("CVE-2026-53488")),
            ("containerd://2.4.0", None),
            ("containerd://1.6.36", None),
            ("containerd://1.6.0", Some("CVE-2022-23648")),
            ("containerd://1.3.4", Some("CVE-2022-23648")),
            ("containerd://2.3.0-rc.1", None),
            ("cri-o://1.36.0", None),
            ("docker://28.0.4", None),
            ("containerd://2.1", None),
            ("containerd", None),
        ] {
            assert_eq!(found(text), flaw, "{text}");
        }
    }

    #[test]
    fn a_suffix_is_a_vendors() {
        let vendor = |text| Runtime::parse(text).map(|r| r.is_vendor_build());
        assert_eq!(vendor("containerd://1.7.27-k3s1"), Some(true));
        assert_eq!(vendor("containerd://1.7.27"), Some(false));
    }

    #[test]
    fn mended_releases_stand_in_order() {
        for flaw in FLAWS {
            assert!(flaw.mended.is_sorted(), "{}", flaw.id);
        }
    }
}
