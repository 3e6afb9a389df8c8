//! What the API server asks beyond RBAC when somebody writes a role or a binding: nobody grants what they do not hold.
//!
//! Only this question is answered here; whether the caller may `create` or `update` the object at all is [`super::allowed`].
//! Source: kubernetes/kubernetes `pkg/registry/rbac/escalation_check.go`, `pkg/registry/rbac/*/policybased/storage.go` and
//! `ConfirmNoEscalation` in `pkg/registry/rbac/validation/rule.go`.

use super::covers::{atoms, covers_atom};
use super::decision::{Answer, allowed};
use super::grants::{held_in, role_of};
use super::identity::Identity;
use super::request::{Request, Target};
use crate::model::objects::access::{Binding, Rule};
use crate::view::{Look, View};

const GROUP: &str = "rbac.authorization.k8s.io";

/// A role as somebody wants to have it.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'q> {
    /// Namespace of a Role; `None`: a `ClusterRole`.
    pub namespace: Option<&'q str>,
    /// The name that the request carries: that of an update, a patch or an apply. A plain create has none, whatever the
    /// object is called, so a rule with `resourceNames` does not help there.
    pub name: Option<&'q str>,
    /// Its rules.
    pub rules: &'q [Rule],
    /// It gathers the rules of others, or did before the change.
    pub aggregated: bool,
}

/// Whether the rules of a role may be written by somebody who may write the role.
pub fn may_write(view: &View<'_>, who: &Identity, draft: &Draft<'_>) -> Answer {
    if who.is_master() {
        return Answer::Allowed;
    }
    let namespace = draft.namespace.unwrap_or_default();
    let resource = if draft.namespace.is_some() {
        "roles"
    } else {
        "clusterroles"
    };
    let escalate = Target::new("escalate", GROUP, resource)
        .within(namespace)
        .named(draft.name.unwrap_or_default());
    let escalates = allowed(view, &Request::new(who.clone(), escalate)).answer;
    let holds = || {
        let rules = holds(view, who, namespace, draft.rules);
        if draft.aggregated {
            // What it gathers may be anything.
            worse(rules, holds(view, who, "", &everything()))
        } else {
            rules
        }
    };
    either(escalates, holds)
}

/// Whether a binding may be written by somebody who may write bindings there: `bind` on its role, or every right of it.
/// It makes no difference which subjects it names, or whether the role was bound before.
pub fn may_bind(view: &View<'_>, who: &Identity, binding: &Binding) -> Answer {
    if who.is_master() {
        return Answer::Allowed;
    }
    let namespace = binding.meta.key.namespace.as_deref().unwrap_or_default();
    let resource = if binding.role.cluster {
        "clusterroles"
    } else {
        "roles"
    };
    let bind = Target::new("bind", GROUP, resource)
        .within(namespace)
        .named(&binding.role.name);
    let binds = allowed(view, &Request::new(who.clone(), bind)).answer;
    either(binds, || match role_of(view, binding) {
        Look::Seen(role) => holds(view, who, namespace, &role.rules),
        Look::Absent => Answer::Refused,
        Look::Blind(_) => Answer::Unknown,
    })
}

/// Whether somebody holds everything that these rules give, in a namespace (`""`: cluster-wide).
pub fn holds(view: &View<'_>, who: &Identity, namespace: &str, rules: &[Rule]) -> Answer {
    let held = held_in(view, who, namespace);
    let owned: Vec<&Rule> = held.grants.iter().flat_map(|g| &g.role.rules[..]).collect();
    let mut wanted = rules.iter().flat_map(atoms);
    if wanted.all(|atom| owned.iter().any(|rule| covers_atom(rule, &atom))) {
        Answer::Allowed
    } else if held.blind {
        Answer::Unknown
    } else {
        Answer::Refused
    }
}

/// Every right on resources and paths: what it takes to write an aggregation rule.
fn everything() -> [Rule; 2] {
    let star = || Box::from(["*".into()]);
    let none = || Box::from([]);
    let rule = |groups, resources, urls| Rule {
        verbs: star(),
        groups,
        resources,
        names: none(),
        urls,
    };
    [rule(star(), star(), none()), rule(none(), none(), star())]
}

