//! Node. Heartbeats and images are skipped.

use super::fields::wire;
use super::lenient::{List, Text};
use super::metadata::Metadata;
use super::pool::Pool;
use super::{DecodeError, Wire};
use crate::model::objects::node::Node;
use crate::model::{Kind, Object};

wire! {
    pub(super) struct NodeWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<Spec<'a>> = "spec",
        status: Option<Status<'a>> = "status",
    }
}

wire! {
    struct Spec<'a> {
        provider_id: Text<'a> = "providerID",
    }
}

wire! {
    struct Status<'a> {
        addresses: List<Address<'a>> = "addresses",
        conditions: List<Condition<'a>> = "conditions",
        node_info: Option<NodeInfo<'a>> = "nodeInfo",
    }
}

wire! {
    struct Address<'a> {
        r#type: Text<'a> = "type",
        address: Text<'a> = "address",
    }
}

wire! {
    /// A condition of any status: only its type and truth.
    pub(super) struct Condition<'a> {
        r#type: Text<'a> = "type",
        status: Text<'a> = "status",
    }
}

impl Condition<'_> {
    pub(super) fn holds(list: &List<Condition<'_>>, name: &str) -> bool {
        list.iter()
            .any(|c| c.r#type.as_str() == name && c.status.as_str() == "True")
    }
}

wire! {
    struct NodeInfo<'a> {
        kubelet_version: Text<'a> = "kubeletVersion",
        container_runtime_version: Text<'a> = "containerRuntimeVersion",
        os_image: Text<'a> = "osImage",
        kernel_version: Text<'a> = "kernelVersion",
    }
}

impl<'de> Wire<'de> for NodeWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let status = self.status.unwrap_or_default();
        let info = status.node_info.unwrap_or_default();
        let provider = self.spec.unwrap_or_default().provider_id;
        let cloud = provider.as_str().split("://").next().unwrap_or_default();
        Ok(Object::Node(Node {
            meta: self.metadata.fact(kind, pool)?,
            addresses: status
                .addresses
                .iter()
                .map(|a| (pool.text(&a.r#type), pool.text(&a.address)))
                .collect(),
            kubelet: pool.text(&info.kubelet_version),
            runtime: pool.text(&info.container_runtime_version),
            os: pool.text(&info.os_image),
            kernel: pool.text(&info.kernel_version),
            provider: pool.get(cloud),
            ready: Condition::holds(&status.conditions, "Ready"),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::decoded;
    use super::*;

    #[test]
    fn decodes() {
        let json = r#"{"metadata":{"name":"node-1"},"spec":{"podCIDR":"10.244.0.0/24","providerID":"aws:///eu-west-1a/i-0abc"},
            "status":{"addresses":[{"type":"InternalIP","address":"10.0.0.7"},{"type":"ExternalIP","address":"203.0.113.7"}],
            "conditions":[{"type":"MemoryPressure","status":"False"},{"type":"Ready","status":"True","lastHeartbeatTime":"2026-01-01T00:00:00Z"}],
            "images":[{"names":["a"],"sizeBytes":1}],
            "nodeInfo":{"kubeletVersion":"v1.36.3","containerRuntimeVersion":"containerd://2.1.4","osImage":"Debian 13","kernelVersion":"6.12"}}}"#;
        let Object::Node(node) = decoded(Kind::Node, json) else {
            panic!("another kind")
        };
        assert_eq!(
            (&*node.provider, &*node.kubelet, node.ready),
            ("aws", "v1.36.3", true)
        );
        assert_eq!(&*node.addresses[1].1, "203.0.113.7");
    }

    #[test]
    fn a_new_node_without_status_is_not_ready() {
        let Object::Node(node) = decoded(Kind::Node, r#"{"metadata":{"name":"n"},"spec":null}"#)
        else {
            panic!("another kind")
        };
        assert!(!node.ready && node.provider.is_empty());
    }
}
