//! Each kind of declaration, and the policies that come of it.

use std::collections::BTreeSet;

use super::host::{self, Named};
use super::selector::choose;
use super::{Declared, Plan, Why, declared, free_name, plan};
use crate::model::change::{Change, Edit};
use crate::model::objects::network_policy::{NetworkPolicy, Peer};
use crate::model::objects::selector::Selector;
use crate::model::sight::State;
use crate::model::{Kind, Meta, ObjectKey, Reason};
use crate::semantics::network::Direction;
use crate::semantics::testing::world;
use crate::view::{View, World};

fn service(name: &str, rest: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: shop}}\nspec: {{{rest}}}\n---\n"
    )
}

fn workload(kind: &str, name: &str, spec: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop}}\nspec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec: {{automountServiceAccountToken: false, {spec}}}\n---\n"
    )
}

fn caller(value: &str) -> String {
    workload(
        "Deployment",
        "web",
        &format!("containers: [{{name: c, image: i, env: [{{name: TO, value: '{value}'}}]}}]"),
    )
}

fn listener(kind: &str, name: &str) -> String {
    let ports = "ports: [{name: main, containerPort: 9000}]";
    workload(
        kind,
        name,
        &format!("containers: [{{name: c, image: i, {ports}}}]"),
    )
}

/// Calls in short, without those of DNS.
fn said(found: &Declared) -> Vec<String> {
    let calls = found.calls.iter().filter(|c| c.why != Why::Dns);
    calls
        .map(|c| format!("{} > {} {}", c.from, c.to, c.ports))
        .collect()
}

fn out_of(yaml: &str) -> (Vec<String>, Vec<String>) {
    let world = world(yaml);
    let found = declared(&View::new(&world), "shop", Direction::Egress);
    (said(&found), found.questions)
}

fn into(yaml: &str) -> Vec<String> {
    let world = world(yaml);
    said(&declared(&View::new(&world), "shop", Direction::Ingress))
}

#[test]
fn a_value_names_a_service_in_every_form_that_the_resolver_takes() {
    let there = listener("Deployment", "db")
        + &service(
            "db",
            "clusterIP: 10.96.0.7, selector: {app: db}, ports: [{port: 5432, targetPort: main}]",
        );
    for value in [
        "db:5432",
        "db.shop:5432",
        "tcp://db.shop.svc:5432/x",
        "postgres://u:p@db.shop.svc.cluster.local.",
        "http://db",
        "10.96.0.7:5432",
    ] {
        let (calls, questions) = out_of(&(there.clone() + &caller(value)));
        assert_eq!(
            calls,
            ["deploy/shop/web > deploy/shop/db TCP/9000"],
            "{value}"
        );
        assert!(questions.is_empty(), "{value}: {questions:?}");
    }
    for (value, question) in [
        (
            "db:9000",
            "nothing that is visible answers there; who is it?",
        ),
        ("cache:6379", "no such Service is visible; who is it?"),
        (
            "http://db.pay.svc/",
            "no such Service is visible; who is it?",
        ),
        ("https://api.example.com/v1", "which addresses are that?"),
        ("http://192.0.2.1/", "on which port?"),
    ] {
        let (calls, questions) = out_of(&(there.clone() + &caller(value)));
        assert!(calls.is_empty(), "{value}: {calls:?}");
        assert_eq!(questions.len(), 1, "{value}");
        assert!(questions[0].ends_with(question), "{value}: {questions:?}");
    }
    let (calls, questions) = out_of(&(there.clone() + &caller("http://localhost:8080")));
    assert!(calls.is_empty() && questions.is_empty());
    let (calls, _) = out_of(&(there + &caller("192.0.2.1:443")));
    assert_eq!(calls, ["deploy/shop/web > 192.0.2.1/32 TCP/443"]);
}

