//! What holds for every kind: nothing panics, an error names the field, and `null` is the same as absent.
//!
//! Each holds over a full object of the kind in which one place is put out of order.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{DecodeError, Pool, decode_json, decode_value};
use crate::model::{Kind, Object};

/// Addresses of a load balancer.
fn balancer() -> Value {
    json!({"loadBalancer": {"ingress": [{"ip": "203.0.113.1", "hostname": "h"}]}})
}

/// A validating admission policy or its binding; `matches` is where it says what it is asked about.
fn policy(matches: &str) -> Value {
    let selector = json!({"matchLabels": {"app": "cart"}});
    let rules = json!([{"operations": ["*"], "apiGroups": ["*"], "resources": ["*"]}]);
    json!({"spec": {"policyName": "p", "validationActions": ["Deny"], matches: {"namespaceSelector": selector, "resourceRules": rules}}})
}

/// A policy of the cluster, of either version.
fn tiers() -> Value {
    let pods =
        json!({"pods": {"namespaceSelector": {}, "podSelector": {"matchLabels": {"a": "b"}}}});
    json!({"spec": {"tier": "Admin", "priority": 5, "subject": {"namespaces": {}},
        "ingress": [{"action": "Deny", "from": [pods], "ports": [{"portNumber": {"protocol": "TCP", "port": 80}}, {"portRange": {"start": 1, "end": 2}}, {"namedPort": "n"}]}],
        "egress": [{"action": "Pass", "to": [{"networks": ["10.0.0.0/8"]}, {"nodes": {}}, {"domainNames": ["x"]}],
            "protocols": [{"tcp": {"destinationPort": {"number": 1, "range": {"start": 1, "end": 2}}}, "udp": {}, "sctp": {}}, {"destinationNamedPort": "n"}]}]}})
}

/// What leads from outside to Services, by the Gateway API or a router of OpenShift.
fn custom(kind: Kind) -> Value {
    match kind {
        Kind::Gateway => {
            json!({"spec": {"gatewayClassName": "g", "listeners": [{"name": "l", "hostname": "h", "port": 80, "protocol": "HTTP", "allowedRoutes": {"namespaces": {"from": "Selector", "selector": {}}, "kinds": [{"group": "g", "kind": "K"}]}}], "allowedListeners": {"namespaces": {"from": "All"}}}, "status": {"addresses": [{"value": "203.0.113.1"}]}})
        }
        Kind::HTTPRoute | Kind::GRPCRoute | Kind::TLSRoute | Kind::TCPRoute | Kind::UDPRoute => {
            json!({"spec": {"parentRefs": [{"name": "g", "namespace": "n", "kind": "Gateway", "group": "g", "sectionName": "s", "port": 80}], "hostnames": ["h"],
            "rules": [{"backendRefs": [{"name": "s", "port": 80, "weight": 1, "filters": []}], "filters": [{"requestMirror": {"backendRef": {"name": "m", "port": 81}}}]}]},
            "status": {"parents": [{"parentRef": {"name": "g"}, "conditions": [{"type": "Accepted", "status": "True"}]}]}})
        }
        Kind::ListenerSet => {
            json!({"spec": {"parentRef": {"name": "g"}, "listeners": [{"name": "l", "port": 80, "protocol": "HTTP"}]}})
        }
        Kind::AdminNetworkPolicy
        | Kind::BaselineAdminNetworkPolicy
        | Kind::ClusterNetworkPolicy => tiers(),
        Kind::CiliumNetworkPolicy
        | Kind::CiliumClusterwideNetworkPolicy
        | Kind::EgressFirewall
        | Kind::EgressNetworkPolicy => json!({"spec": {"any": "thing"}}),
        Kind::ReferenceGrant => {
            json!({"spec": {"from": [{"group": "g", "kind": "HTTPRoute", "namespace": "n"}], "to": [{"group": "", "kind": "Service", "name": "s"}]}})
        }
        Kind::Route => {
            json!({"spec": {"host": "h", "to": {"kind": "Service", "name": "s", "weight": 1}, "alternateBackends": [{"name": "t"}], "port": {"targetPort": "http"}},
            "status": {"ingress": [{"routerName": "default", "host": "h", "conditions": [{"type": "Admitted", "status": "True"}]}]}})
        }
        kind => panic!("{kind} has no sample"),
    }
}

