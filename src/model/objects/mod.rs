//! The facts of each kind: one file per Kubernetes kind, or per family that shares one shape.

pub mod access;
pub mod admission;
pub mod certificate;
pub mod cluster_policy;
pub mod container;
pub mod endpoints;
pub mod environment;
pub mod gateway;
pub mod ingress;
pub mod namespace;
pub mod network_policy;
pub mod node;
pub mod openshift_route;
pub mod persistent_volume;
pub mod pod;
pub mod pod_spec;
pub mod selector;
pub mod service;
pub mod volume;
pub mod workload;
