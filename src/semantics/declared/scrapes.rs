//! Pods and Services that ask to be scraped, by the annotations of Prometheus' own example
//! (`documentation/examples/prometheus-kubernetes.yml`), and the one Prometheus that runs: where there are two, which of
//! them scrapes what is in their configuration, which is not read.

use super::Declared;
use super::call::{Call, Side, Why};
use super::variables::short;
use crate::model::objects::container::List;
use crate::model::objects::pod_spec::PodSpec;
use crate::model::{Evidence, Labels, ObjectKey};
use crate::semantics::exposure::{self, Target};
use crate::semantics::images::ImageRef;
use crate::semantics::reach::{PortSet, Protocol};
use crate::semantics::running;
use crate::view::View;

const SCRAPE: &str = "prometheus.io/scrape";
const PORT: &str = "prometheus.io/port";

/// Calls of the scraper into the pods of a namespace.
pub(super) fn into(view: &View<'_>, namespace: &str) -> Declared {
    let mut found = Declared::default();
    let asks = asks(view, namespace);
    if asks.is_empty() {
        return found;
    }
    let Some(scraper) = scraper(view) else {
        found.questions.extend(asks.into_iter().map(|(key, _, _)| {
            format!(
                "{} asks to be scraped ({SCRAPE}): who does it?",
                short(&key)
            )
        }));
        return found;
    };
    let calls = asks.into_iter().map(|(key, ports, says)| Call {
        from: Side::Workload(scraper.clone()),
        to: Side::Workload(key),
        ports,
        why: Why::Scrape,
        because: vec![says],
    });
    found.calls.extend(calls);
    found
}

/// Calls of the scraper, when it runs in this namespace.
pub(super) fn out_of(view: &View<'_>, namespace: &str) -> Vec<Call> {
    if scraper(view).is_none_or(|scraper| scraper.home() != namespace) {
        return Vec::new();
    }
    let all = view.namespaces().into_iter();
    all.flat_map(|home| into(view, &home).calls).collect()
}

/// Workloads that ask for it, on which ports, and what says so.
fn asks(view: &View<'_>, namespace: &str) -> Vec<(ObjectKey, PortSet, Evidence)> {
    let mut found = Vec::new();
    for workload in running::workloads(view, namespace) {
        for (pod, _) in workload.pod_likes() {
            let Some(ports) = asked(pod.annotations, || tcp(pod.spec)) else {
                continue;
            };
            let path = pod.meta_path(&format!("annotations['{SCRAPE}']"));
            let says = Evidence::explicit(pod.holder, path, "true");
            found.push((workload.key.clone(), ports, says));
        }
    }
    for service in exposure::services(view, namespace) {
        if asked(&service.meta.annotations, PortSet::default).is_none() {
            continue;
        }
        let targets: Vec<Target> = service.ports.iter().map(Target::from).collect();
        let path = format!("metadata.annotations['{SCRAPE}']");
        let says = Evidence::explicit(&service.meta.key, path, "true");
        for workload in exposure::backends(view, service).workloads.into_keys() {
            let behind = || exposure::ports_behind(view, Some(service), Some(&workload), &targets);
            if let Some(ports) = asked(&service.meta.annotations, behind) {
                found.push((workload, ports, says.clone()));
            }
        }
    }
    found.retain(|(_, ports, _)| !ports.is_empty());
    found
}

/// The port to scrape where that is asked for: as it is written, else these.
fn asked(annotations: &Labels, else_on: impl FnOnce() -> PortSet) -> Option<PortSet> {
    annotations
        .get(SCRAPE)
        .filter(|value| &***value == "true")?;
    let port = annotations.get(PORT).and_then(|port| port.parse().ok());
    Some(port.map_or_else(else_on, |port| PortSet::one(Protocol::Tcp, port)))
}

/// Without a word on the port every declared one is scraped.
fn tcp(spec: &PodSpec) -> PortSet {
    let containers = spec.containers.iter();
    let answering = containers.filter(|c| matches!(c.list, List::Regular | List::Sidecar));
    let ports = answering
        .flat_map(|c| &c.ports)
        .filter(|p| &*p.protocol == "TCP");
    let each = ports.map(|p| PortSet::one(Protocol::Tcp, p.port));
    each.fold(PortSet::default(), |all, one| all.or(&one))
}

/// The one workload that runs Prometheus.
fn scraper(view: &View<'_>) -> Option<ObjectKey> {
    let is_it = |image: &str| {
        let image = ImageRef::parse(image);
        let parts: Vec<&str> = image.repository.split('/').collect();
        parts.ends_with(&["prom", "prometheus"]) || parts.ends_with(&["prometheus", "prometheus"])
    };
    let mut found = Vec::new();
    for namespace in view.namespaces() {
        let live = running::live(view, &namespace).into_iter();
        let all = live.chain(running::wanted(view, &namespace));
        let runs = all.filter(|r| r.spec.containers.iter().any(|c| is_it(&c.image)));
        found.extend(runs.map(|r| r.workload(view)));
    }
    found.sort_unstable();
    found.dedup();
    match &found[..] {
        [one] => Some(one.clone()),
        _ => None,
    }
}
