//! Loads foreign manifests into a cluster: namespaces first, then the kinds that others lean on; whatever the server refuses is
//! left out and reported, never hidden.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};

use super::{Cluster, Result, User, document, eventually, modernise};

/// What came of a set of manifests.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// Objects that the server holds now.
    pub applied: Vec<String>,
    /// Objects that had to be changed first, and how.
    pub changed: Vec<String>,
    /// Objects that the server refused.
    pub skipped: Vec<Skipped>,
}

/// An object that is not in the cluster, and why.
#[derive(Clone, Debug)]
pub struct Skipped {
    /// `Kind namespace/name`.
    pub object: String,
    /// What kubectl said.
    pub reason: String,
}

/// Loads the objects; those without a namespace go into `namespace`.
pub(super) fn load(cluster: &Cluster, objects: Vec<Value>, namespace: &str) -> Result<Loaded> {
    let mut loaded = Loaded::default();
    let mut steps: BTreeMap<(Step, bool), Vec<Value>> = BTreeMap::new();
    let mut namespaces = BTreeSet::from([namespace.to_owned()]);
    for mut object in objects {
        let how = modernise::modernise(&mut object);
        loaded.changed.extend(
            how.into_iter()
                .map(|how| format!("{}: {how}", document::title(&object))),
        );
        let placed = object["metadata"]["namespace"].as_str().map(str::to_owned);
        let step = Step::of(&object);
        steps
            .entry((step, placed.is_some()))
            .or_default()
            .push(object);
        namespaces.extend(placed);
    }
    create_undeclared(cluster, &namespaces, steps.get(&(Step::Namespaces, false)))?;
    for ((step, placed), objects) in steps {
        // kubectl refuses an object whose own namespace differs from the one on its command line.
        apply(
            cluster,
            &objects,
            (!placed).then_some(namespace),
            &mut loaded,
        )?;
        match step {
            Step::Namespaces => await_accounts(cluster, &objects)?,
            Step::Definitions if !objects.is_empty() => await_definitions(cluster)?,
            _ => {}
        }
    }
    Ok(loaded)
}

/// The order of loading. Webhooks come last: one that nobody answers would refuse what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Namespaces,
    Definitions,
    Accounts,
    Rights,
    Rest,
    Webhooks,
}

impl Step {
    fn of(object: &Value) -> Self {
        match object["kind"].as_str().unwrap_or_default() {
            "Namespace" => Self::Namespaces,
            "CustomResourceDefinition" => Self::Definitions,
            "ServiceAccount" | "PriorityClass" => Self::Accounts,
            "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding" => Self::Rights,
            "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => Self::Webhooks,
            _ => Self::Rest,
        }
    }
}

/// `kubectl wait` trips over a definition that has no conditions yet, so we look ourselves.
fn await_definitions(cluster: &Cluster) -> Result {
    let states = "jsonpath={range .items[*]}{.status.conditions[?(@.type=='Established')].status}{'\\n'}{end}";
    eventually(
        "every definition to be established",
        Duration::from_secs(60),
        || {
            let states = cluster.admin(&["get", "customresourcedefinitions", "-o", states])?;
            Ok(states.lines().all(|state| state == "True").then_some(()))
        },
    )
}

fn await_accounts(cluster: &Cluster, namespaces: &[Value]) -> Result {
    let names = namespaces
        .iter()
        .filter_map(|object| object["metadata"]["name"].as_str());
    names
        .into_iter()
        .try_for_each(|name| cluster.await_account(name))
}

/// Namespaces that objects are in, but that neither the manifests nor the cluster have.
fn create_undeclared(
    cluster: &Cluster,
    namespaces: &BTreeSet<String>,
    declared: Option<&Vec<Value>>,
) -> Result {
    let existing = cluster.get(&["namespaces"])?;
    let existing = existing["items"].as_array().into_iter().flatten();
    let known = existing.chain(declared.into_iter().flatten());
    let known: BTreeSet<_> = known
        .filter_map(|object| object["metadata"]["name"].as_str())
        .collect();
    let undeclared = namespaces
        .iter()
        .filter(|name| !known.contains(name.as_str()));
    undeclared
        .into_iter()
        .try_for_each(|name| cluster.add_namespace(name))
}

/// All at once, and one by one if that fails, to find out which.
fn apply(
    cluster: &Cluster,
    objects: &[Value],
    namespace: Option<&str>,
    loaded: &mut Loaded,
) -> Result {
    let Err(_) = send(cluster, objects, namespace)? else {
        loaded.applied.extend(objects.iter().map(document::title));
        return Ok(());
    };
    for object in objects {
        match send(cluster, std::slice::from_ref(object), namespace)? {
            Ok(()) => loaded.applied.push(document::title(object)),
            Err(reason) => loaded.skipped.push(Skipped {
                object: document::title(object),
                reason,
            }),
        }
    }
    Ok(())
}

/// Server-side: a definition of 350 kB does not fit into the annotation of a client-side apply.
fn send(
    cluster: &Cluster,
    objects: &[Value],
    namespace: Option<&str>,
) -> Result<Result<(), String>> {
    let list = json!({"apiVersion": "v1", "kind": "List", "items": objects}).to_string();
    let mut arguments = vec!["apply", "--server-side", "-f", "-"];
    arguments.extend(namespace.iter().flat_map(|namespace| ["-n", *namespace]));
    let output = cluster
        .kubectl_stdin(User::Admin, &arguments, &list)
        .context("loading objects")?;
    Ok(if output.code == Some(0) {
        Ok(())
    } else {
        Err(output.stderr.trim().to_owned())
    })
}
