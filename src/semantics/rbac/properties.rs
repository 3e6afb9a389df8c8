//! Properties on random rules and small random clusters, against a second, plain reading of upstream's code.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::covers::covers;
use super::rule::{Ask, allows};
use super::samples::{bind, list, role};
use super::*;
use crate::model::objects::access::Rule;
use crate::model::sight::State;
use crate::model::{Kind, Object, Reason, Str};
use crate::view::{View, World};

const VERBS: [&str; 4] = ["*", "get", "create", "bind"];
const GROUPS: [&str; 3] = ["*", "", "apps"];
const RESOURCES: [&str; 7] = [
    "*",
    "pods",
    "pods/exec",
    "pods/*",
    "*/exec",
    "*/scale",
    "secrets",
];
const NAMES: [&str; 3] = ["*", "a", "b"];
const SUBJECTS: [&str; 9] = [
    "user:jo",
    "user:system:serviceaccount:shop:cart",
    "group:dev",
    "group:system:authenticated",
    "group:system:serviceaccounts",
    "group:system:serviceaccounts:shop",
    "sa:shop/cart",
    "sa:/cart",
    "sa:pay/cart",
];

fn words(pool: &'static [&'static str], most: usize) -> impl Strategy<Value = Box<[Str]>> {
    subsequence(pool, 0..=most).prop_map(|some| some.into_iter().map(Str::from).collect())
}

fn rules() -> impl Strategy<Value = Rule> {
    (
        words(&VERBS, 2),
        words(&GROUPS, 2),
        words(&RESOURCES, 2),
        words(&NAMES, 1),
    )
        .prop_map(|(verbs, groups, resources, names)| Rule {
            verbs,
            groups,
            resources,
            names,
            urls: Box::default(),
        })
}

type Asked = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

fn asks() -> impl Strategy<Value = Asked> {
    (
        select(vec!["get", "create", "bind", "list"]),
        select(vec!["", "apps", "batch"]),
        select(vec!["pods", "secrets", "deployments"]),
        select(vec!["", "exec", "scale"]),
        select(vec!["", "a", "*", "c"]),
    )
}

fn ask((verb, group, resource, subresource, name): Asked) -> Ask<'static> {
    Ask {
        verb,
        group,
        resource,
        subresource,
        name,
    }
}

/// `RuleAllows` as it stands in Go, with its joined strings.
fn plainly_allows(rule: &Rule, (verb, group, resource, sub, name): Asked) -> bool {
    let combined = if sub.is_empty() {
        resource.to_owned()
    } else {
        format!("{resource}/{sub}")
    };
    let has = |list: &[Str], word: &str| list.iter().any(|it| **it == *word);
    (has(&rule.verbs, "*") || has(&rule.verbs, verb))
        && (has(&rule.groups, "*") || has(&rule.groups, group))
        && (has(&rule.resources, "*")
            || has(&rule.resources, &combined)
            || (!sub.is_empty() && has(&rule.resources, &format!("*/{sub}"))))
        && (rule.names.is_empty() || has(&rule.names, name))
}

/// (namespace of the binding, role is a `ClusterRole`, role's number, subjects).
type Bound = (Option<&'static str>, bool, usize, Vec<&'static str>);

fn bindings() -> impl Strategy<Value = Vec<Bound>> {
    let one = (
        select(vec![None, Some("shop"), Some("pay")]),
        any::<bool>(),
        0..3usize,
        subsequence(&SUBJECTS[..], 0..=3),
    );
    vec(one, 0..5)
}

/// Cluster roles 0 and 1 with these rules; in `shop` Roles of the same names with the other one's. Role 2 does not exist.
fn world(rules: &[Rule; 2], bindings: &[Bound]) -> World {
    let mut objects: Vec<Object> = vec![
        role(None, "r0", &rules[..1]),
        role(None, "r1", &rules[1..]),
        role(Some("shop"), "r0", &rules[1..]),
    ];
    for (at, (namespace, cluster, number, subjects)) in bindings.iter().enumerate() {
        let cluster = *cluster || namespace.is_none();
        let name = format!("b{at}");
        objects.push(bind(
            *namespace,
            &name,
            (cluster, &format!("r{number}")),
            subjects,
        ));
    }
    World::closed(objects)
}

