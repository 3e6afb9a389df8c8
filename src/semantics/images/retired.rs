//! Components that nobody maintains any more, where the name of their image tells them apart.

use super::reference::ImageRef;

/// A component that is retired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retired {
    /// The ingress controller of `kubernetes/ingress-nginx`, by its own name, wherever it is mirrored.
    IngressNginx,
    /// A build of it under a vendor's name, who may keep it up.
    IngressNginxOfVendor,
    /// Tiller, the server of Helm 2.
    Tiller,
}

/// What an image is of these. Only names are known: a copy under another name is not found, and `nginx/nginx-ingress` is
/// another controller, which is maintained.
pub fn retired(image: &ImageRef<'_>) -> Option<Retired> {
    let mut parts = image.repository.rsplit('/');
    let (last, above) = (parts.next()?, parts.next());
    match (above, last) {
        (Some("ingress-nginx"), "controller" | "controller-chroot") => Some(Retired::IngressNginx),
        (Some("kubernetes-ingress-controller"), name)
            if name.starts_with("nginx-ingress-controller") =>
        {
            Some(Retired::IngressNginx)
        }
        (Some(vendor), "nginx-ingress-controller") if vendor != "nginx" && vendor != "nginxinc" => {
            Some(Retired::IngressNginxOfVendor)
        }
        (_, "tiller") => Some(Retired::Tiller),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        for (image, found) in [
            (
                "registry.k8s.io/ingress-nginx/controller:v1.14.3",
                Some(Retired::IngressNginx),
            ),
            (
                "mirror:5000/k8s/ingress-nginx/controller-chroot@sha256:ab",
                Some(Retired::IngressNginx),
            ),
            (
                "quay.io/kubernetes-ingress-controller/nginx-ingress-controller-arm64:0.33.0",
                Some(Retired::IngressNginx),
            ),
            (
                "rancher/nginx-ingress-controller:v1.12.4",
                Some(Retired::IngressNginxOfVendor),
            ),
            (
                "gcr.io/kubernetes-helm/tiller:v2.17.0",
                Some(Retired::Tiller),
            ),
            ("nginx/nginx-ingress:5.2.0", None),
            ("nginx/nginx-ingress-controller:5.2.0", None),
            ("registry.example.com/shop/controller:1", None),
            ("registry.example.com/tiller-docs:1", None),
            ("nginx", None),
        ] {
            assert_eq!(retired(&ImageRef::parse(image)), found, "{image}");
        }
    }
}
