//! What a fix says of the ways of attack: those that end, those that survive, who else loses.

use bartizan::engine::{Engine, FixAnswer, FixPaths};
use bartizan::fix::Delivery;
use bartizan::semantics::rbac::vocabulary::{VERBS, resources};
use bartizan::semantics::rbac::{Identity, Question, Request, allowed};
use bartizan::view::{View, World};

use crate::engine_world::{namespaces, objects_of};

const ADMIN: &str = "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: all}
rules:
- {apiGroups: ['*'], resources: ['*'], verbs: ['*']}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: all}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all}
subjects:
- {kind: ServiceAccount, name: bot, namespace: ci}
- {kind: ServiceAccount, name: deployer, namespace: ci}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: bot, namespace: ci}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: deployer, namespace: ci}
";

const MAKER: &str = "---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: maker, namespace: ci}
rules:
- {apiGroups: [''], resources: [pods], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: maker, namespace: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: maker}
subjects:
- {kind: ServiceAccount, name: bot, namespace: ci}
";

fn engine(yaml: &str) -> Engine {
    let facts = objects_of(yaml);
    let implied = namespaces(&facts);
    Engine::of(World::closed(facts.into_iter().chain(implied)))
}

/// The fix of the one finding of a check for a subject, by one of its ways.
fn fix(engine: &Engine, check: &str, subject: &str, way: usize) -> FixAnswer {
    let found = engine.findings(check).into_iter().map(|f| f.id);
    let ids: Vec<_> = found
        .filter(|id| id.part.to_string() == format!("subject/{subject}"))
        .collect();
    assert_eq!(ids.len(), 1, "{check} {subject}");
    let answer = engine.fix_by(&ids, way, "patch", &Delivery::stdin());
    assert_eq!(answer.choice, way, "{:?}", answer.choices);
    answer
}

fn lines(answer: &FixAnswer) -> Vec<String> {
    let paths: &FixPaths = answer.paths.as_ref().unwrap();
    let lines = paths.lines().into_iter();
    lines
        .map(|(word, says)| format!("{word}: {says}"))
        .collect()
}

#[test]
fn every_way_ends_with_the_only_right() {
    let answer = fix(&engine(ADMIN), "wildcard-rights", "sa:ci/bot", 0);
    assert_eq!(
        lines(&answer),
        [
            "ends: ways of sa:ci/bot: every right in the cluster (the one there is), root on a node (all 3), Secrets of kube-system (all 3), a Secret (all 4)",
            "survives: no way of sa:ci/bot that is visible",
        ]
    );
}

#[test]
fn the_cheapest_way_that_survives_is_told_step_by_step() {
    let world = engine(&format!("{ADMIN}{MAKER}"));
    let answer = fix(&world, "wildcard-rights", "sa:ci/bot", 0);
    let told = lines(&answer);
    assert_eq!(
        told.iter()
            .find(|line| line.starts_with("survives"))
            .unwrap(),
        "survives: to every right in the cluster: sa:ci/bot makes a pod in ci that runs as any account there: sa:ci/deployer; then sa:ci/deployer holds every right in the cluster; and 10 ways more"
    );
    let start = &answer.paths.unwrap().starts[0];
    let admin = &start.goals[0];
    assert_eq!((admin.before, admin.ends, admin.survives.len()), (1, 1, 1));
}

#[test]
fn who_keeps_the_right_by_another_binding_loses_nothing() {
    let reader = "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [''], resources: [secrets, pods], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects:
- {kind: ServiceAccount, name: sync, namespace: ops}
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: dev}
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: keeper}
rules:
- {apiGroups: [''], resources: [secrets], verbs: ['*']}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: keeper}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: keeper}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: sync, namespace: ops}
---
apiVersion: v1
kind: Pod
metadata: {name: sync, namespace: ops}
spec:
  serviceAccountName: sync
  containers:
  - {name: sync, image: 'registry.example.com/sync:1.0.0'}
---
apiVersion: v1
kind: Pod
metadata: {name: quiet, namespace: ops}
spec:
  serviceAccountName: sync
  automountServiceAccountToken: false
  containers:
  - {name: quiet, image: 'registry.example.com/quiet:1.0.0'}
";
    let world = engine(reader);
    let answer = fix(&world, "secrets-readable", "sa:ops/sync", 0);
    let paths = answer.paths.as_ref().unwrap();
    let losers: Vec<String> = paths.losers.iter().map(ToString::to_string).collect();
    assert_eq!(losers, ["group:dev"]);
    let mounted: Vec<String> = paths.workloads.iter().map(ToString::to_string).collect();
    assert_eq!(mounted, ["po ops/sync"]);
    let told = lines(&answer);
    assert_eq!(
        told.last().unwrap(),
        "mounted in: po ops/sync: a token of who loses rights is in their pods"
    );
    // In the namespace alone: the same goal is still reached, and nothing was opened.
    let narrow = fix(&world, "secrets-readable", "sa:ops/sync", 3);
    assert_eq!(narrow.choices[3], "bind sa:ops/sync in ops alone");
    let paths = narrow.paths.as_ref().unwrap();
    assert!(paths.losers.is_empty(), "{paths:?}");
    let any = paths.starts[0].goals.last().unwrap();
    assert_eq!((any.ends, any.opens, any.survives.len()), (1, 0, 1));
    let told = lines(&narrow);
    let survives = "survives: to a Secret: sa:ops/sync reads every Secret in ops";
    assert!(told.iter().any(|line| line == survives), "{told:?}");
}

