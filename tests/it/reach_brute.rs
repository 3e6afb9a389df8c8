//! The judge of the network: policies decided pod by pod and port by port, straight from the tables of the API
//! (`networking/v1/types.go`, `defaults.go`, `labels/selector.go`), on manifests. It shares no code with the product.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde_json::Value;

/// Three values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Is {
    No,
    Maybe,
    Yes,
}

impl From<bool> for Is {
    fn from(yes: bool) -> Is {
        if yes { Is::Yes } else { Is::No }
    }
}

/// A pod, or an address outside of the cluster.
#[derive(Clone, Copy)]
pub enum Who<'a> {
    Pod(&'a Value),
    Address(IpAddr),
}

pub struct Brute<'a> {
    pub objects: &'a [Value],
    /// Namespaces whose policies are hidden in part.
    pub hidden: &'a [&'a str],
    /// Policies of the cluster before NetworkPolicies, and after them, by priority.
    admin: Vec<&'a Value>,
    baseline: Vec<&'a Value>,
}

/// A connection as one side of it sees it.
struct Asked<'a> {
    section: &'a str,
    peers: &'a str,
    other: Who<'a>,
    to: Who<'a>,
    port: (&'a str, u16),
}

/// What all outcomes agree on.
fn all_of(may: &BTreeSet<&str>, next: impl Fn() -> Is) -> Is {
    let each = may.iter().map(|outcome| match *outcome {
        "Allow" => Is::Yes,
        "Deny" => Is::No,
        _ => next(),
    });
    let each: BTreeSet<Is> = each.collect();
    match each.iter().collect::<Vec<_>>().as_slice() {
        [one] => **one,
        _ => Is::Maybe,
    }
}

/// Every order of a few things.
fn orders<'a>(of: &[&'a Value]) -> Vec<Vec<&'a Value>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for at in 0..of.len() {
        let mut rest = of.to_vec();
        let first = rest.remove(at);
        for mut order in orders(&rest) {
            order.insert(0, first);
            all.push(order);
        }
    }
    all
}

/// Ports of a rule of either version; names are of whatever protocol.
fn tier_ports(rule: &Value, to: Who<'_>, (protocol, port): (&str, u16)) -> Is {
    let named = |name: &Value| {
        let entry = serde_json::json!({"protocol": protocol, "port": name});
        port_of(&entry, to, (protocol, port))
    };
    let between = |first: &Value, last: &Value| {
        let (first, last) = (first.as_u64().unwrap(), last.as_u64().unwrap());
        Is::from((first..=last).contains(&u64::from(port)))
    };
    let (old, new) = (items(rule, "ports"), items(rule, "protocols"));
    if old.is_empty() && new.is_empty() {
        return Is::Yes;
    }
    let old = old.iter().map(|entry| {
        if let Some(name) = entry.get("namedPort") {
            return named(name);
        }
        let (body, first, last) = if let Some(body) = entry.get("portNumber") {
            (body, &body["port"], &body["port"])
        } else {
            let body = &entry["portRange"];
            (body, &body["start"], &body["end"])
        };
        if body["protocol"].as_str().unwrap_or("TCP") == protocol {
            between(first, last)
        } else {
            Is::No
        }
    });
    let new = new.iter().map(|entry| {
        if let Some(name) = entry.get("destinationNamedPort") {
            return named(name);
        }
        match entry.get(protocol.to_lowercase()) {
            None => Is::No,
            Some(body) => match body.get("destinationPort") {
                None => Is::Yes,
                Some(ports) if ports.get("number").is_some() => {
                    between(&ports["number"], &ports["number"])
                }
                Some(ports) => between(&ports["range"]["start"], &ports["range"]["end"]),
            },
        }
    });
    old.chain(new).max().unwrap()
}

fn items<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}

