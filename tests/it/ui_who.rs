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
            Query::WhoCan(_) | Query::Rights(_) | Query::Foothold(_)
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
    assert_eq!(answer_all(&mut stage), 1);
    stage.sees("rights of sa:shop/ca");
    stage.sees("may read Secrets in shop");
    stage.sees("secrets                       shop");
    stage.sees("get list");
    // As whom: its group gives the same.
    stage.keys("g");
    stage.sees("ClusterRole reader  rules[1]");
    stage.keys("l j Enter");
    stage.sees("rolebinding shop/read");
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
