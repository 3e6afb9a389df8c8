//! When the kubelet asks the registry: `imagePullPolicy` in force, and where it comes from.

use super::reference::ImageRef;
use crate::model::Origin;

/// A pull policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pull {
    /// The registry is asked at each start: the tag is resolved anew, and the pull secret is tried.
    Always,
    /// Only where the node has no image of this name.
    IfNotPresent,
    /// The node must have it.
    Never,
}

impl Pull {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Pull::Always => "Always",
            Pull::IfNotPresent => "IfNotPresent",
            Pull::Never => "Never",
        }
    }
}

/// The policy in force. Unset, the server writes `Always` for the tag `latest` (a pinned one as well) or none without a
/// digest, else `IfNotPresent` (`SetDefaults_Container`, `SetDefaults_Volume` with `parsers.ParseImageName`).
pub fn pull_policy(image: &str, written: Option<&str>) -> (Pull, Origin) {
    match written {
        Some("Always") => (Pull::Always, Origin::Explicit),
        Some("Never") => (Pull::Never, Origin::Explicit),
        Some(_) => (Pull::IfNotPresent, Origin::Explicit),
        None => {
            let parsed = ImageRef::parse(image);
            let latest = parsed.is_valid() && parsed.effective_tag() == Some("latest");
            let pull = if latest {
                Pull::Always
            } else {
                Pull::IfNotPresent
            };
            (pull, Origin::Default)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_writes_always_for_latest_alone() {
        let digest = format!("sha256:{}", "a".repeat(64));
        for (image, pull) in [
            ("nginx".to_owned(), Pull::Always),
            ("registry:5000/nginx".to_owned(), Pull::Always),
            ("nginx:latest".to_owned(), Pull::Always),
            (format!("nginx:latest@{digest}"), Pull::Always),
            (format!("nginx@{digest}"), Pull::IfNotPresent),
            ("nginx:1.27".to_owned(), Pull::IfNotPresent),
            ("nginx:main".to_owned(), Pull::IfNotPresent),
            ("Nginx".to_owned(), Pull::IfNotPresent),
        ] {
            assert_eq!(
                pull_policy(&image, None),
                (pull, Origin::Default),
                "{image}"
            );
        }
        for word in [Pull::Always, Pull::IfNotPresent, Pull::Never] {
            assert_eq!(
                pull_policy("nginx", Some(word.word())),
                (word, Origin::Explicit)
            );
        }
    }
}
