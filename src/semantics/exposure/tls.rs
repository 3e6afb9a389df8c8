//! Which hosts of an Ingress are served with TLS, and where TLS ends when `spec.tls` says nothing.

use super::provider::annotation;
use crate::model::objects::ingress::{Ingress, IngressRule};
use crate::model::{Evidence, Kind, Labels, Object, ObjectKey};
use crate::view::View;

/// Annotations that give an Ingress a certificate without `spec.tls`: key, and a text that the value must contain.
const INGRESS: &[(&str, &str)] = &[
    ("alb.ingress.kubernetes.io/certificate-arn", ""),
    ("alb.ingress.kubernetes.io/listen-ports", "HTTPS"),
    ("ingress.gcp.kubernetes.io/pre-shared-cert", ""),
    ("networking.gke.io/managed-certificates", ""),
    ("appgw.ingress.kubernetes.io/appgw-ssl-certificate", ""),
    ("traefik.ingress.kubernetes.io/router.tls", "true"),
];

/// The same of the Service whose load balancer stands in front.
const SERVICE: &[(&str, &str)] = &[
    ("service.beta.kubernetes.io/aws-load-balancer-ssl-cert", ""),
    (
        "service.beta.kubernetes.io/do-loadbalancer-certificate-id",
        "",
    ),
    (
        "service.beta.kubernetes.io/oci-load-balancer-tls-secret",
        "",
    ),
    (
        "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-cert-id",
        "",
    ),
];

/// True when a `tls` entry covers the host of a rule. An entry without hosts stands for all that the controller serves;
/// `*.example.com` covers one label more, and no rule without a host is covered by name.
pub fn covers(ingress: &Ingress, rule: &IngressRule) -> bool {
    let host = rule.host.as_deref().unwrap_or_default();
    ingress
        .tls
        .iter()
        .any(|entry| entry.is_empty() || entry.iter().any(|name| is_for(name, host)))
}

fn is_for(name: &str, host: &str) -> bool {
    if host.is_empty() {
        return false;
    }
    name.eq_ignore_ascii_case(host)
        || name.strip_prefix("*.").is_some_and(|domain| {
            host.split_once('.')
                .is_some_and(|(label, rest)| label != "*" && rest.eq_ignore_ascii_case(domain))
        })
}

/// Where TLS ends without `spec.tls`: an annotation of the Ingress, or of the Service in front of it. Hidden Services
/// leave the second out.
pub fn ends_elsewhere(view: &View<'_>, ingress: &Ingress) -> Option<Evidence> {
    let own = find(INGRESS, &ingress.meta.annotations, &ingress.meta.key);
    own.or_else(|| {
        view.context(|view| {
            view.list_all(Kind::Service)
                .find_map(|object| match &**object {
                    Object::Service(s)
                        if s.addresses.iter().any(|a| ingress.addresses.contains(a)) =>
                    {
                        find(SERVICE, &s.meta.annotations, &s.meta.key)
                    }
                    _ => None,
                })
        })
    })
}

fn find(rows: &[(&str, &str)], annotations: &Labels, object: &ObjectKey) -> Option<Evidence> {
    rows.iter().find_map(|(key, part)| {
        let value = annotations
            .get(key)
            .filter(|v| !v.is_empty() && v.contains(part))?;
        Some(Evidence::explicit(object, annotation(key), value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_cover_one_label() {
        let rows = [
            ("shop.example.com", "shop.example.com", true),
            ("shop.example.com", "Shop.Example.com", true),
            ("*.example.com", "shop.example.com", true),
            ("*.example.com", "a.shop.example.com", false),
            ("*.example.com", "example.com", false),
            ("*.example.com", "*.example.com", true),
            ("shop.example.com", "", false),
        ];
        for (name, host, expected) in rows {
            assert_eq!(is_for(name, host), expected, "{name} {host}");
        }
    }
}
