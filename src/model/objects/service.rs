//! Service.

use crate::model::{Labels, Meta, Str};

/// A Service.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Service {
    /// Metadata.
    pub meta: Meta,
    /// Type.
    pub kind: ServiceKind,
    /// Selector; `None` when absent (endpoints are made by hand).
    pub selector: Option<Labels>,
    /// Ports.
    pub ports: Box<[ServicePort]>,
    /// `externalIPs`.
    pub external_ips: Box<[Str]>,
    /// `externalName`; empty without.
    pub external_name: Str,
    /// `clusterIP`; empty when not allocated.
    pub cluster_ip: Str,
    /// `loadBalancerSourceRanges`.
    pub source_ranges: Box<[Str]>,
    /// `loadBalancerClass`.
    pub class: Option<Str>,
    /// IPs and host names in `status.loadBalancer.ingress`.
    pub addresses: Box<[Str]>,
    /// `externalTrafficPolicy: Local`.
    pub local_only: bool,
    /// `healthCheckNodePort`, 0 without.
    pub health_check_port: u16,
    /// `allocateLoadBalancerNodePorts`, when written.
    pub node_ports: Option<bool>,
}

/// `spec.type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum ServiceKind {
    /// Inside only.
    ClusterIp,
    /// A port on every node.
    NodePort,
    /// A load balancer of the platform.
    LoadBalancer,
    /// A DNS name of something else.
    ExternalName,
}

impl ServiceKind {
    /// As manifests write it.
    pub fn word(self) -> &'static str {
        match self {
            ServiceKind::ClusterIp => "ClusterIP",
            ServiceKind::NodePort => "NodePort",
            ServiceKind::LoadBalancer => "LoadBalancer",
            ServiceKind::ExternalName => "ExternalName",
        }
    }
}

/// One port.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ServicePort {
    /// Name; empty for a single unnamed port.
    pub name: Str,
    /// Port of the service.
    pub port: u16,
    /// `targetPort`: number or name as text; the port itself when unset.
    pub target: Str,
    /// TCP, UDP or SCTP.
    pub protocol: Str,
    /// Node port, 0 without.
    pub node_port: u16,
}
