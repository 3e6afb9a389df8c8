//! The tiers around NetworkPolicies, row by row of their table (sigs.k8s.io/network-policy-api, `api-overview.md`).

use super::{End, Network, PortSet, Protocol, Row, Verdict};
use crate::model::sight::State;
use crate::model::{Kind, ObjectKey, Reason};
use crate::semantics::testing::world;
use crate::view::{View, World};

const PODS: &str = "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 80}]}]}
status: {phase: Running, podIPs: [{ip: 10.0.0.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
spec: {containers: [{name: c, image: i}]}
status: {phase: Running, podIPs: [{ip: 10.0.0.2}]}
";

const OPEN: &str = "";
const CLOSED: &str = "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: {podSelector: {matchLabels: {app: web}}}\n";
const ALLOWED: &str = "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: {podSelector: {matchLabels: {app: web}}, ingress: [{}]}\n";

/// A policy of the cluster for the pods `web`, with these rules of ingress.
fn tier(name: &str, tier: &str, priority: u16, rules: &str) -> String {
    format!(
        "---\napiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {{name: {name}}}\nspec: {{tier: {tier}, priority: {priority}, subject: {{pods: {{namespaceSelector: {{}}, podSelector: {{matchLabels: {{app: web}}}}}}}}, ingress: [{rules}]}}\n"
    )
}

fn all(action: &str) -> String {
    format!("{{action: {action}, from: [{{namespaces: {{}}}}]}}")
}

fn rows(world: &World) -> Vec<Row> {
    let network = Network::new(&View::new(world));
    let end = |name: &str| {
        let key = ObjectKey::namespaced(Kind::Pod, "shop", name);
        End::Class(network.classes_of(&key)[0])
    };
    network.judge(end("api"), end("web"), &PortSet::one(Protocol::Tcp, 80))
}

fn ask(parts: &[&str]) -> Verdict {
    let rows = rows(&world(&[&[PODS], parts].concat().concat()));
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0].verdict
}

#[test]
fn the_table_of_tiers() {
    let admin = |action: &str| match action {
        "" => String::new(),
        action => tier("admin", "Admin", 5, &all(action)),
    };
    let baseline = |action: &str| match action {
        "" => String::new(),
        action => tier("base", "Baseline", 5, &all(action)),
    };
    let (yes, no) = (Verdict::Allow, Verdict::Deny);
    for base in ["", "Accept", "Deny", "Pass"] {
        for policy in [OPEN, CLOSED, ALLOWED] {
            assert_eq!(
                ask(&[&admin("Accept"), policy, &baseline(base)]),
                yes,
                "{policy} {base}"
            );
            assert_eq!(
                ask(&[&admin("Deny"), policy, &baseline(base)]),
                no,
                "{policy} {base}"
            );
        }
        for first in ["Pass", ""] {
            assert_eq!(
                ask(&[&admin(first), ALLOWED, &baseline(base)]),
                yes,
                "{first} {base}"
            );
            assert_eq!(
                ask(&[&admin(first), CLOSED, &baseline(base)]),
                no,
                "{first} {base}"
            );
            let expected = if base == "Deny" { no } else { yes };
            assert_eq!(
                ask(&[&admin(first), OPEN, &baseline(base)]),
                expected,
                "{first} {base}"
            );
        }
    }
}

#[test]
fn lower_priorities_and_earlier_rules_come_first() {
    let (accept, deny) = (all("Accept"), all("Deny"));
    let both = |one: u16, other: u16| {
        ask(&[
            &tier("a", "Admin", one, &accept),
            &tier("b", "Admin", other, &deny),
        ])
    };
    assert_eq!((both(1, 2), both(2, 1)), (Verdict::Allow, Verdict::Deny));
    assert_eq!(
        both(1, 1).doubt().map(super::Doubt::word),
        Some("vendor-policy")
    );
    let same = [tier("a", "Admin", 1, &deny), tier("b", "Admin", 1, &deny)];
    assert_eq!(ask(&[&same[0], &same[1]]), Verdict::Deny);
    let order = |rules: &str| ask(&[&tier("a", "Admin", 1, rules)]);
    assert_eq!(order(&format!("{accept}, {deny}")), Verdict::Allow);
    assert_eq!(order(&format!("{deny}, {accept}")), Verdict::Deny);
    // What a rule passes on is not asked of the rules after it.
    assert_eq!(order(&format!("{}, {deny}", all("Pass"))), Verdict::Allow);
}

#[test]
fn ports_peers_and_what_is_not_known() {
    let rule = |action: &str, rest: &str| {
        ask(&[&tier(
            "a",
            "Admin",
            1,
            &format!("{{action: {action}, {rest}}}"),
        )])
    };
    let from = "from: [{namespaces: {}}]";
    for (ports, expected) in [
        ("[{tcp: {destinationPort: {number: 80}}}]", Verdict::Deny),
        ("[{tcp: {destinationPort: {number: 81}}}]", Verdict::Allow),
        (
            "[{tcp: {destinationPort: {range: {start: 1, end: 80}}}}]",
            Verdict::Deny,
        ),
        ("[{udp: {}}]", Verdict::Allow),
        ("[{tcp: {}}]", Verdict::Deny),
        ("[{destinationNamedPort: http}]", Verdict::Deny),
        ("[{destinationNamedPort: other}]", Verdict::Allow),
    ] {
        assert_eq!(
            rule("Deny", &format!("{from}, protocols: {ports}")),
            expected,
            "{ports}"
        );
    }
    let api = "{pods: {namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: api}}}}";
    assert_eq!(rule("Deny", &format!("from: [{api}]")), Verdict::Deny);
    assert_eq!(
        rule(
            "Deny",
            &format!("from: [{}]", api.replace("team: a", "team: b"))
        ),
        Verdict::Allow
    );
    // A peer of a kind to come: what accepts means nobody, what passes denies everybody.
    let closed = |action: &str| {
        let own = tier(
            "a",
            "Admin",
            1,
            &format!("{{action: {action}, from: [{{future: {{}}}}]}}"),
        );
        ask(&[&own, CLOSED])
    };
    assert_eq!(
        (closed("Accept"), rule("Pass", "from: [{future: {}}]")),
        (Verdict::Deny, Verdict::Deny)
    );
    assert_eq!(rule("Accept", "from: [{future: {}}]"), Verdict::Allow);
}

#[test]
fn networks_mean_pods_and_rules_are_named() {
    let out = "---\napiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: out}\nspec: {priority: 3, subject: {namespaces: {}}, egress: [{action: Allow, to: [{networks: [10.9.0.0/16]}]}, {action: Deny, to: [{networks: [10.0.0.0/24]}]}]}\n";
    let world = world(&[PODS, out].concat());
    let row = &rows(&world)[0];
    assert_eq!(row.verdict, Verdict::Deny);
    let because: Vec<_> = row
        .because
        .iter()
        .map(|b| (b.policy.to_string(), b.rule))
        .collect();
    assert_eq!(because, [("anp out".to_owned(), Some(1))]);
    assert_eq!(
        row.nearest_miss.as_deref(),
        Some("anp out egress rule 1 denies it")
    );
}

#[test]
fn policies_of_the_cluster_that_may_not_be_read_leave_everything_open() {
    let mut world = world(PODS);
    let state = State::Blind(Reason::Forbidden);
    world.sight_mut().set(Kind::AdminNetworkPolicy, None, state);
    let doubt = rows(&world)[0].verdict.doubt();
    assert_eq!(doubt.map(super::Doubt::word), Some("policies-not-visible"));
}
