//! Ways in, on whole manifests.

use super::*;
use crate::model::sight::State;
use crate::model::{Kind, Reason};
use crate::semantics::testing::world;
use crate::view::World;

const WEB: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: i, ports: [{name: http, containerPort: 8080}]}]}
";

fn service(spec: &str, rest: &str) -> String {
    format!(
        "\n---\napiVersion: v1\nkind: Service\nmetadata: {{name: web, namespace: shop{rest}}}\nspec: {{selector: {{app: web}}, ports: [{{name: http, port: 80, targetPort: http}}], {spec}}}\n"
    )
}

fn status(ingress: &str) -> String {
    format!("status: {{loadBalancer: {{ingress: [{ingress}]}}}}\n")
}

/// `kind level confidence workload` of every way.
fn ways(world: &World) -> Vec<String> {
    let view = View::new(world);
    let ways = exposure(&view).into_iter().map(|way| {
        let workload = way
            .workload
            .map_or("nobody".to_owned(), |key| key.to_string());
        let door = way.door;
        format!(
            "{} {} {} {workload}",
            door.kind.word(),
            door.level,
            door.confidence.word()
        )
    });
    ways.collect()
}

fn of(parts: &[&str]) -> Vec<String> {
    ways(&world(&parts.concat()))
}

#[test]
fn a_cluster_ip_is_no_way_in() {
    assert_eq!(
        of(&[WEB, &service("type: ClusterIP", "")]),
        Vec::<String>::new()
    );
}

#[test]
fn the_address_of_a_load_balancer_tells_from_where() {
    let balancer = service(
        "type: LoadBalancer, allocateLoadBalancerNodePorts: false",
        "",
    );
    let rows = [
        ("{ip: 34.1.2.3}", "internet high"),
        ("{ip: 10.0.0.9}", "network high"),
        ("{ip: 10.0.0.9}, {ip: 34.1.2.3}", "internet high"),
        (
            "{hostname: a-1.eu-central-1.elb.amazonaws.com}",
            "internet high",
        ),
        (
            "{hostname: internal-a-1.eu-central-1.elb.amazonaws.com}",
            "network high",
        ),
        ("{hostname: lb.example.com}", "unknown medium"),
    ];
    for (address, expected) in rows {
        let found = of(&[WEB, &balancer, &status(address)]);
        assert_eq!(
            found,
            [format!("LoadBalancer {expected} deploy shop/web")],
            "{address}"
        );
    }
    assert_eq!(
        of(&[WEB, &balancer]),
        ["LoadBalancer unknown low deploy shop/web"]
    );
    let pending = service(
        "type: LoadBalancer",
        ", creationTimestamp: '2026-01-01T00:00:00Z'",
    );
    assert_eq!(
        of(&[WEB, &pending]),
        ["LoadBalancer pending medium deploy shop/web"]
    );
}

#[test]
fn annotations_decide_where_the_address_does_not() {
    let nlb = "{hostname: k8s-shop-web-1.elb.eu-central-1.amazonaws.com}";
    let aws = "type: LoadBalancer, allocateLoadBalancerNodePorts: false, loadBalancerClass: service.k8s.aws/nlb";
    let annotated = |text: &str| format!(", annotations: {{{text}}}");
    let scheme = "service.beta.kubernetes.io/aws-load-balancer-scheme";
    let old = "service.beta.kubernetes.io/aws-load-balancer-internal";
    let rows = [
        (format!("{scheme}: internet-facing"), "internet medium"),
        (format!("{scheme}: internal"), "network medium"),
        (
            format!("{scheme}: internet-facing, {old}: 'true'"),
            "internet medium",
        ),
        (format!("{old}: 'false'"), "internet medium"),
        (String::new(), "network medium"),
    ];
    for (annotation, expected) in rows {
        let found = of(&[WEB, &service(aws, &annotated(&annotation)), &status(nlb)]);
        assert_eq!(
            found,
            [format!("LoadBalancer {expected} deploy shop/web")],
            "{annotation}"
        );
    }
    let azure = "service.beta.kubernetes.io/azure-load-balancer-internal";
    let level = |annotation: &str, value: &str| {
        let spec = "type: LoadBalancer, allocateLoadBalancerNodePorts: false";
        let text = annotated(&format!("{annotation}: '{value}'"));
        of(&[WEB, &service(spec, &text)])
            .concat()
            .split(' ')
            .nth(1)
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        [level(azure, "true"), level(azure, "True")],
        ["network", "unknown"]
    );
    assert_eq!(
        [level(old, "0.0.0.0/0"), level(old, "false"), level(old, "")],
        ["network", "unknown", "unknown"]
    );
    assert_eq!(
        level("networking.gke.io/load-balancer-type", "Internal"),
        "network"
    );
    assert_eq!(
        level(
            "service.beta.kubernetes.io/do-loadbalancer-network",
            "INTERNAL"
        ),
        "network"
    );
}

