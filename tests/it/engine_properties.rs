//! The engine's promises, on random sequences: incremental equals fresh, an overlay equals the applied change, and seeing
//! less never looks safer.

use std::collections::BTreeSet;
use std::sync::Arc;

use bartizan::engine::snapshot::Says;
use bartizan::engine::standing::Word;
use bartizan::engine::{Engine, Evaluation, Snapshot};
use bartizan::model::sight::State;
use bartizan::model::{Delta, FindingId, Kind, Object, Reason, Sight};
use bartizan::threats;
use bartizan::view::{View, World};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::engine_world::{examples, namespaces, objects};

/// Every object of every example: later variants of one identity replace earlier ones, as edits do.
fn pool() -> Vec<Arc<Object>> {
    let all: Vec<Object> = examples().flat_map(objects).collect();
    let extra = namespaces(&all);
    all.into_iter().chain(extra).map(Arc::new).collect()
}

#[derive(Clone, Debug)]
enum Act {
    Put(usize),
    Gone(usize),
    Blind(usize),
    See(usize),
    Broken(usize),
}

fn act(objects: usize) -> impl Strategy<Value = Act> {
    let kinds = Kind::all().count();
    prop_oneof![
        8 => (0..objects).prop_map(Act::Put),
        3 => (0..objects).prop_map(Act::Gone),
        1 => (0..kinds).prop_map(Act::Blind),
        2 => (0..kinds).prop_map(Act::See),
        1 => (0..objects).prop_map(Act::Broken),
    ]
}

fn delta(act: &Act, pool: &[Arc<Object>]) -> Delta {
    let kind = |at: usize| Kind::all().nth(at).unwrap();
    match act {
        Act::Put(at) => Delta::Put(pool[*at].clone()),
        Act::Gone(at) => Delta::Gone(pool[*at].key().clone()),
        Act::Blind(at) => Delta::State {
            kind: kind(*at),
            namespace: None,
            state: State::Blind(Reason::Forbidden),
        },
        Act::See(at) => Delta::State {
            kind: kind(*at),
            namespace: None,
            state: State::Live,
        },
        Act::Broken(at) => Delta::Broken {
            key: pool[*at].key().clone(),
            why: "test".to_owned(),
        },
    }
}

