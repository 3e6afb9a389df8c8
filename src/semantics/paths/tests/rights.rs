//! Rights of the API: roles, impersonation, tokens, Secrets, certificates, webhooks.

use super::{CART, NOTHING, RBAC, alone, first, found, holding, in_shop, wide};

#[test]
fn every_right_is_the_cluster_where_it_is_bound_everywhere() {
    assert_eq!(wide("*|*|*"), ["holds-everything"]);
    assert_eq!(
        in_shop("*|*|*", "namespace-admin:shop"),
        ["holds-everything"]
    );
    assert_eq!(wide("get|*|*|x"), NOTHING, "half of it is not it");
    let shop = alone(holding(
        "",
        "*|*|*",
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: pay}",
    ));
    assert_eq!(
        first(&shop, CART, "namespace-admin:shop"),
        ["holds-everything"]
    );
    for more in [
        "namespace-admin:pay",
        "cluster-admin",
        "kube-system-secrets",
    ] {
        assert_eq!(first(&shop, CART, more), NOTHING, "{more}");
    }
    let names = alone(holding("", "*|*|*|cart", ""));
    assert_eq!(first(&names, CART, "namespace-admin:shop"), NOTHING);
}

#[test]
fn bind_takes_a_binding_that_can_be_written() {
    let both = format!("bind|{RBAC}|clusterroles\ncreate|{RBAC}|clusterrolebindings");
    assert_eq!(wide(&both), ["bind-roles"]);
    assert_eq!(wide(&format!("bind|{RBAC}|clusterroles")), NOTHING);
    assert_eq!(wide(&format!("create|{RBAC}|clusterrolebindings")), NOTHING);
    // The server asks for `bind` on the role and not on the binding.
    let wrong = format!("bind,create|{RBAC}|clusterrolebindings");
    assert_eq!(wide(&wrong), NOTHING);
    // A subject more in a binding that binds the role already.
    let update = format!("bind|{RBAC}|clusterroles|everything\nupdate|{RBAC}|clusterrolebindings|");
    assert_eq!(wide(&format!("{update}admin")), ["bind-roles"]);
    assert_eq!(wide(&format!("{update}other")), NOTHING);
}

#[test]
fn halves_may_stand_in_two_roles_that_are_bound() {
    let roles = |first: &str, second: &str| {
        let role = |name: &str, resource: &str| {
            format!(
                "---
apiVersion: {RBAC}/v1
kind: ClusterRole
metadata: {{name: {name}}}
rules: [{{verbs: [impersonate], apiGroups: [''], resources: [{resource}]}}]
"
            )
        };
        let rules =
            format!("bind|{RBAC}|clusterroles|first,second\ncreate|{RBAC}|clusterrolebindings");
        holding(
            &rules,
            "",
            &[role("first", first), role("second", second)].concat(),
        )
    };
    let way = ["bind-roles", "impersonate-masters"];
    let both = alone(roles("groups", "users"));
    let found = first(&both, CART, "cluster-admin");
    assert_eq!(found[0], way[0], "{found:?}");
    assert_eq!(
        first(&alone(roles("groups", "groups")), CART, "cluster-admin"),
        NOTHING
    );
}

#[test]
fn a_role_of_somebody_whom_one_can_become_is_written() {
    let world = |rules: &str, token: &str| {
        let more = format!(
            "apiVersion: {RBAC}/v1
kind: Role
metadata: {{name: theirs, namespace: shop}}
rules: [{{verbs: [get], apiGroups: [''], resources: [pods]}}]
---
apiVersion: {RBAC}/v1
kind: RoleBinding
metadata: {{name: theirs, namespace: shop}}
roleRef: {{apiGroup: {RBAC}, kind: Role, name: theirs}}
subjects: [{{kind: ServiceAccount, name: till, namespace: shop}}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: till, namespace: shop}}
"
        );
        alone(holding("", &format!("{rules}{token}"), &more))
    };
    let both = format!("escalate,update|{RBAC}|roles|theirs\n");
    let token = "create||serviceaccounts/token|till";
    let goal = "namespace-admin:shop";
    let way = ["escalate-roles-of-others"];
    assert_eq!(first(&world(&both, token), CART, goal), way);
    assert_eq!(first(&world(&both, "get||pods"), CART, goal), NOTHING);
    let half = format!("update|{RBAC}|roles|theirs\n");
    assert_eq!(first(&world(&half, token), CART, goal), NOTHING);
    let other = format!("escalate,update|{RBAC}|roles|other\n");
    assert_eq!(first(&world(&other, token), CART, goal), NOTHING);
}

