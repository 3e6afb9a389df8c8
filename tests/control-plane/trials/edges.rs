//! Attack paths are proven, not believed: of each family that a control plane can carry out, an account does it with its
//! own token, and a twin that lacks one right fails; what `bartizan paths` says of both is the same.
//!
//! What an edge is stands in the files of `edges/`, a family each; here is how one is walked.

mod accounts;
mod certificates;
mod pods;
mod roles;
mod secrets;
mod webhooks;

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

/// Where the accounts live, apart from what they take: whoever makes pods beside a stronger one is that one.
const HOME: &str = "edge-home";

/// One edge. Its objects live in the namespace `edge-ID`; the accounts are `ID-actor` and `ID-twin` in [`HOME`]. In every
/// text `NS` is the namespace, `ACCOUNT` the word `actor` or `twin`, and `MYSELF` the name of the account.
struct Edge {
    id: &'static str,
    /// What both may: rules, in a role of the namespace (`NS: {...}, {...}`) or of the cluster (`cluster: {...}`).
    both: &'static str,
    /// What the actor may besides.
    actor: &'static str,
    /// What is there to be taken: documents.
    prey: &'static str,
    /// How it goes.
    way: Way,
    /// What the last command prints when it worked, beside success.
    shows: &'static str,
    /// Where `bartizan paths` says that it leads; empty where no goal stands for it.
    to: &'static str,
}

