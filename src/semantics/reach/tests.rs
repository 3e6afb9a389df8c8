//! The tables of the API, row by row, those rows first that other evaluators get wrong.

use super::{End, Network, News, PortSet, Verdict};
use crate::model::sight::State;
use crate::model::{Kind, ObjectKey, Reason};
use crate::semantics::network::{OTHER_POLICIES, TIERS};
use crate::semantics::testing::world;
use crate::view::{View, World};

const PODS: &str = "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: v1
kind: Namespace
metadata: {name: pay, labels: {team: b, empty: ''}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web, empty: ''}}
spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 5353, protocol: UDP}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: pay, labels: {app: api}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: bare, namespace: pay}
spec: {containers: [{name: c, image: i}]}
";

fn policy(spec: &str) -> World {
    world(&format!(
        "{PODS}---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p, namespace: shop}}\nspec: {spec}\n"
    ))
}

/// Ports that pass for certain from one pod to another (`outside` is an address), `-` for none, `?` where it depends.
fn ask(world: &World, from: &str, to: &str) -> String {
    let network = Network::new(&View::new(world));
    let end = |text: &str| match text.split_once('/') {
        Some((namespace, name)) => {
            let key = ObjectKey::namespaced(Kind::Pod, namespace, name);
            End::Class(network.classes_of(&key)[0])
        }
        None => End::Piece(network.pieces().of("8.8.8.8".parse().unwrap()).unwrap()),
    };
    let rows = network.judge(end(from), end(to), &PortSet::all());
    let of = |verdict: fn(&Verdict) -> bool| {
        let rows = rows.iter().filter(|r| verdict(&r.verdict));
        rows.fold(PortSet::default(), |all, r| all.or(&r.ports))
    };
    let (sure, maybe) = (of(|v| *v == Verdict::Allow), of(|v| v.doubt().is_some()));
    let mut words = sure.words();
    words.extend(maybe.words().iter().map(|w| format!("?{w}")));
    if words.is_empty() {
        "-".to_owned()
    } else {
        words.join(" ")
    }
}

/// Who reaches shop/web: shop/api, pay/api, pay/bare, outside.
fn into_web(spec: &str) -> [String; 4] {
    let world = policy(spec);
    ["shop/api", "pay/api", "pay/bare", "outside"].map(|from| ask(&world, from, "shop/web"))
}

const NONE: [&str; 4] = ["-"; 4];
const ALL: [&str; 4] = ["all"; 4];

#[test]
fn a_section_absent_null_or_empty_allows_nothing() {
    for none in [
        "{podSelector: {}}",
        "{podSelector: {}, ingress: []}",
        "{podSelector: {}, ingress: null}",
        "{podSelector: {}, policyTypes: [Ingress, Egress]}",
    ] {
        assert_eq!(into_web(none), NONE, "{none}");
    }
}

#[test]
fn one_empty_rule_or_no_peers_allow_everybody() {
    for all in ["[{}]", "[{from: []}]", "[{from: null}]", "[{ports: []}]"] {
        assert_eq!(
            into_web(&format!("{{podSelector: {{}}, ingress: {all}}}")),
            ALL,
            "{all}"
        );
    }
}

#[test]
fn types_decide_and_sections_without_their_type_are_ignored() {
    assert_eq!(
        into_web(
            "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], ingress: [{from: [{podSelector: {}}]}]}"
        ),
        ALL
    );
    let out = |spec: &str| ask(&policy(spec), "shop/web", "pay/api");
    assert_eq!(out("{podSelector: {}}"), "all");
    // The trap: an empty section without policyTypes isolates nothing.
    assert_eq!(out("{podSelector: {}, egress: []}"), "all");
    assert_eq!(
        out("{podSelector: {}, egress: [{to: [{podSelector: {}}]}]}"),
        "-"
    );
    assert_eq!(out("{podSelector: {}, policyTypes: [Egress]}"), "-");
    assert_eq!(
        out("{podSelector: {}, policyTypes: [Ingress], egress: [{to: [{podSelector: {}}]}]}"),
        "all"
    );
}

#[test]
fn peers_are_of_the_own_namespace_unless_they_say_otherwise() {
    let from = |peers: &str| {
        into_web(&format!(
            "{{podSelector: {{}}, ingress: [{{from: {peers}}}]}}"
        ))
    };
    assert_eq!(from("[{podSelector: {}}]"), ["all", "-", "-", "-"]);
    assert_eq!(
        from("[{podSelector: {matchLabels: {app: api}}}]"),
        ["all", "-", "-", "-"]
    );
    assert_eq!(
        from("[{namespaceSelector: {}}]"),
        ["all", "all", "all", "-"]
    );
    assert_eq!(
        from(
            "[{namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: api}}}]"
        ),
        ["-", "all", "-", "-"]
    );
    assert_eq!(
        from(
            "[{namespaceSelector: {matchLabels: {team: b}}}, {podSelector: {matchLabels: {app: api}}}]"
        ),
        ["all", "all", "all", "-"]
    );
    assert_eq!(
        from("[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: pay}}}]"),
        ["-", "all", "all", "-"]
    );
    assert_eq!(from("[{}]"), NONE);
}

