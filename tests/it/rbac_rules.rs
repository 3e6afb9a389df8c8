//! The checks and stories that rest on RBAC: their examples, their fixes and cuts, a stock cluster, and what is hidden.

use bartizan::engine::Engine;
use bartizan::model::sight::State;
use bartizan::model::{Object, Reason, Severity};
use bartizan::semantics::rbac::stock;
use bartizan::threats::{self, Check, Example, Instance, Scope, Story};
use bartizan::view::{View, World};

use crate::engine_world::{namespaces, objects};

const CHECKS: [&str; 11] = [
    "anonymous-rights",
    "authenticated-rights",
    "binding-to-nobody",
    "cluster-admin-bound",
    "create-pods-in-strong-namespace",
    "escalate-bind-impersonate",
    "exec-allowed",
    "node-proxy-granted",
    "secrets-readable",
    "strong-token-mounted",
    "wildcard-rights",
];

const STORIES: [&str; 4] = [
    "admin-by-another-name",
    "anonymous-reaches-data",
    "makes-privileged-pods",
    "token-reads-secrets",
];

fn checks() -> Vec<&'static Check> {
    CHECKS.map(|id| threats::check(id).unwrap().rule).to_vec()
}

fn stories() -> Vec<&'static Story> {
    STORIES.map(|id| threats::story(id).unwrap().rule).to_vec()
}

fn world(example: &Example) -> World {
    let facts = objects(example);
    let implied = namespaces(&facts);
    World::closed(facts.into_iter().chain(implied))
}

fn instances(engine: &mut Engine, story: &str) -> Vec<Instance> {
    let snapshot = engine.publish();
    let state = snapshot
        .stories
        .iter()
        .find(|s| s.story.id == story)
        .unwrap();
    state.instances.to_vec()
}

#[test]
fn examples_fire_or_stay_silent() {
    for check in checks() {
        for (at, example) in check.examples.iter().enumerate() {
            let found = Engine::of(world(example)).findings(check.id);
            assert_eq!(
                !found.is_empty(),
                example.fires,
                "{} example {at}: {found:#?}",
                check.id
            );
        }
    }
    for story in stories() {
        for (at, example) in story.examples.iter().enumerate() {
            let found = instances(&mut Engine::of(world(example)), story.id);
            let works = found.iter().any(Instance::works);
            assert_eq!(
                works, example.fires,
                "{} example {at}: {found:#?}",
                story.id
            );
            // Of a way each hop is told.
            let walks = matches!(story.scope, Scope::Paths(_));
            for instance in found.iter().filter(|i| i.works() && !walks) {
                assert_eq!(
                    instance.steps.len(),
                    story.steps.len(),
                    "{}: {instance:#?}",
                    story.id
                );
            }
        }
    }
}