#[test]
fn a_role_that_is_bound_on_the_way_adds_its_rights() {
    let more = format!(
        "apiVersion: {RBAC}/v1
kind: Role
metadata: {{name: tokens, namespace: shop}}
rules:
- {{verbs: [create], apiGroups: [''], resources: [serviceaccounts/token]}}
"
    );
    let rules = format!("bind|{RBAC}|roles|tokens\ncreate|{RBAC}|rolebindings");
    let world = holding("", &rules, &more);
    assert_eq!(
        first(&world, CART, "cluster-admin"),
        ["bind-roles", "issue-token", "holds-everything"]
    );
    let other = holding("", &rules.replace("|tokens", "|others"), &more);
    assert_eq!(first(&other, CART, "cluster-admin"), NOTHING);
}

#[test]
fn bind_in_a_namespace_is_that_namespace() {
    let rules = format!("bind|{RBAC}|clusterroles\ncreate|{RBAC}|rolebindings");
    assert_eq!(in_shop(&rules, "namespace-admin:shop"), ["bind-roles"]);
    let pay = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pay}";
    let elsewhere = alone(holding("", &rules, pay));
    assert_eq!(first(&elsewhere, CART, "namespace-admin:pay"), NOTHING);
    // Held everywhere it counts in each namespace, though nowhere above them.
    let everywhere = holding(&rules, "", pay);
    assert_eq!(
        first(&everywhere, CART, "namespace-admin:pay"),
        ["bind-roles"]
    );
    let way = &found(&everywhere, CART, "cluster-admin").paths[0];
    assert_eq!(
        way.steps.last().unwrap().edge,
        "holds-everything",
        "by the account of shop"
    );
}

#[test]
fn escalate_takes_a_role_that_is_held_and_can_be_written() {
    let both = format!("escalate,update|{RBAC}|clusterroles");
    assert_eq!(wide(&both), ["escalate-roles"]);
    assert_eq!(wide(&format!("escalate|{RBAC}|clusterroles")), NOTHING);
    assert_eq!(wide(&format!("update|{RBAC}|clusterroles")), NOTHING);
    let named = |name| format!("escalate,patch|{RBAC}|clusterroles|{name}");
    assert_eq!(wide(&named("own")), ["escalate-roles"]);
    assert_eq!(wide(&named("other")), NOTHING, "nobody holds it");
    let shop = format!("escalate,patch|{RBAC}|roles");
    assert_eq!(in_shop(&shop, "namespace-admin:shop"), ["escalate-roles"]);
    let dead = format!("escalate,patch|{RBAC}|clusterroles");
    assert_eq!(in_shop(&dead, "namespace-admin:shop"), NOTHING);
}

#[test]
fn a_group_is_impersonated_together_with_somebody() {
    assert_eq!(wide("impersonate||groups"), NOTHING);
    assert_eq!(wide("impersonate||groups,users"), ["impersonate"]);
    assert_eq!(
        wide("impersonate||groups|admins\nimpersonate||users|jo"),
        ["impersonate", "holds-everything"]
    );
    // The right to act as an account of one namespace makes the bearer.
    let mixed = holding(
        "impersonate||groups",
        "impersonate||serviceaccounts|cart",
        "",
    );
    assert_eq!(first(&mixed, CART, "cluster-admin"), ["impersonate"]);
    // Users and groups are asked for cluster-wide: a RoleBinding gives nothing.
    assert_eq!(
        in_shop("impersonate||groups,users", "cluster-admin"),
        NOTHING
    );
    // The name of an account is asked for as an account.
    let name = "system:serviceaccount:shop:admin";
    assert_eq!(wide(&format!("impersonate||users|'{name}'")), NOTHING);
}