#[test]
fn a_pod_behind_a_headless_service_is_called_on_its_own_port() {
    let there = listener("StatefulSet", "kafka")
        + &service(
            "kafka",
            "clusterIP: None, selector: {app: kafka}, ports: [{port: 9092, targetPort: main}]",
        );
    for value in [
        "kafka-0.kafka:9092",
        "kafka-0.kafka.shop:9092",
        "kafka-0.kafka.shop.svc:9092",
    ] {
        let (calls, _) = out_of(&(there.clone() + &caller(value)));
        let wanted = [
            "deploy/shop/web > sts/shop/kafka TCP/9000, TCP/9092",
            "sts/shop/kafka > sts/shop/kafka TCP/9000",
        ];
        assert_eq!(calls, wanted, "{value}");
    }
}

#[test]
fn a_name_for_something_outside_is_a_question() {
    let there = service("db", "type: ExternalName, externalName: db.example.com");
    let (calls, questions) = out_of(&(there + &caller("db:5432")));
    assert!(calls.is_empty());
    assert_eq!(
        questions,
        [
            "TO names db:5432, in deploy/web: that Service stands for db.example.com; which addresses are that?"
        ]
    );
}

#[test]
fn hosts_are_split_from_ports() {
    for (target, host, port) in [
        ("db:5432", "db", Some(5432)),
        ("db.", "db", None),
        ("[fd00::1]:80", "fd00::1", Some(80)),
        ("fd00::1", "fd00::1", None),
    ] {
        assert_eq!(host::split(target), (host, port));
    }
    let world = world("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
    let view = View::new(&world);
    assert!(matches!(host::resolve(&view, "shop", "::1"), Named::Itself));
    assert!(matches!(
        host::resolve(&view, "shop", "a.b"),
        Named::Outside
    ));
}

#[test]
fn who_comes_from_outside_has_an_address_only_where_it_is_kept() {
    let app = listener("Deployment", "app");
    let balancer = |more: &str| {
        app.clone()
            + &service(
                "app",
                &format!(
                    "type: LoadBalancer, selector: {{app: app}}, ports: [{{port: 80, targetPort: main}}], loadBalancerSourceRanges: [203.0.113.0/24]{more}"
                ),
            )
    };
    let local = into(&balancer(", externalTrafficPolicy: Local"));
    assert_eq!(local, ["203.0.113.0/24 > deploy/shop/app TCP/9000"]);
    let by_node = "clients outside the cluster, by a node's address > deploy/shop/app TCP/9000";
    assert_eq!(into(&balancer("")), [by_node]);
}

#[test]
fn the_api_server_is_asked_and_asks() {
    let webhook = |policy: &str| {
        listener("Deployment", "hook")
            + &service(
                "hook",
                "selector: {app: hook}, ports: [{port: 443, targetPort: main}]",
            )
            + &format!(
                "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {{name: w}}\nwebhooks: [{{name: a.example.com, failurePolicy: {policy}, clientConfig: {{service: {{namespace: shop, name: hook}}}}}}]\n"
            )
    };
    for (policy, refuses) in [("Fail", true), ("Ignore", false)] {
        let world = world(&webhook(policy));
        let found = declared(&View::new(&world), "shop", Direction::Ingress);
        assert_eq!(said(&found), ["the API server > deploy/shop/hook TCP/9000"]);
        assert_eq!(found.calls[0].why, Why::Webhook(refuses));
    }
    let operator = "apiVersion: v1
kind: Pod
metadata: {name: operator, namespace: shop, labels: {app: operator}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: operator, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
";
    let (calls, questions) = out_of(operator);
    assert!(calls.is_empty());
    assert_eq!(
        questions,
        [
            "po/operator has a token with rights on the API server: where that answers is not visible"
        ]
    );
    let server = "---
apiVersion: v1
kind: Service
metadata: {name: kubernetes, namespace: default}
spec: {clusterIP: 10.96.0.1, ports: [{name: https, port: 443, targetPort: 6443}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}
addressType: IPv4
endpoints: [{addresses: [192.0.2.10]}]
ports: [{name: https, port: 6443, protocol: TCP}]
";
    let (calls, questions) = out_of(&(operator.to_owned() + server));
    assert!(questions.is_empty());
    let wanted = [
        "po/shop/operator > 10.96.0.1/32 TCP/443",
        "po/shop/operator > 192.0.2.10/32 TCP/6443",
    ];
    assert_eq!(calls, wanted);
}

#[test]
fn who_asks_to_be_scraped_is_let_be_by_the_one_scraper() {
    let annotated = |rest: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: app, namespace: shop, labels: {{app: app}}, annotations: {{prometheus.io/scrape: 'true'{rest}}}}}\nspec: {{containers: [{{name: c, image: i, ports: [{{containerPort: 8080}}]}}]}}\n---\n"
        )
    };
    let scraper = |name: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: watch, labels: {{app: {name}}}}}\nspec: {{containers: [{{name: c, image: 'quay.io/prometheus/prometheus:v3.1.0'}}]}}\n---\n"
        )
    };
    let one = annotated("") + &scraper("one");
    assert_eq!(into(&one), ["po/watch/one > po/shop/app TCP/8080"]);
    let written = annotated(", prometheus.io/port: '9102'") + &scraper("one");
    assert_eq!(into(&written), ["po/watch/one > po/shop/app TCP/9102"]);
    for several in [annotated(""), one + &scraper("two")] {
        let world = world(&several);
        let found = declared(&View::new(&world), "shop", Direction::Ingress);
        assert!(said(&found).is_empty());
        assert_eq!(
            found.questions,
            ["po/app asks to be scraped (prometheus.io/scrape): who does it?"]
        );
    }
}

