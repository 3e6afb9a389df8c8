//! The graph after changes is the one that is made anew: every change of random worlds, alone and after others.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::RBAC;
use crate::model::change::{Change, ContainerEdit, Edit, PodEdit, RuleEdit};
use crate::model::{Kind, Object, ObjectKey};
use crate::semantics::paths::after::after;
use crate::semantics::paths::edge::Cause;
use crate::semantics::paths::{Graph, Node, build};
use crate::semantics::testing::world;
use crate::view::{View, World};

/// Rights that edges rest on, alone and together: verbs, group, resources, names.
const RIGHTS: [&str; 30] = [
    "*|*|*",
    "create||pods",
    "get||secrets",
    "get||secrets|old-token-x",
    "create||pods,pods/exec",
    "create||pods/exec|web-1",
    "patch||pods",
    "get||nodes/proxy",
    "get||nodes/proxy|n1",
    "update||pods/ephemeralcontainers",
    "create||serviceaccounts/token",
    "create||serviceaccounts/token|old",
    "create||serviceaccounts,secrets",
    "impersonate||users,groups",
    "impersonate||serviceaccounts",
    "impersonate||serviceaccounts|admin",
    "impersonate||groups|ops",
    "update|apps|deployments",
    "patch||namespaces",
    "create||namespaces",
    "create||persistentvolumes,persistentvolumeclaims",
    "bind|RBAC|clusterroles",
    "bind|RBAC|clusterroles|r1",
    "bind|RBAC|roles,clusterroles",
    "create|RBAC|rolebindings,clusterrolebindings",
    "update|RBAC|rolebindings",
    "escalate,update|RBAC|roles,clusterroles",
    "create,approve,update|certificates.k8s.io|certificatesigningrequests,signers,certificatesigningrequests/approval",
    "update|admissionregistration.k8s.io|mutatingwebhookconfigurations",
    "impersonate:user-info,impersonate:arbitrary-node,impersonate-on:user-info:create,impersonate-on:arbitrary-node:get|*|*",
];

const SUBJECTS: [&str; 9] = [
    "{kind: ServiceAccount, name: old, namespace: shop}",
    "{kind: ServiceAccount, name: default, namespace: pay}",
    "{kind: ServiceAccount, name: admin, namespace: shop}",
    "{kind: ServiceAccount, name: missing, namespace: pay}",
    "{kind: User, name: jo}",
    "{kind: User, name: 'system:serviceaccount:shop:old'}",
    "{kind: Group, name: ops}",
    "{kind: Group, name: 'system:serviceaccounts:shop'}",
    "{kind: Group, name: 'system:nodes'}",
];

/// A binding: where (everywhere, or in a namespace), the role, the subjects.
type Bound = (usize, usize, Vec<usize>);

fn holding(roles: &[Vec<usize>], bound: &[Bound], closed: bool, agent: bool) -> World {
    let level = if closed { "restricted" } else { "privileged" };
    let mut text = format!(
        "apiVersion: v1
kind: Namespace
metadata: {{name: shop, labels: {{pod-security.kubernetes.io/enforce: {level}}}}}
---
apiVersion: v1
kind: Namespace
metadata: {{name: pay, labels: {{pod-security.kubernetes.io/enforce: baseline, team: pay}}}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: old, namespace: shop, annotations: {{eks.amazonaws.com/role-arn: x}}}}
secrets: [{{name: old-token-x}}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: admin, namespace: shop}}
---
apiVersion: v1
kind: Node
metadata: {{name: n1, labels: {{node-role.kubernetes.io/control-plane: ''}}}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {{name: guard}}
webhooks:
- name: guard.example.com
  rules: [{{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}}]
  namespaceSelector: {{matchLabels: {{team: pay}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: app, namespace: pay}}
spec:
  template:
    spec:
      containers: [{{name: main, image: i, securityContext: {{privileged: true}}}}]
"
    );
    for (name, space, node, account) in [
        ("web-1", "shop", "n1", "old"),
        ("web-2", "shop", "n2", "old"),
        ("job", "pay", "n2", "default"),
    ] {
        text += &format!(
            "---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: {space}}}
spec:
  nodeName: {node}
  serviceAccountName: {account}
  containers:
  - {{name: main, image: i, securityContext: {{privileged: true}}, env: [{{name: A, valueFrom: {{secretKeyRef: {{name: db, key: k}}}}}}]}}
  volumes: [{{name: host, hostPath: {{path: /}}}}]
"
        );
    }
    if agent {
        text += "---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: pay}
spec:
  nodeName: n1
  containers: [{name: main, image: i, volumeMounts: [{name: k, mountPath: /host, readOnly: true}]}]
  volumes: [{name: k, hostPath: {path: /var/lib/kubelet}}]
";
    }
    text += &rights(roles, bound);
    world(&text)
}

