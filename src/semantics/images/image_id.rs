//! What a runtime reports as the id of the image that a container runs (`status...imageID`, an image volume's `imageRef`).
//!
//! # Which digests may be compared
//!
//! A registry names a multi-platform image by the digest of its index, and each platform's image by one of its own.
//! containerd reports what the tag or the pin named (mostly the index), CRI-O may report the platform's. So:
//! - digests of one repository are compared among pods whose nodes run the same kind of runtime, never across;
//! - a digest that is pinned is never held against the one that is reported: the runtime checks content while it pulls, so
//!   a pinned container cannot run other content, and a difference only shows index and platform;
//! - a digest under another repository's name is the same content pulled under that name before: no digest of this one;
//! - a bare id is the hash of the image's configuration, made on the node: no digest of any registry.

use super::grammar::is_hex;
use super::reference::{ImageRef, is_digest};

/// An image id, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageId<'a> {
    /// Nothing is reported: not started, or nothing that names content.
    None,
    /// A registry's digest, with the name under which it was pulled.
    Registry(ImageRef<'a>, &'a str),
    /// No registry is named: built or loaded on the node.
    Local(&'a str),
}

impl<'a> ImageId<'a> {
    /// Forms of containerd and CRI-O (`repo@sha256:...`, `sha256:...`, bare digits) and of cri-dockerd
    /// (`docker-pullable://repo@sha256:...`, `docker://sha256:...`).
    pub fn parse(id: &'a str) -> ImageId<'a> {
        let id = id.split_once("://").map_or(id, |(_, rest)| rest);
        if is_digest(id) || is_hex(id, 64) {
            return ImageId::Local(id);
        }
        let name = ImageRef::parse(id);
        match name.digest.filter(|digest| is_digest(digest)) {
            Some(digest) if is_import(&name) => ImageId::Local(digest),
            Some(digest) => ImageId::Registry(name, digest),
            None => ImageId::None,
        }
    }

    /// The registry's digest, where it is one of the repository that is asked for.
    pub fn digest_of(self, wanted: &ImageRef<'_>) -> Option<&'a str> {
        match self {
            ImageId::Registry(name, digest) if name.name() == wanted.name() => Some(digest),
            _ => None,
        }
    }
}

/// `import-2026-01-31`: containerd's own name for an archive that was loaded without one (`ctr images import`, `kind load`).
fn is_import(name: &ImageRef<'_>) -> bool {
    let day = name.repository.rsplit('/').next();
    let day = day.and_then(|last| last.strip_prefix("import-"));
    name.host() == "docker.io"
        && day.is_some_and(|day| {
            day.len() == 10 && day.bytes().all(|b| b == b'-' || b.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:4b3c1a0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef";

    #[test]
    fn only_a_digest_of_the_same_repository_counts() {
        let wanted = ImageRef::parse("nginx:1.27");
        for (id, expected) in [
            (format!("docker.io/library/nginx@{DIGEST}"), Some(DIGEST)),
            (format!("docker-pullable://nginx@{DIGEST}"), Some(DIGEST)),
            (format!("docker://{DIGEST}"), None),
            (DIGEST.to_owned(), None),
            (format!("mirror.example.com/nginx@{DIGEST}"), None),
            ("docker.io/library/nginx@sha256:ab".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(ImageId::parse(&id).digest_of(&wanted), expected, "{id}");
        }
    }

    #[test]
    fn what_was_loaded_on_the_node_is_told_from_what_was_pulled() {
        for (id, local) in [
            (DIGEST.to_owned(), true),
            (format!("docker://{DIGEST}"), true),
            (DIGEST.trim_start_matches("sha256:").to_owned(), true),
            (
                format!("docker.io/library/import-2026-01-31@{DIGEST}"),
                true,
            ),
            (format!("docker.io/library/import-tool@{DIGEST}"), false),
            (format!("registry:5000/import-2026-01-31@{DIGEST}"), false),
            (format!("localhost/app@{DIGEST}"), false),
            ("nginx:1.27".to_owned(), false),
            (String::new(), false),
        ] {
            let found = matches!(ImageId::parse(&id), ImageId::Local(_));
            assert_eq!(found, local, "{id}");
        }
    }
}
