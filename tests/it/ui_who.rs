//! Who can do something, asked from the explorer: typed with completion, answered by an engine, live.

use bartizan::engine::{Engine, Query};
use bartizan::view::World;
use jiff::SignedDuration;

use crate::engine_world::objects_of;
use crate::ui_stage::Stage;

const SHOP: &str = "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [''], resources: [pods], verbs: [get]}
- {apiGroups: [''], resources: [secrets], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: read, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects:
- {kind: ServiceAccount, name: cart, namespace: shop}
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:serviceaccounts:shop'}
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: dev}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: till, namespace: shop}
";

fn stage() -> Stage {
    Stage::of(Engine::of(World::closed(objects_of(SHOP))), 80, 24)
}

fn answer_all(stage: &mut Stage) -> usize {
    let generation = stage.snapshot.generation;
    let questions = stage.questions();
    for question in &questions {
        let known = matches!(
            question.1,
            Query::WhoCan(_) | Query::Rights(_) | Query::Neighbours(_) | Query::Foothold(_)
        );
        assert!(known, "{question:?}");
        stage.answer(question.clone(), generation);
    }
    questions.len()
}

#[test]
fn a_question_is_typed_with_completion_and_leads_to_binding_role_and_rule() {
    let mut stage = stage();
    stage.keys("w");
    stage.types("li");
    stage.sees("list");
    stage.keys("Enter");
    stage.types("secr");
    stage.keys("Enter");
    stage.sees("who can list secrets?");
    stage.types("-n sh");
    stage.keys("Enter");
    stage.sees("who can list secrets -n shop?");
    stage.keys("Enter");
    assert_eq!(answer_all(&mut stage), 1);
    stage.sees("who can list secrets -n shop");
    stage.sees("sa:shop/cart");
    stage.sees("group:dev");
    stage.sees("before RBAC is asked");
    // The first row is dev; its members are nobody's to list.
    stage.keys("g");
    stage.sees("RoleBinding read  shop");
    stage.sees("ClusterRole reader  rules[1]");
    stage.sees("get, list secrets");
    stage.sees("identity provider");
    stage.keys("l");
    stage.keys("j");
    stage.sees("RoleBinding");
    // A binding opens as an object.
    stage.keys("Enter");
    stage.sees("> shop/read");
}

#[test]
fn groups_of_accounts_have_members_and_the_answer_follows_the_facts() {
    let mut stage = stage();
    stage.keys("w");
    stage.types("list secrets -n shop");
    stage.keys("Enter");
    assert_eq!(answer_all(&mut stage), 1);
    stage.keys("g j j");
    stage.sees("1 account now");
    stage.sees("sa:shop/till");
    stage.show_at_once(|_| {});
    assert_eq!(stage.questions(), []);
    stage.pass(SignedDuration::from_secs(2));
    assert_eq!(answer_all(&mut stage), 1);
    // From this question on to another.
    stage.keys("e");
    stage.sees("who can list secrets -n shop?");
}

#[test]
fn what_is_no_question_is_not_asked() {
    let mut stage = stage();
    stage.keys("w");
    stage.types("get /metrics -n shop");
    stage.keys("Enter");
    assert_eq!(stage.questions(), []);
}

#[test]
fn from_somebody_who_may_to_everything_that_they_may() {
    let mut stage = stage();
    stage.keys("w");
    stage.types("list secrets -n shop");
    stage.keys("Enter");
    answer_all(&mut stage);
    // The account is the last row.
    stage.keys("G i");
    // What is held, and who is around.
    assert_eq!(answer_all(&mut stage), 2);
    stage.sees("rights of sa:shop/ca");
    stage.sees("may read Secrets in shop");
    stage.sees("secrets                        shop        .   H   H   .");
    stage.sees("pods                           shop        .   x   .   .");
    // As whom: its group gives the same.
    stage.keys("g");
    stage.sees("ClusterRole reader  rules[1]");
}

