//! Generated policies keep every declared call and close the rest: judged by the network engine, and by the judge that
//! shares no code with it, on the printed documents.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bartizan::engine::Engine;
use bartizan::fix::apply::{Objects, run};
use bartizan::fix::style::style;
use bartizan::fix::{Delivery, Remedy, plan};
use bartizan::model::{Object, ObjectKey};
use bartizan::semantics::reach::{Network, PortSet, Verdict};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::threats;
use bartizan::view::{View, World};
use serde_json::{Value, json};

use crate::engine_world::{documents, kind, namespaces};
use crate::reach_brute::{Brute, Is, Who};
use crate::reach_made::Dice;

/// Manifests with the facts that they hold.
struct Cluster {
    values: Vec<Value>,
    world: World,
}

impl Cluster {
    fn of(mut values: Vec<Value>) -> Cluster {
        values.retain(Value::is_object);
        for value in &mut values {
            let wide = [
                "Namespace",
                "ClusterRole",
                "ClusterRoleBinding",
                "IngressClass",
            ];
            if !wide.iter().any(|kind| value["kind"] == **kind) {
                let metadata = value["metadata"].as_object_mut().unwrap();
                metadata.entry("namespace").or_insert(json!("default"));
            }
        }
        let mut pool = Pool::new();
        let decode = |value: &Value| decode_value(kind(value), value, &mut pool).unwrap();
        let facts: Vec<Object> = values.iter().map(decode).collect();
        let implied = namespaces(&facts);
        let world = World::closed(facts.into_iter().chain(implied));
        Cluster { values, world }
    }

    /// The first way to mend a finding in a namespace.
    fn remedy(&self, check: &str, namespace: &str) -> Option<Remedy> {
        let engine = Engine::of(self.world.clone());
        let mut findings = engine.findings(check).into_iter();
        let finding = findings.find(|f| *f.id.object.name == *namespace)?;
        let fix = threats::check(check).unwrap().rule.fix;
        let mut all = fix.remedies(&finding, &View::new(&self.world)).into_iter();
        all.next()
    }

    /// The cluster after this many of the printed documents.
    fn after(&self, remedy: &Remedy, steps: usize) -> Cluster {
        let view = View::new(&self.world);
        let plan = plan(
            remedy,
            &view,
            style("patch").unwrap(),
            &Delivery::file("f.yaml"),
        );
        let mut objects = Objects::new();
        for value in &self.values {
            let object = decode_value(kind(value), value, &mut Pool::new()).unwrap();
            objects.insert(object.key().clone(), value.clone());
        }
        run(&plan.steps[..steps.min(plan.steps.len())], &mut objects).unwrap();
        Cluster::of(objects.into_values().collect())
    }

    /// Ports that pass for certain between workloads, by the engine.
    fn passes(&self, from: &ObjectKey, to: &ObjectKey) -> PortSet {
        let network = Network::new(&View::new(&self.world));
        let rows = network.between(from, to, &PortSet::all());
        let rows = rows.iter().filter(|row| row.verdict == Verdict::Allow);
        rows.fold(PortSet::default(), |all, row| all.or(&row.ports))
    }

    fn workloads(&self) -> Vec<ObjectKey> {
        let network = Network::new(&View::new(&self.world));
        network.workloads().map(|(key, _)| key.clone()).collect()
    }

    /// A pod of a workload as the other judge reads it.
    fn pod(&self, key: &ObjectKey) -> Value {
        let is_it = |v: &&Value| {
            v["metadata"]["name"] == *key.name
                && v["metadata"]["namespace"] == key.home()
                && v["kind"] == key.kind.name()
        };
        let value = self.values.iter().find(is_it).unwrap();
        if value["kind"] == "Pod" {
            return value.clone();
        }
        let template = &value["spec"]["template"];
        json!({"kind": "Pod", "metadata": {"name": &*key.name, "namespace": key.home(), "labels": template["metadata"]["labels"]},
            "spec": template["spec"]})
    }

    fn brute(&self, from: &ObjectKey, to: &ObjectKey, (protocol, port): (&str, u16)) -> Is {
        let brute = Brute::new(&self.values, &[]);
        let (from, to) = (self.pod(from), self.pod(to));
        brute.reaches(Who::Pod(&from), Who::Pod(&to), protocol, port)
    }
}