/// How an edge is walked.
enum Way {
    /// Commands, each as the account. The twin is refused the one that a `!` stands before, or else the last; the last is
    /// the proof.
    Lines(&'static [&'static str]),
    /// More than commands.
    By(fn(&Walker<'_>) -> Result<String>),
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

fn each_is_walked_and_its_twin_is_not(cluster: &Cluster) -> Result {
    let proxy = Proxy::start(cluster)?;
    let mut failures = Vec::new();
    let families = [
        accounts::EDGES,
        certificates::EDGES,
        pods::EDGES,
        roles::EDGES,
        secrets::EDGES,
        webhooks::EDGES,
    ];
    let mut walked = 0;
    cluster.add_namespace(HOME)?;
    for edge in families.into_iter().flatten() {
        let outcome = both(cluster, &proxy, edge);
        failures.extend(outcome.err().map(|error| format!("{}: {error:#}", edge.id)));
        walked += 1;
    }
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    eprintln!("edges: {walked} walked, and {walked} twins refused");
    Ok(())
}

/// The actor and the twin. What the explorer says is asked first: the actor changes the cluster.
fn both(cluster: &Cluster, proxy: &Proxy, edge: &Edge) -> Result {
    set_up(cluster, edge)?;
    let accounts = [("actor", true), ("twin", false)];
    for (account, reaches) in accounts {
        claims(cluster, edge, account, reaches).with_context(|| account.to_owned())?;
    }
    for (account, reaches) in accounts {
        let token = cluster.admin(&["create", "token", &name(edge, account), "-n", HOME])?;
        let walker = Walker {
            cluster,
            proxy,
            namespace: namespace(edge),
            myself: name(edge, account),
            account,
            token: token.trim().to_owned(),
            reaches,
        };
        walker.walk(edge).with_context(|| account.to_owned())?;
    }
    Ok(())
}

fn namespace(edge: &Edge) -> String {
    format!("edge-{}", edge.id)
}

fn name(edge: &Edge, account: &str) -> String {
    format!("{}-{account}", edge.id)
}

/// Rules as `cluster: {...}` or `NS: {...}`, as a role and a binding for the account.
fn right(edge: &Edge, account: &str, part: &str, text: &str) -> String {
    let namespace = namespace(edge);
    let (scope, rules) = text.split_once(": ").unwrap_or(("", text));
    let rules = rules.replace("NS", &namespace);
    let account = name(edge, account);
    let name = format!("{account}-{part}");
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
rules: [{rules}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {binding}
metadata: {{name: {name}{place}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {role}, name: {name}}}
subjects: [{{kind: ServiceAccount, name: {account}, namespace: {HOME}}}]
"
    )
}

fn set_up(cluster: &Cluster, edge: &Edge) -> Result {
    let namespace = namespace(edge);
    cluster.add_namespace(&namespace)?;
    let mut text = String::new();
    for account in ["actor", "twin"] {
        text += &format!(
            "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {}, namespace: {HOME}}}\n",
            name(edge, account)
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

/// What `bartizan paths` says.
fn claims(cluster: &Cluster, edge: &Edge, account: &str, reaches: bool) -> Result {
    if edge.to.is_empty() {
        return Ok(());
    }
    let namespace = namespace(edge);
    let mut command = cluster.bartizan(User::Viewer);
    let from = format!("sa:{HOME}/{}", name(edge, account));
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
    ensure!(paths.is_empty() != reaches, "bartizan says {answer:#}");
    Ok(())
}

/// Somebody on the way.
struct Walker<'a> {
    cluster: &'a Cluster,
    proxy: &'a Proxy,
    namespace: String,
    myself: String,
    account: &'static str,
    token: String,
    /// The way is open to it.
    reaches: bool,
}

impl Walker<'_> {
    fn walk(&self, edge: &Edge) -> Result {
        let lines = match edge.way {
            Way::Lines(lines) => lines,
            Way::By(way) => {
                let said = way(self)?;
                ensure!(!self.reaches || said.contains(edge.shows), "{said}");
                return Ok(());
            }
        };
        let last = lines.len().saturating_sub(1);
        let marked = lines.iter().position(|line| line.starts_with('!'));
        for (at, line) in lines.iter().enumerate() {
            let line = line.trim_start_matches('!');
            let shows = if at == last { edge.shows } else { "" };
            if at != marked.unwrap_or(last) {
                self.sure(line, shows)?;
            } else if self.decides(line, shows)?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// A command that both may. A right that has just been given, and what a controller writes, take a moment.
    fn sure(&self, line: &str, shows: &str) -> Result<String> {
        let said = eventually("it to work", Duration::from_secs(20), || {
            let said = self.once(line)?;
            ensure!(said.contains(shows), "{said}");
            Ok(Some(said))
        });
        said.with_context(|| self.fill(line))
    }

    /// The command on which it turns: none for the twin, who is refused it.
    fn decides(&self, line: &str, shows: &str) -> Result<Option<String>> {
        if self.reaches {
            return self.sure(line, shows).map(Some);
        }
        let said = self.once(line);
        ensure!(
            said.as_ref()
                .is_err_and(|error| format!("{error:#}").contains("orbidden")),
            "{} was let through: {said:?}",
            self.fill(line)
        );
        Ok(None)
    }

    fn fill(&self, text: &str) -> String {
        text.replace("ACCOUNT", self.account)
            .replace("MYSELF", &self.myself)
            .replace("NS", &self.namespace)
    }

    /// Runs a line of kubectl with nothing but the token; `RAW METHOD PATH [BODY]` asks the server as it is written.
    fn once(&self, line: &str) -> Result<String> {
        let line = self.fill(line);
        let token = &self.token;
        let Some(raw) = line.strip_prefix("RAW ") else {
            let (feed, line) = line
                .split_once(" | ")
                .map_or(("", &*line), |(feed, line)| (feed, line));
            let pipe = if feed.is_empty() { "" } else { " | " };
            let command = format!("{feed}{pipe}kubectl --token={token} {line}");
            return self.cluster.paste(&command);
        };
        let mut words = raw.splitn(3, ' ');
        let (method, path) = words.next().zip(words.next()).context("METHOD PATH")?;
        // A login of its own goes before the proxy's.
        let login = ("Authorization", format!("Bearer {token}"));
        let body = words.next().unwrap_or_default();
        let (code, answer) = self.proxy.send(method, path, &[login], body)?;
        ensure!(matches!(code, 200 | 201), "{code} {answer}");
        Ok(answer.to_string())
    }
}
