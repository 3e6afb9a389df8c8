//! What stands behind a Service. EndpointSlices are the truth where there are any; the selector is the intent, and all
//! there is in a world of manifests.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::objects::endpoints::{Endpoint, EndpointSlice};
use crate::model::objects::pod::Pod;
use crate::model::objects::service::{Service, ServiceKind};
use crate::model::{Evidence, Kind, Object, ObjectKey, Origin, Str};
use crate::semantics::running::{self, Running};
use crate::semantics::selectors;
use crate::view::{View, top_owner};

/// What stands behind a Service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backends {
    /// Workloads, each with the field that joins it to the Service.
    pub workloads: BTreeMap<ObjectKey, Evidence>,
    /// Addresses that are no pod which is visible: of a node, of another namespace, of something outside.
    pub strangers: Vec<Evidence>,
    /// Nothing was found, and not everything was visible: there may be something.
    pub hidden: bool,
}

impl Backends {
    /// Nothing was seen behind it.
    pub fn is_empty(&self) -> bool {
        self.workloads.is_empty() && self.strangers.is_empty()
    }

    fn add(&mut self, workload: ObjectKey, by: Evidence) {
        self.workloads.entry(workload).or_insert(by);
    }
}

/// What stands behind a Service: endpoints if it has slices, else the pods that its selector selects, else the templates
/// that will have such pods. Blindness is noted.
pub fn backends(view: &View<'_>, service: &Service) -> Backends {
    let mut found = Backends::default();
    if service.kind == ServiceKind::ExternalName {
        return found;
    }
    let slices: Vec<_> = slices(view, service).collect();
    if slices.is_empty() {
        by_selector(view, service, &mut found);
    }
    for slice in slices {
        for (at, endpoint) in slice.endpoints.iter().enumerate() {
            by_endpoint(view, slice, at, endpoint, &mut found);
        }
    }
    found.hidden = found.is_empty() && is_hidden(view, service.meta.namespace());
    found
}

/// Some of what could stand behind a Service of this namespace is not visible.
fn is_hidden(view: &View<'_>, namespace: &str) -> bool {
    let sight = view.world().sight();
    [Kind::EndpointSlice, Kind::Pod]
        .into_iter()
        .chain(Kind::TEMPLATED)
        .any(|kind| sight.blind(kind, Some(namespace)).is_some())
}

/// Services of the target's namespace that lead to it, in order of name: their slices list the pod, or where a Service has
/// no slice its selector selects it. (A slice made by hand in another namespace is followed from its Service only, by
/// [`backends`].) Blindness is noted.
pub fn services_to<'a>(view: &View<'a>, namespace: &str, target: &Running<'_>) -> Vec<&'a Service> {
    let (mut sliced, mut listed) = (BTreeSet::new(), BTreeSet::new());
    for slice in all_slices(view, namespace) {
        let Some(service) = &slice.service else {
            continue;
        };
        sliced.insert(service);
        let lists = |pod: &Pod| slice.endpoints.iter().any(|e| is_at(e, pod));
        if target.pod.is_some_and(lists) {
            listed.insert(service);
        }
    }
    services(view, namespace)
        .filter(|service| service.kind != ServiceKind::ExternalName)
        .filter(|service| {
            let name = &service.meta.key.name;
            // A template has no endpoints of its own: there the selector tells what its pods will be behind.
            let by_slice = target.pod.is_some() && sliced.contains(name);
            if by_slice {
                listed.contains(name)
            } else {
                selectors::service_selects(service.selector.as_ref(), target.labels)
            }
        })
        .collect()
}

fn is_at(endpoint: &Endpoint, pod: &Pod) -> bool {
    match &endpoint.pod {
        Some(name) => *name == pod.meta.key.name,
        None => endpoint.addresses.iter().any(|a| pod.ips.contains(a)),
    }
}

/// Services of a namespace, in order of name. Blindness is noted.
pub fn services<'a>(
    view: &View<'a>,
    namespace: &str,
) -> impl Iterator<Item = &'a Service> + use<'a> {
    view.list(Kind::Service, namespace)
        .filter_map(|object| match &**object {
            Object::Service(service) => Some(service),
            _ => None,
        })
}

fn all_slices<'a>(
    view: &View<'a>,
    namespace: &str,
) -> impl Iterator<Item = &'a EndpointSlice> + use<'a> {
    view.list(Kind::EndpointSlice, namespace)
        .filter_map(|object| match &**object {
            Object::EndpointSlice(slice) => Some(slice),
            _ => None,
        })
}

pub(super) fn slices<'a>(
    view: &View<'a>,
    service: &Service,
) -> impl Iterator<Item = &'a EndpointSlice> + use<'a> {
    let name = service.meta.key.name.clone();
    all_slices(view, service.meta.namespace())
        .filter(move |slice| slice.service.as_ref() == Some(&name))
}

fn by_selector(view: &View<'_>, service: &Service, found: &mut Backends) {
    let namespace = service.meta.namespace();
    let Some(selector) = service.selector.as_ref().filter(|s| !s.is_empty()) else {
        return;
    };
    let pairs: Vec<_> = selector
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let by = Evidence::explicit(&service.meta.key, "spec.selector", pairs.join(","));
    let selected = |r: &Running<'_>| selectors::service_selects(Some(selector), r.labels);
    let mut targets: Vec<_> = running::live(view, namespace)
        .into_iter()
        .filter(selected)
        .collect();
    if targets.is_empty() {
        targets = running::wanted(view, namespace)
            .into_iter()
            .filter(selected)
            .collect();
    }
    for target in targets {
        found.add(target.workload(view), by.clone());
    }
}

fn by_endpoint(
    view: &View<'_>,
    slice: &EndpointSlice,
    at: usize,
    endpoint: &Endpoint,
    found: &mut Backends,
) {
    let key = &slice.meta.key;
    if let Some(name) = &endpoint.pod {
        let pod = ObjectKey::namespaced(Kind::Pod, slice.meta.namespace(), name);
        let path = format!("endpoints[{at}].targetRef.name");
        let by = Evidence::new(key, path, name, Origin::Live);
        // The pod only names its workload: where pods are hidden it stands for itself.
        let workload =
            view.context(|view| view.get(&pod).seen().map(|o| top_owner(view.world(), o)));
        found.add(workload.unwrap_or(pod), by);
        return;
    }
    for address in &endpoint.addresses {
        let path = format!("endpoints[{at}].addresses");
        let by = Evidence::new(key, path, address, Origin::Live);
        match owner_of(view, address) {
            Some(workload) => found.add(workload, by),
            None => found.strangers.push(by),
        }
    }
}

/// The workload of the live pod with an address, in whatever namespace: slices made by hand may name any.
fn owner_of(view: &View<'_>, address: &Str) -> Option<ObjectKey> {
    view.context(|view| {
        let pod = view.list_all(Kind::Pod).find(|object| match &***object {
            Object::Pod(pod) => {
                !pod.phase.is_finished() && !pod.spec.host_network && pod.ips.contains(address)
            }
            _ => false,
        })?;
        Some(top_owner(view.world(), pod))
    })
}
