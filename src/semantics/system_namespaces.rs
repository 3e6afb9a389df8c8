//! The namespaces that Kubernetes makes for itself (`pkg/controlplane/controller/systemnamespaces`). `default` is made by
//! it too, and is for everybody.

/// True for `kube-system`, `kube-public` and `kube-node-lease`: names that are reserved, whoever owns the cluster.
pub fn is_system(namespace: &str) -> bool {
    matches!(namespace, "kube-system" | "kube-public" | "kube-node-lease")
}
