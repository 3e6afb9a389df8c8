//! Admission webhook that guards something fails open
//!
//! ## What
//! Webhooks with `failurePolicy: Ignore` that are asked about pods, what makes pods, rights, Secrets, namespaces, network
//! policies or admission itself while they are written, in a namespace that exists. Unset is Fail, and silent.
//!
//! ## Why
//! While the webhook does not answer, and it need only be slow, what it would have refused is let in without a word.
//! Whoever can stop its pods, or fill its timeout, switches the guard off. A webhook that only changes objects (a sidecar,
//! a default) leaves them as they came.
//!
//! ## Fix
//! Sets `failurePolicy: Fail`. What it is asked about is then refused while it does not answer: run it with more than one
//! pod, and leave its own namespace out of its `namespaceSelector`.
//!
//! ## References
//! - Kubernetes documentation, Admission Webhook Good Practices, "Fail open and validate final state"
//! - MITRE ATT&CK T1562, Impair Defenses

use crate::model::objects::admission::Webhook;
use crate::semantics::admission::asks_for;
use crate::semantics::exposure::backends;
use crate::semantics::selectors;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "webhook-fails-open",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "webhooks-fail-closed",
    needs: &[
        Kind::ValidatingWebhookConfiguration,
        Kind::MutatingWebhookConfiguration,
        Kind::Namespace,
        Kind::Service,
        Kind::EndpointSlice,
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
    ],
    rests_on: RestsOn::Presence,
    standards: &["attack:T1562", "owasp:2025/K05", "kubescape:C-0036"],
    scope: Scope::Object(&[Kind::ValidatingWebhookConfiguration, Kind::MutatingWebhookConfiguration], run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: staging-guard}
webhooks:
- name: guard.staging.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: Ignore
  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: staging}}
  rules:
  - {apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}
  clientConfig: {service: {namespace: platform, name: guard, path: /verify}}
---
apiVersion: v1
kind: Namespace
metadata: {name: staging}
",
        ),
        Example::fires(
            "apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: injector}
webhooks:
- name: injector.platform.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: Ignore
  rules:
  - {apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*']}
  clientConfig: {url: 'https://hooks.example.com:8443/inject'}
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
  rules:
  - {apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}
  clientConfig: {service: {namespace: platform, name: guard}}
",
        ),
        Example::silent(
            "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: certificates}
webhooks:
- name: webhook.certificates.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: Ignore
  rules:
  - {apiGroups: [certificates.example.com], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [issuers]}
  clientConfig: {service: {namespace: platform, name: certificates}}
",
        ),
    ],
};

/// Resources of which a webhook is a guard, by group; a rule names them exactly or by a wildcard.
const GUARDED: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "pods",
            "pods/ephemeralcontainers",
            "pods/exec",
            "replicationcontrollers",
            "serviceaccounts",
            "serviceaccounts/token",
            "secrets",
            "namespaces",
        ],
    ),
    (
        "apps",
        &["deployments", "replicasets", "statefulsets", "daemonsets"],
    ),
    ("batch", &["jobs", "cronjobs"]),
    (
        "rbac.authorization.k8s.io",
        &[
            "roles",
            "clusterroles",
            "rolebindings",
            "clusterrolebindings",
        ],
    ),
    ("networking.k8s.io", &["networkpolicies", "ingresses"]),
    (
        "admissionregistration.k8s.io",
        &[
            "validatingwebhookconfigurations",
            "mutatingwebhookconfigurations",
        ],
    ),
];

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::Webhooks(config) = object else {
        return;
    };
    let validates = object.kind() == Kind::ValidatingWebhookConfiguration;
    for (at, webhook) in config
        .webhooks
        .iter()
        .enumerate()
        .filter(|(_, w)| w.ignore == Some(true))
    {
        let Some(guarded) = guarded(webhook) else {
            continue;
        };
        if !selects_any(view, webhook) {
            continue;
        }
        let mut severity = if validates {
            Severity::Medium
        } else {
            Severity::Low
        };
        let lets = if validates {
            "are let in unchecked"
        } else {
            "are let in as they came"
        };
        let mut why = format!("while it does not answer, writes of {guarded} {lets}");
        if let Some(gone) = gone(view, webhook) {
            severity = severity.raised();
            why = format!("{why}; that is so now: {gone}");
        }
        let path = |field: &str| format!("webhooks[{at}].{field}");
        out.fires(Part::Webhook(webhook.name.clone()), severity, why)
            .because(Evidence::explicit(
                object.key(),
                path("failurePolicy"),
                "Ignore",
            ))
            .because(Evidence::explicit(
                object.key(),
                path("rules"),
                webhook.asks.join(", "),
            ));
    }
}

