//! Which content the pods run, from the image ids that the runtimes report in `status`.

use std::collections::BTreeSet;

use super::reference::{ImageRef, is_digest};
use crate::model::objects::pod::Pod;

/// What the live pods of a workload report of one container.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Running {
    /// Digests of the registry's manifest, each once, in order.
    pub digests: BTreeSet<String>,
    /// Pods whose runtime names no digest of the registry for it (not started yet, or an image built on the node).
    pub silent: usize,
}

impl Running {
    /// The one digest that every pod reports, if there is at least one pod and all agree.
    pub fn agreed(&self) -> Option<&str> {
        match (self.digests.len(), self.silent) {
            (1, 0) => self.digests.first().map(String::as_str),
            _ => None,
        }
    }
}

/// What these pods report of a container, as far as they run the image that is asked for.
pub fn running<'a>(
    pods: impl IntoIterator<Item = &'a Pod>,
    container: &str,
    image: &str,
) -> Running {
    let mut all = Running::default();
    let wanted = ImageRef::parse(image);
    for pod in pods {
        if pod
            .spec
            .container(container)
            .is_none_or(|c| *c.image != *image)
        {
            continue;
        }
        let id = pod.images.iter().find(|(name, _, _)| **name == *container);
        match id.and_then(|(_, _, id)| digest_of(id, &wanted)) {
            Some(digest) => drop(all.digests.insert(digest.to_owned())),
            None => all.silent += 1,
        }
    }
    all
}

/// The registry's digest in an image id (`repo@sha256:...`, `docker-pullable://repo@sha256:...`).
///
/// A bare `sha256:...` is the id of a local image's configuration and names nothing in a registry. A digest of another
/// repository (the same content pulled under another name) need not exist in the one that is asked for.
fn digest_of<'a>(id: &'a str, wanted: &ImageRef<'_>) -> Option<&'a str> {
    let id = id.split_once("://").map_or(id, |(_, rest)| rest);
    let found = ImageRef::parse(id);
    let digest = found.digest.filter(|d| is_digest(d))?;
    (found.name() == wanted.name()).then_some(digest)
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
            assert_eq!(digest_of(&id, &wanted), expected, "{id}");
        }
    }
}