#[test]
fn every_fix_silences_its_finding_and_adds_none() {
    for check in checks() {
        if !check.fix.is_offered() {
            continue;
        }
        for example in check.examples.iter().filter(|e| e.fires) {
            let before = world(example);
            for finding in Engine::of(before.clone()).findings(check.id) {
                let all = check.fix.remedies(&finding, &View::new(&before));
                // The others are judged with all checks: they may leave less of it, elsewhere.
                let remedy = all.first().unwrap();
                let (after, misfits) = before.with(&remedy.changes);
                assert!(misfits.is_empty(), "{}: {misfits:?}", check.id);
                let engine = Engine::of(after);
                let old = Engine::of(before.clone());
                for other in checks() {
                    let known = old.findings(other.id);
                    for new in engine.findings(other.id) {
                        assert!(new.id != finding.id, "{}: still fires", check.id);
                        let same = known.iter().find(|f| f.id == new.id);
                        assert!(
                            same.is_some_and(|f| f.severity >= new.severity),
                            "{}: adds {new:?}",
                            check.id
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn every_cut_ends_its_instance() {
    let mut tried = 0;
    for story in stories() {
        for example in story.examples.iter().filter(|e| e.fires) {
            let before = world(example);
            for instance in instances(&mut Engine::of(before.clone()), story.id) {
                for cut in instance.steps.iter().flat_map(|s| &s.cuts) {
                    let (after, misfits) = before.with(std::slice::from_ref(cut));
                    assert!(misfits.is_empty(), "{}: {cut:?}", story.id);
                    let left = instances(&mut Engine::of(after), story.id);
                    let survives = left.iter().any(|i| i.works() && i.actor == instance.actor);
                    assert!(!survives, "{}: {cut:?} does not end it", story.id);
                    tried += 1;
                }
            }
        }
    }
    assert!(tried >= 8, "{tried} cuts");
}

#[test]
fn what_is_denied_is_never_clear() {
    for check in checks() {
        for example in check.examples.iter().filter(|e| e.fires) {
            for kind in check.needs {
                let mut world = world(example);
                let keys: Vec<_> = world
                    .spaces()
                    .flat_map(|(_, s)| s.table(*kind).values().map(|o| o.key().clone()))
                    .collect();
                for key in keys {
                    world.take(&key);
                }
                world
                    .sight_mut()
                    .set(*kind, None, State::Blind(Reason::Forbidden));
                let mut engine = Engine::of(world);
                let snapshot = engine.publish();
                let said = snapshot.rows().any(|row| row.check == check.id);
                assert!(said, "{} says nothing without {kind}", check.id);
            }
        }
    }
}

#[test]
fn a_stock_cluster_is_silent() {
    let mut facts = stock::assumed(None);
    facts.extend(namespaces(&[]));
    let mut engine = Engine::of(World::closed(facts));
    for check in checks() {
        let found = engine.findings(check.id);
        assert!(found.is_empty(), "{}: {found:#?}", check.id);
    }
    for story in stories() {
        let found = instances(&mut engine, story.id);
        assert!(found.is_empty(), "{}: {found:#?}", story.id);
    }
}

/// A stock object with one thing more: found, for that thing alone, and worse than if a stranger had written it.
#[test]
fn a_changed_stock_object_is_louder() {
    let mut facts = stock::assumed(None);
    for object in &mut facts {
        match object {
            Object::Binding(b) if &*b.meta.key.name == "system:discovery" => {
                let stranger = bartizan::model::Subject::User("jo".into());
                b.subjects = b.subjects.iter().cloned().chain([stranger]).collect();
            }
            Object::Role(r) if &*r.meta.key.name == "system:basic-user" => {
                let mut rule = r.rules[0].clone();
                rule.groups = [bartizan::model::Str::from("")].into();
                rule.resources = [bartizan::model::Str::from("secrets")].into();
                rule.verbs = [bartizan::model::Str::from("list")].into();
                r.rules = r.rules.iter().cloned().chain([rule]).collect();
            }
            _ => {}
        }
    }
    let engine = Engine::of(World::closed(facts));
    let found = engine.findings("authenticated-rights");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].severity, Severity::Critical);
    assert!(
        found[0].why.contains("Kubernetes itself"),
        "{}",
        found[0].why
    );
    assert_eq!(engine.findings("secrets-readable").len(), 1);
    assert!(engine.findings("exec-allowed").is_empty());
}

/// The lines of the demo's table of truths that are about these rules, at its start. Nothing is hidden in this world.
#[test]
fn the_demo_is_judged_as_its_table_says() {
    let readme = include_str!("../../assets/demo/README.md");
    let table = readme
        .split("```truth\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let table = table.replace("\n ", " ");
    let mut world = World::closed([]);
    let batch = bartizan::source::demo::first_look(stock::assumed(
        bartizan::source::demo::version().as_ref(),
    ));
    for delta in batch {
        if let bartizan::model::Delta::Put(object) = delta {
            world.put(object);
        }
    }
    let mut engine = Engine::of(world);
    let mut wrong = Vec::new();
    let mut read = 0;
    for line in table.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [what, rule, rest @ ..] = words.as_slice() else {
            continue;
        };
        if !CHECKS.contains(rule) && !STORIES.contains(rule) {
            continue;
        }
        read += 1;
        match *what {
            "fires" | "clear" => {
                let found = engine.findings(rule);
                let names = |object: &str| found.iter().filter(|f| spelled(f, object)).count();
                for object in rest.iter().filter(|w| w.contains('/')) {
                    if (names(object) > 0) != (*what == "fires") {
                        wrong.push(format!("{rule}: {object} should be {what}"));
                    }
                }
                if rest.first() == Some(&"exactly") {
                    let strangers = found.iter().filter(|f| !rest.iter().any(|o| spelled(f, o)));
                    wrong.extend(
                        strangers.map(|f| format!("{rule}: not {} {}", f.id.object, f.id.part)),
                    );
                }
            }
            "works" | "unsure" | "stopped" => {
                let found = instances(&mut engine, rule);
                for actor in rest.iter().filter(|w| **w != "at-least") {
                    let is = |sort: fn(&Instance) -> bool| {
                        found.iter().any(|i| sort(i) && actor_is(i, actor))
                    };
                    let holds = match *what {
                        "works" => is(Instance::works),
                        "unsure" => is(Instance::is_unsure),
                        _ => !is(Instance::works) && !is(Instance::is_unsure),
                    };
                    if !holds {
                        wrong.push(format!("{rule}: {actor} should be {what}"));
                    }
                }
            }
            _ => read -= 1,
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(read > 25, "{read} lines");
}

fn spelled(finding: &bartizan::model::Finding, text: &str) -> bool {
    let (object, part) = text.split_once('#').unwrap_or((text, ""));
    let key = finding.id.object.to_string().replacen(' ', "/", 1);
    key == object && (part.is_empty() || finding.id.part.to_string() == part)
}

fn actor_is(instance: &Instance, text: &str) -> bool {
    let actor = instance.actor.to_string();
    actor == text || actor.replacen(' ', "/", 1) == text
}

/// Probes that every rival of this kind gets wrong somewhere: what the API server answers is what is said.
mod probes {
    use super::*;

    fn engine(manifests: &'static str) -> Engine {
        Engine::of(world(&Example::fires(manifests)))
    }

    fn fired(engine: &Engine) -> Vec<String> {
        let of = |check: &Check| {
            let found = engine.findings(check.id);
            found
                .into_iter()
                .map(|f| format!("{} {} {}", f.id.check, f.severity, f.why))
                .collect::<Vec<_>>()
        };
        checks().into_iter().flat_map(of).collect()
    }

    #[test]
    fn anonymous_is_bound_to_view() {
        let mut engine = engine(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: open}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:anonymous'}]
",
        );
        let found = engine.findings("anonymous-rights");
        assert_eq!(found[0].severity, Severity::Critical);
        assert!(instances(&mut engine, "anonymous-reaches-data")[0].works());
        assert_eq!(
            fired(&engine).len(),
            1,
            "view reads no Secret and makes no pod"
        );
    }

    #[test]
    fn get_on_nodes_proxy_is_a_shell_everywhere() {
        let engine = engine(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: agent}
rules: [{apiGroups: [''], resources: [nodes/proxy], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: agent}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: agent}
subjects: [{kind: ServiceAccount, name: default, namespace: monitoring}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: monitoring}
",
        );
        assert_eq!(
            fired(&engine),
            [
                "node-proxy-granted critical sa:monitoring/default runs commands in every container of every node, past admission"
            ]
        );
    }

    #[test]
    fn bind_on_cluster_admin_with_rolebindings_of_one_namespace_is_that_namespace() {
        let mut engine = engine(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: access, namespace: shop}
rules:
- {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [cluster-admin], verbs: [bind]}
- {apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: cluster-admin}
rules:
- {apiGroups: ['*'], resources: ['*'], verbs: ['*']}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: access, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: access}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}]
",
        );
        assert_eq!(
            fired(&engine),
            ["escalate-bind-impersonate high user:jo may bind roles that it does not hold in shop"]
        );
        assert!(
            instances(&mut engine, "admin-by-another-name").is_empty(),
            "not the cluster"
        );
    }

    #[test]
    fn bind_held_everywhere_is_worth_the_namespace_whose_bindings_it_may_write() {
        let mut engine = engine(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: binder}
rules:
- {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [cluster-admin], verbs: [bind]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: cluster-admin}
rules:
- {apiGroups: ['*'], resources: ['*'], verbs: ['*']}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: bindings, namespace: shop}
rules:
- {apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: binder}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: binder}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}, {apiGroup: rbac.authorization.k8s.io, kind: User, name: al}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: bindings, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: bindings}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}]
",
        );
        let found = fired(&engine);
        assert!(
            found.contains(
                &"escalate-bind-impersonate high user:jo may bind roles that it does not hold in shop"
                    .to_owned()
            ),
            "{found:?}"
        );
        assert!(
            found
                .iter()
                .any(|f| f.starts_with("escalate-bind-impersonate low user:al holds one half")),
            "{found:?}"
        );
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            instances(&mut engine, "admin-by-another-name").is_empty(),
            "not the cluster"
        );
    }

    #[test]
    fn an_account_is_not_blamed_for_the_pod_that_runs_as_it() {
        let engine = engine(
            "apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec:
  hostPID: true
  containers:
  - name: agent
    image: registry.example.com/agent:1.4.2
    securityContext: {privileged: true}
",
        );
        assert!(fired(&engine).is_empty());
    }

    #[test]
    fn a_role_that_does_not_exist_makes_nobody_admin() {
        let mut engine = engine(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: old, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: cluster-admin}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}]
",
        );
        let found = fired(&engine);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("binding-to-nobody medium"),
            "{found:?}"
        );
        assert!(instances(&mut engine, "admin-by-another-name").is_empty());
    }
}
