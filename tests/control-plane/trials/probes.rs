//! Ten questions that well-known scanners get wrong, and three more, asked of a real API server. The server itself is
//! asked for the truth wherever it has one; then the report must say just that.
//!
//! All ten are covered by this version. That approving certificates is admin rights has no check of its own yet: the
//! story of a subject that is admin by another name tells it, and is what is asked here.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Cluster, Needs, Result, User, eventually, run, trial};

pub fn trials() -> Vec<Trial> {
    vec![trial::own(
        "probes/right_where_others_are_wrong",
        Needs::Nodes,
        &[],
        right_where_others_are_wrong,
    )]
}

/// One question. Its objects live in the namespace `probe-ID`, or are called that.
struct Probe {
    id: &'static str,
    asks: &'static str,
    objects: &'static str,
    /// Asks the server what is true; what it leaves behind it takes away again.
    truth: fn(&Cluster) -> Result,
    /// Rows of the report that must fire and must not: check, kind and name of the object, start of the part.
    fires: &'static [(&'static str, &'static str, &'static str)],
    silent: &'static [(&'static str, &'static str, &'static str)],
}

const PROBES: &[Probe] = &[
    Probe {
        id: "a",
        asks: "a privileged init container",
        objects: "
apiVersion: v1
kind: Pod
metadata: {name: app, namespace: probe-a}
spec:
  initContainers:
  - {name: setup, image: 'registry.example.com/setup:1.4.2', securityContext: {privileged: true}}
  containers:
  - {name: app, image: 'registry.example.com/app:1.4.2'}
",
        truth: |cluster| refused_at(cluster, "probe-a", "initContainers[0]", "baseline", "privileged"),
        fires: &[("privileged-container", "Pod", "container/setup")],
        silent: &[("privileged-container", "Pod", "container/app")],
    },
    Probe {
        id: "b",
        asks: "seccomp from a profile of the node: allowed",
        objects: "
apiVersion: v1
kind: Pod
metadata: {name: app, namespace: probe-b}
spec:
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    seccompProfile: {type: Localhost, localhostProfile: profiles/app.json}
  containers:
  - name: app
    image: registry.example.com/app:1.4.2
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
",
        truth: |cluster| {
            let label = label(cluster, "probe-b", "restricted")?;
            ensure!(!label.contains("violate"), "{label}");
            Ok(())
        },
        fires: &[],
        silent: &[("seccomp-unconfined", "Pod", ""), ("may-run-as-root", "Pod", ""), ("capabilities-not-dropped", "Pod", "")],
    },
    Probe {
        id: "c",
        asks: "an ephemeral container, privileged and root",
        objects: "
apiVersion: v1
kind: Pod
metadata: {name: app, namespace: probe-c}
spec:
  containers:
  - {name: app, image: 'registry.example.com/app:1.4.2', securityContext: {runAsNonRoot: true, runAsUser: 1000}}
",
        truth: |cluster| {
            let debug = r#"{"spec":{"ephemeralContainers":[{"name":"debug","image":"registry.example.com/debug:1.4.2","targetContainerName":"app","securityContext":{"privileged":true,"runAsUser":0}}]}}"#;
            let patch = ["patch", "pod", "app", "-n", "probe-c", "--subresource=ephemeralcontainers", "-p", debug];
            cluster.admin(&patch)?;
            refused_at(cluster, "probe-c", "ephemeralContainers[0]", "baseline", "privileged")
        },
        fires: &[("privileged-container", "Pod", "container/debug"), ("may-run-as-root", "Pod", "container/debug")],
        silent: &[("privileged-container", "Pod", "container/app"), ("may-run-as-root", "Pod", "container/app")],
    },
    Probe {
        id: "d",
        asks: "a namespace that pins a version and enforces nothing",
        objects: "
apiVersion: v1
kind: Namespace
metadata: {name: probe-d, labels: {pod-security.kubernetes.io/enforce-version: v1.36}}
",
        truth: |cluster| {
            let pod = "{apiVersion: v1, kind: Pod, metadata: {name: x, namespace: probe-d}, spec: {hostPID: true, containers: [{name: x, image: x, securityContext: {privileged: true}}]}}";
            let create = ["create", "--dry-run=server", "-f", "-"];
            cluster.kubectl_stdin(User::Admin, &create, pod)?.success()?;
            Ok(())
        },
        fires: &[("pod-security-not-enforced", "Namespace", "")],
        silent: &[],
    },
    Probe {
        id: "e",
        asks: "the built-in role view for anybody without a login",
        objects: "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: probe-e}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:anonymous'}
",
        truth: anybody_reads_pods,
        fires: &[("anonymous-rights", "ClusterRoleBinding", "subject/user:system:anonymous")],
        silent: &[("authenticated-rights", "ClusterRoleBinding", "")],
    },
    Probe {
        id: "f",
        asks: "get on nodes/proxy: a shell in every container",
        objects: "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: probe-f}
rules:
- {apiGroups: [''], resources: [nodes/proxy], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: probe-f}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: probe-f}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: probe-f}
",
        truth: |cluster| {
            let can = |what: &[&str]| cluster.kubectl(User::Admin, &[&["auth", "can-i", "--as=probe-f"], what].concat());
            ensure!(can(&["get", "nodes", "--subresource=proxy"])?.stdout.trim() == "yes");
            ensure!(can(&["get", "nodes"])?.stdout.starts_with("no"));
            Ok(())
        },
        fires: &[("node-proxy-granted", "ClusterRoleBinding", "subject/user:probe-f")],
        silent: &[],
    },
    Probe {
        id: "g",
        asks: "a policy that selects by expressions: the pod is isolated",
        objects: "
apiVersion: v1
kind: Pod
metadata: {name: app, namespace: probe-g, labels: {app: web}}
spec:
  containers:
  - {name: app, image: 'registry.example.com/app:1.4.2'}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: apps, namespace: probe-g}