#[test]
fn accounts_are_impersonated_where_the_right_is_held() {
    let shop = "impersonate||serviceaccounts";
    assert_eq!(
        in_shop(shop, "cluster-admin"),
        ["impersonate", "holds-everything"]
    );
    assert_eq!(
        in_shop("impersonate||serviceaccounts|cart", "cluster-admin"),
        NOTHING
    );
    assert_eq!(
        wide("impersonate||serviceaccounts|admin"),
        ["impersonate", "holds-everything"]
    );
}

#[test]
fn tokens_are_issued_for_accounts_that_exist() {
    let issued = ["issue-token", "holds-everything"];
    assert_eq!(
        in_shop("create||serviceaccounts/token", "cluster-admin"),
        issued
    );
    assert_eq!(
        in_shop("create||serviceaccounts/token|admin", "cluster-admin"),
        issued
    );
    assert_eq!(
        in_shop("create||serviceaccounts/token|other", "cluster-admin"),
        NOTHING
    );
    assert_eq!(in_shop("create||serviceaccounts", "cluster-admin"), NOTHING);
    assert_eq!(
        in_shop("create||serviceaccounts/*", "cluster-admin"),
        NOTHING
    );
    assert_eq!(
        in_shop("create,get||secrets", "cluster-admin"),
        ["token-secret", "holds-everything"]
    );
    assert_eq!(in_shop("create||secrets", "cluster-admin"), NOTHING);
    // What carries no name is not allowed by one.
    assert_eq!(in_shop("create,get||secrets|x", "cluster-admin"), NOTHING);
}

#[test]
fn an_account_that_bindings_name_can_be_made() {
    let more = format!(
        "apiVersion: {RBAC}/v1
kind: ClusterRoleBinding
metadata: {{name: lost}}
roleRef: {{apiGroup: {RBAC}, kind: ClusterRole, name: everything}}
subjects: [{{kind: ServiceAccount, name: lost, namespace: pay}}]
---
apiVersion: v1
kind: Namespace
metadata: {{name: pay}}
---
apiVersion: {RBAC}/v1
kind: Role
metadata: {{name: maker, namespace: pay}}
rules:
- {{verbs: [create], apiGroups: [''], resources: [serviceaccounts, serviceaccounts/token]}}
---
apiVersion: {RBAC}/v1
kind: RoleBinding
metadata: {{name: maker, namespace: pay}}
roleRef: {{apiGroup: {RBAC}, kind: Role, name: maker}}
subjects: [{{kind: ServiceAccount, name: cart, namespace: shop}}]
"
    );
    let made = holding("", "", &more);
    assert_eq!(
        first(&made, CART, "cluster-admin"),
        ["create-account", "holds-everything"]
    );
    let only = holding("", "", &more.replace("serviceaccounts, ", ""));
    assert_eq!(first(&only, CART, "cluster-admin"), NOTHING);
}

#[test]
fn secrets_are_read_by_place_and_by_name() {
    for verb in ["get", "list", "watch"] {
        let rule = format!("{verb}||secrets");
        assert_eq!(in_shop(&rule, "any-secret"), ["read-secrets"]);
        assert_eq!(in_shop(&rule, "secret:shop/db"), ["read-secrets"]);
        assert_eq!(in_shop(&rule, "kube-system-secrets"), NOTHING);
    }
    assert_eq!(
        in_shop("get||secrets|db", "secret:shop/db"),
        ["read-secrets"]
    );
    assert_eq!(in_shop("get||secrets|db", "secret:shop/other"), NOTHING);
    assert_eq!(in_shop("delete||secrets", "any-secret"), NOTHING);
    // What is written is told too; a deletion of all carries no name.
    assert_eq!(in_shop("patch||secrets", "any-secret"), ["patch-secrets"]);
    assert_eq!(
        in_shop("patch||secrets|db", "secret:shop/db"),
        ["patch-secrets"]
    );
    assert_eq!(in_shop("update||secrets", "any-secret"), NOTHING);
    assert_eq!(
        in_shop("deletecollection||secrets", "secret:shop/db"),
        ["dump-secrets"]
    );
    assert_eq!(
        in_shop("deletecollection||secrets|db", "secret:shop/db"),
        NOTHING
    );
    let all = holding("list||secrets", "", "");
    assert_eq!(first(&all, CART, "kube-system-secrets"), ["read-secrets"]);
}