#[test]
fn what_may_not_be_read_may_declare_more() {
    let mut world = world(&caller("db:5432"));
    let state = || State::Blind(Reason::Forbidden);
    let sight = world.sight_mut();
    sight.set(Kind::Ingress, Some("pay"), state());
    sight.set(Kind::RoleBinding, None, state());
    sight.set(Kind::Node, None, state());
    let hidden = |direction| {
        let found = declared(&View::new(&world), "shop", direction);
        found.hidden.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(hidden(Direction::Ingress), [Kind::Ingress]);
    assert_eq!(
        hidden(Direction::Egress),
        [Kind::RoleBinding, Kind::Ingress]
    );
}

fn closed(world: &World, direction: Direction) -> Plan {
    let key = ObjectKey::namespaced(Kind::NetworkPolicy, "shop", "deny");
    let deny = NetworkPolicy {
        meta: Meta::bare(key.clone()),
        pods: Selector::default(),
        types: Box::new([direction.word().into()]),
        ingress: None,
        egress: None,
    };
    let closing = Change::new(&key, Edit::CreatePolicy(Box::new(deny)));
    plan(&View::new(world), "shop", direction, &[closing])
}

fn policies(plan: &Plan) -> Vec<&NetworkPolicy> {
    let policies = plan.allows.iter().map(|change| match &change.edit {
        Edit::CreatePolicy(policy) => &**policy,
        other => panic!("{other:?}"),
    });
    policies.collect()
}

const DB: &str =
    "clusterIP: 10.96.0.7, selector: {app: db}, ports: [{port: 5432, targetPort: main}]";

#[test]
fn what_another_policy_lets_pass_needs_no_policy() {
    let shop = listener("Deployment", "db") + &service("db", DB) + &caller("db:5432");
    let open = closed(&world(&shop), Direction::Ingress);
    assert_eq!(
        (open.allows.len(), open.cut.len(), open.lost.len()),
        (1, 1, 0)
    );
    assert_eq!(open.closed, 1, "db may no longer call web");
    let kept = shop
        + "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: db, namespace: shop}\nspec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {}}]}]}\n";
    let plan = closed(&world(&kept), Direction::Ingress);
    assert!(plan.allows.is_empty() && plan.cut.is_empty() && plan.lost.is_empty());
    assert_eq!(plan.declared.calls.len(), 1);
}

#[test]
fn a_caller_on_its_nodes_network_has_no_name() {
    let agent = workload(
        "DaemonSet",
        "agent",
        "hostNetwork: true, containers: [{name: c, image: i, env: [{name: TO, value: 'db:5432'}]}]",
    );
    let shop = listener("Deployment", "db") + &service("db", DB) + &agent + &caller("db:5432");
    let plan = closed(&world(&shop), Direction::Ingress);
    let policies = policies(&plan);
    assert_eq!(policies.len(), 1);
    let rules = policies[0].ingress.as_ref().unwrap();
    assert_eq!(
        rules.len(),
        1,
        "whoever may call is among those without a name"
    );
    assert!(rules[0].peers.is_empty());
    assert!(plan.lost.is_empty(), "{:?}", plan.lost);
}

#[test]
fn a_pod_without_labels_can_be_no_subject_and_is_told() {
    let bare = "apiVersion: v1\nkind: Pod\nmetadata: {name: lone, namespace: shop}\nspec: {containers: [{name: c, image: i, env: [{name: TO, value: 'db:5432'}]}]}\n---\n";
    let shop = bare.to_owned() + &listener("Deployment", "db") + &service("db", DB);
    let out = closed(&world(&shop), Direction::Egress);
    assert!(out.allows.is_empty());
    assert_eq!(out.lost.len(), 1, "{:?}", out.lost);
    let into = closed(&world(&shop), Direction::Ingress);
    let rules = policies(&into)[0].ingress.as_ref().unwrap();
    assert_eq!(
        *rules[0].peers,
        [Peer::Pods {
            namespaces: None,
            pods: Some(Selector::default())
        }]
    );
    assert!(
        into.notes[0].contains("po/shop/lone has no label"),
        "{:?}",
        into.notes
    );
    assert!(into.lost.is_empty());
}

#[test]
fn the_selector_is_the_owners_and_tells_siblings_apart() {
    let labels = |name: &str, more: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: shop}}\nspec:\n  selector: {{matchLabels: {{app: web}}}}\n  template: {{metadata: {{labels: {{app: web, version: v1, {more}}}}}, spec: {{containers: [{{name: c, image: i}}]}}}}\n---\n"
        )
    };
    let chosen = |yaml: &str, kind, name: &str| {
        let world = world(yaml);
        let chosen = choose(
            &View::new(&world),
            &ObjectKey::namespaced(kind, "shop", name),
        );
        let selector = chosen.selector.unwrap_or_default();
        let pairs = selector.labels.iter().map(|(k, v)| format!("{k}={v}"));
        (pairs.collect::<Vec<_>>().join(","), chosen.also.len())
    };
    let tracks = labels("blue", "track: blue") + &labels("green", "track: green");
    assert_eq!(
        chosen(&tracks, Kind::Deployment, "blue"),
        ("app=web,track=blue".into(), 0)
    );
    let same = labels("blue", "side: left") + &labels("green", "side: left");
    assert_eq!(
        chosen(&same, Kind::Deployment, "blue"),
        ("app=web".into(), 1)
    );
    let alone = labels("blue", "track: blue");
    assert_eq!(
        chosen(&alone, Kind::Deployment, "blue"),
        ("app=web".into(), 0)
    );
    let nightly = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: nightly, namespace: shop}\nspec: {schedule: '0 0 * * *', jobTemplate: {spec: {template: {metadata: {labels: {job-name: x, app: nightly}}, spec: {containers: [{name: c, image: i}]}}}}}\n";
    assert_eq!(
        chosen(nightly, Kind::CronJob, "nightly"),
        ("app=nightly".into(), 0)
    );
}

#[test]
fn names_are_free_and_fit() {
    let world = world(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: shop}\nspec: {podSelector: {}}\n",
    );
    let view = View::new(&world);
    let name = |wanted: &str, taken: &[&str]| {
        let taken: BTreeSet<String> = taken.iter().map(ToString::to_string).collect();
        free_name(&view, "shop", wanted, &taken)
    };
    assert_eq!(name("b", &[]), "b");
    assert_eq!(name("a", &[]), "a-2");
    assert_eq!(name("a", &["a-2"]), "a-3");
    assert_eq!(name(&"x".repeat(300), &[]).len(), 253);
}
