//! The Node authorizer of the API server: its SubjectAccessReviews for kubelets must be ours, reasons included, on requests
//! made from a seed about objects that pods of their nodes refer to in every way, and about others. And what we say that
//! the plugin NodeRestriction leaves of the writes is what it leaves.
//!
//! `BARTIZAN_REVIEWS=20000` asks more, `BARTIZAN_SEED` makes others.

mod writes;

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, ensure};
use bartizan::model::{ClusterInfo, ServerVersion};
use bartizan::semantics::authorizers::Authorizers;
use bartizan::semantics::rbac::Wish;
use bartizan::view::World;
use libtest_mimic::Trial;

use super::fixes::world;
use super::rbac_reviews::made::{Dice, Request};
use super::rbac_reviews::{number, request, review};
use crate::harness::{Cluster, Needs, Proxy, Result, eventually, trial};

pub fn trials() -> Vec<Trial> {
    vec![
        trial::own(
            "node_reviews/the_server_says_the_same",
            Needs::Nodes,
            &[],
            the_server_says_the_same,
        ),
        trial::own(
            "node_reviews/admission_leaves_what_is_said",
            Needs::Nodes,
            &["--enable-admission-plugins=NodeRestriction"],
            writes::admission_leaves_what_is_said,
        ),
    ]
}

const NAMESPACES: [&str; 2] = ["node-a", "node-b"];

/// In each namespace: pods on two nodes that refer to things in every way, one that has ended, and one of a file.
const PODS: &str = "
apiVersion: v1
kind: ServiceAccount
metadata: {name: own, namespace: NS}
---
apiVersion: v1
kind: Pod
metadata: {name: env, namespace: NS}
spec:
  nodeName: node-1
  serviceAccountName: own
  automountServiceAccountToken: false
  imagePullSecrets: [{name: pull}]
  initContainers:
  - {name: first, image: 'example.com/x:1', envFrom: [{secretRef: {name: set}}, {configMapRef: {name: map-set}}]}
  containers:
  - name: main
    image: example.com/x:1
    env:
    - {name: A, valueFrom: {secretKeyRef: {name: key, key: a}}}
    - {name: B, valueFrom: {configMapKeyRef: {name: map-key, key: b}}}
---
apiVersion: v1
kind: Pod
metadata: {name: volumes, namespace: NS}
spec:
  nodeName: node-2
  containers: [{name: main, image: 'example.com/x:1'}]
  volumes:
  - {name: a, secret: {secretName: mounted, optional: true}}
  - {name: b, configMap: {name: map-mounted, optional: true}}
  - {name: c, projected: {sources: [{secret: {name: projected}}, {configMap: {name: map-projected}}]}}
  - {name: d, persistentVolumeClaim: {claimName: claim}}
  - {name: e, csi: {driver: d.example.com, nodePublishSecretRef: {name: driver}}}
  - {name: f, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}
  - {name: g, azureFile: {secretName: share, shareName: x}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: ended, namespace: NS}
spec:
  template:
    spec:
      restartPolicy: Never
      nodeSelector: {kubernetes.io/hostname: node-1}
      containers: [{name: main, image: 'example.com/x:1', envFrom: [{secretRef: {name: of-ended}}]}]
---
apiVersion: v1
kind: Pod
metadata: {name: of-file, namespace: NS, annotations: {kubernetes.io/config.mirror: x}}
spec:
  nodeName: node-3
  automountServiceAccountToken: false
  containers: [{name: main, image: 'example.com/x:1'}]
  volumes: [{name: a, hostPath: {path: /}}]
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: disk-NS}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  claimRef: {namespace: NS, name: claim}
  csi: {driver: d.example.com, volumeHandle: h, nodeStageSecretRef: {namespace: kube-system, name: stage-NS}, controllerPublishSecretRef: {namespace: kube-system, name: publish-NS}}
";

