//! An image reference taken apart as `github.com/distribution/reference` does, which kubelet and the runtimes use.

use std::fmt;

use super::grammar::is_hex;

/// A reference, borrowed from its text. Nothing is filled in; the methods answer with the defaults applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageRef<'a> {
    /// Host, with a port where one is written; `None` is Docker Hub.
    pub registry: Option<&'a str>,
    /// Path below the registry, as written.
    pub repository: &'a str,
    /// Tag, as written.
    pub tag: Option<&'a str>,
    /// Digest (`sha256:...`), as written.
    pub digest: Option<&'a str>,
}

impl<'a> ImageRef<'a> {
    /// Takes a reference apart. Any text gives an answer: what is no reference is refused by the kubelet, not here.
    pub fn parse(text: &'a str) -> ImageRef<'a> {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (text, None),
        };
        // A colon before the last slash belongs to a port.
        let path = name.rfind('/').map_or(0, |at| at + 1);
        let (name, tag) = match name[path..].find(':') {
            Some(at) => (&name[..path + at], Some(&name[path + at + 1..])),
            None => (name, None),
        };
        let (registry, repository) = match name.split_once('/') {
            Some((host, rest)) if is_host(host) => (Some(host), rest),
            _ => (None, name),
        };
        ImageRef {
            registry,
            repository,
            tag,
            digest,
        }
    }

    /// The registry's host: Docker Hub where none is written.
    pub fn host(&self) -> &'a str {
        match self.registry {
            None | Some("index.docker.io") => "docker.io",
            Some(host) => host,
        }
    }

    /// Host and repository in full: `docker.io/library/nginx`.
    pub fn name(&self) -> String {
        let host = self.host();
        let library = if self.is_official() { "library/" } else { "" };
        format!("{host}/{library}{}", self.repository)
    }

    /// One of Docker Hub's own images, which stand below `library/` though nobody writes it.
    pub(super) fn is_official(&self) -> bool {
        self.host() == "docker.io" && !self.repository.contains('/')
    }

    /// The reference with nothing left out: name, tag in force, digest.
    pub fn full(&self) -> String {
        let mut text = self.name();
        for (sign, part) in [(':', self.effective_tag()), ('@', self.digest)] {
            if let Some(part) = part {
                text.push(sign);
                text.push_str(part);
            }
        }
        text
    }

    /// The tag in force; `None` where a digest is written without one.
    pub fn effective_tag(&self) -> Option<&'a str> {
        match (self.tag, self.digest) {
            (None, None) => Some("latest"),
            (tag, _) => tag,
        }
    }

    /// A digest is written: whatever the tag says, this content runs.
    pub fn is_pinned(&self) -> bool {
        self.digest.is_some_and(is_digest)
    }

    /// The tag is one that moves by intent, and nothing pins it: none at all, `latest`, or another word without a digit
    /// (`stable`, `main`, `alpine`), which names a branch or a channel and no version.
    pub fn is_moving(&self) -> bool {
        let tag = self.effective_tag();
        !self.is_pinned() && tag.is_some_and(|tag| !tag.bytes().any(|b| b.is_ascii_digit()))
    }

    /// The same reference with a digest added: `name:tag@sha256:...`.
    pub fn with_digest(&self, digest: &str) -> String {
        let bare = ImageRef {
            digest: None,
            ..*self
        };
        format!("{bare}@{digest}")
    }
}

/// As it was written.
impl fmt::Display for ImageRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(registry) = self.registry {
            write!(f, "{registry}/")?;
        }
        f.write_str(self.repository)?;
        if let Some(tag) = self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

/// The first part of a name is a host when it cannot be part of a path (`splitDockerDomain`).
fn is_host(part: &str) -> bool {
    let tells = |b: u8| matches!(b, b'.' | b':') || b.is_ascii_uppercase();
    part.bytes().any(tells) || part == "localhost"
}