/// Roles and bindings.
fn rights(roles: &[Vec<usize>], bound: &[Bound]) -> String {
    let mut text = String::new();
    for (at, rights) in roles.iter().enumerate() {
        text += &format!(
            "---\napiVersion: {RBAC}/v1\nkind: ClusterRole\nmetadata: {{name: r{at}}}\nrules:\n"
        );
        for right in rights {
            let parts: Vec<&str> = RIGHTS[*right].split('|').collect();
            let list = |text: &str| format!("['{}']", text.replace(',', "','"));
            let names = parts.get(3).map(|n| format!(", resourceNames: [{n}]"));
            text += &format!(
                "- {{verbs: {}, apiGroups: ['{}'], resources: {}{}}}\n",
                list(parts[0]),
                parts[1].replace("RBAC", RBAC),
                list(parts[2]),
                names.unwrap_or_default()
            );
        }
    }
    for (at, (place, role, subjects)) in bound.iter().enumerate() {
        let (kind, place) = match place {
            0 => ("ClusterRoleBinding", ""),
            1 => ("RoleBinding", ", namespace: shop"),
            _ => ("RoleBinding", ", namespace: pay"),
        };
        let subjects: Vec<&str> = subjects.iter().map(|at| SUBJECTS[*at]).collect();
        text += &format!(
            "---
apiVersion: {RBAC}/v1
kind: {kind}
metadata: {{name: b{at}{place}}}
roleRef: {{apiGroup: {RBAC}, kind: ClusterRole, name: r{}}}
subjects: [{}]
",
            role % roles.len(),
            subjects.join(", ")
        );
    }
    text
}

/// Changes of an object that cuts may try, and some that they do not.
fn changes(object: &Object) -> Vec<Change> {
    let pod = |edit: PodEdit| Edit::Pod(edit);
    let specs = || {
        let privileged = ContainerEdit::Privileged(false);
        vec![
            pod(PodEdit::Automount(false)),
            pod(PodEdit::RemoveVolume("host".into())),
            pod(PodEdit::Account("admin".into())),
            Edit::Container("main".into(), privileged),
        ]
    };
    let enforce = "pod-security.kubernetes.io/enforce";
    let edits = match object {
        Object::Role(role) => {
            let rules = role.rules.iter().cloned().enumerate();
            let gone = |(at, rule)| Edit::Rule(at, RuleEdit::Remove(Box::new(rule)));
            rules.map(gone).collect()
        }
        Object::Binding(binding) => {
            let subjects = binding.subjects.iter().cloned();
            subjects.map(Edit::RemoveSubject).collect()
        }
        Object::Namespace(_) => vec![
            Edit::Label(enforce.into(), Some("baseline".into())),
            Edit::Label(enforce.into(), None),
            Edit::Label("team".into(), Some("pay".into())),
            Edit::Label("team".into(), None),
        ],
        Object::ServiceAccount(_) => vec![Edit::AccountAutomount(false)],
        Object::Pod(_) | Object::Workload(_) => specs(),
        _ => Vec::new(),
    };
    let change = |edit| Change::new(object.key(), edit);
    edits.into_iter().map(change).collect()
}

fn all_changes(world: &World) -> Vec<Change> {
    let objects = world.spaces().flat_map(|(_, space)| {
        let tables = Kind::all().map(|kind| space.table(kind));
        tables.flat_map(|table| table.values())
    });
    objects.flat_map(|object| changes(object)).collect()
}

/// Whoever may begin a way.
fn begins(graph: &Graph<'_>) -> BTreeSet<Node> {
    let nodes = graph.nodes().iter();
    let begins = nodes.filter(|node| matches!(node, Node::Actor(_) | Node::Inside(..)));
    begins.cloned().collect()
}