type Call = (ObjectKey, ObjectKey, u16);

/// What holds after the ways of both directions: calls pass after each step, and after the last nothing else does.
fn proves(
    cluster: &Cluster,
    namespace: &str,
    check: &str,
    calls: &[Call],
    open: &BTreeSet<(ObjectKey, u16)>,
) -> usize {
    let remedy = cluster.remedy(check, namespace).unwrap();
    let steps = remedy.changes.len();
    for done in 1..=steps {
        let after = cluster.after(&remedy, done);
        for (from, to, port) in calls {
            let says = format!("{check} after {done} of {steps}: {from} to {to} on {port}");
            assert_eq!(after.brute(from, to, ("TCP", *port)), Is::Yes, "{says}");
            let passes = after.passes(from, to);
            assert!(
                passes
                    .words()
                    .iter()
                    .any(|w| w == "all" || *w == format!("TCP/{port}")),
                "{says}: {passes}"
            );
        }
    }
    let after = cluster.after(&remedy, steps);
    let inward = check.ends_with("ingress");
    let mut closed = 0;
    let all = after.workloads();
    for from in &all {
        for to in all.iter().filter(|to| *to != from) {
            let mine = if inward { to } else { from };
            if mine.home() != namespace {
                continue;
            }
            let declared = calls.iter().filter(|(f, t, _)| (f, t) == (from, to));
            let mut ports: Vec<u16> = declared.map(|(_, _, port)| *port).collect();
            ports.extend(
                open.iter()
                    .filter(|(t, _)| inward && t == to)
                    .map(|(_, port)| *port),
            );
            ports.sort_unstable();
            ports.dedup();
            let expected: Vec<String> = ports.iter().map(|port| format!("TCP/{port}")).collect();
            let found = after.passes(from, to).words();
            assert_eq!(
                found.join(" "),
                expected.join(" "),
                "{check}: {from} to {to}"
            );
            closed += usize::from(expected.is_empty());
            for port in [1, 53, 80, 5432, 8080, 9090] {
                let wanted = if ports.contains(&port) {
                    Is::Yes
                } else {
                    Is::No
                };
                assert_eq!(
                    after.brute(from, to, ("TCP", port)),
                    wanted,
                    "{check}: {from} to {to} on {port}"
                );
            }
        }
    }
    let figures = format!("{closed} pairs that nobody declared are closed");
    let told = remedy
        .notes
        .iter()
        .any(|n| n.contains(", 0 lost; ") && n.ends_with(&figures));
    assert!(told || closed < 2, "{figures}: {:?}", remedy.notes);
    closed
}

fn deploy(namespace: &str, name: &str) -> ObjectKey {
    ObjectKey::namespaced(bartizan::model::Kind::Deployment, namespace, name)
}

/// A cluster of two namespaces whose workloads name each other's Services, and what that declares.
fn made(seed: u64) -> (Cluster, Vec<Call>) {
    let mut dice = Dice(seed);
    let names = ["api", "cart", "db", "web"];
    let spaces = ["shop", "pay"];
    let (mut values, mut calls) = (Vec::new(), Vec::new());
    let port = |at: usize| [8080, 9090, 5432, 3000][at];
    for namespace in spaces {
        for (at, name) in names.iter().enumerate() {
            let mut env = Vec::new();
            for (to, other) in names.iter().enumerate() {
                for place in spaces {
                    if (place, to) == (namespace, at) || !dice.one_in(3) {
                        continue;
                    }
                    let forms = [
                        format!("{other}.{place}:81"),
                        format!("http://{other}.{place}.svc/path"),
                        format!("tcp://u:p@{other}.{place}.svc.cluster.local:81"),
                    ];
                    let mut value = dice.pick(&forms);
                    if place == namespace && dice.one_in(2) {
                        value = format!("{other}:81");
                    }
                    env.push(
                        json!({"name": format!("{}_{to}", place.to_uppercase()), "value": value}),
                    );
                    calls.push((deploy(namespace, name), deploy(place, other), port(to)));
                }
            }
            env.push(json!({"name": "LEVEL", "value": "debug"}));
            let target = if dice.one_in(2) {
                json!("main")
            } else {
                json!(port(at))
            };
            let labels = json!({"app": name, "pod-template-hash": "x1"});
            values.push(json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": namespace},
                "spec": {"selector": {"matchLabels": {"app": name}}, "template": {"metadata": {"labels": labels},
                    "spec": {"automountServiceAccountToken": false, "containers": [{"name": "c", "image": "i", "env": env,
                        "ports": [{"name": "main", "containerPort": port(at)}]}]}}}}));
            values.push(json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace},
                "spec": {"selector": {"app": name}, "clusterIP": "10.96.0.1", "ports": [{"port": 81, "targetPort": target}]}}));
        }
    }
    (Cluster::of(values), calls)
}

