//! Registries in which anybody may open an account and publish.

use super::reference::ImageRef;

/// Hosts, as an image names them, each with the paths below it that its keeper or a vendor curates. Registries of one
/// vendor (`registry.k8s.io`, `mcr.microsoft.com`) are none of these.
const PUBLIC: &[(&str, &[&str])] = &[
    ("docker.io", &["library/"]),
    ("registry-1.docker.io", &["library/"]),
    (
        "public.ecr.aws",
        &["eks/", "eks-distro/", "docker/library/"],
    ),
    ("ghcr.io", &[]),
    ("quay.io", &[]),
    ("registry.gitlab.com", &[]),
];

/// Anybody may publish where this image comes from.
pub fn is_public(image: &ImageRef<'_>) -> bool {
    let own = PUBLIC.iter().find(|(host, _)| *host == image.host());
    own.is_some_and(|(_, curated)| {
        let curated = curated
            .iter()
            .any(|path| image.repository.starts_with(path));
        !image.is_official() && !curated
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_curated_is_not_open_to_everybody() {
        for (image, public) in [
            ("nginx:1", false),
            ("docker.io/library/nginx:1", false),
            ("acme/agent:1", true),
            ("quay.io/acme/agent:1", true),
            ("public.ecr.aws/eks/amazon-k8s-cni:v1", false),
            ("public.ecr.aws/acme/agent:1", true),
            ("registry.k8s.io/pause:3.10", false),
            ("registry.example.com/acme/agent:1", false),
        ] {
            assert_eq!(is_public(&ImageRef::parse(image)), public, "{image}");
        }
    }
}
