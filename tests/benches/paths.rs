//! The graph of 1,000 accounts, 5,000 pods, 500 namespaces, 200 nodes and 10,000 rules: made, every goal asked from one
//! account, and every cut tried; every story about ways, and what one event costs the engine. The first argument that is a
//! number multiplies the cluster: `cargo bench --profile fast --bench paths -- 10`.
//!
//! Targets: graph, all goals and cuts under 200 ms; one event under 50 ms.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use bartizan::engine::Engine;
use bartizan::fix::Delivery;
use bartizan::model::{Delta, Object, ObjectKind, Subject};
use bartizan::semantics::paths::{Goal, Question, Start, Survey, build, cuts, routes};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::threats::{self, Scenes, Scope};
use bartizan::view::{View, World};
use jiff::Timestamp;
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ACCOUNTS: usize = 1_000;
const NAMESPACES: usize = 500;
const PODS: usize = 5_000;
const NODES: usize = 200;
/// Rules of an account's role.
const RULES: usize = 10;

/// How many times the cluster above.
fn times() -> usize {
    std::env::args()
        .find_map(|word| word.parse().ok())
        .unwrap_or(1)
}

const RBAC: &str = "rbac.authorization.k8s.io";

/// Rights that lead somewhere, dealt out among many that do not.
const DEALT: [(&str, &str, &str); 8] = [
    ("create", "", "pods"),
    ("get", "", "secrets"),
    ("create", "", "pods/exec"),
    ("create", "", "serviceaccounts/token"),
    ("update", "apps", "deployments"),
    ("patch", "", "pods"),
    ("impersonate", "", "serviceaccounts"),
    ("bind", RBAC, "clusterroles"),
];

