//! Profile M: 10,000 pods of about 11 kB in 300 namespaces, with their Deployments and ReplicaSets, as JSON texts.

use std::fmt::Write as _;

pub const PODS: usize = 10_000;
pub const NAMESPACES: usize = 300;
pub const REPLICAS: usize = 8;

/// Deployment number of a pod; namespaces take them in turn.
pub fn deployment(pod: usize) -> usize {
    pod / REPLICAS
}

fn meta(name: &str, namespace: &str, deployment: usize, extra: &str) -> String {
    let mut managed = String::new();
    for manager in 0..2 {
        let fields: String = (0..40)
            .map(|i| format!("\"f:field{i}\":{{\"f:inner{i}\":{{}},\"f:other{i}\":{{}}}},"))
            .collect();
        let _ = write!(
            managed,
            "{{\"manager\":\"m{manager}\",\"operation\":\"Update\",\"fieldsV1\":{{{}}}}},",
            fields.trim_end_matches(',')
        );
    }
    let annotations: String = (0..11)
        .map(|i| {
            format!(
                "\"example.com/annotation-{i}\":\"value {i} of some length, as tools write it\","
            )
        })
        .collect();
    format!(
        "\"metadata\":{{\"name\":\"{name}\",\"namespace\":\"{namespace}\",\"uid\":\"0b{deployment:030}\",\"resourceVersion\":\"{deployment}\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\",\"labels\":{{\"app\":\"app-{deployment}\",\"pod-template-hash\":\"h{deployment}\",\"tier\":\"t{}\"}},\"annotations\":{{{}}},{extra}\"managedFields\":[{}]}}",
        deployment % 7,
        annotations.trim_end_matches(','),
        managed.trim_end_matches(',')
    )
}

fn spec(deployment: usize, live: bool) -> String {
    let env: String = (0..10)
        .map(|i| {
            format!(
                "{{\"name\":\"SETTING_{i}\",\"value\":\"http://service-{i}.namespace:8080/path\"}},"
            )
        })
        .collect();
    let mount = if live {
        ",{\"name\":\"kube-api-access-abcde\",\"mountPath\":\"/var/run/secrets/kubernetes.io/serviceaccount\",\"readOnly\":true}"
    } else {
        ""
    };
    let privileged = if deployment.is_multiple_of(40) {
        "\"privileged\":true"
    } else {
        "\"allowPrivilegeEscalation\":false"
    };
    let containers: String = (0..2).map(|c| format!("{{\"name\":\"c{c}\",\"image\":\"registry.example.com/team/app-{deployment}:1.{c}.0\",\"imagePullPolicy\":\"IfNotPresent\",\"env\":[{}],\"ports\":[{{\"containerPort\":8080,\"protocol\":\"TCP\"}}],\"securityContext\":{{{privileged}}},\"resources\":{{\"limits\":{{\"memory\":\"1Gi\"}}}},\"volumeMounts\":[{{\"name\":\"data\",\"mountPath\":\"/data\"}}{mount}]}},", env.trim_end_matches(','))).collect();
    let token = if live {
        ",{\"name\":\"kube-api-access-abcde\",\"projected\":{\"sources\":[{\"serviceAccountToken\":{\"expirationSeconds\":3607,\"path\":\"token\"}},{\"configMap\":{\"name\":\"kube-root-ca.crt\",\"items\":[{\"key\":\"ca.crt\",\"path\":\"ca.crt\"}]}},{\"downwardAPI\":{\"items\":[{\"path\":\"namespace\",\"fieldRef\":{\"apiVersion\":\"v1\",\"fieldPath\":\"metadata.namespace\"}}]}}],\"defaultMode\":420}}"
    } else {
        ""
    };
    format!(
        "\"spec\":{{\"serviceAccountName\":\"sa-{}\",\"nodeName\":\"node-{}\",\"containers\":[{}],\"volumes\":[{{\"name\":\"data\",\"emptyDir\":{{}}}}{token}]}}",
        deployment % 20,
        deployment % 334,
        containers.trim_end_matches(',')
    )
}

/// The name of a pod.
pub fn pod_name(at: usize) -> String {
    let d = deployment(at);
    format!("app-{d}-h{d}-{at}")
}

pub fn pod(at: usize) -> String {
    let d = deployment(at);
    let owner = format!(
        "\"ownerReferences\":[{{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"app-{d}-h{d}\",\"uid\":\"x\",\"controller\":true}}],"
    );
    let conditions: String = (0..5).map(|i| format!("{{\"type\":\"Condition{i}\",\"status\":\"True\",\"lastProbeTime\":null,\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}},")).collect();
    let statuses: String = (0..2).map(|c| format!("{{\"name\":\"c{c}\",\"image\":\"registry.example.com/team/app-{d}:1.{c}.0\",\"imageID\":\"registry.example.com/team/app-{d}@sha256:{d:064}\",\"ready\":true,\"restartCount\":0,\"state\":{{\"running\":{{\"startedAt\":\"2026-01-01T00:00:00Z\"}}}}}},")).collect();
    format!(
        "{{{},{},\"status\":{{\"phase\":\"Running\",\"podIP\":\"10.1.{}.{}\",\"conditions\":[{}],\"containerStatuses\":[{}]}}}}",
        meta(&pod_name(at), &format!("ns-{}", d % NAMESPACES), d, &owner),
        spec(d, true),
        at / 250,
        at % 250,
        conditions.trim_end_matches(','),
        statuses.trim_end_matches(',')
    )
}

pub fn deployment_object(d: usize) -> String {
    format!(
        "{{{},\"spec\":{{\"replicas\":{REPLICAS},\"selector\":{{\"matchLabels\":{{\"app\":\"app-{d}\"}}}},\"template\":{{\"metadata\":{{\"labels\":{{\"app\":\"app-{d}\"}}}},{}}}}}}}",
        meta(
            &format!("app-{d}"),
            &format!("ns-{}", d % NAMESPACES),
            d,
            ""
        ),
        spec(d, false)
    )
}

pub fn replica_set(d: usize) -> String {
    let owner = format!(
        "\"ownerReferences\":[{{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"app-{d}\",\"uid\":\"x\",\"controller\":true}}],"
    );
    format!(
        "{{{}}}",
        meta(
            &format!("app-{d}-h{d}"),
            &format!("ns-{}", d % NAMESPACES),
            d,
            &owner
        )
    )
}
