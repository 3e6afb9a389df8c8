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
    let way = |route: &str, gateway: &str| of(&[WEB, &inside, route, gateway]);
    assert!(way(&route("HTTPRoute", "", ""), "").is_empty());
    assert_eq!(
        way(&route("HTTPRoute", "", ""), &gateway("")),
        ["HTTPRoute internet medium deploy shop/web"]
    );
    let status = |accepted: &str| {
        let parent = "{parentRef: {name: edge, namespace: infra}";
        format!(
            "status: {{parents: [{parent}, conditions: [{{type: Accepted, status: '{accepted}'}}]}}]}}\n"
        )
    };
    let says = |accepted| [route("HTTPRoute", "", ""), status(accepted)].concat();
    assert_eq!(
        way(&says("True"), &gateway("")),
        ["HTTPRoute internet high deploy shop/web"]
    );
    assert!(
        way(&says("False"), &gateway("")).is_empty(),
        "refused by its controller"
    );
}

/// A route of the Service `web` on the gateway `edge`, with more of its parent and of its spec.
fn route(kind: &str, parent: &str, more: &str) -> String {
    format!(
        "\n---\napiVersion: gateway.networking.k8s.io/v1\nkind: {kind}\nmetadata: {{name: web, namespace: shop}}\nspec: {{parentRefs: [{{name: edge, namespace: infra{parent}}}], rules: [{{backendRefs: [{{name: web, port: 80}}]}}]{more}}}\n"
    )
}

/// A gateway with two listeners that all may use, and more of the first.
fn gateway(first: &str) -> String {
    format!(
        "\n---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, labels: {{team: a}}}}\n---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: edge, namespace: infra}}\nspec: {{gatewayClassName: envoy, listeners: [{{name: http, port: 80, protocol: HTTP, allowedRoutes: {{namespaces: {{from: All}}}}{first}}}]}}\nstatus: {{addresses: [{{value: 34.4.4.4}}]}}\n"
    )
}

#[test]
fn listeners_take_routes_by_name_port_kind_namespace_and_host() {
    let inside = service("type: ClusterIP", "");
    let taken = |route: &str, gateway: &str| !of(&[WEB, &inside, route, gateway]).is_empty();
    let open = gateway("");
    let with = |from: &str, to: &str| {
        assert!(open.contains(from));
        open.replace(from, to)
    };
    let plain = route("HTTPRoute", "", "");
    for (parent, expected) in [
        (", sectionName: http", true),
        (", sectionName: https", false),
        (", port: 80", true),
        (", port: 443", false),
        (", kind: Service, group: ''", false),
    ] {
        assert_eq!(
            taken(&route("HTTPRoute", parent, ""), &open),
            expected,
            "{parent}"
        );
    }
    for (namespaces, expected) in [
        ("{from: Same}", false),
        ("{}", false),
        ("{from: Selector, selector: {matchLabels: {team: a}}}", true),
        (
            "{from: Selector, selector: {matchLabels: {team: b}}}",
            false,
        ),
    ] {
        let gateway = with("{from: All}", namespaces);
        assert_eq!(taken(&plain, &gateway), expected, "{namespaces}");
    }
    assert!(!taken(
        &plain,
        &with("allowedRoutes: {namespaces: {from: All}}", "x: y")
    ));
    for (protocol, kind, expected) in [
        ("HTTP", "GRPCRoute", true),
        ("HTTPS", "HTTPRoute", true),
        ("TLS", "TLSRoute", true),
        ("TLS", "HTTPRoute", false),
        ("TCP", "TCPRoute", true),
        ("UDP", "UDPRoute", true),
        ("UDP", "TCPRoute", false),
        ("HTTP", "TCPRoute", false),
    ] {
        let gateway = with("protocol: HTTP", &format!("protocol: {protocol}"));
        assert_eq!(
            taken(&route(kind, "", ""), &gateway),
            expected,
            "{protocol} {kind}"
        );
    }
    let only_grpc = with(
        "{namespaces: {from: All}}",
        "{namespaces: {from: All}, kinds: [{kind: GRPCRoute}]}",
    );
    assert!(!taken(&plain, &only_grpc) && taken(&route("GRPCRoute", "", ""), &only_grpc));
    let hosted = gateway(", hostname: '*.example.com'");
    assert!(taken(&plain, &hosted));
    assert!(taken(
        &route("HTTPRoute", "", ", hostnames: [a.example.com]"),
        &hosted
    ));
    assert!(!taken(
        &route("HTTPRoute", "", ", hostnames: [example.com]"),
        &hosted
    ));
    // Hosts mean nothing to a listener of bytes.
    let bytes = hosted.replace("protocol: HTTP", "protocol: TCP");
    assert!(taken(
        &route("TCPRoute", "", ", hostnames: [example.com]"),
        &bytes
    ));
}