fn seeing() -> Vec<Delta> {
    Kind::all()
        .map(|kind| Delta::State {
            kind,
            namespace: None,
            state: State::Live,
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_deltas_gives_the_same_as_a_fresh_build(acts in prop::collection::vec(act(pool().len()), 1..60)) {
        let pool = pool();
        let mut engine = Engine::default();
        engine.apply(seeing(), Timestamp::UNIX_EPOCH);
        for (at, chunk) in acts.chunks(3).enumerate() {
            engine.apply(chunk.iter().map(|a| delta(a, &pool)).collect(), Timestamp::UNIX_EPOCH);
            let fresh = Evaluation::fresh(engine.world());
            prop_assert!(*engine.evaluation() == fresh, "differs after chunk {at}: {:?}", bartizan::engine::Diff::between(engine.evaluation(), &fresh));
        }
        let snapshot = engine.publish();
        let fresh = Engine::of(engine.world().clone()).publish();
        let rows = |s: &Snapshot| -> Vec<_> {
            s.rows().map(|r| (r.check, r.object.clone(), r.says.clone())).collect()
        };
        prop_assert_eq!(rows(&snapshot), rows(&fresh));
    }

    #[test]
    fn batches_that_are_judged_together_give_the_same_as_one_by_one(acts in prop::collection::vec(act(pool().len()), 1..40)) {
        let pool = pool();
        let mut engine = Engine::default();
        engine.apply(seeing(), Timestamp::UNIX_EPOCH);
        for chunks in acts.chunks(8) {
            for chunk in chunks.chunks(2) {
                engine.absorb(chunk.iter().map(|a| delta(a, &pool)).collect());
            }
            engine.settle(Timestamp::UNIX_EPOCH);
            let fresh = Evaluation::fresh(engine.world());
            prop_assert!(*engine.evaluation() == fresh, "{:?}", bartizan::engine::Diff::between(engine.evaluation(), &fresh));
        }
    }

    #[test]
    fn ways_that_are_judged_late_come_to_the_same(acts in prop::collection::vec(act(pool().len()), 1..40)) {
        let pool = pool();
        let mut engine = Engine::default();
        engine.apply(seeing(), Timestamp::UNIX_EPOCH);
        for chunks in acts.chunks(8) {
            for chunk in chunks.chunks(2) {
                engine.absorb(chunk.iter().map(|a| delta(a, &pool)).collect());
                engine.settle_near(Timestamp::UNIX_EPOCH);
            }
            engine.settle_ways(Timestamp::UNIX_EPOCH);
            prop_assert!(!engine.has_late_ways());
            let fresh = Evaluation::fresh(engine.world());
            prop_assert!(*engine.evaluation() == fresh, "{:?}", bartizan::engine::Diff::between(engine.evaluation(), &fresh));
        }
    }

    #[test]
    fn seeing_less_never_looks_safer(puts in prop::collection::vec(0..pool().len(), 1..40), hidden in 0..Kind::all().count()) {
        let pool = pool();
        let hidden = Kind::all().nth(hidden).unwrap();
        let mut world = World::closed([]);
        for at in &puts {
            world.put(pool[*at].clone());
        }
        // As on a server: what is in a namespace cannot be there without it.
        let facts: Vec<Object> = puts.iter().map(|at| (*pool[*at]).clone()).collect();
        for namespace in namespaces(&facts) {
            world.put(Arc::new(namespace));
        }
        let full = Engine::of(world.clone()).publish();
        let mut engine = Engine::of(world);
        engine.apply(vec![Delta::State { kind: hidden, namespace: None, state: State::Blind(Reason::Forbidden) }], Timestamp::UNIX_EPOCH);
        let less = engine.publish();
        for (before, after) in full.standing.iter().zip(&less.standing) {
            prop_assert!(after.word == before.word || after.word == Word::Unsure, "{:?} without {hidden}: {:?} -> {:?}", before.threat, before.word, after.word);
            prop_assert!(after.works + after.unsure >= before.works, "{:?} without {hidden}", before.threat);
        }
        let unknown_checks: BTreeSet<&str> = less.rows().filter(|r| matches!(r.says, Says::Unknown(_))).map(|r| r.check).collect();
        let fires: BTreeSet<FindingId> = less.findings().map(|f| f.id.clone()).collect();
        for finding in full.findings() {
            prop_assert!(fires.contains(&finding.id) || unknown_checks.contains(finding.id.check),
                "{:?} turned clear without {hidden}", finding.id);
        }
    }
}

#[test]
fn what_if_equals_applying_the_change() {
    let mut tried = 0;
    for entry in threats::checks() {
        for example in entry.rule.examples.iter().filter(|e| e.fires) {
            let mut facts = objects(example);
            facts.extend(namespaces(&facts));
            let engine = Engine::of(World::closed(facts));
            for finding in engine.findings(entry.rule.id) {
                let view = View::new(engine.world());
                for remedy in entry.rule.fix.remedies(&finding, &view) {
                    let (diff, misfits) = engine.what_if(&remedy.changes);
                    assert_eq!(misfits, 0, "{}: {:?}", entry.file, remedy.changes);
                    let (after, _) = engine.world().with(&remedy.changes);
                    let applied = Evaluation::fresh(&after);
                    let real = bartizan::engine::Diff::between(engine.evaluation(), &applied);
                    assert_eq!(diff, real, "{}", entry.file);
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 0);
}

#[test]
fn loading_kinds_claim_nothing() {
    let engine_sight = Sight::default();
    assert!(Kind::all().all(|k| engine_sight.blind(k, None).is_some()));
    let mut engine = Engine::default();
    let snapshot = engine.publish();
    assert!(snapshot.standing.iter().all(|s| s.word == Word::Unsure));
}

#[test]
fn the_first_sight_of_another_cluster_is_no_change() {
    let mut engine = Engine::default();
    engine.apply(seeing(), Timestamp::UNIX_EPOCH);
    engine.absorb(vec![Delta::Reset]);
    engine.absorb(pool().into_iter().map(Delta::Put).collect());
    engine.settle(Timestamp::UNIX_EPOCH);
    let snapshot = engine.publish();
    assert!(snapshot.findings().count() > 0);
    assert!(snapshot.changes.is_empty(), "{:?}", snapshot.changes);
    assert!(snapshot.rows().all(|row| row.since.is_none()));
}