#[test]
fn selectors_follow_the_table_of_operators() {
    let from = |requirement: &str| {
        let spec = format!(
            "{{podSelector: {{}}, ingress: [{{from: [{{namespaceSelector: {{}}, podSelector: {{matchExpressions: [{requirement}]}}}}]}}]}}"
        );
        into_web(&spec)
    };
    assert_eq!(
        from("{key: app, operator: In, values: [api]}"),
        ["all", "all", "-", "-"]
    );
    assert_eq!(
        from("{key: app, operator: NotIn, values: [api]}"),
        ["-", "-", "all", "-"]
    );
    assert_eq!(
        from("{key: app, operator: Exists}"),
        ["all", "all", "-", "-"]
    );
    assert_eq!(
        from("{key: app, operator: DoesNotExist}"),
        ["-", "-", "all", "-"]
    );
    // The API refuses these: they select nothing.
    assert_eq!(from("{key: app, operator: NotIn, values: []}"), NONE);
    assert_eq!(from("{key: app, operator: Near, values: [api]}"), NONE);
    let labels = |labels: &str| {
        into_web(&format!(
            "{{podSelector: {{}}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: {labels}}}}}]}}]}}"
        ))
    };
    // An empty value must be there, and be empty.
    assert_eq!(labels("{empty: ''}"), ["-", "all", "all", "-"]);
    assert_eq!(labels("{team: ''}"), NONE);
    assert_eq!(labels("{missing: ''}"), NONE);
}

#[test]
fn ports_are_those_of_the_destination() {
    let ports = |ports: &str| {
        into_web(&format!(
            "{{podSelector: {{}}, ingress: [{{ports: {ports}}}]}}"
        ))[0]
            .clone()
    };
    assert_eq!(ports("[{}]"), "TCP/1-65535");
    assert_eq!(ports("[{protocol: UDP}]"), "UDP/1-65535");
    assert_eq!(ports("[{port: 80}]"), "TCP/80");
    assert_eq!(
        ports("[{port: 80, endPort: 90, protocol: SCTP}]"),
        "SCTP/80-90"
    );
    assert_eq!(ports("[{port: http}, {port: dns}]"), "TCP/8080");
    assert_eq!(ports("[{port: dns, protocol: UDP}]"), "UDP/5353");
    assert_eq!(ports("[{port: nobody}]"), "-");
    assert_eq!(ports("[{port: 80, protocol: ICMP}]"), "-");
    let world = policy(
        "{podSelector: {matchLabels: {app: api}}, policyTypes: [Egress], egress: [{ports: [{port: http}, {port: 443}]}]}",
    );
    assert_eq!(ask(&world, "shop/api", "shop/web"), "TCP/443 TCP/8080");
    assert_eq!(ask(&world, "shop/api", "pay/api"), "TCP/443");
    assert_eq!(ask(&world, "shop/api", "outside"), "TCP/443");
}

#[test]
fn a_port_that_a_sidecar_names_depends_on_the_plugin() {
    let sidecar = "apiVersion: v1
kind: Pod
metadata: {name: mesh, namespace: shop}
spec:
  initContainers: [{name: proxy, image: i, restartPolicy: Always, ports: [{name: http, containerPort: 9000}]}]
  containers: [{name: c, image: i}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {}, ingress: [{ports: [{port: http}]}]}
";
    let with = world(&format!("{PODS}---\n{sidecar}"));
    assert_eq!(ask(&with, "pay/api", "shop/mesh"), "?TCP/9000");
    let ends = world(&format!(
        "{PODS}---\n{}",
        sidecar.replace("restartPolicy: Always, ", "")
    ));
    assert_eq!(ask(&ends, "pay/api", "shop/mesh"), "-");
}

#[test]
fn both_sides_must_allow_and_policies_add_up() {
    let two = "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: none}}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: q, namespace: shop}
spec: {podSelector: {}, ingress: [{ports: [{port: 80}]}, {ports: [{port: 443}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: pay}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 443}, {port: 8443}]}]}";
    let world = policy(two);
    assert_eq!(ask(&world, "shop/api", "shop/web"), "TCP/80 TCP/443");
    assert_eq!(ask(&world, "pay/api", "shop/web"), "TCP/443");
    assert_eq!(ask(&world, "pay/api", "outside"), "TCP/443 TCP/8443");
}