#[test]
fn source_ranges_restrict_the_load_balancer_and_not_its_node_ports() {
    let ranged = service(
        "type: LoadBalancer, loadBalancerSourceRanges: [198.51.100.0/24]",
        "",
    );
    let node = "\n---\napiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {addresses: [{type: InternalIP, address: 10.0.0.1}, {type: ExternalIP, address: 34.1.1.1}]}\n";
    let found = of(&[WEB, &ranged, &status("{ip: 34.1.2.3}"), node]);
    let expected = [
        "NodePort internet medium deploy shop/web",
        "LoadBalancer internet-restricted high deploy shop/web",
    ];
    assert_eq!(found, expected);
}

#[test]
fn node_ports_are_as_far_as_the_addresses_of_nodes() {
    let port = service("type: NodePort", "");
    let node = |address: &str| {
        format!(
            "\n---\napiVersion: v1\nkind: Node\nmetadata: {{name: n1}}\nstatus: {{addresses: [{address}]}}\n"
        )
    };
    assert_eq!(of(&[WEB, &port]), ["NodePort unknown low deploy shop/web"]);
    let private =
        node("{type: InternalIP, address: 10.0.0.1}, {type: ExternalDNS, address: n.example.com}");
    assert_eq!(
        of(&[WEB, &port, &private]),
        ["NodePort network medium deploy shop/web"]
    );
    let bare = node("{type: InternalIP, address: 34.9.9.9}");
    assert_eq!(
        of(&[WEB, &port, &bare]),
        ["NodePort internet medium deploy shop/web"]
    );
}

#[test]
fn external_addresses_open_any_type_but_external_name() {
    let open = service("externalIPs: [34.5.6.7]", "");
    assert_eq!(
        of(&[WEB, &open]),
        ["externalIPs internet low deploy shop/web"]
    );
    let named = service(
        "type: ExternalName, externalName: example.com, externalIPs: [34.5.6.7]",
        "",
    );
    assert_eq!(of(&[WEB, &named]), Vec::<String>::new());
}

const INGRESS: &str = "\n---\napiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: front, namespace: shop}
spec:
  rules:
  - host: shop.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}
";

#[test]
fn an_ingress_is_as_far_as_the_load_balancer_that_carries_its_address() {
    let inside = service("type: ClusterIP", "");
    assert_eq!(
        of(&[WEB, &inside, INGRESS]),
        ["Ingress unknown low deploy shop/web"]
    );
    let public = status("{ip: 34.1.2.3}");
    assert_eq!(
        of(&[WEB, &inside, INGRESS, &public]),
        ["Ingress internet medium deploy shop/web"]
    );
    let front = "---\napiVersion: v1\nkind: Service\nmetadata: {name: proxy, namespace: edge}\nspec: {type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8], allocateLoadBalancerNodePorts: false, selector: {app: proxy}, ports: [{port: 80}]}\nstatus: {loadBalancer: {ingress: [{ip: 34.1.2.3}]}}\n";
    let found = of(&[WEB, &inside, INGRESS, &public, front]);
    assert_eq!(found, ["Ingress internet-restricted high deploy shop/web"]);
}

#[test]
fn an_ingress_to_a_port_that_the_service_lacks_leads_nowhere() {
    let inside = service("type: ClusterIP", "");
    let elsewhere = INGRESS.replace("{name: http}", "{number: 81}");
    assert_eq!(of(&[WEB, &inside, &elsewhere]), Vec::<String>::new());
    let by_number = INGRESS.replace("{name: http}", "{number: 80}");
    assert_eq!(of(&[WEB, &inside, &by_number]).len(), 1);
}

#[test]
fn classes_resolve_by_field_annotation_and_default() {
    let class = "\n---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: alb, annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}}\nspec: {controller: ingress.k8s.aws/alb}\n";
    let inside = service("type: ClusterIP", "");
    // The AWS controller makes internal load balancers unless told otherwise.
    assert_eq!(
        of(&[WEB, &inside, INGRESS, class]),
        ["Ingress network low deploy shop/web"]
    );
    let named = INGRESS.replace("spec:\n", "spec:\n  ingressClassName: nginx\n");
    assert_eq!(
        of(&[WEB, &inside, &named, class]),
        ["Ingress unknown low deploy shop/web"]
    );
    let old = INGRESS.replace(
        "namespace: shop}",
        "namespace: shop, annotations: {kubernetes.io/ingress.class: alb}}",
    );
    assert_eq!(
        of(&[WEB, &inside, &old, class]),
        ["Ingress network low deploy shop/web"]
    );
}

#[test]
fn routes_lead_through_gateways_that_exist() {
    let inside = service("type: ClusterIP", "");
    let route = "\n---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web, namespace: shop}\nspec: {parentRefs: [{name: edge, namespace: infra}], rules: [{backendRefs: [{name: web, port: 80}]}]}\n";
    let gateway = "\n---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: edge, namespace: infra}\nspec: {gatewayClassName: envoy, listeners: [{name: http, port: 80, protocol: HTTP}]}\nstatus: {addresses: [{value: 34.4.4.4}]}\n";
    assert_eq!(of(&[WEB, &inside, route]), Vec::<String>::new());
    assert_eq!(
        of(&[WEB, &inside, route, gateway]),
        ["HTTPRoute internet low deploy shop/web"]
    );
}