const SECRETS: &[&str] = &[
    "pull",
    "set",
    "key",
    "mounted",
    "projected",
    "driver",
    "share",
    "of-ended",
    "other",
    "",
];
const MAPS: &[&str] = &[
    "map-set",
    "map-key",
    "map-mounted",
    "map-projected",
    "kube-root-ca.crt",
    "other",
    "",
];
const VERBS: &[&str] = &[
    "get",
    "get",
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "impersonate",
];

/// So many of the first rows are what the pods of a node refer to.
const USUAL: usize = 11;

/// Group, resource with its subresource, and names worth asking for.
const RESOURCES: &[(&str, &str, &[&str])] = &[
    ("", "secrets", SECRETS),
    ("", "secrets", SECRETS),
    ("", "secrets/status", SECRETS),
    ("", "configmaps", MAPS),
    ("", "configmaps", MAPS),
    (
        "",
        "persistentvolumeclaims",
        &["claim", "volumes-f", "other", ""],
    ),
    ("", "persistentvolumeclaims/status", &["claim", "other"]),
    (
        "",
        "persistentvolumes",
        &["disk-node-a", "disk-node-b", "other", ""],
    ),
    ("", "serviceaccounts", &["own", "default", "other", ""]),
    (
        "",
        "serviceaccounts/token",
        &["own", "default", "other", ""],
    ),
    ("", "pods", &["env", "volumes", "of-file", "other", ""]),
    ("", "pods/status", &["env", ""]),
    ("", "pods/eviction", &["env"]),
    ("", "pods/exec", &["env"]),
    ("", "nodes", &["node-1", "node-2", ""]),
    ("", "nodes/status", &["node-1", "node-2"]),
    ("", "nodes/proxy", &["node-1"]),
    ("", "services", &["x", ""]),
    ("", "endpoints", &["x", ""]),
    ("", "events", &["x", ""]),
    ("", "namespaces", &["node-a", ""]),
    ("apps", "deployments", &["x", ""]),
    ("events.k8s.io", "events", &[""]),
    ("coordination.k8s.io", "leases", &["node-1", "node-2", ""]),
    ("storage.k8s.io", "csinodes", &["node-1", "node-2", ""]),
    ("storage.k8s.io", "csinodes/status", &["node-1"]),
    ("storage.k8s.io", "csidrivers", &["x", ""]),
    ("storage.k8s.io", "volumeattachments", &["x", ""]),
    ("node.k8s.io", "runtimeclasses", &["x", ""]),
    ("resource.k8s.io", "resourceslices", &["x", ""]),
    ("resource.k8s.io", "resourceclaims", &["x", ""]),
    (
        "certificates.k8s.io",
        "certificatesigningrequests",
        &["x", ""],
    ),
    ("certificates.k8s.io", "clustertrustbundles", &["x", ""]),
    ("certificates.k8s.io", "podcertificaterequests", &["x", ""]),
    ("authentication.k8s.io", "tokenreviews", &[""]),
    ("authorization.k8s.io", "subjectaccessreviews", &[""]),
    ("authorization.k8s.io", "selfsubjectaccessreviews", &[""]),
];

