//! The words of exposure: what kind of way in, from how far away, how sure.

use std::fmt;

use super::target::Target;
use crate::model::{Evidence, ObjectKey};

/// What opens the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WayKind {
    /// A load balancer of a Service.
    LoadBalancer,
    /// A port on every node.
    NodePort,
    /// `externalIPs` of a Service.
    ExternalIp,
    /// An Ingress.
    Ingress,
    /// An `HTTPRoute` on a Gateway.
    HttpRoute,
    /// A `GRPCRoute` on a Gateway.
    GrpcRoute,
    /// A `TLSRoute` on a Gateway.
    TlsRoute,
    /// A `TCPRoute` on a Gateway.
    TcpRoute,
    /// A `UDPRoute` on a Gateway.
    UdpRoute,
    /// A Route of OpenShift.
    OpenShiftRoute,
    /// A port of a container on its node.
    HostPort,
    /// A pod in the network of its node.
    HostNetwork,
    /// The port on which kube-proxy tells whether a node has endpoints.
    HealthCheck,
    /// A tunnel that is opened from inside.
    Tunnel,
}

impl WayKind {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            WayKind::LoadBalancer => "LoadBalancer",
            WayKind::NodePort => "NodePort",
            WayKind::ExternalIp => "externalIPs",
            WayKind::Ingress => "Ingress",
            WayKind::HttpRoute => "HTTPRoute",
            WayKind::GrpcRoute => "GRPCRoute",
            WayKind::TlsRoute => "TLSRoute",
            WayKind::TcpRoute => "TCPRoute",
            WayKind::UdpRoute => "UDPRoute",
            WayKind::OpenShiftRoute => "Route",
            WayKind::HostPort => "hostPort",
            WayKind::HostNetwork => "hostNetwork",
            WayKind::HealthCheck => "healthCheckNodePort",
            WayKind::Tunnel => "tunnel",
        }
    }
}

/// From how far away it is reached. In order: the farther, the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// From inside the cluster only.
    Cluster,
    /// Asked for, but nothing serves it yet.
    Pending,
    /// From the private network of the nodes.
    Network,
    /// From outside the cluster; from which networks cannot be told.
    Unknown,
    /// From the internet, but only from addresses on a list.
    Restricted,
    /// From everywhere.
    Internet,
}

impl Level {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Level::Cluster => "cluster",
            Level::Pending => "pending",
            Level::Network => "network",
            Level::Unknown => "unknown",
            Level::Restricted => "internet-restricted",
            Level::Internet => "internet",
        }
    }

    /// Who can come in, as the end of a sentence.
    pub fn who(self) -> &'static str {
        match self {
            Level::Cluster => "from inside the cluster only",
            Level::Pending => "from nowhere yet (it has no address)",
            Level::Network => "from the private network",
            Level::Unknown => "from outside the cluster (how far is not visible)",
            Level::Restricted => "from the internet (by addresses on its list)",
            Level::Internet => "from the whole internet",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How sure the level is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// A heuristic on a name or an annotation, or something on the way was not visible.
    Low,
    /// Declared and resolved, or an address behind a firewall that the API does not show.
    Medium,
    /// A serving address in a status.
    High,
}

impl Confidence {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// A way in, up to the Service that it leads to (or to the pod spec that opens it).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// What opens it.
    pub kind: WayKind,
    /// From where.
    pub level: Level,
    /// How sure.
    pub confidence: Confidence,
    /// The object that opens it.
    pub entry: ObjectKey,
    /// Where a caller connects to, in words: `203.0.113.7`, `port 30080 of every node`, `shop.example.com`.
    pub at: String,
    /// Object and field of every step, from the outside in.
    pub hops: Vec<Evidence>,
    /// The ports that it leads to. None: every port.
    pub ports: Vec<Target>,
    /// The Service of the proxy that takes the connections, where its load balancer carries the address.
    pub front: Option<ObjectKey>,
}

impl Door {
    /// `port 30080 of every node leads to shop/web, open to ...`.
    pub fn leads_to(&self, behind: impl fmt::Display) -> String {
        format!("{} leads to {behind}, open {}", self.at, self.level.who())
    }
}

/// A door and one workload behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The door.
    pub door: Door,
    /// The Service that it leads through; `None` where the pod itself opens the door.
    pub service: Option<ObjectKey>,
    /// The workload; `None` when what stands behind it is no pod that is visible.
    pub workload: Option<ObjectKey>,
    /// Object and field of the steps behind the door.
    pub inside: Vec<Evidence>,
}

impl Way {
    /// All steps, from the outside in.
    pub fn hops(&self) -> impl Iterator<Item = &Evidence> {
        self.door.hops.iter().chain(&self.inside)
    }
}
