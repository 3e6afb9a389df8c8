//! Roles that are filled from others, as the controller manager fills them.
//!
//! Source: `syncClusterRole` in kubernetes/kubernetes `pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go`:
//! selector after selector, the selected ClusterRoles in order of name, without the role itself, each rule once; and again,
//! since a role that is filled may fill others. A live cluster has done this before it is looked at.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::objects::access::{Role, Rule};
use crate::model::{Kind, Object, Str};
use crate::semantics::selectors;

/// Fills the aggregated roles among these objects.
///
/// The controller replaces the rules of such a role. Here those that are written stay: they are what it wrote when the
/// objects were saved from a cluster, maybe without the roles that it took them from. A role that came so with its rules takes
/// nothing from parts that are only assumed: its own cluster had those of its own version.
pub fn fill(objects: &mut [Object]) {
    let is_cluster_role = |object: &&Object| object.kind() == Kind::ClusterRole;
    let all = objects.iter().filter(is_cluster_role).filter_map(role);
    let mut roles: BTreeMap<Str, Role> = all
        .map(|role| (role.meta.key.name.clone(), role.clone()))
        .collect();
    let came = roles.values().filter(|r| !r.assumed && !r.rules.is_empty());
    let came: BTreeSet<Str> = came.map(|role| role.meta.key.name.clone()).collect();
    // Rules are only ever added, and there are finitely many: it ends.
    loop {
        let more: Vec<(Str, Vec<Rule>)> = roles
            .values()
            .map(|role| {
                let name = role.meta.key.name.clone();
                let rules = missing(role, &roles, came.contains(&name));
                (name, rules)
            })
            .filter(|(_, rules)| !rules.is_empty())
            .collect();
        if more.is_empty() {
            break;
        }
        for (name, rules) in more {
            if let Some(role) = roles.get_mut(&name) {
                role.rules = role.rules.iter().cloned().chain(rules).collect();
            }
        }
    }
    for object in objects {
        if let Object::Role(role) = object
            && role.meta.key.known() == Some(Kind::ClusterRole)
            && let Some(filled) = roles.remove(&role.meta.key.name)
        {
            *role = filled;
        }
    }
}

/// The rules that the controller would still add.
fn missing(role: &Role, roles: &BTreeMap<Str, Role>, came: bool) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for selector in role.aggregation.iter().flatten() {
        let selected = roles
            .values()
            .filter(|part| part.meta.key != role.meta.key && !(came && part.assumed))
            .filter(|part| selectors::matches(selector, &part.meta.labels));
        for rule in selected.flat_map(|part| &part.rules) {
            if !role.rules.contains(rule) && !rules.contains(rule) {
                rules.push(rule.clone());
            }
        }
    }
    rules
}

fn role(object: &Object) -> Option<&Role> {
    match object {
        Object::Role(role) => Some(role),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{role as plain, rule};
    use super::super::stock;
    use super::*;
    use crate::model::Labels;
    use crate::model::objects::selector::Selector;

    fn label(text: &str) -> Labels {
        Labels::of(&[(text, "true")])
    }

    /// A ClusterRole with labels, rules, and what fills it.
    fn cluster_role(name: &str, into: &[&str], rules: &[Rule], from: &[&str]) -> Object {
        let Object::Role(mut role) = plain(None, name, rules) else {
            unreachable!("a role")
        };
        role.meta.labels = Labels::new(into.iter().map(|l| ((*l).into(), "true".into())));
        let selectors = from.iter().map(|l| Selector {
            labels: label(l),
            expressions: Box::default(),
        });
        role.aggregation = (!from.is_empty()).then(|| selectors.collect());
        Object::Role(role)
    }

    fn rules(objects: &[Object], name: &str) -> Vec<String> {
        let found = objects.iter().filter_map(role);
        let found = found.filter(|role| &*role.meta.key.name == name);
        found
            .flat_map(|role| &role.rules)
            .map(super::super::rule::describe)
            .collect()
    }

    fn secrets() -> Rule {
        rule("list", "", "secrets", "")
    }

    fn pods() -> Rule {
        rule("get", "", "pods", "")
    }

    #[test]
    fn parts_fill_a_role_selector_after_selector_each_rule_once_and_on_to_the_next() {
        let mut objects = vec![
            cluster_role("top", &[], &[], &["to-top"]),
            cluster_role("middle", &["to-top"], &[], &["b", "a"]),
            cluster_role("z", &["a", "b"], &[pods()], &[]),
            cluster_role("y", &["a"], &[secrets(), pods()], &[]),
        ];
        fill(&mut objects);
        let middle = rules(&objects, "middle");
        assert_eq!(middle, rules(&objects, "top"));
        // The selector of `b` comes first and selects z alone.
        let of = |one: &Rule| super::super::rule::describe(one);
        assert_eq!(middle, [of(&pods()), of(&secrets())]);
    }

    #[test]
    fn a_role_never_fills_itself_and_a_circle_ends() {
        let mut objects = vec![
            cluster_role("one", &["x"], &[pods()], &["x"]),
            cluster_role("two", &["x"], &[secrets()], &["x"]),
        ];
        fill(&mut objects);
        assert_eq!(rules(&objects, "one").len(), 2);
        assert_eq!(rules(&objects, "two").len(), 2);
    }

    #[test]
    fn what_a_cluster_had_filled_is_not_counted_twice() {
        let saved = [
            cluster_role("top", &[], &[pods(), secrets()], &["a"]),
            cluster_role("part", &["a"], &[pods(), secrets()], &[]),
        ];
        let mut objects = saved.to_vec();
        fill(&mut objects);
        assert_eq!(objects, saved);
        // Saved without its part it keeps what it holds.
        let mut alone = vec![saved[0].clone()];
        fill(&mut alone);
        assert_eq!(alone, saved[..1]);
    }

    #[test]
    fn a_stock_role_takes_what_files_add_to_it_and_a_saved_one_nothing_that_is_assumed() {
        const EDIT: &str = "rbac.authorization.k8s.io/aggregate-to-edit";
        let mut objects = stock::assumed(None);
        let before = rules(&objects, "edit").len();
        objects.push(cluster_role("addon", &[EDIT], &[secrets()], &[]));
        fill(&mut objects);
        assert_eq!(rules(&objects, "edit").len(), before + 1);
        assert!(
            rules(&objects, "admin").len() > before + 1,
            "edit fills admin"
        );

        let mut objects = stock::assumed(None);
        objects.retain(|object| &*object.key().name != "edit");
        objects.push(cluster_role("edit", &[], &[pods()], &[EDIT]));
        objects.push(cluster_role("addon", &[EDIT], &[secrets()], &[]));
        fill(&mut objects);
        assert_eq!(rules(&objects, "edit").len(), 2);
    }

    #[test]
    fn a_role_of_a_namespace_is_left_alone() {
        let mut role = plain(Some("shop"), "top", &[]);
        if let Object::Role(role) = &mut role {
            role.aggregation = Some(Box::new([Selector::default()]));
        }
        let mut objects = vec![role, cluster_role("part", &[], &[pods()], &[])];
        let before = objects.clone();
        fill(&mut objects);
        assert_eq!(objects, before);
    }
}
