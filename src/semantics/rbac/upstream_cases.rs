//! Upstream's own cases, rewritten: `TestAuthorizer` and `TestRuleMatches` in kubernetes/kubernetes
//! `plugin/pkg/auth/authorizer/rbac/rbac_test.go`, subjects of `pkg/registry/rbac/validation/rule_test.go`.

use super::samples::{bind, list, named, role, rule};
use super::*;
use crate::model::sight::State;
use crate::model::{Kind, Reason};
use crate::view::{View, World};

fn user(name: &str, groups: &str) -> Identity {
    Identity::new(name, list(groups))
}

fn answer(world: &World, request: &Request) -> Answer {
    allowed(&View::new(world), request).answer
}

#[test]
fn a_role_binding_to_a_cluster_role_counts_in_its_namespace_only() {
    let world = World::closed([
        role(None, "admin", &[rule("*", "*", "*", "*")]),
        bind(
            Some("ns1"),
            "b",
            (true, "admin"),
            &["user:admin", "group:admins"],
        ),
    ]);
    let ask = |who: Identity, verb, resource, ns| {
        answer(
            &world,
            &Request::new(who, Target::new(verb, "", resource).within(ns)),
        )
    };
    for (name, groups, verb, resource) in [
        ("admin", "", "get", "Pods"),
        ("admin", "", "watch", "Pods"),
        ("admin", "group1", "watch", "Foobar"),
        ("joe", "admins", "watch", "Foobar"),
        ("joe", "group1,admins", "watch", "Foobar"),
    ] {
        assert_eq!(
            ask(user(name, groups), verb, resource, "ns1"),
            Answer::Allowed
        );
    }
    for (groups, resource, ns) in [
        ("", "Pods", "ns2"),
        ("", "Nodes", ""),
        ("admins", "Pods", "ns2"),
        ("admins", "Nodes", ""),
    ] {
        assert_eq!(
            ask(user("admin", groups), "GET", resource, ns),
            Answer::Refused
        );
    }
    let url = Request::url(user("admin", ""), "get", "/metrics");
    assert_eq!(
        answer(&world, &url),
        Answer::Refused,
        "URLs count through a ClusterRoleBinding only"
    );
}

#[test]
fn urls() {
    let world = World::closed([
        role(None, "getter", &[rule("get", "", "", "/apis")]),
        role(None, "any-verb", &[rule("*", "", "", "/apis")]),
        role(None, "prefix", &[rule("get", "", "", "/apis/*")]),
        bind(None, "1", (true, "getter"), &["user:foo", "group:bar"]),
        bind(
            None,
            "2",
            (true, "any-verb"),
            &["user:admin", "group:admin"],
        ),
        bind(
            None,
            "3",
            (true, "prefix"),
            &["user:prefixed", "group:prefixed"],
        ),
    ]);
    for (name, group, verb, path, expected) in [
        ("foo", "", "get", "/apis", true),
        ("", "bar", "get", "/apis", true),
        ("admin", "", "get", "/apis", true),
        ("", "admin", "watch", "/apis", true),
        ("prefixed", "", "get", "/apis/v1", true),
        ("", "prefixed", "get", "/apis/v1/foobar", true),
        ("foo", "", "watch", "/apis", false),
        ("", "bar", "get", "/api/v1", false),
        ("admin", "", "get", "/api/v1", false),
        ("prefixed", "", "get", "/api/v1", false),
        ("prefixed", "", "get", "/apis", false),
    ] {
        let got = answer(&world, &Request::url(user(name, group), verb, path));
        assert_eq!(
            got == Answer::Allowed,
            expected,
            "{name} {group} {verb} {path}"
        );
    }
}

