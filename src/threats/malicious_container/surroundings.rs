//! What stands around a container, and so how much a setting of it is worth to whoever takes it over.
//!
//! Checks give the severity that a setting has by itself; here it is lowered where something else holds the attacker back
//! and raised where strangers come near, and the sentence says so. Nothing here makes a finding go away.

use crate::model::{Kind, Severity, Text};
use crate::semantics::exposure::facing;
use crate::semantics::isolation::{has_user_namespace, is_mirror, is_node_agent, sandbox};
use crate::view::{PodLike, View};

/// What a verdict on a pod that is weighed by who reaches it can depend on: pods, what makes them, and what
/// [`facing`] reads.
pub const FACED_KINDS: &[Kind] = &[
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::DaemonSet,
    Kind::Job,
    Kind::CronJob,
    Kind::ReplicationController,
    Kind::ReplicaSet,
    Kind::Pod,
    Kind::Service,
    Kind::Ingress,
    Kind::IngressClass,
    Kind::Gateway,
    Kind::HTTPRoute,
    Kind::GRPCRoute,
    Kind::TLSRoute,
    Kind::TCPRoute,
    Kind::UDPRoute,
    Kind::ListenerSet,
    Kind::ReferenceGrant,
    Kind::Route,
    Kind::Node,
];

/// A severity and the sentence for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// How bad, here.
    pub severity: Severity,
    /// Why.
    pub why: Text,
}

impl Weight {
    /// By itself.
    pub fn new(severity: Severity, why: impl Into<Text>) -> Weight {
        Weight {
            severity,
            why: why.into(),
        }
    }

    /// One step less, for this reason.
    #[must_use]
    pub fn lowered(mut self, because: &str) -> Weight {
        self.severity = self.severity.lowered();
        self.says(because)
    }

    /// One step more where the whole internet reaches the pod: the first half of the attack is a matter of trying.
    #[must_use]
    pub fn faced(mut self, pod: &PodLike<'_>, view: &View<'_>) -> Weight {
        let Some(door) = facing(view, pod) else {
            return self;
        };
        self.severity = self.severity.raised();
        self.says(&format!("the whole internet reaches it by {}", door.entry))
    }

    /// Adds to the sentence.
    #[must_use]
    pub fn says(mut self, more: &str) -> Weight {
        self.why = [&*self.why, "; ", more].concat().into();
        self
    }

    /// For settings that are worth something because containers share the kernel of their node.
    #[must_use]
    pub fn in_kernel(mut self, pod: &PodLike<'_>) -> Weight {
        if has_user_namespace(pod.spec) {
            self =
                self.lowered("a user namespace keeps its root inside the pod (hostUsers: false)");
        }
        if let Some(class) = sandbox(pod.spec) {
            let because =
                format!("its runtime class {class} is commonly a sandbox with a kernel of its own");
            self = self.lowered(&because);
        }
        self.on_node(pod)
    }

    /// For every setting: who put the pod there.
    #[must_use]
    pub fn on_node(self, pod: &PodLike<'_>) -> Weight {
        if is_node_agent(pod) {
            return self.says("it is declared vital to each node, and such agents often need it");
        }
        if pod.pod.is_some_and(|p| is_mirror(&p.meta)) {
            self.says("it is a static pod, defined by a file of its node")
        } else {
            self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ObjectKey;
    use crate::semantics::testing::world;
    use crate::view::Workload;

    #[test]
    fn strangers_who_come_near_raise_and_a_sandbox_lowers() {
        let world = world(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443}]}
status: {loadBalancer: {ingress: [{ip: 8.8.4.4}]}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {runtimeClassName: gvisor, hostUsers: false, containers: [{name: c, image: 'c:1'}]}
",
        );
        let view = View::new(&world);
        let key = ObjectKey::namespaced(Kind::Pod, "shop", "web");
        let workload = Workload::one(&world, &key).unwrap();
        let (pod, _) = &workload.pod_likes()[0];
        let high = || Weight::new(Severity::High, "why");
        let faced = high().faced(pod, &view);
        assert_eq!(faced.severity, Severity::Critical);
        assert_eq!(
            faced.why,
            "why; the whole internet reaches it by svc shop/web"
        );
        assert_eq!(high().in_kernel(pod).severity, Severity::Low);
        let both = high().in_kernel(pod).faced(pod, &view);
        assert_eq!(both.severity, Severity::Medium);
        assert!(
            view.take_reads()
                .iter()
                .any(|place| place.kind == Kind::Service)
        );
    }
}
