//! Ingress serves a host without TLS
//!
//! ## What
//! Hosts of an Ingress that no entry of `spec.tls` covers: there is none, or none for this host (`*.example.com` covers one
//! label). An entry without hosts covers all. Silent where TLS is known to end elsewhere: at an ALB, a GCE or an
//! Application Gateway with a certificate of its own, a Traefik router with TLS, or the load balancer in front.
//!
//! ## Why
//! Passwords, session cookies and answers cross every network between a user and the cluster in the clear, and can be read
//! and changed on the way.
//!
//! ## Fix
//! Adds a `tls` entry for the host. The Secret with its certificate must exist, or be made by something like cert-manager:
//! its name is for a person to say. TLS that is offered is not yet TLS that is required: redirect plain HTTP as well.
//!
//! ## References
//! - Kubernetes documentation, Ingress, "TLS"
//! - MITRE ATT&CK T1557, Adversary-in-the-Middle

use crate::model::objects::ingress::Ingress;
use crate::semantics::exposure::{Level, ingress_reach, tls_covers, tls_ends_elsewhere};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "ingress-without-tls",
    since: "0.1",
    threats: &[ThreatId::ExternalAttacker],
    control: "ingress-encrypted",
    needs: &[Kind::Ingress, Kind::IngressClass, Kind::Service],
    rests_on: RestsOn::Presence,
    standards: &["attack:T1557", "owasp:2025/K05", "kubescape:C-0263"],
    scope: Scope::Object(&[Kind::Ingress], run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules:
  - host: shop.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
",
        ),
        Example::fires(
            "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  tls: [{hosts: [chat.example.com], secretName: chat-tls}]
  rules:
  - host: chat.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: chat, port: {number: 80}}}}]
  - host: help.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: help, port: {number: 80}}}}]
",
        ),
        Example::silent(
            "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  tls: [{hosts: ['*.example.com'], secretName: wildcard-tls}]
  rules:
  - host: shop.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
",
        ),
        Example::silent(
            "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations: {alb.ingress.kubernetes.io/certificate-arn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1'}
spec:
  ingressClassName: alb
  rules:
  - host: shop.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
",
        ),
    ],
};

/// Stands for every host in a part: no rule can have it as its host.
const ANY: &str = "*";

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::Ingress(ingress) = object else {
        return;
    };
    let open = uncovered(ingress);
    if open.is_empty() || tls_ends_elsewhere(view, ingress).is_some() {
        return;
    }
    let (level, _, hops) = view.context(|view| ingress_reach(view, ingress));
    let severity = match level {
        Level::Network => Severity::Low,
        _ => Severity::Medium,
    };
    for (host, path) in open {
        let name = if host == ANY { "any host" } else { host };
        let why = format!("{name} is served in the clear, {}", level.who());
        let finding = out.fires(Part::Host(host.into()), severity, why);
        finding.because(Evidence::explicit(object.key(), path, name.to_owned()));
        finding.because(if ingress.tls.is_empty() {
            Evidence::new(object.key(), "spec.tls", "unset", Origin::Default)
        } else {
            let covered = ingress
                .tls
                .iter()
                .flat_map(|entry| entry.iter().map(|h| &**h));
            let covered = covered.collect::<Vec<_>>().join(", ");
            Evidence::explicit(object.key(), "spec.tls", covered)
        });
        for hop in &hops {
            finding.because(hop.clone());
        }
    }
}

/// Hosts without TLS, each once, with the field that names them; the default backend answers for any host.
fn uncovered(ingress: &Ingress) -> Vec<(&str, String)> {
    let mut open: Vec<(&str, String)> = Vec::new();
    let rules = ingress
        .rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| !tls_covers(ingress, rule));
    for (at, rule) in rules {
        let host = rule
            .host
            .as_deref()
            .filter(|h| !h.is_empty())
            .unwrap_or(ANY);
        if !open.iter().any(|(known, _)| *known == host) {
            open.push((host, format!("spec.rules[{at}].host")));
        }
    }
    if ingress.default_backend.is_some() && ingress.rules.is_empty() && ingress.tls.is_empty() {
        open.push((ANY, "spec.defaultBackend".to_owned()));
    }
    open
}

fn fix(finding: &Finding, _: &View<'_>) -> Option<Remedy> {
    let Part::Host(host) = &finding.id.part else {
        return None;
    };
    let (hosts, name): (Box<[Str]>, String) = match &**host {
        ANY => (Box::default(), format!("{}-tls", finding.id.object.name)),
        host => (
            Box::new([host.into()]),
            format!("{}-tls", host.trim_start_matches("*.").replace('.', "-")),
        ),
    };
    let change = Change::new(
        &finding.id.object,
        Edit::Ingress(IngressEdit::AddTls(name.as_str().into(), hosts)),
    );
    let remedy = Remedy::review(
        [change],
        "clients that do not trust the certificate, or that speak plain HTTP only once it is redirected",
    );
    Some(remedy.ask(format!(
        "name the Secret of type kubernetes.io/tls that holds the certificate; {name} is a guess and may not exist"
    )))
}
