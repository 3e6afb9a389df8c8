//! Which lists a strategic merge patch merges, and by which key: the `patchStrategy` and `patchMergeKey` tags of
//! `k8s.io/api` v0.36 (`core/v1/types.go`, `admissionregistration/v1/types.go`). Every other list is replaced.

use crate::model::Kind;
use crate::model::objects::workload::pod_spec_path;

/// Lists below a pod spec, without item indexes.
const POD_SPEC: &[(&str, &str)] = &[
    ("containers", "name"),
    ("ephemeralContainers", "name"),
    ("hostAliases", "ip"),
    ("imagePullSecrets", "name"),
    ("initContainers", "name"),
    ("resourceClaims", "name"),
    ("schedulingGates", "name"),
    ("topologySpreadConstraints", "topologyKey"),
    ("volumes", "name"),
];

/// Lists below a container of any kind.
const CONTAINER: &[(&str, &str)] = &[
    ("env", "name"),
    ("ports", "containerPort"),
    ("volumeDevices", "devicePath"),
    ("volumeMounts", "mountPath"),
];

const KIND: &[(Kind, &str, &str)] = &[
    (Kind::Service, "spec.ports", "port"),
    (Kind::ServiceAccount, "secrets", "name"),
    (Kind::ValidatingWebhookConfiguration, "webhooks", "name"),
    (
        Kind::ValidatingWebhookConfiguration,
        "webhooks.matchConditions",
        "name",
    ),
    (Kind::MutatingWebhookConfiguration, "webhooks", "name"),
    (
        Kind::MutatingWebhookConfiguration,
        "webhooks.matchConditions",
        "name",
    ),
];

/// The merge key of the list at a path (fields only, joined by dots); `None`: the list is replaced as a whole.
pub(super) fn merge_key(kind: Kind, path: &str) -> Option<&'static str> {
    if path == "metadata.ownerReferences" {
        return Some("uid");
    }
    let templated = kind == Kind::Pod || Kind::TEMPLATED.contains(&kind);
    if templated && let Some(tail) = path.strip_prefix(pod_spec_path(kind)) {
        return in_pod_spec(tail.strip_prefix('.')?);
    }
    KIND.iter()
        .find(|(k, p, _)| *k == kind && *p == path)
        .map(|(_, _, key)| *key)
}

fn in_pod_spec(path: &str) -> Option<&'static str> {
    let (table, name) = match path.split_once('.') {
        None => (POD_SPEC, path),
        Some(("containers" | "initContainers" | "ephemeralContainers", name)) => (CONTAINER, name),
        Some(_) => return None,
    };
    table.iter().find(|(n, _)| *n == name).map(|(_, key)| *key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_lists_are_told_from_replaced_ones() {
        for (kind, path, key) in [
            (Kind::Pod, "spec.containers", Some("name")),
            (Kind::Deployment, "spec.containers", None),
            (
                Kind::Deployment,
                "spec.template.spec.initContainers.volumeMounts",
                Some("mountPath"),
            ),
            (
                Kind::CronJob,
                "spec.jobTemplate.spec.template.spec.volumes",
                Some("name"),
            ),
            (
                Kind::Pod,
                "spec.containers.securityContext.capabilities.drop",
                None,
            ),
            (Kind::Pod, "spec.tolerations", None),
            (Kind::Service, "spec.ports", Some("port")),
            (Kind::Service, "spec.loadBalancerSourceRanges", None),
            (Kind::Ingress, "spec.tls", None),
            (Kind::ClusterRole, "rules", None),
            (Kind::ServiceAccount, "secrets", Some("name")),
            (Kind::ServiceAccount, "imagePullSecrets", None),
        ] {
            assert_eq!(merge_key(kind, path), key, "{kind} {path}");
        }
    }
}
