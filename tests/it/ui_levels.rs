//! The ladder of Pod Security levels: from a namespace to a workload to the patch, with real answers of an engine.

use bartizan::engine::{Engine, Level, Query};
use bartizan::view::World;
use jiff::SignedDuration;

use crate::engine_world::objects_of;
use crate::ui_stage::Stage;

const SHOP: &str = "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: privileged}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      securityContext: {runAsUser: 10001}
      containers:
      - {name: web, image: 'registry.example.com/cart:1.4.2', securityContext: {privileged: true}}
";

fn stage() -> Stage {
    let world = World::closed(objects_of(SHOP));
    Stage::of(Engine::of(world), 80, 24)
}

fn answer_all(stage: &mut Stage) -> Vec<Query> {
    let generation = stage.snapshot.generation;
    let questions = stage.questions();
    for question in &questions {
        stage.answer(question.clone(), generation);
    }
    questions.into_iter().map(|(_, query)| query).collect()
}

#[test]
fn from_the_namespace_to_the_settings_and_the_patch() {
    let mut stage = stage();
    stage.keys("4 v j Enter / n s : s h o p Enter");
    stage.sees("privileged");
    stage.keys("P");
    assert_eq!(
        answer_all(&mut stage),
        [Query::NamespaceStandings(vec!["shop".into()])]
    );
    stage.sees("baseline   1 workload refused");
    stage.sees("Deployment cart (no pods now): ");
    // The raise: labels, and whom they refuse.
    stage.keys("j y");
    let asked = answer_all(&mut stage);
    assert!(
        matches!(
            &asked[..],
            [Query::Raise {
                level: Level::Baseline,
                ..
            }]
        ),
        "{asked:?}"
    );
    let copied = stage.copies().join("");
    assert!(
        copied.contains("pod-security.kubernetes.io/enforce: baseline"),
        "{copied}"
    );
    // Down to the workload.
    stage.keys("Esc l j Enter");
    assert_eq!(answer_all(&mut stage).len(), 2);
    stage.sees("cart and restricted");
    stage.sees("privileged  privileged");
    stage.keys("G Tab");
    stage.sees("settings in force");
    stage.sees("10001  inherited");
    stage.sees("true  explicit");
    stage.keys("Tab g y");
    let asked = answer_all(&mut stage);
    assert!(
        matches!(
            &asked[..],
            [Query::Harden {
                level: Level::Restricted,
                ..
            }]
        ),
        "{asked:?}"
    );
    let copied = stage.copies().join("");
    assert!(
        copied.contains("kubectl patch deploy cart -n shop"),
        "{copied}"
    );
    assert!(
        copied.contains("allowPrivilegeEscalation: false"),
        "{copied}"
    );
}

#[test]
fn what_has_no_levels_says_so() {
    let mut stage = stage();
    stage.keys("4 P");
    stage.sees("the way up: only a namespace or a workload has");
}

#[test]
fn an_answer_of_older_facts_is_asked_again_although_nothing_else_happens() {
    let mut stage = stage();
    stage.keys("4 v j Enter / n s : s h o p Enter P");
    assert_eq!(answer_all(&mut stage).len(), 1);
    stage.show_at_once(|_| {});
    assert_eq!(stage.questions(), [], "not twice in the same moment");
    let soon = SignedDuration::from_secs(2);
    let wake = stage.app.wake().duration_since(stage.now());
    assert!(wake <= soon, "woken after {wake}");
    stage.pass(soon);
    assert_eq!(answer_all(&mut stage).len(), 1);
    stage.pass(soon);
    assert_eq!(stage.questions(), []);
}