/// A full object of every kind.
fn samples() -> Vec<(Kind, Value)> {
    let container = json!({
        "name": "c", "image": "registry.example.com/shop/cart:1.2", "imagePullPolicy": "Always", "command": ["/cart"], "args": ["--v=2"],
        "env": [{"name": "A", "value": "b"}, {"name": "S", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
        "envFrom": [{"prefix": "P_", "configMapRef": {"name": "m"}}],
        "ports": [{"name": "http", "containerPort": 8080, "hostPort": 80, "protocol": "TCP", "hostIP": "0.0.0.0"}],
        "volumeMounts": [{"name": "v", "mountPath": "/v", "readOnly": true, "subPath": "x"}],
        "resources": {"limits": {"cpu": "1", "memory": "1Gi", "ephemeral-storage": 1}, "requests": {"cpu": 1, "memory": "1"}},
        "livenessProbe": {"httpGet": {"host": "h", "port": 80}}, "lifecycle": {"preStop": {"tcpSocket": {"host": "h", "port": 1}}},
        "securityContext": {"privileged": true, "allowPrivilegeEscalation": false, "runAsNonRoot": true, "runAsUser": 1, "runAsGroup": 2,
            "readOnlyRootFilesystem": true, "capabilities": {"add": ["NET_ADMIN"], "drop": ["ALL"]}, "procMount": "Default",
            "seccompProfile": {"type": "Localhost", "localhostProfile": "p"}, "appArmorProfile": {"type": "RuntimeDefault"},
            "seLinuxOptions": {"type": "t", "user": "u", "role": "r"}, "windowsOptions": {"hostProcess": false}},
    });
    let spec = json!({
        "serviceAccountName": "cart", "automountServiceAccountToken": false, "hostNetwork": true, "hostPID": false, "hostIPC": false, "hostUsers": true,
        "nodeName": "n", "runtimeClassName": "gvisor", "priorityClassName": "high", "os": {"name": "linux"}, "imagePullSecrets": [{"name": "p"}],
        "hostAliases": [{"ip": "127.0.0.1", "hostnames": ["h"]}], "shareProcessNamespace": true, "enableServiceLinks": false, "nodeSelector": {"a": "b"},
        "tolerations": [{"key": "k", "operator": "Exists", "value": "v", "effect": "NoSchedule", "tolerationSeconds": 1}],
        "containers": [container], "initContainers": [{"name": "i", "restartPolicy": "Always"}], "ephemeralContainers": [{"name": "e"}],
        "volumes": [{"name": "v", "hostPath": {"path": "/", "type": "Directory"}}, {"name": "w", "projected": {"sources": [{"serviceAccountToken": {"audience": "a", "expirationSeconds": 600}}, {"secret": {"name": "s"}}]}},
            {"name": "x", "emptyDir": {"medium": "Memory", "sizeLimit": "1Gi"}}, {"name": "y", "csi": {"driver": "d"}}, {"name": "z", "persistentVolumeClaim": {"claimName": "c"}}],
        "securityContext": {"runAsNonRoot": true, "runAsUser": 1, "runAsGroup": 1, "fsGroup": 1, "supplementalGroups": [2], "sysctls": [{"name": "s", "value": "1"}], "seccompProfile": {"type": "RuntimeDefault"}},
    });
    let selector = json!({"matchLabels": {"app": "cart"}, "matchExpressions": [{"key": "k", "operator": "In", "values": ["a"]}]});
    let template = json!({"metadata": {"labels": {"app": "cart"}, "annotations": {"meta.helm.sh/x": "y"}}, "spec": spec});
    let workload = json!({"spec": {"replicas": 2, "suspend": false, "selector": selector, "template": template}, "status": {"conditions": [{"type": "ReplicaFailure", "status": "True", "message": "m"}]}});
    let role = json!({"rules": [{"verbs": ["get"], "apiGroups": [""], "resources": ["pods"], "resourceNames": ["a"]}, {"verbs": ["get"], "nonResourceURLs": ["/x"]}],
        "aggregationRule": {"clusterRoleSelectors": [selector]}});
    let binding = json!({"roleRef": {"kind": "ClusterRole", "name": "view"}, "subjects": [{"kind": "ServiceAccount", "name": "a", "namespace": "b"}, {"kind": "User", "name": "u"}]});
    let webhooks = json!({"webhooks": [{"name": "w", "failurePolicy": "Ignore", "timeoutSeconds": 5, "namespaceSelector": selector,
        "clientConfig": {"url": "https://x/y", "service": {"namespace": "n", "name": "s"}}, "rules": [{"operations": ["*"], "apiGroups": ["*"], "resources": ["*"]}]}]});
    let body = |kind: Kind| match kind {
        Kind::Namespace => json!({"status": {"phase": "Active"}}),
        Kind::Node => {
            json!({"spec": {"providerID": "aws:///x"}, "status": {"addresses": [{"type": "InternalIP", "address": "10.0.0.1"}],
            "conditions": [{"type": "Ready", "status": "True"}], "nodeInfo": {"kubeletVersion": "v1", "containerRuntimeVersion": "c", "osImage": "o", "kernelVersion": "k"}}})
        }
        Kind::ServiceAccount => {
            json!({"automountServiceAccountToken": true, "secrets": [{"name": "s"}], "imagePullSecrets": [{"name": "p"}]})
        }
        Kind::Role | Kind::ClusterRole => role.clone(),
        Kind::RoleBinding | Kind::ClusterRoleBinding => binding.clone(),
        Kind::NetworkPolicy => {
            json!({"spec": {"podSelector": selector, "policyTypes": ["Ingress"], "ingress": [{"from": [{"podSelector": selector, "namespaceSelector": {}},
            {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}], "ports": [{"port": 80, "endPort": 90, "protocol": "TCP"}, {"port": "http"}]}], "egress": [{"to": [{"podSelector": {}}]}]}})
        }
        Kind::Service => {
            json!({"spec": {"type": "LoadBalancer", "selector": {"app": "cart"}, "ports": [{"name": "p", "port": 80, "targetPort": "http", "nodePort": 30000, "protocol": "TCP"}],
            "externalIPs": ["192.0.2.1"], "externalName": "", "clusterIP": "10.0.0.1", "loadBalancerSourceRanges": ["0.0.0.0/0"], "loadBalancerClass": "x",
            "externalTrafficPolicy": "Local", "allocateLoadBalancerNodePorts": true}, "status": balancer()})
        }
        Kind::EndpointSlice => {
            json!({"endpoints": [{"addresses": ["10.0.0.1"], "conditions": {"ready": true}, "targetRef": {"kind": "Pod", "name": "p"}}], "ports": [{"name": "p", "port": 80, "protocol": "TCP"}]})
        }
        Kind::Ingress => {
            json!({"spec": {"ingressClassName": "nginx", "defaultBackend": {"service": {"name": "s", "port": {"number": 80, "name": ""}}}, "tls": [{"hosts": ["h"]}],
            "rules": [{"host": "h", "http": {"paths": [{"path": "/", "backend": {"resource": {"kind": "K", "name": "n"}}}]}}]}, "status": balancer()})
        }
        Kind::IngressClass => json!({"spec": {"controller": "c"}}),
        kind if kind.is_custom() => custom(kind),
        Kind::ValidatingWebhookConfiguration | Kind::MutatingWebhookConfiguration => {
            webhooks.clone()
        }
        Kind::CertificateSigningRequest => {
            json!({"spec": {"signerName": "s", "username": "u", "groups": ["g"], "expirationSeconds": 600}, "status": {"conditions": [{"type": "Approved", "status": "True"}]}})
        }
        Kind::PersistentVolume => {
            json!({"spec": {"local": {"path": "/m"}, "claimRef": {"name": "d"}}})
        }
        Kind::Pod => {
            json!({"spec": spec, "status": {"phase": "Running", "podIP": "10.0.0.1", "podIPs": [{"ip": "10.0.0.1"}], "containerStatuses": [{"name": "c", "image": "i", "imageID": "i@sha256:x"}]}})
        }
        Kind::CronJob => {
            json!({"spec": {"suspend": true, "jobTemplate": {"spec": {"template": template}}}})
        }
        Kind::ReplicationController => {
            json!({"spec": {"replicas": 1, "selector": {"app": "cart"}, "template": template}})
        }
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::Job | Kind::ReplicaSet => {
            workload.clone()
        }
        Kind::ValidatingAdmissionPolicy => policy("matchConstraints"),
        Kind::ValidatingAdmissionPolicyBinding => policy("matchResources"),
        Kind::CustomResourceDefinition | Kind::ResourceQuota | Kind::LimitRange => {
            json!({"spec": {"any": "thing"}})
        }
        kind => panic!("{kind} has no sample"),
    };
    let metadata = json!({"name": "cart", "namespace": "shop", "creationTimestamp": "2026-01-01T00:00:00Z", "labels": {"app": "cart"}, "annotations": {"meta.helm.sh/x": "y"},
        "ownerReferences": [{"apiVersion": "example.com/v1", "kind": "Shop", "name": "s", "controller": false}], "managedFields": [{"manager": "m"}]});
    let whole = |kind: Kind| {
        let mut object = body(kind);
        object["metadata"] = metadata.clone();
        (kind, object)
    };
    Kind::all().map(whole).collect()
}

/// Every place of a value, as a JSON pointer and as a path in our words.
fn places(value: &Value, pointer: &str, path: &str, all: &mut Vec<(String, String)>) {
    all.push((pointer.to_owned(), path.to_owned()));
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                let escaped = key.replace('~', "~0").replace('/', "~1");
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                places(child, &format!("{pointer}/{escaped}"), &path, all);
            }
        }
        Value::Array(list) => {
            for (at, child) in list.iter().enumerate() {
                places(
                    child,
                    &format!("{pointer}/{at}"),
                    &format!("{path}[{at}]"),
                    all,
                );
            }
        }
        _ => {}
    }
}