#[test]
fn host_ports_open_their_node_unless_bound_to_loopback() {
    let pod = |port: &str, host: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: turn, namespace: shop}}\nspec: {{{host}containers: [{{name: c, image: i, ports: [{{containerPort: 3478, {port}}}]}}]}}\n"
        )
    };
    let open = ways(&world(&pod("hostPort: 3478", "")));
    assert_eq!(open, ["hostPort unknown low po shop/turn"]);
    assert!(ways(&world(&pod("hostPort: 3478, hostIP: 127.0.0.1", ""))).is_empty());
    assert!(ways(&world(&pod("hostPort: 3478", "hostNetwork: true, "))).is_empty());
    assert!(ways(&world(&pod("name: x", ""))).is_empty());
}

#[test]
fn slices_are_the_truth_where_there_are_any() {
    let balancer = service(
        "type: LoadBalancer, allocateLoadBalancerNodePorts: false",
        "",
    );
    let slice = |endpoints: &str| {
        format!(
            "\n---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{name: web-x, namespace: shop, labels: {{kubernetes.io/service-name: web}}}}\naddressType: IPv4\nendpoints: [{endpoints}]\n"
        )
    };
    assert!(
        of(&[WEB, &balancer, &slice("")]).is_empty(),
        "no endpoint, nothing behind it"
    );
    let other = "\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: db, namespace: pay}\nspec: {containers: [{name: c, image: i}]}\nstatus: {podIP: 10.9.9.9, podIPs: [{ip: 10.9.9.9}]}\n";
    let by_hand = slice("{addresses: [10.9.9.9]}, {addresses: [10.1.1.1]}");
    let found = of(&[WEB, &balancer, &by_hand, other]);
    assert_eq!(
        found,
        [
            "LoadBalancer unknown low nobody",
            "LoadBalancer unknown low po pay/db"
        ]
    );
    let named =
        slice("{addresses: [10.2.2.2], targetRef: {kind: Pod, name: gone, namespace: shop}}");
    assert_eq!(
        of(&[WEB, &balancer, &named]),
        ["LoadBalancer unknown low po shop/gone"]
    );
}

#[test]
fn a_workload_scaled_to_nothing_has_nobody_to_reach() {
    let asleep = WEB.replace("spec:\n  selector", "spec:\n  replicas: 0\n  selector");
    assert!(of(&[&asleep, &service("type: LoadBalancer", "")]).is_empty());
}

#[test]
fn what_is_hidden_is_noted_and_hides_no_door_that_is_seen() {
    let mut world = world(&[WEB, &service("type: NodePort", "")].concat());
    for kind in [Kind::Node, Kind::IngressClass] {
        world
            .sight_mut()
            .set(kind, None, State::Blind(Reason::Forbidden));
    }
    assert_eq!(ways(&world), ["NodePort unknown low deploy shop/web"]);
    let view = View::new(&world);
    exposure(&view);
    assert!(!view.is_blind(), "these only colour");
    world
        .sight_mut()
        .set(Kind::Ingress, None, State::Blind(Reason::Forbidden));
    let view = View::new(&world);
    exposure(&view);
    assert!(view.is_blind());
}

#[test]
fn the_ways_of_one_pod_are_those_of_the_whole() {
    let world = world(&[WEB, &service("type: LoadBalancer", ""), INGRESS].concat());
    let view = View::new(&world);
    let workloads = Workload::all(&world, "shop");
    let likes = workloads[0].pod_likes();
    let one: Vec<_> = ways_to(&view, &likes[0].0)
        .into_iter()
        .map(|w| (w.door, w.workload))
        .collect();
    let all: Vec<_> = exposure(&view)
        .into_iter()
        .map(|w| (w.door, w.workload))
        .collect();
    assert_eq!((one.len(), &one), (3, &all));
}

#[test]
fn a_pod_is_reached_by_the_services_whose_slices_list_it() {
    let pods = "apiVersion: v1\nkind: Pod\nmetadata: {name: web-a, namespace: shop, labels: {app: web}}\nspec: {containers: [{name: c, image: i}]}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: web-b, namespace: shop, labels: {app: web}}\nspec: {containers: [{name: c, image: i}]}\n";
    let slice = "\n---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: web-x, namespace: shop, labels: {kubernetes.io/service-name: web}}\naddressType: IPv4\nendpoints: [{addresses: [10.1.1.1], targetRef: {kind: Pod, name: web-a, namespace: shop}}]\n";
    let world = world(&[pods, &service("type: NodePort", ""), slice].concat());
    let view = View::new(&world);
    let reached = Workload::all(&world, "shop").into_iter().map(|w| {
        let likes = w.pod_likes();
        ways_to(&view, &likes[0].0).len()
    });
    assert_eq!(reached.collect::<Vec<_>>(), [1, 0]);
}