#[test]
fn a_fix_of_something_else_says_nothing_of_ways() {
    let pod = "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  hostNetwork: true
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
";
    let world = engine(pod);
    let ids: Vec<_> = world
        .findings("host-network")
        .into_iter()
        .map(|f| f.id)
        .collect();
    let answer = world.fix(&ids, "patch", &Delivery::stdin());
    assert!(answer.plan.is_some() && answer.paths.is_none());
}

/// Why the role stays as it is, and where its rules come from.
#[test]
fn a_role_that_is_not_edited_says_where_the_right_comes_from() {
    let aggregated = |meta: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: support}}
aggregationRule: {{clusterRoleSelectors: [{{matchLabels: {{to-support: 'true'}}}}]}}
rules:
- {{apiGroups: [''], resources: [pods/exec, pods/log], verbs: [create]}}
- {{apiGroups: [''], resources: [pods], verbs: [get]}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: shells, labels: {{to-support: 'true'}}{meta}}}
rules:
- {{apiGroups: [''], resources: [pods/exec, pods/log], verbs: [create]}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: viewers, labels: {{to-support: 'true'}}}}
rules:
- {{apiGroups: [''], resources: [pods], verbs: [get]}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: support}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: support}}
subjects:
- {{apiGroup: rbac.authorization.k8s.io, kind: Group, name: support}}
"
        )
    };
    let notes = |yaml: &str, way| {
        let answer = fix(&engine(yaml), "exec-allowed", "group:support", way);
        answer.plan.unwrap().notes
    };
    let from = "clusterrole support is put together from other cluster roles and is not edited: the right comes from clusterrole shells";
    assert_eq!(
        notes(&aggregated(""), 1),
        [format!("{from} (change that one)")]
    );
    let helm =
        ", annotations: {meta.helm.sh/release-name: desk, meta.helm.sh/release-namespace: ops}";
    assert_eq!(
        notes(&aggregated(helm), 1),
        [format!(
            "{from} (part of Helm release ops/desk: set it in the release's values, or the next upgrade puts it back)"
        )]
    );
    // The role that fills it is the one to change, and what follows is recomputed too.
    let world = engine(&aggregated(""));
    let answer = fix(&world, "exec-allowed", "group:support", 0);
    assert_eq!(
        answer.choices[0],
        "take create pods/exec out of clusterrole shells, which fills clusterrole support"
    );
    let plan = answer.plan.unwrap();
    let targets: Vec<String> = plan.steps.iter().map(|s| s.target.to_string()).collect();
    assert_eq!(targets, ["clusterrole shells"]);
    assert_eq!(
        plan.steps[0].note,
        "clusterrole support follows: the controller puts its rules together anew"
    );
    assert_eq!(plan.proof.unwrap().silences, 1);
    let stock = "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: edit, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
";
    let mut facts = objects_of(stock);
    facts.extend(bartizan::semantics::rbac::stock::assumed(None));
    let whole = Engine::of(World::closed(facts));
    let answer = fix(&whole, "exec-allowed", "user:jo", 0);
    assert_eq!(
        answer.plan.unwrap().notes,
        [
            "clusterrole edit is put together from other cluster roles and is not edited: the right comes from clusterrole system:aggregate-to-edit (Kubernetes' own: put back at the next start)"
        ]
    );
}

/// A copy of the role lacks the right and nothing else.
#[test]
fn a_copy_of_a_role_holds_all_of_it_but_the_right() {
    let stock = "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: edit, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
";
    let world = engine(stock);
    let answer = fix(&world, "exec-allowed", "user:jo", 1);
    let title = &answer.choices[1];
    assert!(
        title.starts_with("bind user:jo to a copy of clusterrole edit without"),
        "{title}"
    );
    let proof = answer.plan.as_ref().unwrap().proof.as_ref().unwrap();
    assert!(proof.adds > 0 && proof.moves == proof.adds, "{proof:?}");
    assert!(proof.says().contains("(moved from there)"));
    let changes = answer.remedy.unwrap().changes;
    let (after, misfits) = world.world().with(&changes);
    assert!(misfits.is_empty());
    let who = Identity::user("jo");
    let allows = |world: &World, verb: &str, resource: &str| {
        let line = format!("{verb} {resource} -n shop");
        let what = Question::parse(&line).unwrap().action().unwrap();
        let who = who.clone();
        allowed(&View::new(world), &Request { who, what }).allowed()
    };
    let mut kept = 0;
    for resource in resources().iter().filter(|r| *r != "*") {
        for verb in VERBS.iter().filter(|v| **v != "*") {
            let before = allows(world.world(), verb, resource);
            let wanted = before && resource != "pods/exec";
            assert_eq!(allows(&after, verb, resource), wanted, "{verb} {resource}");
            kept += usize::from(wanted);
        }
    }
    assert!(kept > 50, "{kept}");
}

/// Of a fix of many at once the first are looked at, and how many were not is said.
#[test]
fn of_many_the_first_are_asked_and_the_rest_is_counted() {
    let subjects: String = (0..5)
        .map(|n| format!("- {{apiGroup: rbac.authorization.k8s.io, kind: User, name: user-{n}}}\n"))
        .collect();
    let (head, _) = ADMIN.split_once("- {kind: ServiceAccount").unwrap();
    let world = engine(&format!("{head}{subjects}"));
    let found = world.findings("wildcard-rights").into_iter();
    let ids: Vec<_> = found.map(|f| f.id).collect();
    assert_eq!(ids.len(), 5);
    let answer = world.fix(&ids, "patch", &Delivery::stdin());
    let paths = answer.paths.as_ref().unwrap();
    assert_eq!((paths.starts.len(), paths.unasked), (3, 2));
    let told = lines(&answer);
    let last = "ways: those of 2 more whom it is about were not looked at";
    assert!(told.iter().any(|line| line == last), "{told:?}");
}