spec:
  podSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}, {key: debug, operator: DoesNotExist}]}
  policyTypes: [Ingress]
",
        truth: |cluster| {
            let selected = cluster.admin(&["get", "pods", "-n", "probe-g", "-l", "app in (web,api),!debug", "-o", "name"])?;
            ensure!(selected.trim() == "pod/app", "{selected}");
            Ok(())
        },
        fires: &[("no-default-deny-egress", "Namespace", "")],
        silent: &[("no-default-deny-ingress", "Namespace", ""), ("policy-selects-nothing", "NetworkPolicy", "")],
    },
    Probe {
        id: "h",
        asks: "bind on cluster-admin with bindings of one namespace: admin there, and nowhere else",
        objects: "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: probe-h}
rules:
- {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: [cluster-admin]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: bindings, namespace: probe-h}
rules:
- {apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: probe-h}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: probe-h}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: probe-h}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: bindings, namespace: probe-h}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: bindings}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: probe-h}
",
        truth: binds_in_one_namespace,
        fires: &[("escalate-bind-impersonate", "ClusterRoleBinding", "subject/user:probe-h")],
        silent: &[("cluster-admin-bound", "ClusterRoleBinding", ""), ("cluster-admin-bound", "RoleBinding", "")],
    },
    Probe {
        id: "i",
        asks: "a load balancer that takes known networks only",
        objects: "
apiVersion: v1
kind: Service
metadata: {name: app, namespace: probe-i}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443}], loadBalancerSourceRanges: [192.0.2.0/24]}
---
apiVersion: v1
kind: Service
metadata: {name: wide, namespace: probe-i}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443}], loadBalancerSourceRanges: [0.0.0.0/0]}
",
        truth: |_| Ok(()), // who keeps to the ranges is the cloud's load balancer: the server does not know
        fires: &[("load-balancer-open-to-all", "Service/wide", "")],
        silent: &[("load-balancer-open-to-all", "Service/app", "")],
    },
    Probe {
        id: "account",
        asks: "a privileged pod, and the account that it runs as, whose token gives nothing",
        objects: "
apiVersion: v1
kind: ServiceAccount
metadata: {name: runner, namespace: probe-account}
---
apiVersion: v1
kind: Pod
metadata: {name: app, namespace: probe-account}
spec:
  serviceAccountName: runner
  containers:
  - {name: app, image: 'registry.example.com/app:1.4.2', securityContext: {privileged: true}}
",
        truth: |cluster| {
            let can = ["auth", "can-i", "--as=system:serviceaccount:probe-account:runner", "create", "pods", "-n", "probe-account"];
            ensure!(cluster.kubectl(User::Admin, &can)?.stdout.starts_with("no"));
            Ok(())
        },
        fires: &[("privileged-container", "Pod", "container/app")],
        silent: &[("strong-token-mounted", "Pod", ""), ("", "ServiceAccount", "")],
    },
    Probe {
        id: "ghost",
        asks: "a binding to a role named cluster-admin that does not exist",
        objects: "
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: ghost, namespace: probe-ghost}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: cluster-admin}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: probe-ghost}
",
        truth: |cluster| {
            let can = ["auth", "can-i", "--as=probe-ghost", "get", "pods", "-n", "probe-ghost"];
            ensure!(cluster.kubectl(User::Admin, &can)?.stdout.starts_with("no"));
            Ok(())
        },
        fires: &[],
        silent: &[("cluster-admin-bound", "RoleBinding", ""), ("secrets-readable", "RoleBinding", "")],
    },
    Probe {
        id: "signer",
        asks: "approval of client certificates: any name can be had",
        objects: "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: probe-signer}
rules:
- {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create]}
- {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}
- {apiGroups: [certificates.k8s.io], resources: [signers], verbs: [approve], resourceNames: [kubernetes.io/kube-apiserver-client]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: probe-signer}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: probe-signer}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: probe-signer}
",
        truth: |cluster| {
                        let ask = json!({
                "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
                "spec": {"user": "probe-signer", "resourceAttributes": {
                    "verb": "approve", "group": "certificates.k8s.io", "resource": "signers",
                    "name": "kubernetes.io/kube-apiserver-client",
                }},
            });
            let create = ["create", "-o", "json", "-f", "-"];
            let answer = cluster.kubectl_stdin(User::Admin, &create, &ask.to_string())?;
            let answer: Value = serde_json::from_str(&answer.success()?)?;
            ensure!(answer["status"]["allowed"] == true, "{answer}");
            Ok(())
        },
        fires: &[],
        silent: &[],
    },
];