/// A digest of an algorithm that go-digest knows.
pub fn is_digest(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once(':') else {
        return false;
    };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    is_hex(hex, length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DIGEST: &str = "sha256:4b3c1a0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef";

    #[test]
    fn names_are_completed_and_ports_are_no_tags() {
        for (text, name, tag) in [
            ("nginx", "docker.io/library/nginx", Some("latest")),
            ("nginx:1.27", "docker.io/library/nginx", Some("1.27")),
            ("team/app", "docker.io/team/app", Some("latest")),
            ("docker.io/nginx:1", "docker.io/library/nginx", Some("1")),
            (
                "index.docker.io/library/nginx:1",
                "docker.io/library/nginx",
                Some("1"),
            ),
            ("registry:5000/app", "registry:5000/app", Some("latest")),
            ("registry:5000/app:2", "registry:5000/app", Some("2")),
            ("localhost/app", "localhost/app", Some("latest")),
            (
                "[2001:db8::1]:5000/app:2",
                "[2001:db8::1]:5000/app",
                Some("2"),
            ),
            ("ghcr.io/a/b/c:v1", "ghcr.io/a/b/c", Some("v1")),
            ("test.com:5000", "docker.io/library/test.com", Some("5000")),
            (
                "192.168.1.1:tag",
                "docker.io/library/192.168.1.1",
                Some("tag"),
            ),
            ("test_com/foo", "docker.io/test_com/foo", Some("latest")),
            (
                "foo/foo_bar.com:8080",
                "docker.io/foo/foo_bar.com",
                Some("8080"),
            ),
            ("library/ubuntu", "docker.io/library/ubuntu", Some("latest")),
            (
                "docker.io/library/foo/bar",
                "docker.io/library/foo/bar",
                Some("latest"),
            ),
            ("Foo/bar", "Foo/bar", Some("latest")),
            (
                "xn--n3h.com:18080/foo",
                "xn--n3h.com:18080/foo",
                Some("latest"),
            ),
            (
                "lowercase:Uppercase",
                "docker.io/library/lowercase",
                Some("Uppercase"),
            ),
        ] {
            let image = ImageRef::parse(text);
            assert_eq!(
                (image.name().as_str(), image.effective_tag()),
                (name, tag),
                "{text}"
            );
            assert_eq!(image.to_string(), text);
        }
    }

    #[test]
    fn a_digest_pins_whatever_the_tag() {
        for (text, pinned, moving) in [
            (format!("registry:5000/app@{DIGEST}"), true, false),
            (format!("app:latest@{DIGEST}"), true, false),
            ("app:latest".to_owned(), false, true),
            ("registry:5000/app".to_owned(), false, true),
            ("app:1.4.2".to_owned(), false, false),
            ("app:main".to_owned(), false, true),
            ("python:slim".to_owned(), false, true),
            ("app:v2".to_owned(), false, false),
            (format!("app:main@{DIGEST}"), true, false),
            ("app:1@sha256:abc".to_owned(), false, false),
        ] {
            let image = ImageRef::parse(&text);
            assert_eq!(
                (image.is_pinned(), image.is_moving()),
                (pinned, moving),
                "{text}"
            );
        }
        assert_eq!(
            ImageRef::parse("registry:5000/app:2").with_digest(DIGEST),
            format!("registry:5000/app:2@{DIGEST}")
        );
        assert_eq!(
            ImageRef::parse("app@sha256:00").with_digest(DIGEST),
            format!("app@{DIGEST}")
        );
    }

    #[test]
    fn tag_and_digest_stay_both() {
        let text = format!("busybox:latest@{DIGEST}");
        let full = format!("docker.io/library/{text}");
        assert_eq!(ImageRef::parse(&text).full(), full);
        let bare = format!("redis@{DIGEST}");
        assert_eq!(
            ImageRef::parse(&bare).full(),
            format!("docker.io/library/{bare}")
        );
    }

    proptest! {
        /// Pieces of references in any order, and any text at all.
        #[test]
        fn any_text_gives_an_answer_and_the_full_form_stays(
            text in prop_oneof![
                "[a-zA-Z0-9:/@._\\[\\]-]{0,40}",
                "(localhost|docker.io|index.docker.io|[::1]|A)?(:[0-9]{1,4})?/?(library/)?[a-z/]{0,9}(:[a-z0-9]{0,5})?(@sha256:[a-f0-9]{0,64})?",
                ".{0,30}",
            ],
        ) {
            let image = ImageRef::parse(&text);
            prop_assert_eq!(image.to_string(), &*text);
            let full = image.full();
            let again = ImageRef::parse(&full);
            prop_assert_eq!(again.full(), &*full);
            prop_assert_eq!(again.name(), image.name());
            prop_assert_eq!(again.is_moving(), image.is_moving());
            if image.is_valid() {
                prop_assert!(again.is_valid(), "{}", full);
            }
        }
    }
}
