//! The role that the user `viewer` gets: the one that Bartizan ships.

use std::fs;

use anyhow::anyhow;

use super::{Result, document};

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/role.yaml");

/// The `ClusterRole` with which Bartizan sees all that it can show, as YAML.
pub fn viewer_role_yaml() -> String {
    fs::read_to_string(SHIPPED).unwrap_or_else(|_| WATCHED_KINDS.to_owned())
}

/// The name of the first `ClusterRole` in it.
pub fn name_of(yaml: &str) -> Result<String> {
    let documents = document::parse(yaml)?;
    let role = documents
        .iter()
        .find(|document| document["kind"] == "ClusterRole");
    let name = role.and_then(|role| role["metadata"]["name"].as_str());
    name.map(str::to_owned)
        .ok_or_else(|| anyhow!("no ClusterRole in the role of the viewer"))
}

/// Every kind that a live source watches, and nothing of Secrets.
const WATCHED_KINDS: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: bartizan}
rules:
- apiGroups: ['']
  resources: [namespaces, nodes, pods, replicationcontrollers, services, serviceaccounts]
  verbs: [get, list, watch]
- apiGroups: [apps]
  resources: [daemonsets, deployments, replicasets, statefulsets]
  verbs: [get, list, watch]
- apiGroups: [batch]
  resources: [cronjobs, jobs]
  verbs: [get, list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch]
- apiGroups: [networking.k8s.io]
  resources: [ingressclasses, ingresses, networkpolicies]
  verbs: [get, list, watch]
- apiGroups: [gateway.networking.k8s.io]
  resources: [gatewayclasses, gateways, grpcroutes, httproutes, referencegrants, tcproutes, tlsroutes, udproutes]
  verbs: [get, list, watch]
- apiGroups: [rbac.authorization.k8s.io]
  resources: [clusterrolebindings, clusterroles, rolebindings, roles]
  verbs: [get, list, watch]
- apiGroups: [admissionregistration.k8s.io]
  resources:
  - mutatingadmissionpolicies
  - mutatingadmissionpolicybindings
  - mutatingwebhookconfigurations
  - validatingadmissionpolicies
  - validatingadmissionpolicybindings
  - validatingwebhookconfigurations
  verbs: [get, list, watch]
- apiGroups: [apiextensions.k8s.io]
  resources: [customresourcedefinitions]
  verbs: [get, list, watch]
- apiGroups: [certificates.k8s.io]
  resources: [certificatesigningrequests]
  verbs: [get, list, watch]
";