fn right_where_others_are_wrong(cluster: &Cluster) -> Result {
    // j: what fires before anything was done is about the stock control plane.
    let stock = fired(&report(cluster)?);
    let wrong: Vec<&Row> = stock
        .iter()
        .filter(|r| r.check != "pod-security-not-enforced")
        .collect();
    ensure!(wrong.is_empty(), "j: on a stock control plane {wrong:?}");
    for probe in PROBES {
        let namespace = format!("probe-{}", probe.id);
        if !probe.objects.contains("kind: Namespace") {
            cluster.add_namespace(&namespace)?;
        }
        cluster.apply(probe.objects)?;
        (probe.truth)(cluster)
            .with_context(|| format!("{}: {}: the server says otherwise", probe.id, probe.asks))?;
    }
    let report = eventually("every pod to run", Duration::from_secs(30), || {
        let report = report(cluster)?;
        let seen = fired(&report).iter().any(|r| r.part == "container/debug");
        Ok(seen.then_some(report))
    })?;
    let rows = fired(&report);
    let mut failures = Vec::new();
    for probe in PROBES {
        let own = format!("probe-{}", probe.id);
        let hits = |(check, kind, part): &(&str, &str, &str)| {
            let (kind, name) = kind.split_once('/').unwrap_or((kind, ""));
            rows.iter().any(|r| {
                (check.is_empty() || r.check == *check)
                    && r.kind == kind
                    && (r.namespace == own || r.name == own)
                    && (name.is_empty() || r.name == name)
                    && r.part.starts_with(part)
            })
        };
        let missed = probe
            .fires
            .iter()
            .filter(|row| !hits(row))
            .map(|row| ("missed", row));
        let false_alarms = probe
            .silent
            .iter()
            .filter(|row| hits(row))
            .map(|row| ("false alarm", row));
        let before = failures.len();
        failures.extend(
            missed
                .chain(false_alarms)
                .map(|(word, row)| format!("{} ({}): {word}: {row:?}", probe.id, probe.asks)),
        );
        eprintln!(
            "probe {} {}: {}",
            probe.id,
            probe.asks,
            if failures.len() == before {
                "right"
            } else {
                "WRONG"
            }
        );
    }
    // h: what it claims is the namespace, not the cluster.
    let bound = rows
        .iter()
        .find(|r| r.check == "escalate-bind-impersonate" && r.name == "probe-h");
    let says = bound.map(|r| (r.severity.as_str(), r.why.as_str()));
    if says
        != Some((
            "high",
            "user:probe-h may bind roles that it does not hold in probe-h",
        ))
    {
        failures.push(format!("h: it claims {says:?}"));
    }
    let admins = acting(&report, "admin-by-another-name");
    ensure!(
        !admins.contains("user: probe-h") && !admins.contains("user:probe-h"),
        "h: {admins:?}"
    );
    let issuers = acting(&report, "issues-certificate-for-anybody");
    ensure!(
        issuers.iter().any(|actor| actor.ends_with("probe-signer")),
        "signer: {issuers:?}"
    );
    // j again: nobody's objects but ours have gained a finding; that nothing refuses our pods is said of the whole cluster.
    let gained = rows.iter().filter(|r| {
        !stock.contains(r)
            && r.check != "no-admission-control"
            && !r.name.starts_with("probe-")
            && !r.namespace.starts_with("probe-")
    });
    failures.extend(gained.map(|r| format!("j: {r:?}")));
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}

