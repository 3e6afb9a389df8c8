//! An image reference taken apart as `github.com/distribution/reference` does, which kubelet and the runtimes use.

use std::fmt;

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
            None | Some("index.docker.io" | "registry-1.docker.io") => "docker.io",
            Some(host) => host,
        }
    }

    /// Host and repository in full: `docker.io/library/nginx`.
    pub fn name(&self) -> String {
        let host = self.host();
        let library = if host == "docker.io" && !self.repository.contains('/') {
            "library/"
        } else {
            ""
        };
        format!("{host}/{library}{}", self.repository)
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

    /// The tag is one that moves by intent: none at all, or `latest`; and nothing pins it.
    pub fn is_moving(&self) -> bool {
        !self.is_pinned() && self.effective_tag() == Some("latest")
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
    part.contains(['.', ':']) || part == "localhost" || part.chars().any(|c| c.is_ascii_uppercase())
}

/// A digest as the OCI image specification writes the two registered algorithms.
pub fn is_digest(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once(':') else {
        return false;
    };
    let length = match algorithm {
        "sha256" => 64,
        "sha512" => 128,
        _ => return false,
    };
    hex.len() == length && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
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
    fn any_text_gives_an_answer() {
        for text in ["", ":", "@", "/", "a//b", "::@@", "ä/ö:ü"] {
            assert_eq!(ImageRef::parse(text).to_string(), text);
        }
    }
}
