//! `bartizan exposure`, as scripts use it: its rows, and what policies say of each for the address that they see.

use std::fs;
use std::process::{Command, Output};

use serde_json::{Value, json};

const WEB: &str = "
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: i, ports: [{name: http, containerPort: 8080}]}]}
status: {phase: Running, podIPs: [{ip: 10.0.0.5}]}
";

fn service(spec: &str, rest: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Service\nmetadata: {{name: web, namespace: shop{rest}}}\nspec: {{selector: {{app: web}}, ports: [{{name: http, port: 80, targetPort: http}}], {spec}}}\nstatus: {{loadBalancer: {{ingress: [{{ip: 34.1.2.3}}]}}}}\n"
    )
}

fn policy(ingress: &str) -> String {
    format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p, namespace: shop}}\nspec: {{podSelector: {{matchLabels: {{app: web}}}}, policyTypes: [Ingress], ingress: [{ingress}]}}\n"
    )
}

fn run_on(world: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.yaml");
    fs::write(&file, world).unwrap();
    Command::new(env!("CARGO_BIN_EXE_bartizan"))
        .args(["exposure", "-f", file.to_str().unwrap()])
        .args(arguments)
        .env_remove("KUBECONFIG")
        .output()
        .unwrap()
}

/// Rows without the schema's line.
fn rows(world: &str, arguments: &[&str]) -> Vec<Value> {
    let output = run_on(world, &[arguments, &["-o", "jsonl"]].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    assert_eq!(lines.next(), Some(json!({"schema": "bartizan.exposure/1"})));
    lines.collect()
}

/// `verdict doubt ports; source` of what policies say of the only way, or the only one of a kind.
fn says(parts: &[&str], kind: &str) -> String {
    let mut rows = rows(&parts.concat(), &[]);
    rows.retain(|row| row["kind"] == kind);
    let [row] = rows.as_slice() else {
        panic!("{rows:#?}")
    };
    let policy = &row["policy"];
    let text = |field: &str| policy[field].as_str().unwrap_or_default().to_owned();
    let ports: Vec<_> = policy["ports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p.as_str().unwrap())
        .collect();
    let doubt = match policy["undetermined_because"].as_str() {
        Some(doubt) => format!("({doubt})"),
        None => String::new(),
    };
    format!(
        "{}{doubt} {}; {}",
        text("verdict"),
        ports.join(","),
        text("source")
    )
}

const BALANCER: &str = "type: LoadBalancer, allocateLoadBalancerNodePorts: false";

#[test]
fn a_way_has_its_hops_with_object_and_field_and_what_policies_say() {
    let world = [
        WEB,
        &service(&format!("{BALANCER}, externalTrafficPolicy: Local"), ""),
        &policy("{from: [{ipBlock: {cidr: 34.0.0.0/8}}], ports: [{port: http}]}"),
    ];
    let rows = rows(&world.concat(), &[]);
    let object = |kind: &str, name: &str| json!({"apiVersion": "v1", "kind": kind, "namespace": "shop", "name": name});
    assert_eq!(
        rows,
        [json!({
            "kind": "LoadBalancer", "level": "internet", "confidence": "high", "at": "34.1.2.3",
            "hops": [
                {"object": object("Service", "web"), "path": "status.loadBalancer.ingress[0].ip", "value": "34.1.2.3", "origin": "live"},
                {"object": object("Service", "web"), "path": "spec.type", "value": "LoadBalancer", "origin": "explicit"},
                {"object": object("Service", "web"), "path": "spec.ports", "value": "80/TCP", "origin": "explicit"},
                {"object": object("Service", "web"), "path": "spec.selector", "value": "app=web", "origin": "explicit"},
            ],
            "workload": object("Pod", "web"),
            "policy": {
                "verdict": "allow", "ports": ["TCP/8080"], "source": "client address", "clients": ["34.0.0.0/8"],
                "because": [{"policy": {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "namespace": "shop", "name": "p"}, "direction": "ingress", "rule": 0}],
            },
        })]
    );
}

#[test]
fn the_traffic_policy_decides_whose_address_is_seen() {
    let local = service(&format!("{BALANCER}, externalTrafficPolicy: Local"), "");
    let cluster = service(BALANCER, "");
    let of = |service: &str, ingress: &str| says(&[WEB, service, &policy(ingress)], "LoadBalancer");
    let inside = "{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}";
    let everybody = "{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}";
    // A client of the internet has no address of 10.0.0.0/8.
    assert_eq!(of(&local, inside), "deny TCP/8080; client address");
    assert_eq!(of(&local, everybody), "allow TCP/8080; client address");
    assert_eq!(of(&local, ""), "deny TCP/8080; client address");
    let rewritten = "undetermined(source-address-rewritten) TCP/8080; node address (rewritten)";
    assert_eq!(of(&cluster, inside), rewritten);
    // The pod's own node is let in whatever policies say.
    assert_eq!(of(&cluster, ""), rewritten);
    let allowed = "allow TCP/8080; node address (rewritten)";
    assert_eq!(of(&cluster, everybody), allowed);
    assert_eq!(of(&cluster, "{}"), allowed);
    assert_eq!(says(&[WEB, &cluster], "LoadBalancer"), allowed);
    // Rules for another port than that of the pods let nobody in, that of the Service included.
    assert_eq!(
        of(&local, "{ports: [{port: 80}]}"),
        "deny TCP/8080; client address"
    );
    assert_eq!(
        of(&local, "{ports: [{port: 8080}]}"),
        "allow TCP/8080; client address"
    );
}

#[test]
fn source_ranges_and_levels_narrow_the_clients() {
    let ranged = |ranges: &str| {
        service(
            &format!(
                "{BALANCER}, externalTrafficPolicy: Local, loadBalancerSourceRanges: [{ranges}]"
            ),
            "",
        )
    };
    let partner = policy("{from: [{ipBlock: {cidr: 34.7.0.0/16}}]}");
    let of = |ranges: &str| says(&[WEB, &ranged(ranges), &partner], "LoadBalancer");
    assert_eq!(of("34.7.8.0/24"), "allow TCP/8080; client address");
    assert_eq!(of("34.0.0.0/8"), "allow TCP/8080; client address");
    assert_eq!(of("35.0.0.0/8"), "deny TCP/8080; client address");
    assert_eq!(of("198.51.100.0/28"), "deny TCP/8080; client address");
    let ranged = [WEB, &ranged("198.51.100.0/28")].concat();
    assert_eq!(
        says(&[&ranged], "LoadBalancer"),
        "allow TCP/8080; client address"
    );
    // An internal load balancer has clients of the private network.
    let internal = service(&format!("{BALANCER}, externalTrafficPolicy: Local"), "")
        .replace("34.1.2.3", "10.9.9.9");
    assert_eq!(
        says(&[WEB, &internal, &partner], "LoadBalancer"),
        "deny TCP/8080; client address"
    );
    let lan = policy("{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}");
    assert_eq!(
        says(&[WEB, &internal, &lan], "LoadBalancer"),
        "allow TCP/8080; client address"
    );
}

#[test]
fn balancers_that_talk_to_pods_and_host_ports() {
    let annotated = |more: &str| {
        let annotations = format!(
            ", annotations: {{service.beta.kubernetes.io/aws-load-balancer-nlb-target-type: ip{more}}}"
        );
        service(
            &format!(
                "{BALANCER}, externalTrafficPolicy: Local, loadBalancerClass: service.k8s.aws/nlb"
            ),
            &annotations,
        )
    };
    let block = policy("{from: [{ipBlock: {cidr: 34.0.0.0/8}}]}");
    let seen = says(&[WEB, &annotated(""), &block], "LoadBalancer");
    assert_eq!(
        seen,
        "undetermined(source-address-rewritten) TCP/8080; address of the load balancer"
    );
    // No address is let in, so that of the load balancer is not.
    let closed = says(&[WEB, &annotated(""), &policy("")], "LoadBalancer");
    assert_eq!(closed, "deny TCP/8080; address of the load balancer");
    let kept = ", service.beta.kubernetes.io/aws-load-balancer-target-group-attributes: 'deregistration_delay.timeout_seconds=9,preserve_client_ip.enabled=true'";
    let seen = says(&[WEB, &annotated(kept), &block], "LoadBalancer");
    assert_eq!(seen, "allow TCP/8080; client address");
    let host = WEB.replace("containerPort: 8080", "containerPort: 8080, hostPort: 80");
    let port = |ingress: &str| says(&[&host, &policy(ingress)], "hostPort");
    assert_eq!(port("{}"), "allow TCP/8080; client or node address");
    assert_eq!(
        port(""),
        "undetermined(source-address-rewritten) TCP/8080; client or node address"
    );
}

const FRONT: &str = "---
apiVersion: v1
kind: Pod
metadata: {name: proxy, namespace: edge, labels: {app: proxy}}
spec: {containers: [{name: c, image: 'registry.k8s.io/ingress-nginx/controller:v1', ports: [{containerPort: 443}]}]}
status: {phase: Running, podIPs: [{ip: 10.0.0.9}]}
---
apiVersion: v1
kind: Service
metadata: {name: proxy, namespace: edge}
spec: {type: LoadBalancer, externalTrafficPolicy: Local, allocateLoadBalancerNodePorts: false, selector: {app: proxy}, ports: [{port: 443}]}
status: {loadBalancer: {ingress: [{ip: 34.1.2.3}]}}
";

fn ingress(status: &str) -> String {
    format!("---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: front, namespace: shop}}
spec: {{ingressClassName: nginx, rules: [{{http: {{paths: [{{path: /, pathType: Prefix, backend: {{service: {{name: web, port: {{name: http}}}}}}}}]}}}}]}}
status: {{loadBalancer: {{ingress: [{status}]}}}}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {{name: nginx}}
spec: {{controller: k8s.io/ingress-nginx}}
")
}

#[test]
fn behind_a_proxy_policies_see_its_pods() {
    let inside = service("type: ClusterIP", "");
    let pods = "{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: edge}}, podSelector: {matchLabels: {app: proxy}}}]}";
    let block = "{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}";
    let of = |parts: &[&str]| says(&[&[WEB, &inside, FRONT], parts].concat(), "Ingress");
    let with = |ingress_rule: &str| of(&[&ingress("{ip: 34.1.2.3}"), &policy(ingress_rule)]);
    assert_eq!(with(pods), "allow TCP/8080; pods of po/edge/proxy");
    assert_eq!(with(block), "deny TCP/8080; pods of po/edge/proxy");
    // Without an address of its own the controller is known by its class and image.
    let unaddressed = of(&[&ingress(""), &policy(pods)]);
    assert_eq!(unaddressed, "allow TCP/8080; pods of po/edge/proxy");
    // The way leads through the proxy: where nobody may reach that, nobody comes in.
    let shut = policy("")
        .replace("shop", "edge")
        .replace("app: web", "app: proxy");
    assert_eq!(
        of(&[&ingress("{ip: 34.1.2.3}"), &shut]),
        "deny TCP/8080; pods of po/edge/proxy"
    );
    // Two controllers of that image: which of them serves the class is not known.
    let second = FRONT
        .replace("name: proxy,", "name: other,")
        .replace("34.1.2.3", "34.9.9.9");
    let unknown = of(&[&ingress(""), &second, &policy(pods)]);
    assert_eq!(
        unknown,
        "undetermined(source-address-rewritten) TCP/8080; a proxy that was not found"
    );
    assert_eq!(
        of(&[&ingress(""), &second, &policy("")]),
        "deny TCP/8080; a proxy that was not found"
    );
    let on_node = FRONT.replace("spec: {containers", "spec: {hostNetwork: true, containers");
    let parts = [
        WEB,
        &inside,
        &on_node,
        &ingress("{ip: 34.1.2.3}"),
        &policy(pods),
    ];
    assert_eq!(
        says(&parts, "Ingress"),
        "undetermined(host-network) TCP/8080; pods of po/edge/proxy"
    );
}

#[test]
fn namespaces_narrow_and_formats_agree() {
    let world = [WEB, &service(BALANCER, ""), FRONT].concat();
    assert_eq!(rows(&world, &[]).len(), 2);
    let edge = rows(&world, &["-n", "edge"]);
    assert_eq!(edge.len(), 1);
    assert_eq!(edge[0]["workload"]["name"], "proxy");
    let output = run_on(&world, &["-o", "json"]);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["schema"], "bartizan.exposure/1");
    assert_eq!(value["paths"], Value::from(rows(&world, &[])));
    let table = String::from_utf8(run_on(&world, &[]).stdout).unwrap();
    assert!(
        table.contains("internet  high  LoadBalancer  34.1.2.3  po shop/web    allow   node address (rewritten) on TCP/8080: no policy isolates it"),
        "{table}"
    );
    let none = String::from_utf8(run_on(WEB, &[]).stdout).unwrap();
    assert_eq!(none, "No way in from outside was seen.\n");
}
