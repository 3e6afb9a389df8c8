//! Admission webhook calls a Service that does not exist
//!
//! ## What
//! Webhooks that fail closed (`failurePolicy: Fail`, or unset) and call a Service which is not there. Those that fail open
//! are reported as webhook-fails-open where they guard something.
//!
//! ## Why
//! Whatever the webhook is asked about is refused: no pod that dies comes back, where it is asked about pods. The way out
//! that people take in the night is to delete the guard.
//!
//! ## Fix
//! None is offered: bring the Service back, or delete the configuration if what it belonged to is gone for good. Which of
//! both it is, is for a person to say.
//!
//! ## References
//! - Kubernetes documentation, Dynamic Admission Control, "Failure policy"
//! - Kubernetes documentation, Admission Webhook Good Practices

use crate::semantics::admission::is_asked_about_new_pods;
use crate::semantics::selectors;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "webhook-service-missing",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "webhooks-answered",
    needs: &[
        Kind::ValidatingWebhookConfiguration,
        Kind::MutatingWebhookConfiguration,
        Kind::Namespace,
        Kind::Service,
    ],
    // It rests on one look-up that was answered "absent"; what else is hidden does not touch it.
    rests_on: RestsOn::Presence,
    standards: &["kubescape:C-0036", "kubescape:C-0039"],
    scope: Scope::Object(
        &[
            Kind::ValidatingWebhookConfiguration,
            Kind::MutatingWebhookConfiguration,
        ],
        run,
    ),
    fix: Fix::None(
        "bring the Service back, or delete the configuration if what it belonged to is gone: a person knows which",
    ),
    examples: &[
        Example::fires(
            "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: guard}
webhooks:
- name: guard.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  namespaceSelector: {matchLabels: {guarded: 'yes'}}
  rules:
  - {apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}
  clientConfig: {service: {namespace: platform, name: guard}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {guarded: 'yes'}}
",
        ),
        Example::fires(
            "apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: certificates}
webhooks:
- name: webhook.certificates.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: Fail
  rules:
  - {apiGroups: [certificates.example.com], apiVersions: [v1], operations: [CREATE], resources: [issuers]}
  clientConfig: {service: {namespace: platform, name: certificates}}
",
        ),
        Example::silent(
            "apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: certificates}
webhooks:
- name: webhook.certificates.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  rules:
  - {apiGroups: [certificates.example.com], apiVersions: [v1], operations: [CREATE], resources: [issuers]}
  clientConfig: {service: {namespace: platform, name: certificates}}
---
apiVersion: v1
kind: Service
metadata: {name: certificates, namespace: platform}
spec:
  selector: {app: certificates}
  ports:
  - {port: 443}
",
        ),
        Example::silent(
            "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: guard}
webhooks:
- name: guard.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: Ignore
  rules:
  - {apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}
  clientConfig: {service: {namespace: platform, name: guard}}
- name: outside.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  rules:
  - {apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}
  clientConfig: {url: 'https://hooks.example.com:8443/verify'}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::Webhooks(config) = object else {
        return;
    };
    for (at, webhook) in config.webhooks.iter().enumerate() {
        let Some((namespace, name)) = &webhook.service else {
            continue;
        };
        let key = ObjectKey::namespaced(Kind::Service, namespace, name);
        if webhook.ignore == Some(true) || view.get(&key) != Look::Absent {
            continue;
        }
        let pods = is_asked_about_new_pods(webhook);
        let caught = view.context(|view| {
            let mut names = view.namespaces().into_iter();
            names.any(|name| {
                let labels = selectors::namespace_labels(view, &name).seen();
                labels.is_some_and(|labels| selectors::matches(&webhook.namespaces, &labels))
            })
        });
        let (severity, why) = match (pods, caught) {
            (true, true) => (
                Severity::Medium,
                "no pod that it is asked about can be made: what dies does not come back",
            ),
            (true, false) => (
                Severity::Low,
                "pods are refused as soon as a namespace has the labels that it selects",
            ),
            (false, _) => (Severity::Low, "whatever it is asked about is refused"),
        };
        let path = |field: &str| format!("webhooks[{at}].{field}");
        let service = format!("{namespace}/{name} (does not exist)");
        out.fires(Part::Webhook(webhook.name.clone()), severity, why)
            .because(Evidence::explicit(
                object.key(),
                path("clientConfig.service"),
                service,
            ))
            .because(Evidence::explicit(
                object.key(),
                path("rules"),
                webhook.asks.join(", "),
            ));
    }
}
