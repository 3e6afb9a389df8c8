//! Questions about the network are answered of the facts as they are: a policy that comes, a label that changes, a pod that
//! goes are in the next answer.

use std::sync::Arc;

use bartizan::engine::{Answer, Engine, Query, ReachQuestion};
use bartizan::model::{Delta, Object, ObjectKey};
use bartizan::view::World;
use jiff::Timestamp;

use crate::engine_world::objects_of;

const SHOP: &str = "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: pay}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: pay, labels: {app: db}}
spec: {containers: [{name: c, image: i}]}
";

const POLICY: &str = "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: pay}
spec:
  podSelector: {}
  ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}], ports: [{port: 5432}]}]
";

const CILIUM: &str = "apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: l7, namespace: pay}
spec: {endpointSelector: {}}
";

fn ask(engine: &Engine) -> String {
    let question = ReachQuestion::parse("po/shop/web po/pay/db").unwrap();
    let Answer::Reach(answer) = engine.ask(&Query::Reach(question)) else {
        panic!("another answer");
    };
    answer
        .out
        .first()
        .map_or("nobody".to_owned(), |reached| reached.ports().0.to_string())
}

fn put(engine: &mut Engine, objects: Vec<Object>) {
    let batch = objects.into_iter().map(|o| Delta::Put(Arc::new(o)));
    engine.apply(batch.collect(), Timestamp::UNIX_EPOCH);
}

#[test]
fn each_event_is_in_the_next_answer() {
    let mut engine = Engine::of(World::closed(objects_of(SHOP)));
    assert_eq!(ask(&engine), "every port");
    put(&mut engine, objects_of(POLICY));
    assert_eq!(ask(&engine), "TCP/5432");
    put(&mut engine, objects_of(&POLICY.replace("5432", "5433")));
    assert_eq!(ask(&engine), "TCP/5433");
    // Another label of the namespace: its pods are not meant any more.
    let shop = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: b}}\n";
    put(&mut engine, objects_of(shop));
    assert_eq!(ask(&engine), "");
    let shop = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: a}}\n";
    put(&mut engine, objects_of(shop));
    assert_eq!(ask(&engine), "TCP/5433");
    // Another kind of policy, of which only the existence is read: nothing is certain there any more.
    put(&mut engine, objects_of(CILIUM));
    assert_eq!(ask(&engine), "");
    let cilium = ObjectKey::parse("ciliumnetworkpolicies/pay/l7").unwrap();
    engine.apply(vec![Delta::Gone(cilium)], Timestamp::UNIX_EPOCH);
    assert_eq!(ask(&engine), "TCP/5433");
    let policy = ObjectKey::parse("netpol/pay/db").unwrap();
    engine.apply(vec![Delta::Gone(policy)], Timestamp::UNIX_EPOCH);
    assert_eq!(ask(&engine), "every port");
    engine.apply(
        vec![Delta::Gone(ObjectKey::parse("po/pay/db").unwrap())],
        Timestamp::UNIX_EPOCH,
    );
    assert_eq!(ask(&engine), "nobody");
}