/// The edges that ways may take which begin there, in words.
fn told(graph: &Graph<'_>, begins: &BTreeSet<Node>) -> BTreeSet<String> {
    let mut todo: Vec<usize> = begins.iter().filter_map(|node| graph.find(node)).collect();
    let mut seen: BTreeSet<usize> = todo.iter().copied().collect();
    let mut told = BTreeSet::new();
    while let Some(node) = todo.pop() {
        for edge in graph.leaving(node).iter().map(|at| &graph.edges()[*at]) {
            let node = |at: usize| format!("{:?}", graph.nodes()[at]);
            let causes: Vec<_> = edge.causes.iter().flat_map(Cause::evidence).collect();
            told.insert(format!(
                "{} {} {} {causes:?} {:?} {:?} {:?}",
                node(edge.from),
                edge.kind.id,
                node(edge.to),
                edge.note,
                edge.unsure,
                edge.cuts
            ));
            if seen.insert(edge.to) {
                todo.push(edge.to);
            }
        }
    }
    told
}

/// Whether a graph after these changes was made of the one before, and what tells it from the one made anew.
fn compare(world: &World, graph: &Graph<'_>, changes: &[Change]) -> (bool, Vec<String>) {
    let (changed, _) = world.with(changes);
    let view = View::new(&changed);
    let (first, rest) = changes.split_first().unwrap();
    let quick = after(&view, graph, first, &[]);
    let quick = quick.and_then(|quick| {
        let mut rest = rest.iter();
        rest.try_fold(quick, |graph, change| after(&view, &graph, change, &[]))
    });
    let Some(quick) = quick else {
        return (false, Vec::new());
    };
    let anew = build(&view, &[]);
    let begins = begins(&anew);
    let (quick, anew) = (told(&quick, &begins), told(&anew, &begins));
    let differ = quick.symmetric_difference(&anew);
    (true, differ.cloned().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_graph_after_changes_is_the_one_that_is_made_anew(
        roles in prop::collection::vec(prop::collection::vec(0..RIGHTS.len(), 1..4), 2..5),
        bound in prop::collection::vec((0..3_usize, 0..8_usize, prop::collection::vec(0..SUBJECTS.len(), 1..3)), 1..7),
        closed in any::<bool>(),
        agent in any::<bool>(),
        second in any::<prop::sample::Index>(),
    ) {
        let world = holding(&roles, &bound, closed, agent);
        let view = View::new(&world);
        let graph = build(&view, &[]);
        let all = all_changes(&world);
        let other = second.get(&all);
        for change in &all {
            for changes in [vec![change.clone()], vec![change.clone(), other.clone()]] {
                let (_, differ) = compare(&world, &graph, &changes);
                prop_assert!(differ.is_empty(), "{changes:?}: {differ:#?}");
            }
        }
    }
}

/// How many single changes of a world need no graph made anew, of how many.
fn quick(world: &World) -> (usize, usize) {
    let view = View::new(world);
    let graph = build(&view, &[]);
    let all = all_changes(world);
    let one = |change: &&Change| compare(world, &graph, std::slice::from_ref(*change)).0;
    (all.iter().filter(one).count(), all.len())
}

#[test]
fn few_changes_need_a_graph_made_anew() {
    let at = |right: &str| RIGHTS.iter().position(|it| *it == right).unwrap();
    let roles = [
        vec![at("*|*|*")],
        vec![
            at("bind|RBAC|clusterroles"),
            at("create|RBAC|rolebindings,clusterrolebindings"),
        ],
        vec![at("create||pods"), at("patch||namespaces")],
    ];
    let bound = [(0, 0, vec![2]), (0, 1, vec![6]), (1, 2, vec![0, 4])];
    let world = holding(&roles, &bound, true, false);
    let (quick_ones, all) = quick(&world);
    // Those that take somebody out of the only binding that names them.
    assert_eq!(all - quick_ones, 2, "{quick_ones} of {all}");
    let key = ObjectKey::cluster(Kind::ClusterRoleBinding, "b0");
    assert!(world.get(&key).is_some());
}
