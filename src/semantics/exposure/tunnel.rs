//! Programs that open a tunnel from inside to a service outside, whose callers come in by it. Told by the name of the
//! image alone: whether a tunnel is up and what it leads to is settled elsewhere.

use super::way::{Confidence, Door, Level, WayKind};
use crate::model::Evidence;
use crate::semantics::images::ImageRef;
use crate::view::PodLike;

/// Last part of the image's repository, with the part above where the name alone says too little.
const PROGRAMS: &[(&str, &str)] = &[
    ("cloudflared", ""),
    ("ngrok", ""),
    ("ngrok-operator", ""),
    ("kubernetes-ingress-controller", "ngrok"),
    ("tailscale", ""),
    ("k8s-operator", "tailscale"),
    ("frpc", ""),
    ("inlets", ""),
    ("inlets-pro", ""),
    ("inlets-operator", ""),
];

/// The door of the first container that runs such a program; `None` without one.
pub fn door(pod: &PodLike<'_>) -> Option<Door> {
    let container = pod.spec.containers.iter().find(|c| is_tunnel(&c.image))?;
    let name = ImageRef::parse(&container.image).repository;
    let name = name.rsplit('/').next().unwrap_or(name);
    let path = pod.in_container(container, "image");
    Some(Door {
        kind: WayKind::Tunnel,
        level: Level::Unknown,
        confidence: Confidence::Low,
        entry: pod.holder.clone(),
        at: format!("the outer end of a tunnel of {name}"),
        hops: vec![Evidence::explicit(pod.holder, path, &container.image)],
        ports: Vec::new(),
        front: None,
    })
}

fn is_tunnel(image: &str) -> bool {
    let mut parts = ImageRef::parse(image).repository.rsplit('/');
    let (last, above) = (parts.next().unwrap_or_default(), parts.next());
    let is_it =
        |(name, owner): &(&str, &str)| *name == last && (owner.is_empty() || above == Some(*owner));
    PROGRAMS.iter().any(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_by_their_images() {
        for (image, expected) in [
            ("cloudflare/cloudflared:2026.1.0", true),
            ("mirror.example.com:5000/x/cloudflared@sha256:ab", true),
            ("ghcr.io/tailscale/k8s-operator:v1", true),
            ("registry.example.com/shop/k8s-operator:v1", false),
            ("fatedier/frps:v0.60", false),
            ("registry.example.com/my-ngrok-docs", false),
        ] {
            assert_eq!(is_tunnel(image), expected, "{image}");
        }
    }
}
