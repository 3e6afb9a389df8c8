//! The network engine equals the brute force judge on every pair of random clusters.

use std::collections::BTreeMap;

use bartizan::model::sight::State;
use bartizan::model::{Kind, ObjectKey, Reason};
use bartizan::semantics::reach::{End, Network, PortSet, Protocol, Row, Verdict};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::view::{View, World};
use serde_json::Value;

use crate::engine_world::kind;
use crate::reach_brute::{Brute, Is, Who};
use crate::reach_made::{Dice, Made, NAMESPACES};

const PORTS: [u16; 7] = [50, 53, 60, 80, 81, 8080, 9001];
const PROTOCOLS: [(&str, Protocol); 3] = [
    ("TCP", Protocol::Tcp),
    ("UDP", Protocol::Udp),
    ("SCTP", Protocol::Sctp),
];

fn world(objects: &[Value], hidden: &[&str]) -> World {
    let mut pool = Pool::new();
    let facts = objects
        .iter()
        .map(|o| decode_value(kind(o), o, &mut pool).unwrap());
    let mut world = World::closed(facts.collect::<Vec<_>>());
    for namespace in hidden {
        let state = State::Blind(Reason::Forbidden);
        world
            .sight_mut()
            .set(Kind::NetworkPolicy, Some(*namespace), state);
    }
    world
}

/// What rows say of one port.
fn says(rows: &[Row], protocol: Protocol, port: u16) -> Is {
    let mut on = rows.iter().filter(|row| row.ports.has(protocol, port));
    let first = on.next().map(|row| row.verdict);
    assert!(on.next().is_none(), "rows share a port: {rows:?}");
    match first {
        Some(Verdict::Allow) => Is::Yes,
        Some(Verdict::Undetermined(_)) => Is::Maybe,
        Some(Verdict::Deny) => panic!("a denial with ports"),
        None => Is::No,
    }
}

fn key(pod: &Value) -> ObjectKey {
    let text = |field: &str| pod["metadata"][field].as_str().unwrap();
    ObjectKey::namespaced(Kind::Pod, text("namespace"), text("name"))
}

/// Compares every pair and port of one cluster; the number of answers.
fn compare(objects: &[Value], hidden: &[&str], seed: u64) -> usize {
    let world = world(objects, hidden);
    let network = Network::new(&View::new(&world));
    let brute = Brute::new(objects, hidden);
    let finished = |pod: &&Value| {
        ["Succeeded", "Failed"]
            .map(Value::from)
            .contains(&pod["status"]["phase"])
    };
    let pods: Vec<&Value> = objects.iter().filter(|o| o["kind"] == "Pod").collect();
    for pod in pods.iter().filter(|p| finished(p)) {
        assert!(
            network.classes_of(&key(pod)).is_empty(),
            "seed {seed}: {pod}"
        );
    }
    let mut ends: Vec<(End, Who<'_>)> = Vec::new();
    for pod in pods.into_iter().filter(|p| !finished(p)) {
        let [class] = network.classes_of(&key(pod)) else {
            panic!("seed {seed}: one pod, one class");
        };
        ends.push((End::Class(*class), Who::Pod(pod)));
    }
    let pieces: Vec<_> = network.pieces().iter().collect();
    let mut dice = Dice(seed);
    for _ in 0..6 {
        let (id, net) = dice.pick(&pieces);
        ends.push((End::Piece(id), Who::Address(net.network())));
        ends.push((End::Piece(id), Who::Address(net.broadcast())));
    }
    let mut answers = 0;
    for (from, source) in &ends {
        for (to, target) in &ends {
            let same = matches!((source, target), (Who::Pod(a), Who::Pod(b)) if a == b);
            if same || matches!((source, target), (Who::Address(_), Who::Address(_))) {
                continue;
            }
            let rows = network.judge(*from, *to, &PortSet::all());
            let (protocol, port) = (dice.pick(&PROTOCOLS).1, dice.pick(&PORTS));
            let one = network.judge(*from, *to, &PortSet::one(protocol, port));
            let (alone, among) = (says(&one, protocol, port), says(&rows, protocol, port));
            assert_eq!(
                alone, among,
                "seed {seed}: asked for {protocol:?}/{port} alone"
            );
            for (word, protocol) in PROTOCOLS {
                for port in PORTS {
                    let (ours, judge) = (
                        says(&rows, protocol, port),
                        brute.reaches(*source, *target, word, port),
                    );
                    assert!(
                        ours == judge,
                        "seed {seed}: {word}/{port}: {ours:?}, but the judge says {judge:?}\nrows {rows:#?}\n{}",
                        objects.iter().map(|o| format!("{o}\n")).collect::<String>()
                    );
                    answers += 1;
                }
            }
        }
    }
    answers
}

#[test]
fn both_engines_agree_on_every_pair() {
    // A fixed start, so that a failure is the same tomorrow; `BARTIZAN_SEED` and `BARTIZAN_CLUSTERS` ask for others.
    let number =
        |name: &str, default: u64| std::env::var(name).map_or(default, |n| n.parse().unwrap());
    let (start, clusters) = (number("BARTIZAN_SEED", 1), number("BARTIZAN_CLUSTERS", 160));
    let mut count = BTreeMap::new();
    let (mut answers, mut hidden_worlds) = (0, 0);
    for seed in start..start + clusters {
        let mut made = Made {
            dice: Dice(seed),
            count: &mut count,
        };
        let objects = made.cluster();
        let hidden: Vec<&str> = if made.dice.one_in(5) {
            vec![made.dice.pick(&NAMESPACES)]
        } else {
            Vec::new()
        };
        hidden_worlds += usize::from(!hidden.is_empty());
        answers += compare(&objects, &hidden, seed);
    }
    println!(
        "seeds {start} to {}: {answers} answers, {hidden_worlds} worlds with hidden policies; {count:?}",
        start + clusters - 1
    );
    let rare: Vec<_> = count.iter().filter(|(_, n)| **n < 20).collect();
    assert!(
        rare.is_empty() && hidden_worlds > 20 && count.len() >= 44,
        "{} features, rare: {rare:?}",
        count.len()
    );
}
