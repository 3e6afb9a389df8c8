//! The ways to mend one finding: the key goes round them, what is shown is what is copied, and each says what it does to the
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
