//! Who reaches whom in a large cluster: 1,500 namespaces, 150,000 pods and 31,500 policies (both directions denied, one
//! policy a workload, DNS and monitoring allowed), and the same for a small one of 10,000 pods.
//!
//! Targets: made in 1.5 s on one core, and 50 ms for the small one; a pair in 10 microseconds; below 600 MiB.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark"
)]

use std::sync::Arc;
use std::time::Instant;

use bartizan::model::objects::namespace::Namespace;
use bartizan::model::objects::pod::{Phase, Pod};
use bartizan::model::objects::pod_spec::PodSpec;
use bartizan::model::{Kind, Labels, Meta, Object, ObjectKey, Owner, Str};
use bartizan::semantics::reach::{Network, News, PortSet};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::view::{View, World};
use serde_json::{Value, json};

#[path = "process.rs"]
mod process;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Workloads of a namespace, and pods of each.
const WORKLOADS: usize = 20;
const REPLICAS: usize = 5;

fn policies(namespace: &str) -> Vec<Value> {
    let policy = |name: &str, spec: Value| json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": name, "namespace": namespace}, "spec": spec});
    let mut all = vec![policy(
        "default-deny",
        json!({"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}),
    )];
    for at in 0..WORKLOADS {
        let app = |at: usize| json!({"podSelector": {"matchLabels": {"app": format!("app-{}", at % WORKLOADS)}}});
        let of = |namespace: &str, key: &str, value: &str| json!({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}}, "podSelector": {"matchLabels": {key: value}}});
        all.push(policy(
            &format!("app-{at}"),
            json!({"podSelector": {"matchLabels": {"app": format!("app-{at}")}}, "policyTypes": ["Ingress", "Egress"],
                "ingress": [{"from": [app(at + 1)], "ports": [{"port": 8080}]}, {"from": [of("ns-0", "app", "app-0")], "ports": [{"port": 9090}]}],
                "egress": [{"to": [app(at + WORKLOADS - 1)], "ports": [{"port": 8080}]}, {"to": [of("ns-1", "app", "app-1")], "ports": [{"port": 53, "protocol": "UDP"}]}]}),
        ));
    }
    all
}

fn world(namespaces: usize) -> World {
    let mut pool = Pool::new();
    let mut world = World::closed([]);
    let spec = Arc::new(PodSpec::default());
    for ns in 0..namespaces {
        let namespace = format!("ns-{ns}");
        world.put(Arc::new(Object::Namespace(Namespace {
            meta: Meta::bare(ObjectKey::of_namespace(&namespace)),
            terminating: false,
            assumed: false,
        })));
        for value in policies(&namespace) {
            world.put(Arc::new(
                decode_value(Kind::NetworkPolicy, &value, &mut pool).unwrap(),
            ));
        }
        for at in 0..WORKLOADS {
            let labels = Labels::of(&[
                ("app", &format!("app-{at}")),
                ("pod-template-hash", &format!("h{ns}-{at}")),
                ("tier", "t"),
            ]);
            let owner: Str = format!("app-{at}").into();
            for replica in 0..REPLICAS {
                let mut meta = Meta::bare(ObjectKey::namespaced(
                    Kind::Pod,
                    &namespace,
                    &format!("app-{at}-{replica}"),
                ));
                meta.labels = labels.clone();
                meta.owners = Box::new([Owner {
                    kind: Kind::ReplicaSet.into(),
                    name: owner.clone(),
                    controller: true,
                }]);
                world.put(Arc::new(Object::Pod(Pod {
                    meta,
                    spec: spec.clone(),
                    node: None,
                    phase: Phase::Running,
                    ips: Box::new([format!("10.{}.{at}.{replica}", ns % 250).into()]),
                    images: Arc::new([]),
                    volume_images: Box::default(),
                    started: None,
                })));
            }
        }
    }
    world
}

fn mib() -> u64 {
    process::peak_mib(std::process::id()).unwrap_or(0)
}

fn cpu() -> f64 {
    process::cpu(std::process::id()).unwrap_or(0.0)
}

fn measure(name: &str, namespaces: usize) {
    let world = world(namespaces);
    let before = mib();
    let (start, used) = (Instant::now(), cpu());
    let network = Network::new(&View::new(&world));
    let (made, used) = (start.elapsed(), cpu() - used);
    println!(
        "{name}: {namespaces} namespaces, {} pods, {} policies, {} classes: made in {made:.1?} ({used:.2} s of processor); peak {} MiB, {before} of it the facts",
        namespaces * WORKLOADS * REPLICAS,
        namespaces * (WORKLOADS + 1),
        network.class_count(),
        mib()
    );
    let keys: Vec<ObjectKey> = network.workloads().map(|(key, _)| key.clone()).collect();
    let (mut allowed, mut asked) = (0_usize, 0_u32);
    let start = Instant::now();
    for from in keys.iter().step_by(keys.len() / 300) {
        for to in keys.iter().step_by(keys.len() / 290) {
            asked += 1;
            allowed += network
                .between(from, to, &PortSet::all())
                .iter()
                .filter(|r| r.because.len() > 1 && !r.ports.is_empty())
                .count();
        }
    }
    println!(
        "  {asked} pairs, {:.2?} each, {allowed} of them talk by rules",
        start.elapsed() / asked
    );
    events(world, network, namespaces);
}

/// What one event costs: a pod more of a known kind, a policy that is rewritten, a namespace with another label.
fn events(mut world: World, mut network: Network, namespaces: usize) {
    let mut pool = Pool::new();
    let mut decode =
        |value: &Value| Arc::new(decode_value(Kind::NetworkPolicy, value, &mut pool).unwrap());
    for round in 0..5 {
        let namespace = format!("ns-{}", (round * 37 + 5) % namespaces);
        let pod = ObjectKey::namespaced(Kind::Pod, &namespace, "app-3-0");
        let Some(Object::Pod(known)) = world.get(&pod).map(|o| (**o).clone()) else {
            unreachable!("it was put")
        };
        let mut more = known;
        more.meta.key = ObjectKey::namespaced(Kind::Pod, &namespace, "app-3-9");
        let mut policy = policies(&namespace).remove(4);
        policy["spec"]["ingress"][0]["ports"][0]["port"] = json!(8081);
        let space = Object::Namespace(Namespace {
            meta: Meta {
                labels: Labels::of(&[("team", "a")]),
                ..Meta::bare(ObjectKey::of_namespace(&namespace))
            },
            terminating: false,
            assumed: false,
        });
        for (says, object) in [
            ("pod", Arc::new(Object::Pod(more))),
            ("policy", decode(&policy)),
            ("label", Arc::new(space)),
        ] {
            let mut news = News::default();
            news.object(object.key());
            world.put(object);
            let start = Instant::now();
            let followed = network.follow(&View::new(&world), &news);
            println!(
                "  {says}: {:.2?}{}",
                start.elapsed(),
                if followed { "" } else { ", made anew" }
            );
        }
    }
}

fn main() {
    measure("small", 100);
    measure("large", 1_500);
}
