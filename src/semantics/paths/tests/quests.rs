//! A quest finds the cheapest of the ways that begin as it asks: the same as looking through all of them.

use super::{CART, holding};
use crate::model::Subject;
use crate::semantics::paths::node::Node;
use crate::semantics::paths::{Goal, Graph, Start, Survey, Way, build, routes};
use crate::view::View;

const MEANS: [&[&str]; 6] = [
    &["holds-everything", "bind-roles", "impersonate"],
    &["issue-token", "token-secret"],
    &["create-pods", "rewrite-template"],
    &["privileged-pod"],
    &["exec", "mounted-token"],
    &["read-secrets", "dump-secrets"],
];

/// The first step of a way, up to where somebody else stands, does one of these things.
fn begins(graph: &Graph<'_>, way: &Way, means: &[&str]) -> bool {
    for at in &way.edges {
        let edge = &graph.edges()[*at];
        let to = &graph.nodes()[edge.to];
        if matches!(to, Node::NamespaceAdmin(_)) {
            continue;
        }
        if means.contains(&edge.kind.id) {
            return true;
        }
        if to.is_stand() {
            return false;
        }
    }
    false
}

fn is_right(node: &Node) -> bool {
    !node.is_stand() || matches!(node, Node::NamespaceAdmin(_))
}

/// After its first step the way uses a right that was held before it.
fn turns_back(graph: &Graph<'_>, way: &Way) -> bool {
    let (mut own, mut todo) = (Vec::new(), vec![graph.edges()[way.edges[0]].from]);
    while let Some(node) = todo.pop() {
        for edge in graph.leaving(node).iter().map(|at| &graph.edges()[*at]) {
            if is_right(&graph.nodes()[edge.to]) && !own.contains(&edge.to) {
                own.push(edge.to);
                todo.push(edge.to);
            }
        }
    }
    let reached: Vec<usize> = way.edges.iter().map(|at| graph.edges()[*at].to).collect();
    let first = reached.iter().position(|to| !is_right(&graph.nodes()[*to]));
    first.is_some_and(|first| reached[first..].iter().any(|to| own.contains(to)))
}

#[test]
fn a_quest_is_the_cheapest_of_all_ways_that_begin_so() {
    let worlds = [
        holding(
            "impersonate||users,groups",
            "create||serviceaccounts/token\nget,list||secrets\ncreate||secrets",
            "",
        ),
        holding(
            "",
            "create||pods\ncreate||pods/exec\npatch|apps|deployments",
            "",
        ),
        holding(
            "deletecollection||secrets\nget||nodes/proxy",
            "impersonate||serviceaccounts\ncreate||pods",
            "",
        ),
        holding(
            "bind|rbac.authorization.k8s.io|clusterroles\ncreate|rbac.authorization.k8s.io|clusterrolebindings",
            "*||*",
            "",
        ),
    ];
    let subject = Subject::parse(CART).unwrap();
    let start = Start::Subject(subject.clone());
    let (mut some, mut none) = (0, 0);
    for world in &worlds {
        let view = View::new(world);
        let graph = build(&view, &[]);
        let survey = Survey::new(&graph);
        for goal in [Goal::ClusterAdmin, Goal::NodeRoot, Goal::NamespaceSecrets] {
            let all = routes(&graph, &start, &goal, 500).paths;
            for means in MEANS {
                let mut fit = all.iter().filter(|way| begins(&graph, way, means));
                let cheapest = fit.find(|way| !turns_back(&graph, way));
                let quest = survey.quest(&goal, means);
                let found = quest.from_subject(&subject).filter(|way| !way.is_unsure());
                let costs = |way: &Way| (way.cost, way.edges.len());
                assert_eq!(
                    found.as_ref().map(costs),
                    cheapest.map(costs),
                    "{goal} by {means:?}"
                );
                match found {
                    Some(way) => {
                        assert!(begins(&graph, &way, means), "{way:?}");
                        some += 1;
                    }
                    None => none += 1,
                }
            }
        }
    }
    assert!(some > 10 && none > 10, "{some} {none}");
}

#[test]
fn what_is_barred_from_the_first_step_may_come_later() {
    let world = holding("", "create||pods", "");
    let view = View::new(&world);
    let graph = build(&view, &[]);
    let survey = Survey::new(&graph);
    let subject = Subject::parse(CART).unwrap();
    let makes: &[&str] = &["create-pods"];
    let ends = |never| {
        let quest = survey.quest_without(&Goal::NodeRoot, makes, never);
        let way = quest.from_subject(&subject)?;
        Some(way.steps.iter().map(|step| step.edge).collect::<Vec<_>>())
    };
    assert_eq!(ends(&[]).unwrap(), ["privileged-pod"]);
    let later = ends(&["privileged-pod"]).unwrap();
    assert_eq!(later.first(), Some(&"create-pods"));
    assert!(later.len() > 1, "{later:?}");
}

#[test]
fn what_a_group_holds_is_told_of_the_group() {
    let world = holding(
        "",
        "",
        "---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: all}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: everything}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:serviceaccounts'}]
",
    );
    let view = View::new(&world);
    let graph = build(&view, &[]);
    let survey = Survey::new(&graph);
    let quest = survey.quest(&Goal::ClusterAdmin, &["holds-everything"]);
    let of = |name: &str| quest.from_subject(&Subject::parse(name).unwrap());
    assert!(of("group:system:serviceaccounts").is_some());
    assert!(of(CART).is_none());
    assert!(quest.from_anybody(&Subject::parse(CART).unwrap()).is_some());
}