fn either(first: Answer, second: impl FnOnce() -> Answer) -> Answer {
    match (first, second) {
        (Answer::Allowed, _) => Answer::Allowed,
        (Answer::Refused, second) => second(),
        (Answer::Unknown, second) => match second() {
            Answer::Allowed => Answer::Allowed,
            _ => Answer::Unknown,
        },
    }
}

fn worse(one: Answer, other: Answer) -> Answer {
    match (one, other) {
        (Answer::Allowed, Answer::Allowed) => Answer::Allowed,
        (Answer::Refused, _) | (_, Answer::Refused) => Answer::Refused,
        _ => Answer::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{bind, named, role, rule};
    use super::*;
    use crate::model::Object;
    use crate::view::World;

    fn world(extra: &[Object]) -> World {
        let mut objects = vec![
            role(None, "reader", &[rule("get,list", "", "pods", "")]),
            role(None, "strong", &[rule("*", "*", "*", "")]),
            bind(Some("shop"), "jo", (true, "reader"), &["user:jo"]),
        ];
        objects.extend(extra.iter().cloned());
        World::closed(objects)
    }

    fn binding(object: &Object) -> &Binding {
        match object {
            Object::Binding(binding) => binding,
            _ => panic!("{object:?}"),
        }
    }

    fn binds(world: &World, namespace: Option<&str>, name: &str) -> Answer {
        let wanted = bind(namespace, "new", (true, name), &["user:al"]);
        may_bind(&View::new(world), &Identity::user("jo"), binding(&wanted))
    }

    #[test]
    fn what_is_held_may_be_passed_on_where_it_is_held() {
        let world = world(&[]);
        assert_eq!(binds(&world, Some("shop"), "reader"), Answer::Allowed);
        assert_eq!(binds(&world, Some("pay"), "reader"), Answer::Refused);
        assert_eq!(binds(&world, None, "reader"), Answer::Refused);
        assert_eq!(binds(&world, Some("shop"), "strong"), Answer::Refused);
        assert_eq!(binds(&world, Some("shop"), "missing"), Answer::Refused);
    }

    #[test]
    fn bind_counts_for_the_roles_that_it_names_where_it_is_held() {
        let binder = named(rule("bind", GROUP, "clusterroles", ""), "strong");
        let world = world(&[
            role(None, "binder", &[binder]),
            bind(Some("shop"), "binder", (true, "binder"), &["user:jo"]),
        ]);
        assert_eq!(binds(&world, Some("shop"), "strong"), Answer::Allowed);
        assert_eq!(binds(&world, Some("pay"), "strong"), Answer::Refused);
        assert_eq!(binds(&world, None, "strong"), Answer::Refused);
    }

    #[test]
    fn escalate_on_a_named_role_does_not_help_to_create_it() {
        let escalator = named(rule("escalate", GROUP, "roles", ""), "mine");
        let world = world(&[
            role(Some("shop"), "escalator", &[escalator]),
            bind(
                Some("shop"),
                "escalator",
                (false, "escalator"),
                &["user:jo"],
            ),
        ]);
        let view = View::new(&world);
        let strong = [rule("*", "*", "*", "")];
        let write = |name| {
            let draft = Draft {
                namespace: Some("shop"),
                name,
                rules: &strong,
                aggregated: false,
            };
            may_write(&view, &Identity::user("jo"), &draft)
        };
        assert_eq!(write(None), Answer::Refused);
        assert_eq!(write(Some("mine")), Answer::Allowed);
        assert_eq!(write(Some("other")), Answer::Refused);
    }

    #[test]
    fn an_aggregation_rule_takes_every_right() {
        let nothing = |aggregated| Draft {
            namespace: None,
            name: None,
            rules: &[],
            aggregated,
        };
        let jo = Identity::user("jo");
        let write =
            |world: &World, aggregated| may_write(&View::new(world), &jo, &nothing(aggregated));
        let few = world(&[]);
        assert_eq!(write(&few, false), Answer::Allowed);
        assert_eq!(write(&few, true), Answer::Refused);
        let all = world(&[bind(None, "all", (true, "strong"), &["user:jo"])]);
        assert_eq!(
            write(&all, true),
            Answer::Allowed,
            "escalate is among all verbs"
        );
    }
}
