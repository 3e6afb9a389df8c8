//! Registries and repositories that get no new images: what they hold stays as it was on the day they were frozen.

use super::reference::ImageRef;

/// A place that is frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// Since when and why, in a few words.
    pub since: &'static str,
    /// The place that still gets images under the same path, if there is one.
    pub successor: Option<&'static str>,
}

/// (prefix of the full name, what is known). Sources: Kubernetes blog 2023-02-06 "k8s.gcr.io Image Registry Will Be
/// Frozen From the 3rd of April 2023" (its backends are the three `k8s-artifacts-prod` buckets); bitnami/containers
/// issue 83267 (versioned images moved to `bitnamilegacy` on 2025-08-28 and are no longer built).
const FROZEN: &[(&str, Frozen)] = &[
    ("k8s.gcr.io/", KUBERNETES),
    ("us.gcr.io/k8s-artifacts-prod/", KUBERNETES),
    ("eu.gcr.io/k8s-artifacts-prod/", KUBERNETES),
    ("asia.gcr.io/k8s-artifacts-prod/", KUBERNETES),
    (
        "docker.io/bitnamilegacy/",
        Frozen {
            since: "no longer built since 2025-08-28",
            successor: None,
        },
    ),
];

const KUBERNETES: Frozen = Frozen {
    since: "frozen since 2023-04-03",
    successor: Some("registry.k8s.io/"),
};

/// What is known of the place of an image.
pub fn frozen(image: &ImageRef<'_>) -> Option<&'static Frozen> {
    found(image).map(|(_, place)| place)
}

/// The same image at the successor of its place, where there is one.
pub fn moved(image: &ImageRef<'_>) -> Option<String> {
    let (path, place) = found(image)?;
    let successor = place.successor?;
    let tag = image.tag.map_or(String::new(), |tag| format!(":{tag}"));
    let digest = image.digest.map_or(String::new(), |d| format!("@{d}"));
    Some(format!("{successor}{path}{tag}{digest}"))
}

/// The path of an image below its frozen place, and that place.
fn found<'a>(image: &ImageRef<'a>) -> Option<(&'a str, &'static Frozen)> {
    // Docker Hub's own images lie below `library/`, which is not frozen.
    if image.is_official() {
        return None;
    }
    FROZEN.iter().find_map(|(prefix, place)| {
        let below = prefix.strip_prefix(image.host())?.strip_prefix('/')?;
        Some((image.repository.strip_prefix(below)?, place))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_registry_moves_with_path_tag_and_digest() {
        for (text, moved) in [
            ("k8s.gcr.io/pause:3.9", Some("registry.k8s.io/pause:3.9")),
            (
                "eu.gcr.io/k8s-artifacts-prod/git-sync/git-sync:v3.6.1",
                Some("registry.k8s.io/git-sync/git-sync:v3.6.1"),
            ),
            ("bitnamilegacy/redis:7", None),
        ] {
            let found = super::moved(&ImageRef::parse(text));
            assert_eq!(found.as_deref(), moved, "{text}");
            assert!(frozen(&ImageRef::parse(text)).is_some(), "{text}");
        }
        for text in [
            "registry.k8s.io/pause:3.9",
            "gcr.io/distroless/static",
            "bitnami/redis",
        ] {
            assert!(frozen(&ImageRef::parse(text)).is_none(), "{text}");
        }
    }
}