#[test]
fn groups_hold_for_their_members() {
    let bound = |group: &str| {
        let more = format!(
            "apiVersion: {RBAC}/v1
kind: ClusterRoleBinding
metadata: {{name: members}}
roleRef: {{apiGroup: {RBAC}, kind: ClusterRole, name: everything}}
subjects: [{{kind: Group, apiGroup: {RBAC}, name: '{group}'}}]
"
        );
        first(&holding("", "", &more), CART, "cluster-admin")
    };
    for group in [
        "system:authenticated",
        "system:serviceaccounts",
        "system:serviceaccounts:shop",
    ] {
        assert_eq!(bound(group), ["holds-everything"], "{group}");
    }
    for group in [
        "system:serviceaccounts:pay",
        "system:unauthenticated",
        "admins",
    ] {
        assert_eq!(bound(group), NOTHING, "{group}");
    }
}

#[test]
fn a_certificate_takes_three_rights() {
    let group = "certificates.k8s.io";
    let create = format!("create|{group}|certificatesigningrequests");
    let update = format!("update|{group}|certificatesigningrequests/approval");
    let signer = format!("approve|{group}|signers|kubernetes.io/kube-apiserver-client");
    let way = ["issue-certificate", "holds-everything"];
    assert_eq!(wide(&[&*create, &update, &signer].join("\n")), way);
    assert_eq!(wide(&[&*create, &update].join("\n")), NOTHING);
    assert_eq!(wide(&[&*update, &signer].join("\n")), NOTHING);
    let other = signer.replace("kube-apiserver-client", "kubelet-serving");
    assert_eq!(wide(&[&*create, &update, &other].join("\n")), NOTHING);
}

#[test]
fn webhooks_are_written_by_whoever_may() {
    let group = "admissionregistration.k8s.io";
    assert_eq!(
        wide(&format!("create|{group}|mutatingwebhookconfigurations")),
        ["rewrite-objects"]
    );
    assert_eq!(
        wide(&format!("update|{group}|mutatingwebhookconfigurations")),
        NOTHING,
        "there is none to change"
    );
    assert_eq!(
        wide(&format!("create|{group}|validatingwebhookconfigurations")),
        NOTHING
    );
}

#[test]
fn constrained_impersonation_takes_two_rights_and_lends_no_more_than_both_have() {
    let boss = "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: boss}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: everything}
subjects: [{kind: User, name: boss}]
";
    let way = |rules: &str, to: &str| first(&alone(holding(rules, "", boss)), CART, to);
    let be = "impersonate:user-info|authentication.k8s.io|users|boss";
    let read = "impersonate-on:user-info:get||secrets";
    let both = |second: &str| format!("{be}\n{second}");
    assert_eq!(way(&both(read), "secret:shop/db"), ["read-secrets"]);
    assert_eq!(way(read, "secret:shop/db"), NOTHING);
    assert_eq!(way(be, "secret:shop/db"), NOTHING);
    assert_eq!(way(&both(read), "cluster-admin"), NOTHING);
    let other = "impersonate:user-info|authentication.k8s.io|users|other";
    assert_eq!(way(&format!("{other}\n{read}"), "secret:shop/db"), NOTHING);
    // The mode of accounts is another one, and the group of the API too.
    let wrong = read.replace("user-info", "serviceaccount");
    assert_eq!(way(&both(&wrong), "secret:shop/db"), NOTHING);
    let legacy = "impersonate:user-info||users|boss";
    assert_eq!(way(&format!("{legacy}\n{read}"), "secret:shop/db"), NOTHING);
    // What is asked of a role that is bound is asked of the boss.
    let bind = "impersonate-on:user-info:create|rbac.authorization.k8s.io|clusterrolebindings";
    assert_eq!(way(&both(bind), "cluster-admin"), ["bind-roles"]);
    // The group that is asked for nothing is never lent.
    let masters = "impersonate:user-info|authentication.k8s.io|users,groups";
    assert_eq!(
        first(
            &alone(holding(&format!("{masters}\n{read}"), "", "")),
            CART,
            "secret:shop/db"
        ),
        NOTHING
    );
    let mut old = alone(holding(&both(read), "", boss));
    old.set_cluster(crate::model::ClusterInfo {
        version: crate::model::ServerVersion::parse("v1.35.2"),
        ..Default::default()
    });
    assert_eq!(first(&old, CART, "secret:shop/db"), NOTHING);
}
