//! A network that follows events equals one that is made anew, after every event of random sequences.

use std::collections::BTreeMap;
use std::sync::Arc;

use bartizan::model::{Kind, ObjectKey};
use bartizan::semantics::network::TIERS;
use bartizan::semantics::reach::{End, Network, News, PortSet, Row};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::view::{View, World};
use serde_json::{Value, json};

use crate::engine_world::kind;
use crate::reach_made::{Dice, Made, NAMESPACES};

fn key(value: &Value) -> ObjectKey {
    let name = value["metadata"]["name"].as_str().unwrap();
    match value["metadata"]["namespace"].as_str() {
        Some(namespace) => ObjectKey::namespaced(kind(value), namespace, name),
        None => ObjectKey::cluster(kind(value), name),
    }
}

/// Everything that is said of every pair, ends and a few addresses.
fn says(network: &Network) -> BTreeMap<(String, String), Vec<Row>> {
    let mut ends: Vec<(String, Vec<End>)> = Vec::new();
    for (key, classes) in network.workloads() {
        ends.push((
            key.to_string(),
            classes.iter().map(|c| End::Class(*c)).collect(),
        ));
    }
    for address in [
        "8.8.8.8",
        "10.0.0.9",
        "10.0.1.9",
        "169.254.169.254",
        "2001:db8::9",
        "::1",
    ] {
        let piece = network.pieces().of(address.parse().unwrap()).unwrap();
        ends.push((address.to_owned(), vec![End::Piece(piece)]));
    }
    let mut all = BTreeMap::new();
    for (from, sources) in &ends {
        for (to, targets) in &ends {
            let mut rows = network.together(sources.iter().copied(), targets, &PortSet::all());
            rows.sort_by(|a, b| a.because.cmp(&b.because).then(a.ports.cmp(&b.ports)));
            all.insert((from.clone(), to.clone()), rows);
        }
    }
    all
}

#[test]
fn following_equals_making_anew() {
    let number =
        |name: &str, default: u64| std::env::var(name).map_or(default, |n| n.parse().unwrap());
    let (start, sequences) = (number("BARTIZAN_SEED", 1), number("BARTIZAN_CLUSTERS", 25));
    let mut count = BTreeMap::new();
    let (mut events, mut followed, mut steps) = (0, 0, 0);
    for seed in start..start + sequences {
        let mut made = Made {
            dice: Dice(seed),
            count: &mut count,
        };
        let mut pool = Pool::new();
        let mut fact =
            |value: &Value| Arc::new(decode_value(kind(value), value, &mut pool).unwrap());
        let mut world = World::closed([]);
        for value in made.cluster() {
            world.put(fact(&value));
        }
        let mut network = Network::new(&View::new(&world));
        for step in 0..12 {
            let mut news = News::default();
            for _ in 0..=made.dice.below(2) {
                // An object of another cluster takes the place of the one of the same name, or is new.
                let offered = made_more(&mut made);
                let value = made.dice.pick(&offered);
                let key = key(&value);
                if made.dice.one_in(3) && key.known() != Some(Kind::Namespace) {
                    world.take(&key);
                } else {
                    world.put(fact(&value));
                }
                news.object(&key);
                events += 1;
            }
            let went = network.follow(&View::new(&world), &news);
            // With policies of the cluster everything is made anew, as it says.
            if TIERS
                .iter()
                .all(|kind| View::new(&world).list(*kind, "").next().is_none())
            {
                steps += 1;
                followed += usize::from(went);
            }
            let (ours, fresh) = (says(&network), says(&Network::new(&View::new(&world))));
            for (pair, rows) in &fresh {
                assert_eq!(
                    ours.get(pair),
                    Some(rows),
                    "seed {seed}, step {step}: {pair:?}"
                );
            }
            assert_eq!(ours.len(), fresh.len(), "seed {seed}, step {step}");
        }
    }
    assert!(
        followed * 2 > steps,
        "most steps are to be followed: {followed} of {steps}"
    );
    println!(
        "{events} events, {followed} of {steps} steps followed, seeds {start} to {}",
        start + sequences - 1
    );
}

fn made_more(made: &mut Made<'_>) -> Vec<Value> {
    let mut all = made.cluster();
    // Names of three namespaces come and go as well.
    let extra = made.dice.pick(&NAMESPACES);
    all.push(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": format!("{extra}{extra}"), "labels": {"app": "one"}}}));
    all
}
