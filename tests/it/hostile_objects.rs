//! Objects whose texts try to act on a terminal, a shell, a reader of YAML or a person. A real 1.36 API server takes each
//! of them as it stands (the trials send them): it checks the names of most kinds, and next to nothing else.
#![allow(dead_code, reason = "each group uses a part of it")]

use serde_json::{Value, json};

/// The namespace of those that have one.
pub const NAMESPACE: &str = "hostile";

/// Names of roles and bindings, and of users and groups: all but `/` and `%` is allowed in them, even NUL.
pub const NAMES: &[&str] = &[
    "esc\u{1b}[31m\u{1b}[2J\u{1b}[201~",
    "\u{1b}]52;c;ZXZpbA==\u{7}\u{1b}]0;title\u{1b}\\",
    "c1\u{9b}31m\u{9d}0;x\u{9c}\u{85}",
    "nul\u{0}end",
    "del\u{7f}\u{8}\u{8}",
    "\u{202e}nimda-retsulc\u{2066}",
    "zero\u{200d}wi\u{fe0f}d\u{34f}th\u{200b}\u{200d}\u{feff}\u{2060}\u{206a}\u{ad}\u{34f}\u{fe0f}",
    "tags\u{e0061}\u{e007f}\u{e0100}\u{3164}",
    "it's \"quoted\" \\' \\\"",
    "$(touch pwned)`touch pwned`${HOME}",
    "two\n# kubectl delete namespace kube-system\n---\nkind: Secret",
    "\ttab\rreturn\u{2028}",
    "--all",
    "-A",
    " spaces ",
    "; rm -rf ~ | & > < * ? [a] {b,c} !x ~ #y",
    "{{.metadata}} @file,x=y:z",
    "\u{65e5}\u{672c}\u{8a9e}\u{1f642}e\u{301}",
    "yes",
];

/// Everything at once, for texts that nobody checks.
pub const ALL: &str = "\u{1b}]52;c;ZXZpbA==\u{7}\u{1b}[2J\u{9b}31m\u{202e}\u{200b}\u{e0041}'\"$(id)`id`\n# kubectl delete namespace kube-system\n---\r\t--all\u{7f}\u{0}";

/// The longest name there is.
pub fn long() -> String {
    "long-".to_owned() + &"x".repeat(248)
}

/// Every name that roles and bindings get.
pub fn names() -> Vec<String> {
    let short = NAMES.iter().map(|name| (*name).to_owned());
    short.chain([long()]).collect()
}

/// A character that may reach nobody's eyes, judged apart from what the product believes: the general categories Cc, Zl
/// and Zp, and from Cf and the rest what Unicode lists as `Bidi_Control` or `Default_Ignorable_Code_Point`.
pub fn acts(c: char) -> bool {
    const RANGES: &[(u32, u32)] = &[
        (0x0, 0x1f),
        (0x7f, 0x9f),
        (0xad, 0xad),
        (0x34f, 0x34f),
        (0x61c, 0x61c),
        (0x115f, 0x1160),
        (0x17b4, 0x17b5),
        (0x180b, 0x180f),
        (0x200b, 0x200f),
        (0x2028, 0x202e),
        (0x2060, 0x206f),
        (0x3164, 0x3164),
        (0xfe00, 0xfe0f),
        (0xfeff, 0xfeff),
        (0xffa0, 0xffa0),
        (0xfff0, 0xfffb),
        (0x1_bca0, 0x1_bca3),
        (0x1_d173, 0x1_d17a),
        (0xe_0000, 0xe_0fff),
    ];
    let code = u32::from(c);
    if (0x20..0x7f).contains(&code) {
        return false;
    }
    RANGES
        .iter()
        .any(|(first, last)| (*first..=*last).contains(&code))
}

