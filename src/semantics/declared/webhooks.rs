//! Admission webhooks that are served from a namespace: the API server calls, and it is no pod that a selector could name.

use super::call::{Call, Side, Why};
use crate::model::{Evidence, Kind, Object, ObjectKey};
use crate::semantics::exposure::{self, Target};
use crate::view::View;

/// Calls of the API server into the pods of a namespace.
pub(super) fn into(view: &View<'_>, namespace: &str) -> Vec<Call> {
    let kinds = [
        Kind::ValidatingWebhookConfiguration,
        Kind::MutatingWebhookConfiguration,
    ];
    let mut calls = Vec::new();
    for object in kinds.into_iter().flat_map(|kind| view.list(kind, "")) {
        let Object::Webhooks(config) = &**object else {
            continue;
        };
        for (at, webhook) in config.webhooks.iter().enumerate() {
            let Some((home, name)) = &webhook.service else {
                continue;
            };
            if **home != *namespace {
                continue;
            }
            let path = format!("webhooks[{at}].clientConfig.service.name");
            let says = Evidence::explicit(&config.meta.key, path, name);
            let key = ObjectKey::namespaced(Kind::Service, namespace, name);
            let refuses = webhook.ignore != Some(true);
            calls.extend(to_service(view, &key, &says, refuses));
        }
    }
    calls
}

/// Every port of the Service: which one is asked is not kept.
fn to_service(view: &View<'_>, key: &ObjectKey, says: &Evidence, refuses: bool) -> Vec<Call> {
    let Some(Object::Service(service)) = view.get(key).seen().map(|object| &**object) else {
        return Vec::new();
    };
    let targets: Vec<Target> = service.ports.iter().map(Target::from).collect();
    let behind = exposure::backends(view, service).workloads.into_keys();
    let calls = behind.map(|workload| Call {
        from: Side::Anybody("the API server"),
        ports: exposure::ports_behind(view, Some(service), Some(&workload), &targets),
        to: Side::Workload(workload),
        why: Why::Webhook(refuses),
        because: vec![says.clone()],
    });
    calls.filter(|call| !call.ports.is_empty()).collect()
}
