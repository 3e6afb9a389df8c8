//! Whether strangers reach a pod: one answer, to weigh by, for rules that are not about exposure themselves.

use super::way::{Door, Level};
use super::{doors, host_port, services};
use crate::model::objects::service::ServiceKind;
use crate::semantics::selectors;
use crate::view::{PodLike, View};

/// A door through which the whole internet reaches the pod, the surest of them.
///
/// By selectors alone: endpoints change with every pod that starts, and would have each rule that asks run again. It only
/// colours a verdict: what is hidden is left out.
pub fn facing(view: &View<'_>, pod: &PodLike<'_>) -> Option<Door> {
    view.context(|view| {
        let mut found = host_port::doors(view, pod);
        for service in services(view, pod.namespace()) {
            let selects = service.kind != ServiceKind::ExternalName
                && selectors::service_selects(service.selector.as_ref(), pod.labels);
            if selects {
                found.extend(doors(view, service));
            }
        }
        let open = found.into_iter().filter(|d| d.level == Level::Internet);
        // Of equals the last one in order of name.
        open.max_by(|a, b| (a.confidence, &a.entry).cmp(&(b.confidence, &b.entry)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, ObjectKey};
    use crate::semantics::testing::world;
    use crate::view::Workload;

    const SHOP: &str = "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443}]}
status: {loadBalancer: {ingress: [{ip: 8.8.4.4}]}}
---
apiVersion: v1
kind: Service
metadata: {name: office, namespace: shop}
spec: {type: LoadBalancer, selector: {app: desk}, loadBalancerSourceRanges: [192.0.2.0/24], ports: [{port: 443}]}
status: {loadBalancer: {ingress: [{ip: 8.8.8.8}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: 'c:1'}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: desk, namespace: shop}
spec: {template: {metadata: {labels: {app: desk}}, spec: {containers: [{name: c, image: 'c:1'}]}}}
";

    #[test]
    fn a_pod_faces_the_internet_through_what_selects_it_and_lets_everybody_in() {
        let world = world(SHOP);
        let view = View::new(&world);
        let entry = |name: &str| {
            let key = ObjectKey::namespaced(Kind::Deployment, "shop", name);
            let workload = Workload::one(&world, &key).unwrap();
            let (like, _) = &workload.pod_likes()[0];
            facing(&view, like).map(|door| door.entry.to_string())
        };
        assert_eq!(entry("web").as_deref(), Some("svc shop/web"));
        assert_eq!(entry("desk"), None);
    }
}