fn the_server_says_the_same(cluster: &Cluster) -> Result {
    let proxy = Proxy::start(cluster)?;
    let world = set_up(cluster, &proxy)?;
    let mut authorizers = Authorizers::new(&world);
    let today = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() / 86_400;
    let seed = number("BARTIZAN_SEED")?.unwrap_or(today);
    let mut dice = Dice::new(seed);
    let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..number("BARTIZAN_REVIEWS")?.unwrap_or(3_000) {
        let made = wish(&mut dice);
        let status = review(&proxy, &made)?;
        let asked = request(&made);
        let caller = authorizers.caller(&asked.who);
        let ours = authorizers.review(caller, &Wish::from(&asked.what));
        let told = || format!("seed {seed}: {made:?}: the server {status}, we {ours:?}");
        let server = status["allowed"] == true;
        let reason = status["reason"].as_str().unwrap_or_default();
        // Which of several bindings allows is the server's to choose.
        let same = |reason: &str| !reason.starts_with("RBAC: allowed by ");
        let unwatched = ["volumeattachments", "resourceslices", "resourceclaims"];
        let hidden = !ours.not_visible.is_empty();
        ensure!(!hidden || unwatched.contains(&&*made.resource), told());
        ensure!(ours.allowed == server, told());
        ensure!(
            !(same(reason) || same(&ours.reason)) || reason == ours.reason,
            told()
        );
        let kind = match (server, hidden, ours.as_node) {
            (true, _, Some(why)) => why,
            (true, _, None) => "allowed by RBAC or masters",
            (false, true, _) => "not visible",
            (false, false, _) if reason.is_empty() => "refused",
            (false, false, _) => "refused with a reason",
        };
        *tally.entry(kind).or_default() += 1;
    }
    ensure!(tally.len() == 7, "{tally:?}");
    eprintln!("node_reviews: seed {seed}: {tally:?}");
    Ok(())
}

fn set_up(cluster: &Cluster, proxy: &Proxy) -> Result<World> {
    for namespace in NAMESPACES {
        cluster.add_namespace(namespace)?;
        cluster.apply(&PODS.replace("NS", namespace))?;
    }
    eventually("jobs to end", Duration::from_secs(60), || {
        let ended = cluster.get(&["jobs", "-A"])?;
        let ended = ended["items"].as_array().context("items")?;
        let all = ended.iter().all(|job| job["status"]["succeeded"] == 1);
        Ok(all.then_some(()))
    })?;
    let mut world = world(proxy)?;
    let version = proxy.get("/version")?;
    world.set_cluster(ClusterInfo {
        version: ServerVersion::parse(version["gitVersion"].as_str().unwrap_or_default()),
        ..ClusterInfo::default()
    });
    Ok(world)
}

/// A request of a kubelet, or of somebody who is none.
fn wish(dice: &mut Dice) -> Request {
    let user = match dice.roll(20) {
        0 => "system:node:node-9",
        1 => "system:node:",
        2 => "jo",
        3..=4 => "system:node:node-3",
        5..=11 => "system:node:node-2",
        _ => "system:node:node-1",
    };
    let mut groups = vec!["system:authenticated"];
    match dice.roll(30) {
        0 => {}
        1 => groups.extend(["system:nodes", "system:masters"]),
        _ => groups.push("system:nodes"),
    }
    let (user, groups) = (
        user.to_owned(),
        groups.into_iter().map(str::to_owned).collect(),
    );
    if dice.roll(40) == 0 {
        return Request {
            user,
            groups,
            verb: "get".to_owned(),
            path: dice.of(&["/healthz", "/metrics"]).to_owned(),
            ..Request::default()
        };
    }
    // Half of them as a kubelet would ask.
    let usual = dice.roll(2) == 0;
    let (group, resource, names) =
        RESOURCES[dice.roll(if usual { USUAL } else { RESOURCES.len() })];
    let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
    let mut namespace = match dice.roll(if usual { 4 } else { 6 }) {
        0 | 1 => "node-a",
        2 | 3 => "node-b",
        4 => "kube-node-lease",
        _ => "",
    };
    if resource == "persistentvolumes" && usual {
        namespace = "";
    }
    let mut name = dice.of(names);
    if resource == "leases" && dice.roll(2) == 0 {
        namespace = "kube-node-lease";
    }
    if resource == "secrets" && dice.roll(6) == 0 {
        namespace = "kube-system";
        name = dice.of(&["stage-node-a", "publish-node-a", "stage-node-b"]);
    }
    Request {
        user,
        groups,
        verb: if usual && subresource.is_empty() {
            "get".to_owned()
        } else {
            dice.of(VERBS).to_owned()
        },
        group: group.to_owned(),
        resource: resource.to_owned(),
        subresource: subresource.to_owned(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        ..Request::default()
    }
}