#[test]
fn blocks_mean_addresses_and_whether_pods_is_left_open() {
    let world = policy(
        "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 8.0.0.0/8, except: [8.8.0.0/16]}}, {ipBlock: {cidr: 2001:db8::/32}}]}]}",
    );
    assert_eq!(ask(&world, "outside", "shop/web"), "-");
    assert_eq!(ask(&world, "shop/api", "shop/web"), "?all");
    let all = policy("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}");
    assert_eq!(ask(&all, "outside", "shop/web"), "all");
    // A pod whose addresses are known and lie outside is not meant by any reading.
    let placed = PODS.replace("{name: api, namespace: pay, labels: {app: api}}", "{name: api, namespace: pay, labels: {app: api}}\nstatus: {phase: Running, podIPs: [{ip: 10.0.0.4}]}");
    let world = crate::semantics::testing::world(&format!(
        "{placed}---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p, namespace: shop}}\nspec: {{podSelector: {{}}, ingress: [{{from: [{{ipBlock: {{cidr: 8.0.0.0/8}}}}]}}]}}\n"
    ));
    assert_eq!(ask(&world, "pay/api", "shop/web"), "-");
}

#[test]
fn what_is_hidden_denies_nothing_and_undoes_no_rule_that_allows() {
    let blind = |spec: &str| {
        let mut world = policy(spec);
        let state = State::Blind(Reason::Forbidden);
        world
            .sight_mut()
            .set(Kind::NetworkPolicy, Some("shop"), state);
        ["pay/api", "pay/bare", "shop/api"].map(|from| ask(&world, from, "shop/web"))
    };
    let rule = "{namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}";
    let closed =
        format!("{{podSelector: {{}}, ingress: [{{from: [{rule}], ports: [{{port: 80}}]}}]}}");
    let rest = "?TCP/1-79 ?TCP/81-65535 ?UDP/1-65535 ?SCTP/1-65535";
    // A policy that is hidden may let more in, and may keep shop's own pods from calling.
    assert_eq!(
        blind(&closed),
        [
            format!("TCP/80 {rest}"),
            "?all".to_owned(),
            "?all".to_owned()
        ]
    );
    assert_eq!(
        blind("{podSelector: {matchLabels: {app: api}}}"),
        ["?all"; 3]
    );
}

#[test]
fn the_nearest_miss_names_what_is_lacking() {
    let world = policy(
        "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: front}}}]}, {from: [{podSelector: {matchLabels: {app: front}}}]}]}",
    );
    let network = Network::new(&View::new(&world));
    let key = |ns, name| ObjectKey::namespaced(Kind::Pod, ns, name);
    let miss = |from: &ObjectKey| {
        let rows = network.between(from, &key("shop", "web"), &PortSet::all());
        rows[0].nearest_miss.clone().unwrap()
    };
    assert_eq!(
        miss(&key("pay", "api")),
        "shop/p ingress rule 0: it wants app=front, and the pod has app=api"
    );
    assert_eq!(
        miss(&key("shop", "api")),
        "shop/p ingress rule 1: it wants app=front, and the pod has app=api"
    );
    assert_eq!(
        miss(&key("pay", "bare")),
        "shop/p ingress rule 0: it wants app=front, and the pod has no app"
    );
    let world = policy("{podSelector: {}}");
    let network = Network::new(&View::new(&world));
    let rows = network.between(&key("pay", "api"), &key("shop", "web"), &PortSet::all());
    assert_eq!(
        rows[0].nearest_miss.as_deref(),
        Some("shop/p isolates it and allows nothing into it")
    );
}

#[test]
fn news_are_what_decides_and_nothing_else() {
    let heard = |key: &ObjectKey| {
        let mut news = News::default();
        news.object(key);
        !news.is_empty()
    };
    let watched = OTHER_POLICIES.iter().filter_map(|other| other.kind);
    for kind in watched.chain(TIERS).chain(Kind::TEMPLATED) {
        assert!(heard(&ObjectKey::namespaced(kind, "shop", "x")), "{kind}");
    }
    for other in OTHER_POLICIES {
        let crd = ObjectKey::cluster(Kind::CustomResourceDefinition, other.crd);
        assert!(heard(&crd), "{}", other.crd);
    }
    let elsewhere = ObjectKey::cluster(Kind::CustomResourceDefinition, "widgets.example.com");
    assert!(!heard(&elsewhere));
    assert!(!heard(&ObjectKey::namespaced(Kind::Service, "shop", "x")));
}
