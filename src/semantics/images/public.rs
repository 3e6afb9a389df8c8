//! Registries in which anybody may open an account and publish.

/// Hosts, as the image names them. Registries of one vendor (`registry.k8s.io`, `mcr.microsoft.com`) are none of these.
const PUBLIC: &[&str] = &[
    "docker.io",
    "registry-1.docker.io",
    "ghcr.io",
    "quay.io",
    "public.ecr.aws",
    "registry.gitlab.com",
];

/// Anybody may publish there.
pub fn is_public(host: &str) -> bool {
    PUBLIC.contains(&host)
}