#[test]
fn another_namespace_grants_its_services_and_mirrors_get_requests_too() {
    let inside = service("type: ClusterIP", "").replace("namespace: shop", "namespace: lab");
    let web = WEB.replace("namespace: shop", "namespace: lab");
    let abroad = route("HTTPRoute", "", "").replace(
        "{name: web, port: 80}",
        "{name: web, namespace: lab, port: 80}",
    );
    let found = |parts: &[&str]| of(&[&[&*web, &*inside, &*gateway("")], parts].concat());
    assert!(found(&[&abroad]).is_empty());
    let grant = |spec: &str| {
        format!(
            "\n---\napiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {{name: g, namespace: lab}}\nspec: {{{spec}}}\n"
        )
    };
    let from = "from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}]";
    let all = "to: [{group: '', kind: Service}]";
    let ways = ["HTTPRoute internet medium deploy lab/web"];
    assert_eq!(found(&[&abroad, &grant(&format!("{from}, {all}"))]), ways);
    let named = "to: [{group: '', kind: Service, name: web}]";
    assert_eq!(found(&[&abroad, &grant(&format!("{from}, {named}"))]), ways);
    for refused in [
        format!("{from}, {}", named.replace("web", "other")),
        format!("{}, {all}", from.replace("HTTPRoute", "GRPCRoute")),
        format!("{}, {all}", from.replace("shop", "pay")),
        format!("{from}, to: [{{group: '', kind: Secret}}]"),
    ] {
        assert!(found(&[&abroad, &grant(&refused)]).is_empty(), "{refused}");
    }
    let mirror = abroad.replace(
        "backendRefs: [",
        "filters: [{type: RequestMirror, requestMirror: {backendRef: {name: web, namespace: lab, port: 80}}}], backendRefs: [",
    ).replace("[{name: web, namespace: lab, port: 80}]", "[]");
    assert_eq!(found(&[&mirror, &grant(&format!("{from}, {all}"))]), ways);
    let off = abroad.replace("port: 80}", "port: 80, weight: 0}");
    assert!(found(&[&off, &grant(&format!("{from}, {all}"))]).is_empty());
}

#[test]
fn listener_sets_need_leave_and_have_routes_of_their_own() {
    let inside = service("type: ClusterIP", "");
    let set = "\n---\napiVersion: gateway.networking.k8s.io/v1\nkind: ListenerSet\nmetadata: {name: own, namespace: shop}\nspec: {parentRef: {name: edge, namespace: infra}, listeners: [{name: l, port: 8443, protocol: HTTPS}]}\n";
    let on_set = route("HTTPRoute", "", "").replace(
        "{name: edge, namespace: infra}",
        "{kind: ListenerSet, name: own}",
    );
    let way = |parts: &[&str]| of(&[&[WEB, &*inside], parts].concat());
    // Nothing is allowed unless the gateway says so.
    assert!(way(&[&on_set, set, &gateway("")]).is_empty());
    for (from, expected) in [("All", true), ("Same", false), ("None", false)] {
        let allowing = gateway("").replace(
            "gatewayClassName",
            &format!("allowedListeners: {{namespaces: {{from: {from}}}}}, gatewayClassName"),
        );
        assert_eq!(
            !way(&[&on_set, set, &allowing]).is_empty(),
            expected,
            "{from}"
        );
    }
}

#[test]
fn hidden_grants_and_labels_leave_the_way_and_make_it_unsure() {
    let abroad = route("HTTPRoute", "", "").replace(
        "{name: web, port: 80}",
        "{name: web, namespace: lab, port: 80}",
    );
    let inside = service("type: ClusterIP", "").replace("namespace: shop", "namespace: lab");
    let web = WEB.replace("namespace: shop", "namespace: lab");
    let mut world = world(&[&*web, &*inside, &*gateway(""), &*abroad].concat());
    let state = State::Blind(Reason::Forbidden);
    world.sight_mut().set(Kind::ReferenceGrant, None, state);
    assert_eq!(ways(&world), ["HTTPRoute internet low deploy lab/web"]);
}

