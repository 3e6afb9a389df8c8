//! The ways to mend one finding or to stop one story: the key goes round them, what is shown is what is copied, and each says what it does to the
//! ways of attack.

use bartizan::engine::{Engine, Query};
use bartizan::view::World;

use crate::engine_world::{namespaces, objects_of};
use crate::ui_stage::Stage;

const OPS: &str = "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [''], resources: [configmaps, secrets], verbs: [list, create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects:
- {kind: ServiceAccount, name: sync, namespace: ops}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: sync, namespace: ops}
";

/// On the fix of a finding, answered and copied.
fn at_the_fix(world: &str, check: &str) -> Stage {
    let facts = objects_of(world);
    let implied = namespaces(&facts);
    let engine = Engine::of(World::closed(facts.into_iter().chain(implied)));
    let mut stage = Stage::of(engine, 80, 40);
    stage.keys("c /");
    stage.types(&format!("check:={check}"));
    stage.keys("Enter j Enter j y");
    answer(&mut stage, 0);
    assert_eq!(stage.copies().len(), 1);
    stage
}

/// Answers the open question, which asks for this way.
fn answer(stage: &mut Stage, way: usize) {
    let questions = stage.questions();
    let [(_, Query::Fix { choice, .. })] = &questions[..] else {
        panic!("{questions:?}")
    };
    assert_eq!(*choice, way);
    stage.answer(questions[0].clone(), stage.snapshot.generation);
}

#[test]
fn the_key_goes_round_the_ways_and_y_copies_the_one_that_is_shown() {
    let mut stage = at_the_fix(OPS, "secrets-readable");
    stage.sees("ways       > 1 take list secrets out of clusterrole reader");
    stage.sees("2 take sa:ops/sync out of clusterrolebinding reader; o shows it");
    stage.sees("3 bind sa:ops/sync in ops alone");
    stage.sees("ends       ways of sa:ops/sync: Secrets of kube-system (the one there is)");
    stage.sees("survives   no way of sa:ops/sync that is visible");
    stage.sees("o other way");
    stage.keys("o");
    answer(&mut stage, 1);
    stage.sees("> 2 take sa:ops/sync out of clusterrolebinding reader");
    stage.sees("path: /subjects/0");
    assert_eq!(stage.copies(), Vec::<String>::new(), "shown, not copied");
    stage.keys("o");
    answer(&mut stage, 2);
    stage.sees("> 3 bind sa:ops/sync in ops alone");
    stage.sees("survives   to a Secret: sa:ops/sync reads every Secret in ops");
    stage.keys("y");
    let copies = stage.copies();
    assert_eq!(copies.len(), 1);
    assert!(copies[0].contains("kind: RoleBinding"), "{}", copies[0]);
    assert!(
        copies[0].contains("# survives: to a Secret"),
        "{}",
        copies[0]
    );
    // Another style is one of the same way, and the way after the last is the first in the style to begin with.
    stage.keys("S");
    answer(&mut stage, 2);
    stage.sees("kustomize: ");
    stage.keys("o");
    answer(&mut stage, 0);
    stage.sees("> 1 take list secrets");
    stage.sees("style      patch");
}

#[test]
fn where_there_is_one_way_the_key_says_so() {
    let pod = "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  hostNetwork: true
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
";
    let mut stage = at_the_fix(pod, "host-network");
    let screen = stage.screen().join("\n");
    assert!(!screen.contains("\nways"), "{screen}");
    stage.keys("o");
    stage.sees("there is one way to mend this");
    assert_eq!(stage.questions(), []);
}

#[test]
fn the_key_goes_round_the_changes_that_stop_one_story() {
    let mut stage = Stage::of_story("takes-token-of-stronger-account");
    stage.resize(80, 40);
    stage.keys("3");
    let stands = |stage: &Stage| {
        let screen = stage.screen().join(" ");
        screen.contains("ann has a token issued in ops")
    };
    for _ in 0..10 {
        if !stands(&stage) {
            stage.keys("}");
        }
    }
    assert!(stands(&stage), "{:#?}", stage.screen());
    stage.take();
    let names = |stage: &mut Stage| {
        let questions = stage.questions();
        let [(_, Query::Cut { changes, .. })] = &questions[..] else {
            panic!("{questions:?}")
        };
        let [change] = &changes[..] else {
            panic!("{changes:?}")
        };
        let says = change.says();
        stage.answer(questions[0].clone(), stage.snapshot.generation);
        says
    };
    stage.keys("y");
    let mut seen = vec![names(&mut stage)];
    assert_eq!(stage.copies().len(), 1);
    let best = &stage.snapshot.cuts[0].says;
    assert_eq!(seen[0], *best, "the one that ends most comes first");
    stage.sees(&format!("ways       > 1 {best}"));
    for _ in 0..3 {
        stage.keys("o");
        seen.push(names(&mut stage));
        assert_eq!(stage.copies(), Vec::<String>::new(), "shown, not copied");
    }
    assert_eq!(seen[3], seen[0], "round about: {seen:?}");
    let mut ways = seen[..3].to_vec();
    ways.sort();
    assert_eq!(
        ways,
        [
            "drop the rule \"create serviceaccounts/token\" of role ops/tokens",
            "take sa:ops/admin out of clusterrolebinding admin",
            "take user:ann out of rolebinding ops/tokens",
        ]
    );
    stage.keys("o y");
    let shown = names(&mut stage);
    assert_ne!(shown, seen[0]);
    let copies = stage.copies();
    assert!(copies[0].contains("tokens"), "what is shown: {}", copies[0]);
}