#[test]
fn each_cell_of_the_matrix_says_by_which_binding_role_and_rule() {
    let mut stage = stage();
    stage.keys("w");
    stage.types("list secrets -n shop");
    stage.keys("Enter");
    answer_all(&mut stage);
    stage.keys("G i");
    answer_all(&mut stage);
    // Under the abilities the most dangerous row first, and in it the worst cell.
    stage.keys("G k");
    stage.sees("[H]");
    stage.sees("high: sa:shop/cart may get secrets in shop");
    stage.sees("RoleBinding read  shop");
    stage.sees("ClusterRole reader  rules[1]");
    // The same row, other verbs: held by the same rule, then by none.
    stage.keys("l");
    stage.sees("high: sa:shop/cart may list secrets in shop");
    stage.keys("l");
    stage.sees("no rule says that sa:shop/cart may watch secrets in shop");
    stage.keys("h h G");
    stage.sees("sa:shop/cart may get pods in shop, harmless by itself");
    stage.sees("ClusterRole reader  rules[0]");
    // Nothing lies beyond the ends.
    stage.keys("h h h h h h h h h h h h");
    stage.sees("may do everything with pods in shop");
    stage.keys("l l l l l l l l l l l l l l");
    stage.sees("may deletecollection pods in shop");
    // Enter reads, and comes back.
    stage.keys("g Enter Enter");
    stage.sees("may on resource                where");
}

#[test]
fn the_matrix_is_a_list_too_and_finds_what_is_filtered() {
    let mut stage = stage();
    stage.keys("w");
    stage.types("list secrets -n shop");
    stage.keys("Enter");
    answer_all(&mut stage);
    stage.keys("G i");
    answer_all(&mut stage);
    stage.keys("/ p o d s Enter");
    let screen = stage.screen().join("\n");
    assert!(
        screen.contains("pods  ") && !screen.contains("secrets  "),
        "{screen}"
    );
    stage.keys("Esc M");
    stage.sees("secrets                       shop");
    stage.sees("get list");
    stage.keys("g l j Enter");
    stage.sees("rolebinding shop/read");
}

#[test]
fn who_is_around_stands_above_the_matrix() {
    let more = "---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: tokens, namespace: shop}
rules:
- {apiGroups: [''], resources: [serviceaccounts/token], verbs: [create], resourceNames: [till]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: tokens, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: tokens}
subjects:
- {kind: ServiceAccount, name: cart, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: cart, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec:
  serviceAccountName: cart
  containers:
  - {name: cart, image: registry.example.com/cart:1.4.2}
";
    let world = World::closed(objects_of(&format!("{SHOP}{more}")));
    let mut stage = Stage::of(Engine::of(world), 80, 24);
    stage.keys("w");
    stage.types("create serviceaccounts/token till -n shop");
    stage.keys("Enter");
    answer_all(&mut stage);
    stage.keys("G i");
    answer_all(&mut stage);
    stage.sees("may become 1 in one step: sa:shop/till");
    stage.sees("1 becomes it in one step: po/shop/cart");
    stage.sees("token mounted in: po shop/cart");
    stage.keys("g j j");
    stage.sees("has a token issued for it:");
    for (width, height) in [(80, 24), (160, 50)] {
        stage.resize(width, height);
        // Below the abilities and who is around: the worst row, its worst cell.
        stage.keys("g j j j j j");
        let screen = stage.screen();
        let lines: Vec<&str> = screen.iter().map(|line| line.trim_end()).collect();
        insta::assert_snapshot!(format!("matrix_{width}x{height}"), lines.join("\n"));
    }
}

#[test]
fn what_has_no_rights_says_so() {
    let mut stage = stage();
    stage.keys("0 i");
    stage.sees("only a user, a group or an account has");
}

#[test]
fn suppose_that_an_account_is_taken() {
    let mut stage = stage();
    stage.keys("w");
    stage.types("list secrets -n shop");
    stage.keys("Enter");
    answer_all(&mut stage);
    stage.keys("G f");
    assert_eq!(answer_all(&mut stage), 1);
    stage.sees("suppose sa:shop/cart");
    stage.sees("every right in the cluster");
    stage.sees("not reached");
    stage.sees("1 step");
    stage.keys("g j j j l j");
    stage.sees("reads every Secret in shop");
    stage.sees("ClusterRole reader rules[1]");
}
