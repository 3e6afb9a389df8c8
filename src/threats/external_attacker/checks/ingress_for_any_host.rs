//! Ingress answers for any host name
//!
//! ## What
//! Rules of an Ingress without a host, and an Ingress that is nothing but a default backend. `*.example.com` is a host.
//!
//! ## Why
//! The application answers every name that is pointed at the controller, also names of strangers (links and cookies are
//! then made for their host), and requests without any name at all: scanners that walk addresses find it. A rule without a
//! host can also catch requests that were meant for another team's Ingress on the same controller.
//!
//! ## Fix
//! Gives the rule a host. Which one is for a person to say.
//!
//! ## References
//! - Kubernetes documentation, Ingress, "Ingress rules"
//! - OWASP Web Security Testing Guide, "Testing for Host Header Injection"

use crate::model::objects::ingress::Ingress;
use crate::semantics::exposure::ingress_reach;
use crate::threats::prelude::*;

/// Belongs to nobody (RFC 2606).
const PLACEHOLDER: &str = "app.example.com";

/// The check.
pub static CHECK: Check = Check {
    id: "ingress-for-any-host",
    since: "0.1",
    threats: &[ThreatId::ExternalAttacker],
    control: "ingress-encrypted",
    needs: &[Kind::Ingress, Kind::IngressClass, Kind::Service],
    rests_on: RestsOn::Presence,
    standards: &["attack:T1190", "owasp:2025/K05"],
    scope: Scope::Object(&[Kind::Ingress], run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: catch-all, namespace: staging}
spec:
  tls: [{secretName: wildcard-tls}]
  rules:
  - http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
",
        ),
        Example::fires(
            "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: catch-all, namespace: staging}
spec:
  tls: [{secretName: wildcard-tls}]
  defaultBackend: {service: {name: web, port: {number: 80}}}
",
        ),
        Example::silent(
            "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  tls: [{hosts: [shop.example.com], secretName: shop-tls}]
  rules:
  - host: shop.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
",
        ),
        Example::silent(
            "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  tls: [{hosts: ['*.shop.example.com'], secretName: shop-tls}]
  defaultBackend: {service: {name: not-found, port: {number: 80}}}
  rules:
  - host: '*.shop.example.com'
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::Ingress(ingress) = object else {
        return;
    };
    let Some(path) = open(ingress) else {
        return;
    };
    let (level, _, hops) = view.context(|view| ingress_reach(view, ingress));
    let why = format!("it answers for every name, {}", level.who());
    let finding = out.fires(Part::Whole, Severity::Low, why);
    finding.because(Evidence::new(object.key(), path, "unset", Origin::Default));
    for hop in hops {
        finding.because(hop);
    }
}

/// The first rule without a host; without any rule the default backend answers for all.
fn open(ingress: &Ingress) -> Option<String> {
    match bare(ingress) {
        Some(at) => Some(format!("spec.rules[{at}].host")),
        None if ingress.rules.is_empty() => ingress
            .default_backend
            .as_ref()
            .map(|_| "spec.rules".to_owned()),
        None => None,
    }
}

fn bare(ingress: &Ingress) -> Option<usize> {
    ingress.rules.iter().position(|rule| {
        rule.host.as_deref().unwrap_or_default().is_empty() && !rule.paths.is_empty()
    })
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let object = view.get(&finding.id.object).seen()?;
    let Object::Ingress(ingress) = &**object else {
        return None;
    };
    let hosts = ingress
        .rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.host.as_deref().unwrap_or_default().is_empty());
    let edit = |at: usize| Edit::Ingress(IngressEdit::Host(at, PLACEHOLDER.into()));
    let changes: Vec<_> = hosts
        .map(|(at, _)| Change::new(&finding.id.object, edit(at)))
        .collect();
    bare(ingress)?;
    let remedy = Remedy::review(changes, "whoever uses another name, or the bare address");
    Some(remedy.ask(format!(
        "replace {PLACEHOLDER} by the name under which the application is meant to be found"
    )))
}