/// The first guarded resource that the webhook is asked about while it is written.
fn guarded(webhook: &Webhook) -> Option<&str> {
    webhook.asks.iter().find_map(|ask| {
        let (operation, resource) = ask.split_once(' ')?;
        let (group, resource) = resource.split_once('/')?;
        if !matches!(operation, "CREATE" | "UPDATE" | "CONNECT" | "*") {
            return None;
        }
        let known = GUARDED
            .iter()
            .filter(|(name, _)| group == "*" || group == *name);
        let named = known
            .flat_map(|(_, resources)| resources.iter())
            .find(|name| asks_for(resource, name))?;
        Some(if resource.contains('*') {
            "whatever it is asked about"
        } else {
            *named
        })
    })
}

/// True when a namespace exists whose objects it is asked about. Blindness is noted only when that must be looked up.
fn selects_any(view: &View<'_>, webhook: &Webhook) -> bool {
    webhook.namespaces.is_empty()
        || view.namespaces().iter().any(|name| {
            let labels = selectors::namespace_labels(view, name).seen();
            labels.is_some_and(|labels| selectors::matches(&webhook.namespaces, &labels))
        })
}

/// Why nothing answers now, when that is so.
fn gone(view: &View<'_>, webhook: &Webhook) -> Option<String> {
    let (namespace, name) = webhook.service.as_ref()?;
    view.context(
        |view| match view.get(&ObjectKey::namespaced(Kind::Service, namespace, name)) {
            Look::Absent => Some(format!("Service {namespace}/{name} does not exist")),
            Look::Blind(_) => None,
            Look::Seen(object) => match &**object {
                Object::Service(service) => {
                    let behind = backends(view, service);
                    (behind.is_empty() && !behind.hidden)
                        .then(|| format!("nothing stands behind Service {namespace}/{name}"))
                }
                _ => None,
            },
        },
    )
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let Part::Webhook(name) = &finding.id.part else {
        return None;
    };
    let object = view.get(&finding.id.object).seen()?;
    let Object::Webhooks(config) = &**object else {
        return None;
    };
    let webhook = config.webhooks.iter().find(|w| w.name == *name)?;
    let change = Change::new(&finding.id.object, Edit::WebhookIgnore(name.clone(), false));
    let mut remedy = Remedy::review(
        [change],
        format!(
            "while it does not answer these are refused: {}",
            webhook.asks.join(", ")
        ),
    );
    if let Some(gone) = gone(view, webhook) {
        remedy = remedy.may_break(format!("they are refused at once: {gone}"));
    }
    if guards_itself(view, webhook) {
        remedy = remedy.may_break(
            "its own pods are among what it is asked about: once none runs, none can be made",
        );
    }
    Some(remedy)
}

fn guards_itself(view: &View<'_>, webhook: &Webhook) -> bool {
    webhook.service.as_ref().is_some_and(|(namespace, _)| {
        let labels = view.context(|view| selectors::namespace_labels(view, namespace).seen());
        labels.is_some_and(|labels| selectors::matches(&webhook.namespaces, &labels))
    })
}
