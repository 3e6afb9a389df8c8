//! How pods reach the cluster's DNS: nearly everything needs it, so whoever denies egress must allow it.

use crate::model::objects::network_policy::{Peer, PolicyPort, PolicyRule, PortRef};
use crate::model::objects::selector::Selector;
use crate::model::objects::service::Service;
use crate::model::{Kind, Labels, Object, Str};
use crate::semantics::running;
use crate::semantics::selectors::NAMESPACE_NAME;
use crate::view::View;

/// Namespaces in which distributions run it.
const HOMES: &[&str] = &["kube-system", "openshift-dns"];

/// Where the node-local cache listens (`cluster/addons/dns/nodelocaldns`): on the node's network, out of reach of selectors.
const NODE_LOCAL: &str = "169.254.20.10/32";

/// The egress rule that lets pods resolve names: the pods behind the Services that answer on UDP 53, on the ports that
/// they really listen on, and on 53 for plugins that look before the Service is resolved. Where no such Service is
/// visible it is the one that kubeadm makes.
pub fn dns_rule(view: &View<'_>) -> PolicyRule {
    view.context(|view| {
        let servers = dns_servers(view);
        let mut peers: Vec<Peer> = servers
            .iter()
            .filter_map(|s| peer(s.meta.namespace(), s.selector.as_ref()?))
            .collect();
        let mut ports: Vec<PolicyPort> = servers.iter().flat_map(|s| ports(s)).collect();
        if peers.is_empty() {
            peers.extend(peer("kube-system", &Labels::of(&[("k8s-app", "kube-dns")])));
        }
        ports.extend(["UDP", "TCP"].map(|protocol| port(protocol, PortRef::Number(53))));
        if has_node_local(view) {
            peers.push(Peer::Block {
                cidr: NODE_LOCAL.into(),
                except: Box::default(),
            });
        }
        let mut known = Vec::new();
        ports.retain(|p| {
            let new = !known.contains(p);
            known.push(p.clone());
            new
        });
        PolicyRule {
            peers: peers.into(),
            ports: ports.into(),
        }
    })
}

/// The Services of the cluster's DNS, as far as they are visible.
pub fn dns_servers<'a>(view: &View<'a>) -> Vec<&'a Service> {
    let homes = HOMES.iter();
    homes.flat_map(|home| servers(view, home)).collect()
}

fn servers<'a>(view: &View<'a>, namespace: &str) -> Vec<&'a Service> {
    let all = view
        .list(Kind::Service, namespace)
        .filter_map(|object| match &**object {
            Object::Service(service) => Some(service),
            _ => None,
        });
    all.filter(|s| {
        s.ports
            .iter()
            .any(|p| p.port == 53 && &*p.protocol == "UDP")
            && s.selector.is_some()
    })
    .collect()
}

fn peer(namespace: &str, labels: &Labels) -> Option<Peer> {
    let by = |labels: Labels| Selector {
        labels,
        expressions: Box::default(),
    };
    (!labels.is_empty()).then(|| Peer::Pods {
        namespaces: Some(by(Labels::of(&[(NAMESPACE_NAME, namespace)]))),
        pods: Some(by(labels.clone())),
    })
}

fn ports(service: &Service) -> impl Iterator<Item = PolicyPort> {
    service.ports.iter().filter(|p| p.port == 53).map(|p| {
        let target = match p.target.parse() {
            Ok(number) => PortRef::Number(number),
            Err(_) => PortRef::Name(p.target.clone()),
        };
        port(&p.protocol, target)
    })
}

fn port(protocol: &str, port: PortRef) -> PolicyPort {
    PolicyPort {
        protocol: Some(Str::from(protocol)),
        port: Some(port),
        end: None,
    }
}

/// The cache runs on every node, with the node's network, and carries this label in the add-on and in its charts.
fn has_node_local(view: &View<'_>) -> bool {
    let label = |labels: &Labels| {
        labels
            .get("k8s-app")
            .is_some_and(|app| &**app == "node-local-dns")
    };
    running::templates(view, "kube-system")
        .iter()
        .any(|r| r.spec.host_network && label(r.labels))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::semantics::testing::world;

    fn said(yaml: &str) -> (Vec<String>, Vec<String>) {
        let rule = dns_rule(&View::new(&world(yaml)));
        let peer = |peer: &Peer| match peer {
            Peer::Block { cidr, .. } => cidr.to_string(),
            Peer::Pods { namespaces, pods } => {
                let words = |s: &Option<Selector>| {
                    let pairs = s
                        .as_ref()
                        .unwrap()
                        .labels
                        .iter()
                        .map(|(k, v)| format!("{k}={v}"))
                        .collect::<Vec<_>>();
                    pairs.join(",")
                };
                format!("{} {}", words(namespaces), words(pods))
            }
        };
        let port = |p: &PolicyPort| match p.port.as_ref().unwrap() {
            PortRef::Number(n) => format!("{}/{n}", p.protocol.as_ref().unwrap()),
            PortRef::Name(n) => format!("{}/{n}", p.protocol.as_ref().unwrap()),
        };
        (
            rule.peers.iter().map(peer).collect(),
            rule.ports.iter().map(port).collect(),
        )
    }

    #[test]
    fn the_real_ports_of_the_real_pods() {
        let (peers, ports) = said("apiVersion: v1
kind: Service
metadata: {name: dns-default, namespace: openshift-dns}
spec: {selector: {dns: default}, ports: [{name: dns, protocol: UDP, port: 53, targetPort: dns}, {name: dns-tcp, port: 53, targetPort: 5353}, {name: metrics, port: 9154}]}
");
        assert_eq!(
            peers,
            ["kubernetes.io/metadata.name=openshift-dns dns=default"]
        );
        assert_eq!(ports, ["UDP/dns", "TCP/5353", "UDP/53", "TCP/53"]);
    }

    #[test]
    fn what_kubeadm_makes_where_nothing_is_visible() {
        let (peers, ports) = said("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
        assert_eq!(
            peers,
            ["kubernetes.io/metadata.name=kube-system k8s-app=kube-dns"]
        );
        assert_eq!(ports, ["UDP/53", "TCP/53"]);
    }

    #[test]
    fn the_cache_of_the_node_is_an_address() {
        let (peers, _) = said(
            "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: node-local-dns, namespace: kube-system}
spec:
  selector: {matchLabels: {k8s-app: node-local-dns}}
  template:
    metadata: {labels: {k8s-app: node-local-dns}}
    spec: {hostNetwork: true, containers: [{name: cache, image: i}]}
",
        );
        assert_eq!(peers[1], NODE_LOCAL);
    }
}
