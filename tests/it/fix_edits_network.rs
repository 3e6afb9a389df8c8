//! Edits of Services and Ingresses, printed and applied.

use bartizan::model::Str;
use bartizan::model::change::{Edit, IngressEdit, ServiceEdit};

use crate::fix_edit::{check, text};

const SERVICE: &str = "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  selector: {app: web}
  externalIPs: [203.0.113.7]
  externalTrafficPolicy: Local
  loadBalancerSourceRanges: [0.0.0.0/0]
  sessionAffinity: ClientIP
  ports: [{name: http, port: 80, nodePort: 30080, appProtocol: http}, {name: https, port: 443, nodePort: 30443}]
";

#[test]
fn a_service_is_closed() {
    let plan = check(
        SERVICE,
        &[
            Edit::Service(ServiceEdit::ClusterIp),
            Edit::Service(ServiceEdit::RemoveExternalIps),
        ],
        "apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  type: ClusterIP
  externalTrafficPolicy: null
  loadBalancerSourceRanges: null
  externalIPs: null
  ports:
  - port: 80
    nodePort: null
  - port: 443
    nodePort: null
",
        "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: ClusterIP
  selector: {app: web}
  sessionAffinity: ClientIP
  ports: [{name: http, port: 80, appProtocol: http}, {name: https, port: 443}]
",
    );
    assert!(plan.steps[0].way_back.contains(r#""type":"LoadBalancer","externalTrafficPolicy":"Local","loadBalancerSourceRanges":["0.0.0.0/0"],"externalIPs":["203.0.113.7"],"ports":[{"port":80,"nodePort":30080}"#), "{}", plan.steps[0].way_back);
}

#[test]
fn a_service_with_a_repeated_port_is_closed_by_place() {
    const DNS: &str = "apiVersion: v1
kind: Service
metadata: {name: dns, namespace: shop}
spec: {type: NodePort, ports: [{name: u, port: 53, protocol: UDP, nodePort: 30053}, {name: t, port: 53, protocol: TCP, nodePort: 30054}]}
";
    check(
        DNS,
        &[Edit::Service(ServiceEdit::ClusterIp)],
        "- op: test
  path: /spec/type
  value: NodePort
- op: test
  path: /spec/ports/0/nodePort
  value: 30053
- op: test
  path: /spec/ports/1/nodePort
  value: 30054
- op: replace
  path: /spec/type
  value: ClusterIP
- op: remove
  path: /spec/ports/0/nodePort
- op: remove
  path: /spec/ports/1/nodePort
",
        &DNS.replace("NodePort", "ClusterIP")
            .replace(", nodePort: 30053", "")
            .replace(", nodePort: 30054", ""),
    );
}

#[test]
fn source_ranges_are_replaced_as_a_whole() {
    let ranges: Box<[Str]> = Box::new([text("10.0.0.0/8"), text("192.0.2.0/24")]);
    check(
        SERVICE,
        &[Edit::Service(ServiceEdit::SourceRanges(ranges))],
        "apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  loadBalancerSourceRanges:
  - 10.0.0.0/8
  - 192.0.2.0/24
",
        &SERVICE.replace("[0.0.0.0/0]", "[10.0.0.0/8, 192.0.2.0/24]"),
    );
}

const INGRESS: &str = "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  tls: [{hosts: [a.example.com], secretName: a-tls}]
  rules:
  - host: a.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
  - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
";

#[test]
fn an_ingress_gets_a_host_and_tls_for_it() {
    let hosts: Box<[Str]> = Box::new([text("b.example.com")]);
    check(
        INGRESS,
        &[
            Edit::Ingress(IngressEdit::Host(1, text("b.example.com"))),
            Edit::Ingress(IngressEdit::AddTls(text("b-tls"), hosts.clone())),
        ],
        "- op: test
  path: /spec/rules/1/http/paths/0/backend/service/name
  value: web
- op: add
  path: /spec/rules/1/host
  value: b.example.com
- op: test
  path: /spec/tls/0/hosts
  value:
  - a.example.com
- op: add
  path: /spec/tls/-
  value:
    hosts:
    - b.example.com
    secretName: b-tls
",
        &INGRESS
            .replace(
                "a-tls}",
                "a-tls}, {hosts: [b.example.com], secretName: b-tls}",
            )
            .replace("  - http", "  - host: b.example.com\n    http"),
    );
    let bare = INGRESS.replace("  tls: [{hosts: [a.example.com], secretName: a-tls}]\n", "");
    check(
        &bare,
        &[Edit::Ingress(IngressEdit::AddTls(text("b-tls"), hosts))],
        "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
spec:
  tls:
  - hosts:
    - b.example.com
    secretName: b-tls
",
        &INGRESS.replace(
            "a.example.com], secretName: a-tls",
            "b.example.com], secretName: b-tls",
        ),
    );
}