fn places_of(value: &Value) -> Vec<(String, String)> {
    let mut all = Vec::new();
    places(value, "", "", &mut all);
    all
}

fn decoded(kind: Kind, value: &Value) -> Result<Object, DecodeError> {
    let by_text = decode_json(kind, &value.to_string(), &mut Pool::new());
    assert_eq!(
        by_text,
        decode_value(kind, value, &mut Pool::new()),
        "both ways in agree"
    );
    by_text
}

#[test]
fn full_objects_decode() {
    for (kind, value) in samples() {
        let object = decoded(kind, &value).unwrap_or_else(|e| panic!("{kind}: {e}"));
        assert_eq!(object.kind(), kind);
    }
}

#[test]
fn null_is_the_same_as_absent_everywhere() {
    for (kind, value) in samples() {
        for (pointer, path) in places_of(&value) {
            let Some((parent, key)) = pointer.rsplit_once('/') else {
                continue;
            };
            let mut nulled = value.clone();
            *nulled.pointer_mut(&pointer).unwrap() = Value::Null;
            let mut removed = value.clone();
            let Some(map) = removed.pointer_mut(parent).and_then(Value::as_object_mut) else {
                continue;
            };
            map.remove(&key.replace("~1", "/").replace("~0", "~"));
            // A label whose value is null is there, with an empty value, as in Go's maps.
            if path.contains("abels.") || path.contains("annotations.") || path.contains("elector.")
            {
                continue;
            }
            assert_eq!(
                decoded(kind, &nulled),
                decoded(kind, &removed),
                "{kind} {path}"
            );
        }
    }
}