/// The first such character of a text but the ends of its lines, with what stands around it.
pub fn act_in(text: &str) -> Option<String> {
    let bad = |c: char| c != '\n' && acts(c);
    if !text.chars().any(bad) {
        return None;
    }
    let all: Vec<char> = text.chars().collect();
    let at = all.iter().position(|c| bad(*c))?;
    let (from, to) = (at.saturating_sub(30), (at + 30).min(all.len()));
    Some(
        all[from..to]
            .iter()
            .collect::<String>()
            .escape_debug()
            .to_string(),
    )
}

/// All of them, namespace first.
pub fn objects() -> Vec<Value> {
    let mut all = vec![json!({
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": {"name": NAMESPACE, "annotations": {"note": ALL}},
    })];
    all.extend(rights());
    all.extend(workloads());
    all.extend(entrances());
    all
}

fn named(api: &str, kind: &str, name: &str, namespaced: bool) -> Value {
    let mut object = json!({"apiVersion": api, "kind": kind, "metadata": {"name": name}});
    if namespaced {
        object["metadata"]["namespace"] = NAMESPACE.into();
    }
    object["metadata"]["annotations"] = json!({"note": ALL});
    object
}

fn rights() -> Vec<Value> {
    const RBAC: &str = "rbac.authorization.k8s.io/v1";
    let role_ref = |name: &str| json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name});
    let subject = |kind: &str, name: &str| json!({"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name});
    let mut all = Vec::new();
    for name in names() {
        let mut role = named(RBAC, "ClusterRole", &name, false);
        role["rules"] = json!([
            {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]},
            {"apiGroups": [ALL], "resources": [name], "verbs": [ALL], "resourceNames": [name]},
            {"nonResourceURLs": [format!("/{name}")], "verbs": [name]},
            {"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["clusterroles"], "verbs": ["bind"], "resourceNames": [name]},
        ]);
        let mut binding = named(RBAC, "ClusterRoleBinding", &name, false);
        binding["roleRef"] = role_ref(&name);
        binding["subjects"] = json!([subject("User", &name), subject("Group", &name)]);
        let mut admin = named(RBAC, "RoleBinding", &name, true);
        admin["roleRef"] = role_ref("cluster-admin");
        admin["subjects"] = json!([
            subject("User", &name),
            {"kind": "ServiceAccount", "name": "default", "namespace": NAMESPACE},
        ]);
        all.extend([role, binding, admin]);
    }
    let mut nobody = named(RBAC, "RoleBinding", &format!("nobody-{}", NAMES[0]), true);
    nobody["roleRef"] = role_ref(NAMES[1]);
    nobody["roleRef"]["kind"] = "Role".into();
    nobody["subjects"] = json!([subject("Group", ALL), {"kind": "ServiceAccount", "name": "gone", "namespace": ALL}]);
    all.push(nobody);
    all
}

/// A pod that says hostile things wherever it may.
fn pod_spec() -> Value {
    json!({
        "serviceAccountName": "default",
        "imagePullSecrets": [{"name": ALL}],
        "volumes": [
            {"name": "host", "hostPath": {"path": format!("/var/run/docker.sock/{ALL}")}},
            {"name": "root", "hostPath": {"path": "/"}},
            {"name": "secret", "secret": {"secretName": ALL, "optional": true}},
            {"name": "flex", "flexVolume": {"driver": ALL}},
            {"name": "token", "projected": {"sources": [{"serviceAccountToken": {"audience": ALL, "path": ALL}}]}},
        ],
        "containers": [{
            "name": "c".repeat(63),
            "image": "registry.example.com/app:latest",
            "args": [ALL],
            "env": [
                {"name": "$(id)`id`'\" x", "value": format!("postgres://user:hunter2@{ALL}")},
                {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": long(), "key": long(), "optional": true}}},
            ],
            "envFrom": [{"prefix": "'\"$(id) ", "configMapRef": {"name": long(), "optional": true}}],
            "volumeMounts": [
                {"name": "host", "mountPath": format!("/{ALL}"), "subPath": ALL},
                {"name": "root", "mountPath": "/host"},
            ],
            "securityContext": {
                "privileged": true,
                "capabilities": {"add": ["SYS_ADMIN", ALL]},
                "seLinuxOptions": {"type": ALL, "user": ALL},
                "seccompProfile": {"type": "Localhost", "localhostProfile": ALL},
                "appArmorProfile": {"type": "Localhost", "localhostProfile": ALL},
            },
        }],
    })
}

fn workloads() -> Vec<Value> {
    // No kubelet pulls an image of such a name: its pods would never be ready, and no rollout would end.
    let image = json!(format!("registry.example.com/{ALL}:latest"));
    let mut quiet = deployment("quiet", "argocd.argoproj.io/tracking-id");
    quiet["spec"]["replicas"] = 0.into();
    quiet["spec"]["template"]["spec"]["containers"][0]["image"] = image.clone();
    let mut all = vec![
        deployment(&long(), "meta.helm.sh/release-name"),
        deployment("loud", "argocd.argoproj.io/tracking-id"),
        quiet,
    ];
    let mut pod = named("v1", "Pod", &("pod-".to_owned() + &"y".repeat(249)), true);
    pod["spec"] = pod_spec();
    all.push(pod);
    let mut owned = named("v1", "Pod", "owned", true);
    owned["metadata"]["ownerReferences"] = json!([
        {"apiVersion": format!("a.example.com/{ALL}"), "kind": ALL, "name": ALL, "uid": ALL, "controller": true},
    ]);
    owned["spec"] = pod_spec();
    owned["spec"]["containers"][0]["image"] = image;
    all.push(owned);
    let mut account = named("v1", "ServiceAccount", &long(), true);
    account["imagePullSecrets"] = json!([{"name": ALL}]);
    all.push(account);
    all
}

fn deployment(name: &str, annotation: &str) -> Value {
    let mut deploy = named("apps/v1", "Deployment", name, true);
    deploy["metadata"]["annotations"][annotation] = ALL.into();
    deploy["metadata"]["labels"] = json!({"app.kubernetes.io/managed-by": "Helm"});
    let app = name.get(..4).unwrap_or(name);
    deploy["spec"] = json!({
        "selector": {"matchLabels": {"app": app}},
        "template": {
            "metadata": {"labels": {"app": app}, "annotations": {"note": ALL}},
            "spec": pod_spec(),
        },
    });
    deploy
}

fn entrances() -> Vec<Value> {
    let mut service = named("v1", "Service", "loud", true);
    service["metadata"]["annotations"]["service.beta.kubernetes.io/aws-load-balancer-type"] =
        ALL.into();
    service["spec"] = json!({
        "type": "LoadBalancer",
        "loadBalancerIP": ALL,
        "selector": {"app": "loud"},
        "ports": [{"port": 80}],
    });
    let mut ingress = named("networking.k8s.io/v1", "Ingress", &long(), true);
    ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/whitelist-source-range"] =
        ALL.into();
    ingress["spec"] = json!({"rules": [{"http": {"paths": [{
        "path": format!("/{ALL}"), "pathType": "ImplementationSpecific",
        "backend": {"service": {"name": "loud", "port": {"number": 80}}},
    }]}}]});
    let mut webhook = named(
        "admissionregistration.k8s.io/v1",
        "ValidatingWebhookConfiguration",
        &long(),
        false,
    );
    // Asked about nothing that exists, so that it disturbs nobody.
    webhook["webhooks"] = json!([{
        "name": "a.hostile.example.com", "sideEffects": "None", "admissionReviewVersions": ["v1"],
        "failurePolicy": "Ignore",
        "clientConfig": {"service": {"namespace": ALL, "name": ALL}},
        "rules": [{"apiGroups": ["hostile.example.com", ALL], "apiVersions": [ALL], "resources": [ALL], "operations": ["CREATE"]}],
    }]);
    let mut policy = named("networking.k8s.io/v1", "NetworkPolicy", &long(), true);
    policy["spec"] =
        json!({"podSelector": {"matchLabels": {"app": "nobody"}}, "policyTypes": ["Ingress"]});
    vec![service, ingress, webhook, policy]
}
