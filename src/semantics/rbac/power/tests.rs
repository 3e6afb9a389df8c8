//! What rights add up to, and which halves are worth nothing alone.

use super::*;
use crate::model::objects::access::Rule;
use crate::model::{ClusterInfo, ServerVersion, Subject};
use crate::semantics::rbac::samples::{bind, named, role, rule};
use crate::view::World;

const RBAC: &str = "rbac.authorization.k8s.io";
const CERTIFICATES: &str = "certificates.k8s.io";

/// What `jo` may do with these rules cluster-wide and those in `shop`.
fn abilities(wide: &[Rule], narrow: &[Rule]) -> Vec<String> {
    let mut objects = stock::assumed(None);
    objects.extend([
        role(None, "wide", wide),
        bind(None, "wide", (true, "wide"), &["user:jo"]),
        role(Some("shop"), "narrow", narrow),
        bind(Some("shop"), "narrow", (false, "narrow"), &["user:jo"]),
    ]);
    let world = World::closed(objects);
    let view = View::new(&world);
    powers(&view, &Identity::user("jo"))
        .iter()
        .map(Power::words)
        .collect()
}

#[test]
fn kubelets_need_get_alone_and_the_cluster_scope() {
    let get = [rule("get", "", "nodes/proxy", "")];
    assert_eq!(
        abilities(&get, &[]),
        ["run commands in every container through the kubelets in every namespace"]
    );
    assert!(abilities(&[], &get).is_empty());
    assert!(abilities(&[rule("*", "", "nodes", "")], &[]).is_empty());
}

#[test]
fn bind_by_name_with_rolebindings_of_one_namespace_is_that_namespace() {
    let bind = named(rule("bind", RBAC, "clusterroles", ""), "cluster-admin");
    let write = rule("create", RBAC, "rolebindings", "");
    assert_eq!(
        abilities(&[], &[bind.clone(), write.clone()]),
        ["bind roles that it does not hold in shop"]
    );
    assert_eq!(
        abilities(std::slice::from_ref(&bind), std::slice::from_ref(&write)),
        ["bind roles that it does not hold in shop"],
        "halves add up across bindings"
    );
    let other = named(rule("bind", RBAC, "clusterroles", ""), "view");
    assert_eq!(
        abilities(&[], &[other, write.clone()]),
        ["bind roles that it does not hold (only view) in shop"]
    );
    assert!(abilities(&[], &[bind]).is_empty(), "bind alone is inert");
    assert!(
        abilities(&[], &[write]).is_empty(),
        "bindings alone pass on what is held"
    );
}

#[test]
fn bind_is_asked_for_on_roles_never_on_bindings() {
    let wrong = rule("bind,create", RBAC, "clusterrolebindings,rolebindings", "");
    assert!(abilities(&[wrong], &[]).is_empty());
    let literal = named(rule("bind", RBAC, "clusterroles", ""), "*");
    let write = rule("create", RBAC, "clusterrolebindings", "");
    let found = abilities(&[literal, write], &[]);
    assert_eq!(
        found,
        ["bind roles that it does not hold (only *) in every namespace"]
    );
}

#[test]
fn escalate_needs_a_role_that_it_may_write() {
    let escalate = |names: &str| named(rule("escalate", RBAC, "clusterroles", ""), names);
    let patch = |names: &str| named(rule("patch", RBAC, "clusterroles", ""), names);
    let all = ["write rights into roles that it does not hold in every namespace"];
    assert_eq!(abilities(&[escalate(""), patch("")], &[]), all);
    assert_eq!(abilities(&[escalate("a"), patch("a")], &[]), all);
    assert!(abilities(&[escalate("a"), patch("b")], &[]).is_empty());
    assert!(abilities(&[escalate("")], &[]).is_empty());
    assert!(
        abilities(&[], &[escalate(""), patch("")]).is_empty(),
        "cluster roles are dead in a namespace"
    );
}

#[test]
fn groups_are_claimed_only_with_somebody_to_be() {
    let groups = rule("impersonate", "", "groups", "");
    let users = rule("impersonate", "", "users", "");
    let accounts = rule("impersonate", "", "serviceaccounts", "");
    assert!(abilities(std::slice::from_ref(&groups), &[]).is_empty());
    assert_eq!(
        abilities(std::slice::from_ref(&users), &[]),
        ["act as anybody in every namespace"]
    );
    assert_eq!(
        abilities(&[groups], std::slice::from_ref(&accounts)),
        [
            "act as anybody in every namespace",
            "act as any service account in shop"
        ]
    );
    assert!(
        abilities(&[], &[users]).is_empty(),
        "users are asked for without a namespace"
    );
}