/// A firing row.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    check: String,
    kind: String,
    namespace: String,
    name: String,
    part: String,
    severity: String,
    why: String,
}

fn report(cluster: &Cluster) -> Result<Value> {
    let mut command = cluster.bartizan(User::Viewer);
    command.args(["report", "-o", "json"]);
    let output = run(command, "")?;
    serde_json::from_str(&output.stdout).with_context(|| format!("{output:?}"))
}

fn fired(report: &Value) -> Vec<Row> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = report["verdicts"].as_array().into_iter().flatten();
    rows.filter(|r| r["verdict"] == "fires")
        .map(|r| Row {
            check: text(&r["check"]),
            kind: text(&r["object"]["kind"]),
            namespace: text(&r["object"]["namespace"]),
            name: text(&r["object"]["name"]),
            part: text(&r["part"]),
            severity: text(&r["severity"]),
            why: text(&r["why"]),
        })
        .collect()
}

fn acting(report: &Value, story: &str) -> BTreeSet<String> {
    let stories = report["stories"].as_array().into_iter().flatten();
    let story = stories.filter(|s| s["story"] == story);
    let instances = story.flat_map(|s| s["instances"].as_array().into_iter().flatten());
    instances
        .filter(|i| i["state"] == "works")
        .filter_map(|i| i["actor"].as_str().map(str::to_owned))
        .collect()
}

/// What the server says of the pods of a namespace when it is asked to enforce a level.
fn label(cluster: &Cluster, namespace: &str, level: &str) -> Result<String> {
    let label = format!("pod-security.kubernetes.io/enforce={level}");
    let command = [
        "label",
        "--dry-run=server",
        "--overwrite",
        "namespace",
        namespace,
        &label,
    ];
    let output = cluster.kubectl(User::Admin, &command)?;
    let said = output.stderr.clone();
    output.success()?;
    Ok(said)
}

/// Pod Security itself objects to a container of the pod `app`, and says for which control.
fn refused_at(
    cluster: &Cluster,
    namespace: &str,
    place: &str,
    level: &str,
    control: &str,
) -> Result {
    let pod = cluster.get(&["pod", "app", "-n", namespace])?;
    let path = format!("/spec/{}", place.replace('[', "/").replace(']', ""));
    let privileged = pod.pointer(&format!("{path}/securityContext/privileged"));
    ensure!(privileged == Some(&Value::Bool(true)), "{pod:#}");
    let said = label(cluster, namespace, level)?;
    ensure!(said.contains("violate") && said.contains(control), "{said}");
    Ok(())
}

/// The server answers who has shown no login.
fn anybody_reads_pods(cluster: &Cluster) -> Result {
    let login = fs::read_to_string(cluster.kubeconfig(User::Nobody))?;
    let (before, _) = login
        .split_once("  user: {token")
        .context("a login by token")?;
    let file = cluster.home().join("without-login.kubeconfig");
    // Without any login kubectl would ask for one; a password is none to this server, which looks for tokens.
    let nobody = "  user: {username: x, password: x}\n";
    fs::write(&file, before.to_owned() + nobody)?;
    let file = file.to_str().context("a path that is text")?;
    let read =
        |path: &str| cluster.kubectl(User::Nobody, &["--kubeconfig", file, "get", "--raw", path]);
    read("/api/v1/pods")?.success()?;
    ensure!(
        read("/api/v1/secrets")?.stderr.contains("orbidden"),
        "Secrets are no part of view"
    );
    Ok(())
}

fn binds_in_one_namespace(cluster: &Cluster) -> Result {
    let user = "--as=probe-h";
    let bind = |scope: &[&str]| {
        cluster.kubectl(
            User::Admin,
            &[
                &[
                    "create",
                    user,
                    "--user=probe-h",
                    "--clusterrole=cluster-admin",
                ],
                scope,
            ]
            .concat(),
        )
    };
    ensure!(
        bind(&["rolebinding", "mine", "-n", "default"])?.code != Some(0),
        "in another namespace"
    );
    ensure!(
        bind(&["clusterrolebinding", "mine"])?.code != Some(0),
        "in the whole cluster"
    );
    bind(&["rolebinding", "mine", "-n", "probe-h"])?.success()?;
    cluster.admin(&["delete", "rolebinding", "mine", "-n", "probe-h"])?;
    Ok(())
}
