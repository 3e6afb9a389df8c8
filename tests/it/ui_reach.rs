//! Who reaches whom, asked from the explorer: typed with completion, answered by an engine, led to the policy.

use bartizan::engine::{Engine, Query};
use bartizan::view::World;

use crate::engine_world::objects_of;
use crate::ui_stage::Stage;

const SHOP: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template: {metadata: {labels: {app: cart}}, spec: {containers: [{name: c, image: i}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: pay}
spec:
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: i}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cart-only, namespace: pay}
spec:
  podSelector: {}
  ingress:
  - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}, podSelector: {matchLabels: {app: cart}}}]
    ports: [{port: 5432}]
  - from: [{ipBlock: {cidr: 192.0.2.0/24}}]
    ports: [{port: 9000}]
";

fn stage() -> Stage {
    Stage::of(Engine::of(World::closed(objects_of(SHOP))), 140, 30)
}

fn answer(stage: &mut Stage) {
    let generation = stage.snapshot.generation;
    let questions = stage.questions();
    assert_eq!(questions.len(), 1);
    for question in questions {
        assert!(matches!(question.1, Query::Reach(_)), "{question:?}");
        stage.answer(question, generation);
    }
}

#[test]
fn one_end_lists_everybody_around_it() {
    let mut stage = stage();
    stage.keys("a");
    stage.types("pay");
    stage.sees("sts/pay/db");
    stage.keys("Enter");
    stage.sees("sts/pay/db: who reaches it, whom does it reach?");
    stage.keys("Enter");
    answer(&mut stage);
    stage.sees("who reaches pay/db");
    stage.sees("reach it");
    stage.sees("1 workload, outside");
    stage.sees("may reach it: not certain");
    stage.keys("g Enter j");
    stage.sees("shop/cart");
    stage.sees("TCP/5432");
    stage.sees("NetworkPolicy pay/cart-only ingress, rule 0");
    stage.keys("j");
    stage.sees("addresses 192.0.2.0/24");
    // The policy that decides opens as an object.
    stage.keys("Enter");
    stage.sees("> pay/cart-only");
}

#[test]
fn two_ends_and_a_port_have_one_answer_with_the_nearest_miss() {
    let mut stage = stage();
    stage.keys("a");
    stage.types("deploy/shop/web sts/pay/db 5432");
    stage.keys("Enter");
    answer(&mut stage);
    stage.sees("it cannot reach");
    stage.sees("reach it");
    stage.keys("G");
    stage.sees("shop/web to pay/db");
    stage.sees("nearest: pay/cart-only ingress rule 0: it wants app=cart");
}

#[test]
fn a_workload_under_the_cursor_is_the_first_end() {
    let mut stage = stage();
    stage.keys("2 v j j Enter g a");
    stage.sees(": who reaches it, whom does it reach?");
}