#[test]
fn nothing_of_a_value_is_kept() {
    let json = r#"{"metadata":{"name":"p","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"hunter2"}},"spec":{"containers":[
        {"name":"c","args":["--password=hunter2"],"env":[{"name":"A","value":"hunter2"},{"name":"U","value":"postgres://u:hunter2@db/x?k=hunter2"}]}]}}"#;
    let mut pool = Pool::new();
    let object = decode_json(Kind::Pod, json, &mut pool).unwrap();
    assert!(!format!("{object:?} {pool:?}").contains("hunter2"));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[a-z]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("(name|spec|metadata|items|[a-z]{1,3})", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_decodes_or_is_refused(at in 0..28_usize, value in any_json()) {
        let (kind, _) = samples()[at].clone();
        let _ = decoded(kind, &value);
        let _ = decode_json(kind, &value.to_string()[..value.to_string().floor_char_boundary(value.to_string().len() / 2)], &mut Pool::new());
    }

    #[test]
    fn an_error_names_the_place_that_is_wrong(at in 0..28_usize, place in any::<prop::sample::Index>(), odd in any_json()) {
        let (kind, mut value) = samples()[at].clone();
        let places = places_of(&value);
        let (pointer, path) = place.get(&places);
        *value.pointer_mut(pointer).unwrap() = odd;
        if let Err(error) = decoded(kind, &value) {
            // At the place, inside of it, or a field that is missing because the place held it.
            let inside = error.path.starts_with(path.as_str()) || path.starts_with(&error.path);
            prop_assert!(inside, "{kind} {path}: {error}");
            prop_assert!(!error.why.is_empty());
        }
    }
}
