//! The judge of the network: policies decided pod by pod and port by port, straight from the tables of the API
//! (`networking/v1/types.go`, `defaults.go`, `labels/selector.go`), on manifests. It shares no code with the product.

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
}

fn items<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}

impl Brute<'_> {
    /// Whether `from` reaches `to` on a port.
    pub fn reaches(&self, from: Who<'_>, to: Who<'_>, protocol: &str, port: u16) -> Is {
        if is_host(from) || is_host(to) {
            let touched = |who, direction| match who {
                Who::Pod(pod) => {
                    self.is_hidden(pod) || self.policies(pod, direction).next().is_some()
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
        let hidden = self.is_hidden(pod);
        let mut policies = self.policies(pod, direction).peekable();
        if policies.peek().is_none() {
            return if hidden { Is::Maybe } else { Is::Yes };
        }
        let section = direction.to_lowercase();
        let peers = if direction == "Ingress" { "from" } else { "to" };
        let mut answer = if hidden { Is::Maybe } else { Is::No };
        for policy in policies {
            for rule in items(&policy["spec"], &section) {
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
