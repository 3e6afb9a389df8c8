//! Ways that may be there and that nothing which is read would show.

use crate::model::ObjectKey;
use crate::semantics::images::{ImageRef, Retired, retired};
use crate::semantics::running;
use crate::view::View;

/// Workloads of ingress-nginx: ConfigMaps that its arguments name (`--tcp-services-configmap`,
/// `--udp-services-configmap`) publish ports of any Service, and ConfigMaps are not read.
pub fn by_config_maps(view: &View<'_>) -> Vec<ObjectKey> {
    let mut found = view.context(|view| {
        let all = view.namespaces();
        let running = all.iter().flat_map(|namespace| {
            let live = running::live(view, namespace).into_iter();
            live.chain(running::wanted(view, namespace))
        });
        let is_it = |image: &str| {
            let retired = retired(&ImageRef::parse(image));
            matches!(
                retired,
                Some(Retired::IngressNginx | Retired::IngressNginxOfVendor)
            )
        };
        let running = running.filter(|r| r.spec.containers.iter().any(|c| is_it(&c.image)));
        running.map(|r| r.workload(view)).collect::<Vec<_>>()
    });
    found.sort_unstable();
    found.dedup();
    found
}