/// What the world's bindings allow, read one by one.
fn plainly(
    rules: &[Rule; 2],
    bindings: &[Bound],
    who: &Identity,
    asked: Asked,
    namespace: &str,
) -> bool {
    bindings.iter().any(|(place, cluster, number, subjects)| {
        let counts = place.is_none_or(|ns| !namespace.is_empty() && ns == namespace);
        let named = subjects
            .iter()
            .any(|subject| match subject.split_once(':') {
                Some(("user", name)) => who.name() == Some(name),
                Some(("group", name)) => who.groups().iter().any(|g| &**g == name),
                Some(("sa", account)) => {
                    let (home, name) = account.split_once('/').unwrap();
                    let spelled = format!("system:serviceaccount:{home}:{name}");
                    !home.is_empty() && who.name() == Some(&*spelled)
                }
                _ => false,
            });
        let rule = match (*number, *cluster || place.is_none(), place) {
            (0, true, _) => Some(&rules[0]),
            (1, true, _) | (0, false, Some("shop")) => Some(&rules[1]),
            _ => None,
        };
        counts && named && rule.is_some_and(|rule| plainly_allows(rule, asked))
    })
}

fn callers() -> impl Strategy<Value = Identity> {
    select(vec![
        Identity::user("jo"),
        Identity::new("jo", list("dev")),
        Identity::account("shop", "cart"),
        Identity::account("pay", "cart"),
        Identity::anonymous(),
        Identity::member_of("dev"),
    ])
}

fn request(who: Identity, (verb, group, resource, sub, name): Asked, namespace: &str) -> Request {
    let mut target = Target::new(verb, group, resource)
        .within(namespace)
        .named(name);
    target.subresource = sub.into();
    Request::new(who, target)
}

proptest! {
    #[test]
    fn one_rule_is_read_as_upstream_reads_it(rule in rules(), asked in asks()) {
        prop_assert_eq!(allows(&rule, &ask(asked)), plainly_allows(&rule, asked));
    }

    #[test]
    fn what_is_covered_is_held(owner in vec(rules(), 0..3), servant in rules(), asked in asks()) {
        if covers(&owner, &servant) && allows(&servant, &ask(asked)) {
            prop_assert!(owner.iter().any(|rule| allows(rule, &ask(asked))));
        }
    }

    #[test]
    fn a_rule_covers_itself(rule in rules()) {
        prop_assert!(covers([&rule], &rule));
    }

    #[test]
    fn a_cluster_is_read_binding_by_binding(
        rules in [rules(), rules()], bindings in bindings(), who in callers(), asked in asks(),
        namespace in select(vec!["", "shop", "pay"]),
    ) {
        let world = world(&rules, &bindings);
        let view = View::new(&world);
        let got = allowed(&view, &request(who.clone(), asked, namespace));
        let expected = plainly(&rules, &bindings, &who, asked, namespace);
        prop_assert_eq!(got.allowed(), expected);
        prop_assert_eq!(got.answer == Answer::Unknown, false);
        prop_assert!(!expected || got.reason.starts_with("RBAC: allowed by "));
    }

    #[test]
    fn what_is_hidden_never_turns_a_refusal_into_a_grant_or_a_grant_into_a_refusal(
        rules in [rules(), rules()], bindings in bindings(), who in callers(), asked in asks(),
        namespace in select(vec!["", "shop", "pay"]),
        hidden in select(vec![Kind::Role, Kind::ClusterRole, Kind::RoleBinding, Kind::ClusterRoleBinding]),
    ) {
        let full = world(&rules, &bindings);
        let request = request(who, asked, namespace);
        let before = allowed(&View::new(&full), &request).answer;
        let mut blind = full.clone();
        let keys: Vec<_> = full.spaces().flat_map(|(_, s)| s.table(hidden).values()).map(|o| o.key().clone()).collect();
        for key in keys {
            blind.take(&key);
        }
        blind.sight_mut().set(hidden, None, State::Blind(Reason::Forbidden));
        let after = allowed(&View::new(&blind), &request).answer;
        prop_assert!(after == before || after == Answer::Unknown, "{:?} -> {:?}", before, after);
    }

    #[test]
    fn powers_only_grow(rules in [rules(), rules()], bindings in bindings(), who in callers()) {
        let all = world(&rules, &bindings);
        let fewer = world(&rules, bindings.split_last().map_or(&[][..], |(_, rest)| rest));
        let words = |world: &World| {
            let found = power::powers(&View::new(world), &who);
            found.iter().filter(|p| p.names.is_empty()).map(|p| (p.ability, p.scope.namespace().to_owned())).collect::<Vec<_>>()
        };
        let grown = words(&all);
        for (ability, namespace) in words(&fewer) {
            let kept = grown.iter().any(|(a, ns)| *a == ability && (ns.is_empty() || *ns == namespace));
            prop_assert!(kept, "{:?} in {} is lost", ability, namespace);
        }
    }
}
