//! Every family with an example that works and a twin that does not.

mod changes;
mod makers;
mod quests;
mod rights;
mod running;
mod ways;

use super::{Found, Goal, Start, build, routes};
use crate::model::{Kind, ObjectKey, Subject};
use crate::semantics::testing::world;
use crate::view::{View, World};

const CART: &str = "sa:shop/cart";

/// What the account shop/cart holds: rules of cluster roles bound everywhere, and of roles bound in shop. Rules are
/// `verbs|group|resources` or with `|names`, one a line.
fn holding(wide: &str, shop: &str, more: &str) -> World {
    let rule = |line: &str| -> String {
        let parts: Vec<&str> = line.trim().split('|').collect();
        let names = match parts.get(3) {
            Some(names) => format!(", resourceNames: [{names}]"),
            None => String::new(),
        };
        format!(
            "- {{verbs: [{}], apiGroups: ['{}'], resources: ['{}']{names}}}\n",
            parts[0].replace('*', "'*'"),
            parts[1],
            parts[2].replace(',', "','"),
        )
    };
    let rules = |text: &str| text.lines().map(rule).collect::<Vec<_>>().concat();
    let bound = |kind: &str, place: &str, text: &str| {
        if text.is_empty() {
            return String::new();
        }
        format!(
            "---
apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}
metadata: {{name: own{place}}}
rules:
{}---
apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}Binding
metadata: {{name: own{place}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {kind}, name: own}}
subjects: [{{kind: ServiceAccount, name: cart, namespace: shop}}]
",
            rules(text)
        )
    };
    world(&format!(
        "apiVersion: v1
kind: ServiceAccount
metadata: {{name: cart, namespace: shop}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: admin, namespace: shop}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: everything}}
rules:
- {{verbs: ['*'], apiGroups: ['*'], resources: ['*']}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: admin}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: everything}}
subjects:
- {{kind: ServiceAccount, name: admin, namespace: shop}}
- {{kind: Group, name: admins}}
{}{}---
{more}",
        bound("ClusterRole", "", wide),
        bound("Role", ", namespace: shop", shop),
    ))
}

/// The same world without an administrator to become.
fn alone(mut world: World) -> World {
    world.take(&ObjectKey::cluster(Kind::ClusterRoleBinding, "admin"));
    world
}

fn found(world: &World, from: &str, to: &str) -> Found {
    let graph = build(&View::new(world), &[Subject::parse(CART).unwrap()]);
    let pod = || {
        let name = from.rsplit('/').next().unwrap();
        Start::Workload(ObjectKey::namespaced(Kind::Pod, "shop", name))
    };
    let start = Subject::parse(from).map_or_else(pod, Start::Subject);
    routes(&graph, &start, &Goal::parse(to).unwrap(), 5)
}

/// The first path, as ids of its steps; empty without one.
fn first(world: &World, from: &str, to: &str) -> Vec<&'static str> {
    let found = found(world, from, to);
    let way = found.paths.first();
    way.map(|way| way.steps.iter().map(|step| step.edge).collect())
        .unwrap_or_default()
}

/// The same for somebody who is asked about and whom no binding names.
fn routes_of(world: &World, from: &str, to: &str) -> Vec<&'static str> {
    let from = Subject::parse(from).unwrap();
    let graph = build(&View::new(world), std::slice::from_ref(&from));
    let goal = Goal::parse(to).unwrap();
    let found = routes(&graph, &Start::Subject(from), &goal, 5);
    let way = found.paths.first();
    way.map(|way| way.steps.iter().map(|step| step.edge).collect())
        .unwrap_or_default()
}

fn wide(rules: &str) -> Vec<&'static str> {
    first(&holding(rules, "", ""), CART, "cluster-admin")
}

fn in_shop(rules: &str, to: &str) -> Vec<&'static str> {
    first(&holding("", rules, ""), CART, to)
}

const RBAC: &str = "rbac.authorization.k8s.io";
const NOTHING: [&str; 0] = [];