#[test]
fn made_clusters_keep_what_they_declare_and_nothing_else() {
    let mut closed = 0;
    for seed in 1..=12 {
        let (cluster, calls) = made(seed);
        for check in ["no-default-deny-ingress", "no-default-deny-egress"] {
            closed += proves(&cluster, "shop", check, &calls, &BTreeSet::new());
        }
    }
    assert!(closed > 400, "{closed}");
}

#[test]
fn the_boutique_keeps_what_it_declares() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/corpora/GoogleCloudPlatform-microservices-demo/release/kubernetes-manifests.yaml");
    let Ok(text) = fs::read_to_string(path) else {
        println!("the corpus is not here: nothing was compared");
        return;
    };
    let cluster = Cluster::of(documents(&text));
    let calls: Vec<Call> = BOUTIQUE
        .iter()
        .map(|(from, to, port)| (deploy("default", from), deploy("default", to), *port))
        .collect();
    // It has a load balancer whose clients come by a node's address.
    let open = BTreeSet::from([(deploy("default", "frontend"), 8080)]);
    let closed = proves(
        &cluster,
        "default",
        "no-default-deny-ingress",
        &calls,
        &open,
    );
    assert_eq!(closed, 106);
    proves(&cluster, "default", "no-default-deny-egress", &calls, &open);
}

#[test]
fn sock_shop_keeps_the_little_that_it_declares_and_says_so() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(
        "../shared/corpora/microservices-demo-microservices-demo/deploy/kubernetes/manifests",
    );
    let Ok(files) = fs::read_dir(folder) else {
        println!("the corpus is not here: nothing was compared");
        return;
    };
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let texts = paths.iter().map(|path| fs::read_to_string(path).unwrap());
    let values = texts.flat_map(|text| documents(&text)).collect();
    let cluster = Cluster::of(values);
    let calls = [(
        deploy("sock-shop", "user"),
        deploy("sock-shop", "user-db"),
        27017,
    )];
    // A node port.
    let open = BTreeSet::from([(deploy("sock-shop", "front-end"), 8079)]);
    let check = "no-default-deny-ingress";
    let closed = proves(&cluster, "sock-shop", check, &calls, &open);
    assert_eq!(closed, 14 * 13 - 13 - 1);
    let remedy = cluster.remedy(check, "sock-shop").unwrap();
    let told = remedy
        .breaks
        .iter()
        .find(|b| b.contains("no object declares a caller"));
    assert!(
        told.is_some_and(|t| t.contains("carts, ")),
        "{:?}",
        remedy.breaks
    );
}

/// Who calls whom, by the variables of its manifests; the ports are those of the pods.
const BOUTIQUE: &[(&str, &str, u16)] = &[
    ("cartservice", "redis-cart", 6379),
    ("checkoutservice", "cartservice", 7070),
    ("checkoutservice", "currencyservice", 7000),
    ("checkoutservice", "emailservice", 8080),
    ("checkoutservice", "paymentservice", 50051),
    ("checkoutservice", "productcatalogservice", 3550),
    ("checkoutservice", "shippingservice", 50051),
    ("frontend", "adservice", 9555),
    ("frontend", "cartservice", 7070),
    ("frontend", "checkoutservice", 5050),
    ("frontend", "currencyservice", 7000),
    ("frontend", "productcatalogservice", 3550),
    ("frontend", "recommendationservice", 8080),
    ("frontend", "shippingservice", 50051),
    ("loadgenerator", "frontend", 8080),
    ("recommendationservice", "productcatalogservice", 3550),
];
