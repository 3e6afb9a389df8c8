//! Whether a text is an image reference at all: the grammar of `github.com/distribution/reference` (`regexp.go`,
//! `normalize.go`), which the API server's defaulting and the kubelet apply. What it refuses never runs (`InvalidImageName`).

use super::reference::{ImageRef, is_digest};

/// Longest path below the registry (`RepositoryNameTotalLengthMax`).
const LONGEST_NAME: usize = 255;
/// Longest tag.
const LONGEST_TAG: usize = 128;

impl ImageRef<'_> {
    /// `ParseNormalizedNamed` takes it.
    pub fn is_valid(&self) -> bool {
        let path = if self.is_official() && !self.repository.is_empty() {
            self.repository.len() + "library/".len()
        } else {
            self.repository.len()
        };
        // Sixty-four digits of a hash alone are the id of an image on the node, never a name.
        let bare = self.registry.is_none() && self.tag.is_none() && self.digest.is_none();
        path <= LONGEST_NAME
            && !(bare && is_hex(self.repository, 64))
            && self.registry.is_none_or(is_registry)
            && self.repository.split('/').all(is_component)
            && self.tag.is_none_or(is_tag)
            && self.digest.is_none_or(is_digest)
    }
}

/// So many digits of a hash, in lower case.
pub(super) fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// `domainAndPort`: names of letters, digits and inner dashes with dots between, or an IPv6 address in brackets; a port.
fn is_registry(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let Some((address, after)) = rest.split_once(']') else {
                return false;
            };
            let six =
                !address.is_empty() && address.bytes().all(|b| b == b':' || b.is_ascii_hexdigit());
            if !six {
                return false;
            }
            match after.strip_prefix(':') {
                None if after.is_empty() => return true,
                None => return false,
                Some(port) => (None, Some(port)),
            }
        }
        None => match text.split_once(':') {
            Some((host, port)) => (Some(host), Some(port)),
            None => (Some(text), None),
        },
    };
    let number = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    port.is_none_or(number) && host.is_none_or(|host| host.split('.').all(is_label))
}

fn is_label(text: &str) -> bool {
    let inner = |b: u8| b == b'-' || b.is_ascii_alphanumeric();
    !text.is_empty() && !text.starts_with('-') && !text.ends_with('-') && text.bytes().all(inner)
}

/// `pathComponent`: runs of small letters and digits, between them one dot, one or two underscores, or dashes.
fn is_component(text: &str) -> bool {
    let word = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9');
    let bytes = text.as_bytes();
    let ends = bytes.first().zip(bytes.last());
    let ends_well = ends.is_some_and(|(first, last)| word(*first) && word(*last));
    let mut between = text.split(|c: char| c.is_ascii() && word(c as u8));
    ends_well
        && between
            .all(|part| matches!(part, "" | "." | "_" | "__") || part.bytes().all(|b| b == b'-'))
}

fn is_tag(text: &str) -> bool {
    let word = |b: u8| b == b'_' || b.is_ascii_alphanumeric();
    text.len() <= LONGEST_TAG
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|b| word(b) || matches!(b, b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a";

    /// Facts of upstream's `reference_test.go` and `normalize_test.go`.
    #[test]
    fn takes_what_upstream_takes() {
        let digest = format!("sha256:{}", "f".repeat(64));
        for text in [
            "test_com",
            "test.com:5000",
            "test:5000/repo:tag",
            "lowercase:Uppercase",
            "foo_bar.com:8080",
            "foo/foo_bar.com:8080",
            "192.168.1.1:5000/repo:5050",
            "[2001:db8::1]/repo",
            "[2001:db8::1]:5000/repo:tag",
            "[::1]:5000/repo",
            "docker/docker",
            "docker---rules/docker",
            "dock__er/docker",
            "d/docker",
            "Docker/docker",
            "Uppercase/lowercase:tag",
            "xn--n3h.com/myimage:xn--n3h.com",
        ] {
            assert!(ImageRef::parse(text).is_valid(), "{text}");
        }
        for text in [
            format!("test:5000/repo:tag@{digest}"),
            format!("xn--7o8h.com/myimage@sha512:{}", "f".repeat(128)),
            format!("docker.io/{HASH}"),
            format!("sha256:{HASH}"),
            format!("{}a:tag-puts-this-over-max", "a/".repeat(127)),
        ] {
            assert!(ImageRef::parse(&text).is_valid(), "{text}");
        }
    }

    #[test]
    fn refuses_what_upstream_refuses() {
        let digest = format!("sha256:{}", "f".repeat(64));
        for text in [
            "",
            ":justtag",
            "Uppercase:tag",
            "test:5000/Uppercase/lowercase:tag",
            "aa/asdf$$^/aa",
            "[2001:db8::1]",
            "[2001:db8::1]:5000",
            "[fe80::1%eth0]:5000/repo",
            "[2001:db8:3:4::192.0.2.33]:5000/debian",
            "fc00::1:5000/debian",
            "https://github.com/docker/docker",
            "docker/Docker",
            "-docker",
            "-docker.io/docker/docker",
            "docker-/docker",
            "docker///docker",
            "docker/",
            "____/____",
            "_docker/_docker",
            "dock..er/docker",
            "dock_.er/docker",
            "dock-.er/docker",
            "busybox:-foo",
            HASH,
        ] {
            assert!(!ImageRef::parse(text).is_valid(), "{text}");
        }
        for text in [
            format!("@{digest}"),
            format!("repo@sha256:{}", "f".repeat(34)),
            format!("validname@invaliddigest:{}", "f".repeat(64)),
            format!("app:{}", "t".repeat(129)),
            format!("{}a:tag", "a/".repeat(128)),
            format!("{}/docker", "this_is_long_".repeat(20)),
        ] {
            assert!(!ImageRef::parse(&text).is_valid(), "{text}");
        }
    }
}