#[test]
fn the_routers_of_openshift_carry_routes() {
    let inside = service("type: ClusterIP", "");
    let route = |spec: &str, status: &str| {
        format!(
            "\n---\napiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {{name: web, namespace: shop, creationTimestamp: '2026-01-01T00:00:00Z'}}\nspec: {{host: web.apps.example.com, {spec}}}\nstatus: {{ingress: [{status}]}}\n"
        )
    };
    let to = "to: {kind: Service, name: web, weight: 100}";
    let admitted = "{routerName: default, host: web.apps.example.com, conditions: [{type: Admitted, status: 'True'}]}";
    let way = |parts: &[&str]| of(&[&[WEB, &*inside], parts].concat());
    assert_eq!(
        way(&[&route(to, "")]),
        ["Route pending medium deploy shop/web"]
    );
    assert_eq!(
        way(&[&route(to, admitted)]),
        ["Route unknown medium deploy shop/web"]
    );
    let router = "\n---\napiVersion: v1\nkind: Service\nmetadata: {name: router-default, namespace: openshift-ingress}\nspec: {type: LoadBalancer, allocateLoadBalancerNodePorts: false, selector: {a: b}, ports: [{port: 443}]}\nstatus: {loadBalancer: {ingress: [{ip: 34.1.2.3}]}}\n";
    assert_eq!(
        way(&[&route(to, admitted), router]),
        ["Route internet high deploy shop/web"]
    );
    for (spec, expected) in [
        ("to: {kind: Service, name: web, weight: 0}", 0),
        ("to: {name: other}, alternateBackends: [{name: web}]", 1),
        ("to: {name: web}, port: {targetPort: http}", 1),
        ("to: {name: web}, port: {targetPort: 9}", 0),
    ] {
        assert_eq!(way(&[&route(spec, admitted)]).len(), expected, "{spec}");
    }
}

#[test]
fn pods_on_their_node_tunnels_and_health_checks_are_listed() {
    let pod = |spec: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: agent, namespace: shop}}\nspec: {{{spec}}}\n"
        )
    };
    let agent =
        pod("hostNetwork: true, containers: [{name: c, image: i, ports: [{containerPort: 9100}]}]");
    let world = world(&agent);
    let found = exposure(&View::new(&world));
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].door.at,
        "9100/TCP of its node, and whatever else it listens on"
    );
    let node = "\n---\napiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {addresses: [{type: ExternalIP, address: 34.1.1.1}]}\n";
    assert_eq!(
        of(&[&agent, node]),
        ["hostNetwork internet medium po shop/agent"]
    );
    let silent = pod("hostNetwork: true, containers: [{name: c, image: i}]");
    assert_eq!(
        of(&[&silent, node]),
        ["hostNetwork internet low po shop/agent"]
    );
    let tunnel = pod("containers: [{name: c, image: 'cloudflare/cloudflared:1'}]");
    assert_eq!(of(&[&tunnel]), ["tunnel unknown low po shop/agent"]);
    let checked = service(
        "type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 31000, allocateLoadBalancerNodePorts: false",
        "",
    );
    let found = of(&[WEB, &checked, &status("{ip: 34.1.2.3}")]);
    let expected = [
        "LoadBalancer internet high deploy shop/web",
        "healthCheckNodePort unknown low nobody",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_name_for_something_outside_is_a_way_where_an_ingress_leads_to_it() {
    let named = "\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {type: ExternalName, externalName: db.internal}\n";
    assert!(of(&[named]).is_empty());
    let by_number = INGRESS.replace("{name: http}", "{number: 80}");
    let world = world(&[named, &by_number].concat());
    let found = exposure(&View::new(&world));
    let last = found[0].hops().last().unwrap();
    assert_eq!((found.len(), &*last.value), (1, "db.internal"));
    assert_eq!(found[0].workload, None);
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
    // There every port is one of the node: another kind of way.
    let shared = ways(&world(&pod("hostPort: 3478", "hostNetwork: true, ")));
    assert_eq!(shared, ["hostNetwork unknown low po shop/turn"]);
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