impl<'a> Brute<'a> {
    pub fn new(objects: &'a [Value], hidden: &'a [&'a str]) -> Brute<'a> {
        let tier = |policy: &Value| match policy["kind"].as_str().unwrap() {
            "AdminNetworkPolicy" => Some("Admin".to_owned()),
            "BaselineAdminNetworkPolicy" => Some("Baseline".to_owned()),
            "ClusterNetworkPolicy" => policy["spec"]["tier"].as_str().map(str::to_owned),
            _ => None,
        };
        let of = |wanted: &str| {
            let all = objects
                .iter()
                .filter(|p| tier(p).as_deref() == Some(wanted));
            let mut all: Vec<&Value> = all.collect();
            all.sort_by_key(|p| p["spec"]["priority"].as_i64().unwrap_or(0));
            all
        };
        Brute {
            objects,
            hidden,
            admin: of("Admin"),
            baseline: of("Baseline"),
        }
    }
}

impl Brute<'_> {
    /// Whether `from` reaches `to` on a port.
    pub fn reaches(&self, from: Who<'_>, to: Who<'_>, protocol: &str, port: u16) -> Is {
        if is_host(from) || is_host(to) {
            let touched = |who, direction| match who {
                Who::Pod(pod) => {
                    self.is_hidden(pod)
                        || self.policies(pod, direction).next().is_some()
                        || self.is_of_tiers(pod, direction)
                }
                Who::Address(_) => false,
            };
            return if touched(from, "Egress") || touched(to, "Ingress") {
                Is::Maybe
            } else {
                Is::Yes
            };
        }
        let out = self.side(from, to, "Egress", to, (protocol, port));
        let into = self.side(to, from, "Ingress", to, (protocol, port));
        let both = out.min(into);
        if both == Is::Yes && (is_waiting(from) || is_waiting(to)) {
            return Is::Maybe;
        }
        both
    }

    fn is_hidden(&self, pod: &Value) -> bool {
        self.hidden
            .iter()
            .any(|ns| pod["metadata"]["namespace"] == **ns)
    }

    fn policies<'b>(
        &'b self,
        pod: &'b Value,
        direction: &'b str,
    ) -> impl Iterator<Item = &'b Value> {
        self.objects.iter().filter(move |policy| {
            policy["kind"] == "NetworkPolicy"
                && policy["metadata"]["namespace"] == pod["metadata"]["namespace"]
                && matches(&policy["spec"]["podSelector"], &pod["metadata"]["labels"])
                && isolates(&policy["spec"], direction)
        })
    }

    /// Some rule of the cluster is about a pod; those on the network of their node are no subjects.
    fn is_of_tiers(&self, pod: &Value, direction: &str) -> bool {
        let mut all = self.admin.iter().chain(&self.baseline);
        !is_host(Who::Pod(pod))
            && all.any(|p| {
                self.chooses(&p["spec"]["subject"], pod)
                    && !items(&p["spec"], &direction.to_lowercase()).is_empty()
            })
    }

    fn tier(&self, tier: &str) -> &[&Value] {
        if tier == "Admin" {
            &self.admin
        } else {
            &self.baseline
        }
    }

    fn chooses(&self, subject: &Value, pod: &Value) -> bool {
        let (places, pods) = match subject.get("namespaces") {
            Some(places) => (places, &Value::Null),
            None => (
                &subject["pods"]["namespaceSelector"],
                &subject["pods"]["podSelector"],
            ),
        };
        matches(places, &self.namespace(pod)) && matches(pods, &pod["metadata"]["labels"])
    }

    fn namespace(&self, pod: &Value) -> Value {
        let home = &pod["metadata"]["namespace"];
        let mut namespaces = self.objects.iter().filter(|o| o["kind"] == "Namespace");
        let namespace = namespaces.find(|o| o["metadata"]["name"] == *home);
        let mut labels = namespace.map_or(Value::Null, |n| n["metadata"]["labels"].clone());
        labels["kubernetes.io/metadata.name"] = home.clone();
        labels
    }

    /// Everything that a tier may do with a connection: `Allow`, `Deny`, `Pass`, or nothing.
    fn may(&self, tier: &str, pod: &Value, asked: &Asked<'_>) -> BTreeSet<&'static str> {
        let all: Vec<&Value> = self
            .tier(tier)
            .iter()
            .copied()
            .filter(|p| self.chooses(&p["spec"]["subject"], pod))
            .collect();
        let priority = |p: &&Value| p["spec"]["priority"].as_i64().unwrap_or(0);
        let mut may = BTreeSet::from(["nothing"]);
        for equals in all.chunk_by(|a, b| priority(a) == priority(b)) {
            if !may.remove("nothing") {
                break;
            }
            for order in orders(equals) {
                may.extend(self.in_order(&order, asked));
            }
        }
        may
    }

    fn in_order(&self, policies: &[&Value], asked: &Asked<'_>) -> BTreeSet<&'static str> {
        let mut may = BTreeSet::new();
        for policy in policies {
            for rule in items(&policy["spec"], asked.section) {
                let peers = items(rule, asked.peers);
                let unknown = peers.iter().any(|p| p.as_object().unwrap().is_empty());
                let accepts = ["Allow", "Accept"].iter().any(|a| rule["action"] == **a);
                let (action, matched) = if unknown {
                    ("Deny", Is::from(!accepts))
                } else {
                    let action = match rule["action"].as_str().unwrap() {
                        "Deny" => "Deny",
                        "Pass" => "Pass",
                        _ => "Allow",
                    };
                    let peer = self.tier_peers(peers, asked.other);
                    (action, peer.min(tier_ports(rule, asked.to, asked.port)))
                };
                if matched != Is::No {
                    may.insert(action);
                }
                if matched == Is::Yes {
                    return may;
                }
            }
        }
        may.insert("nothing");
        may
    }

    fn tier_peers(&self, peers: &[Value], other: Who<'_>) -> Is {
        let networks: Vec<&Value> = peers.iter().flat_map(|p| items(p, "networks")).collect();
        let nodes: Vec<&Value> = peers.iter().filter_map(|p| p.get("nodes")).collect();
        let named = peers.iter().any(|p| p.get("domainNames").is_some());
        match other {
            Who::Address(address) => {
                let is_node = |node: &&Value| {
                    let of = |a: &Value| a["address"].as_str().unwrap().parse() == Ok(address);
                    nodes
                        .iter()
                        .any(|s| matches(s, &node["metadata"]["labels"]))
                        && items(&node["status"], "addresses").iter().any(of)
                };
                let mut all = self.objects.iter().filter(|o| o["kind"] == "Node");
                if networks.iter().any(|n| within(n, &address)) || all.any(|n| is_node(&n)) {
                    Is::Yes
                } else if named {
                    Is::Maybe
                } else {
                    Is::No
                }
            }
            Who::Pod(pod) => {
                let chosen = peers.iter().any(|p| {
                    (p.get("namespaces").is_some() || p.get("pods").is_some())
                        && self.chooses(p, pod)
                });
                let any_node = |n: &Value| {
                    n["kind"] == "Node"
                        && nodes.iter().any(|s| matches(s, &n["metadata"]["labels"]))
                };
                let ips: Vec<IpAddr> = items(&pod["status"], "podIPs")
                    .iter()
                    .map(|ip| ip["ip"].as_str().unwrap().parse().unwrap())
                    .collect();
                let inside = |ip: &IpAddr| networks.iter().any(|n| within(n, ip));
                if chosen || (!ips.is_empty() && ips.iter().all(inside)) {
                    Is::Yes
                } else if ips.is_empty() {
                    // An address that is still to come may lie in any network.
                    let some = !networks.is_empty() || self.objects.iter().any(any_node);
                    if some { Is::Maybe } else { Is::No }
                } else if ips.iter().any(inside) {
                    Is::Maybe
                } else {
                    Is::No
                }
            }
        }
    }

    fn side(
        &self,
        subject: Who<'_>,
        other: Who<'_>,
        direction: &str,
        to: Who<'_>,
        port: (&str, u16),
    ) -> Is {
        let Who::Pod(pod) = subject else {
            return Is::Yes;
        };
        let section = direction.to_lowercase();
        let peers = if direction == "Ingress" { "from" } else { "to" };
        let asked = Asked {
            section: &section,
            peers,
            other,
            to,
            port,
        };
        let policies = || self.by_policies(pod, direction, &asked);
        all_of(&self.may("Admin", pod, &asked), policies)
    }

    fn by_policies(&self, pod: &Value, direction: &str, asked: &Asked<'_>) -> Is {
        let Asked {
            section,
            peers,
            other,
            to,
            port,
        } = *asked;
        let hidden = self.is_hidden(pod);
        let mut policies = self.policies(pod, direction).peekable();
        if policies.peek().is_none() {
            return if hidden {
                Is::Maybe
            } else {
                all_of(&self.may("Baseline", pod, asked), || Is::Yes)
            };
        }
        let mut answer = if hidden { Is::Maybe } else { Is::No };
        for policy in policies {
            for rule in items(&policy["spec"], section) {
                let peer = items(rule, peers)
                    .iter()
                    .map(|peer| self.peer(policy, peer, other));
                let peer = if items(rule, peers).is_empty() {
                    Is::Yes
                } else {
                    peer.max().unwrap()
                };
                let ports = items(rule, "ports")
                    .iter()
                    .map(|entry| port_of(entry, to, port));
                let ports = if items(rule, "ports").is_empty() {
                    Is::Yes
                } else {
                    ports.max().unwrap()
                };
                answer = answer.max(peer.min(ports));
            }
        }
        answer
    }

    fn peer(&self, policy: &Value, peer: &Value, other: Who<'_>) -> Is {
        if let Some(block) = peer.get("ipBlock") {
            let inside = |address: &IpAddr| {
                within(&block["cidr"], address)
                    && !items(block, "except").iter().any(|e| within(e, address))
            };
            return match other {
                Who::Address(address) => inside(&address).into(),
                Who::Pod(pod) => {
                    let ips = items(&pod["status"], "podIPs");
                    let ips: Vec<IpAddr> = ips
                        .iter()
                        .map(|ip| ip["ip"].as_str().unwrap().parse().unwrap())
                        .collect();
                    // Whether blocks mean pods is left to the plugin; without an address nobody can tell.
                    if ips.is_empty() || ips.iter().any(inside) {
                        Is::Maybe
                    } else {
                        Is::No
                    }
                }
            };
        }
        let Who::Pod(pod) = other else {
            return Is::No;
        };
        let home = &pod["metadata"]["namespace"];
        let place = match peer.get("namespaceSelector") {
            None => *home == policy["metadata"]["namespace"],
            Some(selector) => {
                let namespace = self
                    .objects
                    .iter()
                    .find(|o| o["kind"] == "Namespace" && o["metadata"]["name"] == *home);
                let mut labels = namespace.map_or(Value::Null, |n| n["metadata"]["labels"].clone());
                labels["kubernetes.io/metadata.name"] = home.clone();
                matches(selector, &labels)
            }
        };
        let chosen = peer
            .get("podSelector")
            .is_none_or(|s| matches(s, &pod["metadata"]["labels"]));
        (place && chosen).into()
    }
}

fn is_host(who: Who<'_>) -> bool {
    matches!(who, Who::Pod(pod) if pod["spec"]["hostNetwork"] == true)
}

fn is_waiting(who: Who<'_>) -> bool {
    matches!(who, Who::Pod(pod) if pod["status"]["phase"] == "Pending" && items(&pod["status"], "podIPs").is_empty())
}

fn isolates(spec: &Value, direction: &str) -> bool {
    let types = items(spec, "policyTypes");
    if types.is_empty() {
        return direction == "Ingress" || !items(spec, "egress").is_empty();
    }
    types.iter().any(|t| t == direction)
}

fn matches(selector: &Value, labels: &Value) -> bool {
    let equal = selector["matchLabels"].as_object().into_iter().flatten();
    let mut equal = equal.map(|(key, value)| labels.get(key) == Some(value));
    equal.all(|e| e)
        && items(selector, "matchExpressions")
            .iter()
            .all(|expression| {
                let value = labels.get(expression["key"].as_str().unwrap());
                let among = |value: &Value| items(expression, "values").contains(value);
                match expression["operator"].as_str().unwrap() {
                    "In" => value.is_some_and(among),
                    "NotIn" => value.is_none_or(|v| !among(v)),
                    "Exists" => value.is_some(),
                    _ => value.is_none(),
                }
            })
}

fn within(cidr: &Value, address: &IpAddr) -> bool {
    let (base, length) = cidr.as_str().unwrap().split_once('/').unwrap();
    let length: u32 = length.parse().unwrap();
    let bits = |ip: &IpAddr| match ip {
        IpAddr::V4(v4) => (u128::from(u32::from(*v4)) << 96, 32),
        IpAddr::V6(v6) => (u128::from(*v6), 128),
    };
    let (base, address) = (bits(&base.parse().unwrap()), bits(address));
    let shift = 128 - length;
    base.1 == address.1 && (length == 0 || base.0 >> shift == address.0 >> shift)
}

fn port_of(entry: &Value, to: Who<'_>, (protocol, port): (&str, u16)) -> Is {
    let wanted = entry["protocol"].as_str().unwrap_or("TCP");
    if wanted != protocol {
        return Is::No;
    }
    match &entry["port"] {
        Value::Null => Is::Yes,
        Value::String(name) => {
            let Who::Pod(pod) = to else { return Is::No };
            let sidecars = items(&pod["spec"], "initContainers").iter();
            let sidecars = sidecars.filter(|c| c["restartPolicy"] == "Always");
            let named = |container: &Value| {
                let ports = items(container, "ports").iter();
                let mut named = ports.filter(|p| {
                    p["name"] == **name && p["protocol"].as_str().unwrap_or("TCP") == protocol
                });
                named.next().map(|p| p["containerPort"] == port)
            };
            if let Some(here) = items(&pod["spec"], "containers").iter().find_map(named) {
                return here.into();
            }
            let mut sidecars = sidecars;
            match sidecars.find_map(named) {
                Some(true) => Is::Maybe,
                _ => Is::No,
            }
        }
        number => {
            let first = number.as_u64().unwrap();
            let last = entry["endPort"].as_u64().unwrap_or(first);
            (first..=last).contains(&u64::from(port)).into()
        }
    }
}
