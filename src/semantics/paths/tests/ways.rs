//! Ways and cuts.

use super::{CART, NOTHING, first, found, holding};
use crate::model::change::Change;
use crate::model::sight::State;
use crate::model::{Kind, ObjectKey, Reason, Subject};
use crate::semantics::paths::{Goal, Question, Start, build, cuts, routes};
use crate::semantics::testing::world;
use crate::view::View;

#[test]
fn hidden_accounts_make_a_way_unsure() {
    let mut world = holding("", "create||serviceaccounts/token", "");
    let state = State::Blind(Reason::Forbidden);
    world.sight_mut().set(Kind::ServiceAccount, None, state);
    world.take(&ObjectKey::namespaced(
        Kind::ServiceAccount,
        "shop",
        "admin",
    ));
    let found = found(&world, CART, "cluster-admin");
    assert!(found.paths.is_empty());
    assert_eq!(found.unsure[0].steps[0].edge, "issue-token");
    assert!(found.unsure[0].steps[0].unsure.is_some());
}

#[test]
fn cuts_are_found_by_trying_and_the_fewest_that_end_it_all() {
    let world = holding(
        "impersonate||users,groups",
        "create||serviceaccounts/token",
        "",
    );
    let graph = build(&View::new(&world), &[]);
    let start = Start::Subject(Subject::parse(CART).unwrap());
    let goal = Goal::ClusterAdmin;
    let found = routes(&graph, &start, &goal, 10);
    let question = Question {
        world: &world,
        start: &start,
        goal: &goal,
        limit: 10,
    };
    let cuts = cuts(&question, &graph, &found.paths);
    let all = found.paths.len();
    assert!(
        cuts.iter()
            .all(|cut| cut.ends > 0 && cut.ends + cut.leaves == all)
    );
    let last = cuts.last().unwrap();
    assert_eq!((last.leaves, last.changes.len()), (0, 2), "{cuts:#?}");
    // Each alone leaves something.
    assert!(
        cuts.iter()
            .all(|cut| cut.leaves > 0 || cut.changes.len() == 2)
    );
    let (without, misfits) = world.with(&last.changes);
    assert!(misfits.is_empty());
    assert_eq!(first(&without, CART, "cluster-admin"), NOTHING);
}

#[test]
fn a_path_is_loopless_and_the_limit_is_told() {
    let world = holding("", "*|*|*", "");
    let graph = build(&View::new(&world), &[]);
    let start = Start::Subject(Subject::parse(CART).unwrap());
    let some = routes(&graph, &start, &Goal::ClusterAdmin, 2);
    assert_eq!((some.paths.len(), some.more), (2, true));
    let all = routes(&graph, &start, &Goal::ClusterAdmin, 1000);
    assert!(!all.more && all.paths.len() > 2);
    let costs: Vec<u32> = all.paths.iter().map(|way| way.cost).collect();
    assert!(costs.is_sorted());
    for way in &all.paths {
        let mut stands: Vec<&String> = way.steps.iter().map(|step| &step.from).collect();
        stands.sort();
        stands.dedup();
        assert_eq!(stands.len(), way.steps.len(), "{way:?}");
    }
}

#[test]
fn what_kubernetes_writes_again_at_its_next_start_is_no_cut() {
    let world = world(
        "apiVersion: v1
kind: ServiceAccount
metadata: {name: admin, namespace: ops}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: cluster-admin}
rules:
- {apiGroups: ['*'], resources: ['*'], verbs: ['*']}
- {nonResourceURLs: ['*'], verbs: ['*']}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ops}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: admin, namespace: ops}]
",
    );
    let graph = build(&View::new(&world), &[]);
    let start = Start::Subject(Subject::account("ops", "admin"));
    let found = routes(&graph, &start, &Goal::ClusterAdmin, 10);
    let cuts: Vec<String> = found.paths[0].steps[0]
        .cuts
        .iter()
        .map(Change::says)
        .collect();
    assert_eq!(cuts, ["take sa:ops/admin out of clusterrolebinding ops"]);
}