#[test]
fn subresources() {
    let cases = [
        ("pods", "pods", true),
        ("pods", "pods/status", false),
        ("pods/status", "pods/status", true),
        ("pods/status", "pods", false),
        ("*/scale", "pods/scale", true),
        ("*/scale", "deployments/scale", true),
        ("*/scale", "anything/scale", true),
        ("*/scale", "pods", false),
        ("*", "pods/exec", true),
        ("pods/*", "pods/exec", false),
        ("pods/*", "pods", false),
        ("nodes", "nodes/proxy", false),
        ("resource1/subresource1", "resource2/subresource1", false),
        ("resource1/subresource1", "resource1/subresource2", false),
    ];
    for (held, asked, expected) in cases {
        let got = super::rule::allows(
            &rule("*", "*", held, ""),
            &super::rule::Ask::any("get", "", asked),
        );
        assert_eq!(got, expected, "{held} against {asked}");
    }
}

#[test]
fn stars_and_tuples() {
    for (verbs, groups, resources) in [
        ("*", "group1", "resource1"),
        ("verb1", "*", "resource1"),
        ("verb1", "group1", "*"),
        ("verb1,verb2", "group1,group2", "resource1,resource2"),
    ] {
        let held = rule(verbs, groups, resources, "");
        for (verb, group, resource) in [
            ("verb1", "group1", "resource1"),
            ("verb1", "group2", "resource1"),
            ("verb1", "group1", "resource2"),
            ("verb1", "group2", "resource2"),
            ("verb2", "group1", "resource1"),
            ("verb2", "group2", "resource1"),
            ("verb2", "group1", "resource2"),
            ("verb2", "group2", "resource2"),
        ] {
            let matches =
                |list: &str, word: &str| list == "*" || list.split(',').any(|w| w == word);
            let expected =
                matches(verbs, verb) && matches(groups, group) && matches(resources, resource);
            let got = super::rule::allows(&held, &super::rule::Ask::any(verb, group, resource));
            assert_eq!(
                got, expected,
                "{verbs} {groups} {resources} against {verb} {group} {resource}"
            );
        }
    }
}

#[test]
fn url_patterns() {
    for (held, path, expected) in [
        ("*", "/foo/bar/one", true),
        ("/foo/*", "/foo", false),
        ("/foo/*", "/foo/bar/one", true),
        ("/foo/*", "/notfoo/bar", false),
        ("/foo", "/foo", true),
        ("/foo", "/foo/bar", false),
        ("/foo**", "/foobar", true),
        ("/*/bar", "/foo/bar", false),
    ] {
        assert_eq!(
            super::rule::allows_url(&rule("verb1", "", "", held), "verb1", path),
            expected,
            "{held} {path}"
        );
        assert!(!super::rule::allows_url(
            &rule("verb1", "", "", held),
            "verb2",
            path
        ));
    }
}

#[test]
fn resource_names_are_literal() {
    let held = named(rule("get", "", "secrets", ""), "db,*");
    let ask = super::rule::Ask::any("get", "", "secrets");
    assert!(super::rule::allows(&held, &ask.named("db")));
    assert!(super::rule::allows(&held, &ask.named("*")));
    assert!(!super::rule::allows(&held, &ask.named("other")));
    assert!(
        !super::rule::allows(&held, &ask),
        "a request without a name is never matched"
    );
}

#[test]
fn one_rule_must_match_alone() {
    let rules = [
        rule("get", "", "pods", ""),
        rule("delete", "", "secrets", ""),
    ];
    let world = World::closed([
        role(None, "r", &rules),
        bind(None, "b", (true, "r"), &["user:jo"]),
    ]);
    let request = Request::new(user("jo", ""), Target::new("get", "", "secrets"));
    assert_eq!(answer(&world, &request), Answer::Refused);
}