#[test]
fn certificates_need_all_three_rights() {
    let create = rule("create", CERTIFICATES, "certificatesigningrequests", "");
    let approval = rule(
        "update",
        CERTIFICATES,
        "certificatesigningrequests/approval",
        "",
    );
    let signer = |name: &str| named(rule("approve", CERTIFICATES, "signers", ""), name);
    let some = |name: &str| abilities(&[create.clone(), approval.clone(), signer(name)], &[]);
    assert_eq!(some("kubernetes.io/kube-apiserver-client").len(), 1);
    assert_eq!(some("kubernetes.io/*").len(), 1);
    assert!(some("kubernetes.io/kubelet-serving").is_empty());
    assert!(abilities(&[create.clone(), approval.clone()], &[]).is_empty());
    assert!(abilities(&[approval, signer("")], &[]).is_empty());
}

#[test]
fn secrets_by_name_are_not_every_secret() {
    let listed = named(rule("get,list", "", "secrets", ""), "db");
    assert_eq!(
        abilities(&[], &[listed]),
        ["read Secrets (only db) in shop"]
    );
    assert!(abilities(&[rule("get", "", "secrets/status", "")], &[]).is_empty());
    assert_eq!(
        abilities(&[rule("watch", "*", "*", "")], &[]),
        ["read Secrets in every namespace"]
    );
}

#[test]
fn get_starts_a_shell_on_servers_before_1_35() {
    for (version, expected) in [("v1.34.9", 1), ("v1.35.0", 0), ("v1.36.3", 0)] {
        let mut world = World::closed([
            role(None, "r", &[rule("get", "", "pods/exec", "")]),
            bind(None, "b", (true, "r"), &["user:jo"]),
        ]);
        world.set_cluster(ClusterInfo {
            version: ServerVersion::parse(version),
            ..ClusterInfo::default()
        });
        let found = powers(&View::new(&world), &Identity::user("jo")).len();
        assert_eq!(found, expected, "{version}");
    }
}

#[test]
fn controllers_make_pods_and_their_groups_count() {
    let apps = rule("patch", "apps", "deployments", "");
    assert_eq!(abilities(&[], &[apps]), ["make pods in shop"]);
    assert!(abilities(&[], &[rule("create", "", "deployments", "")]).is_empty());
    assert!(abilities(&[], &[rule("patch", "batch", "jobs", "")]).is_empty());
    assert!(abilities(&[], &[rule("create", "", "pods/*", "")]).is_empty());
}

#[test]
fn the_control_planes_own_powers_are_stock() {
    let world = World::closed(stock::assumed(None));
    let view = View::new(&world);
    for subject in crate::semantics::rbac::subjects(&view) {
        for power in powers(&view, &Identity::of(subject)) {
            assert!(power.is_stock(), "{subject} may {}", power.words());
        }
    }
    let aggregator = Subject::account("kube-system", "clusterrole-aggregation-controller");
    assert_eq!(powers(&view, &Identity::of(&aggregator)).len(), 1);
}

#[test]
fn constrained_impersonation_lends_what_somebody_has_and_both_rights_name() {
    let group = "authentication.k8s.io";
    let be = rule("impersonate:user-info", group, "users", "");
    let on = rule(
        "impersonate-on:user-info:create",
        "",
        "serviceaccounts/token",
        "",
    );
    // The stock user system:kube-controller-manager has tokens issued.
    assert_eq!(
        abilities(&[be.clone(), on.clone()], &[]),
        ["have tokens issued for service accounts in every namespace"]
    );
    assert!(abilities(std::slice::from_ref(&on), &[]).is_empty());
    assert!(abilities(std::slice::from_ref(&be), &[]).is_empty());
    assert_eq!(
        abilities(std::slice::from_ref(&be), std::slice::from_ref(&on)),
        ["have tokens issued for service accounts in shop"]
    );
    assert!(
        abilities(&[], &[be.clone(), on.clone()]).is_empty(),
        "users are of the cluster"
    );
    let other = named(be.clone(), "somebody-else");
    assert!(abilities(&[other, on], &[]).is_empty());
    // No stock user or group but system:masters, which is never lent, binds roles.
    let bind = rule(
        "impersonate-on:user-info:create",
        RBAC,
        "clusterrolebindings",
        "",
    );
    let groups = rule("impersonate:user-info", group, "users,groups", "");
    assert!(abilities(&[groups, bind], &[]).is_empty());
}