fn objects(times: usize) -> Vec<Value> {
    let mut all = Vec::new();
    let (accounts, namespaces) = (times * ACCOUNTS, times * NAMESPACES);
    let (pods, nodes) = (times * PODS, times * NODES);
    for at in 0..namespaces {
        let level = ["privileged", "baseline", "restricted"][at % 3];
        all.push(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": format!("space-{at}"), "labels": {"pod-security.kubernetes.io/enforce": level}}}));
    }
    for at in 0..nodes {
        let mut labels = json!({});
        if at < 3 {
            labels = json!({"node-role.kubernetes.io/control-plane": ""});
        }
        all.push(json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": format!("node-{at}"), "labels": labels}}));
    }
    for at in 0..accounts {
        let namespace = format!("space-{}", at % namespaces);
        let account = format!("account-{at}");
        all.push(json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": account, "namespace": namespace}}));
        let mut rules: Vec<Value> = (1..RULES)
            .map(|rule| json!({"apiGroups": ["", format!("group-{rule}")], "verbs": ["get", "list", "watch"], "resources": ["pods", "services", format!("things-{rule}")]}))
            .collect();
        let (verb, group, resource) = DEALT[at % DEALT.len()];
        rules.push(json!({"apiGroups": [group], "verbs": [verb], "resources": [resource]}));
        all.push(json!({"apiVersion": format!("{RBAC}/v1"), "kind": "ClusterRole", "metadata": {"name": format!("role-{at}")}, "rules": rules}));
        let subjects = json!([{"kind": "ServiceAccount", "name": account, "namespace": namespace}]);
        let role = json!({"apiGroup": RBAC, "kind": "ClusterRole", "name": format!("role-{at}")});
        let name = format!("binding-{at}");
        let (kind, metadata) = if at % 50 == 0 {
            ("ClusterRoleBinding", json!({"name": name}))
        } else {
            ("RoleBinding", json!({"name": name, "namespace": namespace}))
        };
        all.push(json!({"apiVersion": format!("{RBAC}/v1"), "kind": kind, "metadata": metadata, "roleRef": role, "subjects": subjects}));
    }
    for at in 0..pods {
        let owner = at / 5;
        let namespace = format!("space-{}", owner % namespaces);
        let mut container = json!({"name": "main", "image": "registry.example.com/app:1", "env": [{"name": "DB", "valueFrom": {"secretKeyRef": {"name": format!("db-{owner}"), "key": "url"}}}]});
        if owner % 40 == 0 {
            container["securityContext"] = json!({"privileged": true});
        }
        let name = format!("app-{owner}");
        all.push(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": format!("{name}-{at}"), "namespace": namespace, "ownerReferences": [{"apiVersion": "apps/v1", "kind": "StatefulSet", "name": name, "uid": "u", "controller": true}]}, "spec": {"nodeName": format!("node-{}", at % nodes), "serviceAccountName": format!("account-{owner}"), "containers": [container]}}));
    }
    all.push(json!({"apiVersion": format!("{RBAC}/v1"), "kind": "ClusterRole", "metadata": {"name": "cluster-admin"}, "rules": [{"apiGroups": ["*"], "verbs": ["*"], "resources": ["*"]}]}));
    all.push(json!({"apiVersion": format!("{RBAC}/v1"), "kind": "ClusterRoleBinding", "metadata": {"name": "cluster-admin"}, "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": "cluster-admin"}, "subjects": [{"kind": "ServiceAccount", "name": "account-7", "namespace": "space-7"}]}));
    all
}

fn decode(value: &Value, pool: &mut Pool) -> Object {
    let text = |field: &str| value[field].as_str().unwrap();
    let kind = ObjectKind::from_manifest(text("apiVersion"), text("kind"));
    decode_value(kind.known().unwrap(), value, pool).unwrap()
}

fn best<T>(mut run: impl FnMut() -> T) -> (Duration, T) {
    let mut once = || {
        let start = Instant::now();
        let made = run();
        (start.elapsed(), made)
    };
    let (first, made) = once();
    let best = (1..7).map(|_| once().0).min().unwrap();
    (best.min(first), made)
}

fn main() {
    let mut pool = Pool::new();
    let objects = objects(times());
    let world = World::closed(objects.iter().map(|value| decode(value, &mut pool)));
    let view = View::new(&world);
    let (time, graph) = best(|| build(&view, &[]));
    println!(
        "graph: {time:?}, {} nodes, {} edges",
        graph.nodes().len(),
        graph.edges().len()
    );
    let goals = [
        "cluster-admin",
        "node-root",
        "kube-system-secrets",
        "any-secret",
        "namespace-admin:space-9",
        "sa:space-7/account-7",
        "secret:space-3/db-3",
        "cloud",
    ]
    .map(|goal| Goal::parse(goal).unwrap());
    for from in [
        "space-0/account-0",
        "space-24/account-24",
        "space-3/account-3",
    ] {
        let (namespace, name) = from.split_once('/').unwrap();
        let start = Start::Subject(Subject::account(namespace, name));
        let (all, ()) = best(|| {
            for goal in &goals {
                std::hint::black_box(routes(&graph, &start, goal, 10));
            }
        });
        let goal = Goal::ClusterAdmin;
        let found = routes(&graph, &start, &goal, 10);
        let question = Question {
            world: &world,
            start: &start,
            goal: &goal,
            limit: 10,
        };
        let (time, cuts) = best(|| cuts(&question, &graph, &found.paths));
        println!(
            "{from}: eight goals, ten paths each: {all:?}; {} paths to cluster-admin, {} cuts: {time:?}",
            found.paths.len(),
            cuts.len()
        );
    }
    fixes(&world);
    stories(&world);
    events(world.clone(), &objects, &mut pool);
}

/// A fix of a right: what it does to the ways takes the graph twice, and ten ways to each goal of both.
fn fixes(world: &World) {
    let engine = Engine::of(world.clone());
    let finding = engine.findings("secrets-readable").into_iter().next();
    let ids = [finding.unwrap().id];
    let (whole, answer) = best(|| engine.fix(&ids, "patch", &Delivery::stdin()));
    let changes = answer.remedy.unwrap().changes;
    let (proof, _) = best(|| engine.what_if(&changes));
    println!("a fix: {whole:?}, of which the proof takes {proof:?}");
}

/// Every story about ways, over one graph.
fn stories(world: &World) {
    let walks = || {
        threats::stories()
            .iter()
            .filter(|s| matches!(s.rule.scope, Scope::Paths(_)))
    };
    let view = View::new(world);
    let graph = build(&view, &[]);
    let (time, instances) = best(|| {
        let survey = Survey::new(&graph);
        let mut all = 0;
        for story in walks() {
            let mut scenes = Scenes::default();
            if let Scope::Paths(run) = &story.rule.scope {
                run(&survey, &mut scenes);
            }
            all += scenes.into_instances().len();
        }
        all
    });
    println!(
        "{} stories about ways: {time:?}, {instances} instances",
        walks().count()
    );
}

/// What the engine needs for one event: a binding more, a pod that moved, and a pod of which only the status changed.
fn events(world: World, objects: &[Value], pool: &mut Pool) {
    let mut engine = Engine::of(world);
    drop(engine.publish());
    let mut binding = objects
        .iter()
        .find(|o| o["kind"] == "RoleBinding")
        .unwrap()
        .clone();
    binding["metadata"]["name"] = json!("one-more");
    let mut pod = objects.iter().find(|o| o["kind"] == "Pod").unwrap().clone();
    let mut moved = pod.clone();
    moved["spec"]["nodeName"] = json!("node-77");
    moved["status"]["podIP"] = json!("10.1.2.3");
    pod["status"]["podIP"] = json!("10.1.2.3");
    for (what, object) in [
        ("a binding more", &binding),
        ("a pod's status", &pod),
        ("a pod moved", &moved),
    ] {
        let object = Arc::new(decode(object, pool));
        let start = Instant::now();
        engine.apply(vec![Delta::Put(object)], Timestamp::UNIX_EPOCH);
        let applied = start.elapsed();
        drop(engine.publish());
        println!("{what}: {applied:?}, published after {:?}", start.elapsed());
    }
}