#[test]
fn subjects_of_bindings() {
    let world = World::closed([
        role(None, "r", &[rule("get", "", "pods", "")]),
        role(Some("shop"), "r", &[rule("get", "", "services", "")]),
        bind(
            None,
            "1",
            (true, "r"),
            &["sa:/nobody", "group:system:serviceaccounts:ci"],
        ),
        bind(Some("shop"), "2", (true, "r"), &["sa:ops/bot"]),
        bind(
            Some("shop"),
            "3",
            (false, "r"),
            &["user:system:serviceaccount:ops:other"],
        ),
    ]);
    let get = |who: Identity, resource, ns| {
        answer(
            &world,
            &Request::new(who, Target::new("get", "", resource).within(ns)),
        )
    };
    let account = Identity::account;
    assert_eq!(
        get(account("", "nobody"), "pods", "shop"),
        Answer::Refused,
        "an account without namespace matches nobody"
    );
    assert_eq!(
        get(account("ci", "any"), "pods", ""),
        Answer::Allowed,
        "groups count"
    );
    assert_eq!(
        get(account("ops", "bot"), "pods", "shop"),
        Answer::Allowed,
        "from another namespace"
    );
    assert_eq!(
        get(account("ops", "bot"), "pods", "ops"),
        Answer::Refused,
        "not in its own"
    );
    assert_eq!(
        get(account("ops", "other"), "services", "shop"),
        Answer::Allowed,
        "a user may spell an account"
    );
    assert_eq!(
        get(account("ops", "other"), "pods", "shop"),
        Answer::Refused,
        "a Role is not the ClusterRole of its name"
    );
}

#[test]
fn reasons_are_the_servers() {
    let world = World::closed([
        role(None, "reader", &[rule("get", "", "pods", "")]),
        bind(Some("shop"), "read", (true, "reader"), &["sa:shop/cart"]),
        bind(None, "gone", (true, "missing"), &["sa:shop/cart"]),
        bind(Some("shop"), "gone", (false, "lost"), &["sa:shop/cart"]),
    ]);
    let view = View::new(&world);
    let request = |verb| {
        Request::new(
            Identity::account("shop", "cart"),
            Target::new(verb, "", "pods").within("shop"),
        )
    };
    assert_eq!(
        allowed(&view, &request("get")).reason,
        "RBAC: allowed by RoleBinding \"read/shop\" of ClusterRole \"reader\" to ServiceAccount \"cart/shop\""
    );
    assert_eq!(
        allowed(&view, &request("list")).reason,
        "RBAC: [clusterrole.rbac.authorization.k8s.io \"missing\" not found, role.rbac.authorization.k8s.io \"lost\" not found]"
    );
    let master = Request::new(
        user("root", "system:masters"),
        Target::new("get", "", "pods"),
    );
    let decision = allowed(&view, &master);
    assert!(decision.allowed() && decision.reason.is_empty());
}

#[test]
fn what_is_hidden_makes_a_refusal_unknown_and_never_a_grant() {
    let mut world = World::closed([
        role(None, "reader", &[rule("get", "", "pods", "")]),
        bind(None, "read", (true, "reader"), &["user:jo"]),
    ]);
    let get = Request::new(
        user("jo", ""),
        Target::new("get", "", "pods").within("shop"),
    );
    let list = Request::new(
        user("jo", ""),
        Target::new("list", "", "pods").within("shop"),
    );
    let blind = State::Blind(Reason::Forbidden);
    world
        .sight_mut()
        .set(Kind::RoleBinding, Some("shop"), blind.clone());
    assert_eq!(answer(&world, &get), Answer::Allowed);
    assert_eq!(answer(&world, &list), Answer::Unknown);
    let elsewhere = Request::new(
        user("jo", ""),
        Target::new("list", "", "pods").within("pay"),
    );
    assert_eq!(answer(&world, &elsewhere), Answer::Refused);

    let mut world = World::closed([bind(None, "read", (true, "reader"), &["user:jo"])]);
    assert_eq!(answer(&world, &get), Answer::Refused);
    world.sight_mut().set(Kind::ClusterRole, None, blind);
    assert_eq!(answer(&world, &get), Answer::Unknown);
}
