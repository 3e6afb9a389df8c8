//! Random clusters for the network: few labels and ports, so that policies meet pods often, and every feature occurs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// SplitMix64: the same numbers from the same seed, everywhere.
pub struct Dice(pub u64);

impl Dice {
    /// Below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    /// One time in so many.
    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    /// One of these.
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

/// A cluster as manifests, and how often each feature occurred so far.
pub struct Made<'c> {
    pub dice: Dice,
    pub count: &'c mut BTreeMap<&'static str, usize>,
}

pub const NAMESPACES: [&str; 3] = ["a", "b", "c"];
const KEYS: [&str; 3] = ["app", "tier", "x.example.com/y"];
const VALUES: [&str; 3] = ["one", "two", ""];
const NAMES: [&str; 3] = ["http", "dns", "none"];
const PROTOCOLS: [&str; 3] = ["TCP", "UDP", "SCTP"];

impl Made<'_> {
    fn met(&mut self, feature: &'static str) {
        *self.count.entry(feature).or_default() += 1;
    }

    /// True one time in so many, and then the feature is counted.
    fn meets(&mut self, feature: &'static str, many: usize) -> bool {
        let yes = self.dice.one_in(many);
        if yes {
            self.met(feature);
        }
        yes
    }

    pub fn cluster(&mut self) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        for name in NAMESPACES {
            let labels = self.labels();
            all.push(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}));
        }
        for at in 0..4 + self.dice.below(5) {
            let pod = self.pod(at);
            all.push(pod);
        }
        for at in 0..self.dice.below(6) {
            let policy = self.policy(at);
            all.push(policy);
        }
        if self.meets("policies of the cluster", 2) {
            all.push(json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "labels": self.labels()},
                "status": {"addresses": [{"type": "InternalIP", "address": "192.168.0.9"}, {"type": "Hostname", "address": "n"}]}}));
            for at in 0..=self.dice.below(4) {
                let policy = self.tier_policy(at);
                all.push(policy);
            }
        }
        all
    }

    fn labels(&mut self) -> Value {
        let mut labels = serde_json::Map::new();
        for key in KEYS {
            if self.dice.one_in(2) {
                labels.insert(key.into(), self.dice.pick(&VALUES).into());
            }
        }
        labels.into()
    }

    fn pod(&mut self, at: usize) -> Value {
        let namespace = self.dice.pick(&NAMESPACES);
        let mut spec = json!({"containers": [{"name": "c", "image": "i", "ports": self.ports()}]});
        if self.meets("second container", 4) {
            let ports = self.ports();
            spec["containers"]
                .as_array_mut()
                .unwrap()
                .push(json!({"name": "d", "image": "i", "ports": ports}));
        }
        if self.meets("sidecar", 4) {
            let ports = self.ports();
            spec["initContainers"] =
                json!([{"name": "s", "image": "i", "restartPolicy": "Always", "ports": ports}]);
        } else if self.meets("init container", 6) {
            let ports = self.ports();
            spec["initContainers"] = json!([{"name": "s", "image": "i", "ports": ports}]);
        }
        if self.meets("host network", 10) {
            spec["hostNetwork"] = true.into();
        }
        let mut status = json!({"phase": "Running"});
        if self.meets("finished", 12) {
            status["phase"] = self.dice.pick(&["Succeeded", "Failed"]).into();
        } else if self.meets("waiting", 12) {
            status["phase"] = "Pending".into();
        } else if !self.meets("without status", 10) {
            let mut ips = vec![json!({"ip": format!("10.0.{}.{}", self.dice.below(3), at + 1)})];
            if self.meets("dual stack", 3) {
                ips.push(json!({"ip": format!("2001:db8::{}", at + 1)}));
            }
            status["podIPs"] = ips.into();
        } else {
            status = json!({});
        }
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": format!("p{at}"), "namespace": namespace, "labels": self.labels()},
            "spec": spec, "status": status})
    }

    fn ports(&mut self) -> Value {
        let mut ports = Vec::new();
        for _ in 0..self.dice.below(3) {
            let mut port = json!({"containerPort": self.dice.pick(&[80, 53, 8080])});
            if self.dice.one_in(2) {
                port["name"] = self.dice.pick(&NAMES[..2]).into();
            }
            if self.dice.one_in(2) {
                port["protocol"] = self.dice.pick(&PROTOCOLS).into();
            }
            ports.push(port);
        }
        ports.into()
    }

    fn policy(&mut self, at: usize) -> Value {
        let namespace = self.dice.pick(&NAMESPACES);
        let mut spec = json!({"podSelector": self.selector()});
        match self.dice.below(6) {
            0 => spec["policyTypes"] = json!(["Ingress"]),
            1 => spec["policyTypes"] = json!(["Egress"]),
            2 => spec["policyTypes"] = json!(["Ingress", "Egress"]),
            3 => {
                self.met("policyTypes empty");
                spec["policyTypes"] = json!([]);
            }
            _ => self.met("policyTypes absent"),
        }
        for (section, peers) in [("ingress", "from"), ("egress", "to")] {
            match self.dice.below(5) {
                0 => self.met("section absent"),
                1 => {
                    self.met("section empty");
                    spec[section] = json!([]);
                }
                2 if self.meets("section null", 2) => spec[section] = Value::Null,
                _ => {
                    let rules: Vec<Value> =
                        (0..=self.dice.below(3)).map(|_| self.rule(peers)).collect();
                    spec[section] = rules.into();
                }
            }
        }
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": format!("n{at}"), "namespace": namespace}, "spec": spec})
    }

    fn tier_policy(&mut self, at: usize) -> Value {
        let kind = match self.dice.below(5) {
            0 | 1 => "AdminNetworkPolicy",
            2 => "BaselineAdminNetworkPolicy",
            _ => "ClusterNetworkPolicy",
        };
        self.met(kind);
        let new = kind == "ClusterNetworkPolicy";
        let mut spec = json!({"subject": self.tier_pods()});
        if kind != "BaselineAdminNetworkPolicy" {
            spec["priority"] = self.dice.below(3).into();
        }
        if new {
            spec["tier"] = self.dice.pick(&["Admin", "Admin", "Baseline"]).into();
        }
        for (section, peers) in [("ingress", "from"), ("egress", "to")] {
            let rules: Vec<Value> = (0..self.dice.below(4))
                .map(|_| self.tier_rule(peers, new))
                .collect();
            if !rules.is_empty() {
                spec[section] = rules.into();
            }
        }
        let version = if new { "v1alpha2" } else { "v1alpha1" };
        json!({"apiVersion": format!("policy.networking.k8s.io/{version}"), "kind": kind, "metadata": {"name": format!("t{at}")}, "spec": spec})
    }

    fn tier_pods(&mut self) -> Value {
        if self.meets("pods of the cluster by namespace", 2) {
            return json!({"namespaces": self.namespaces()});
        }
        json!({"pods": {"namespaceSelector": self.namespaces(), "podSelector": self.selector()}})
    }

    fn tier_rule(&mut self, peers: &str, new: bool) -> Value {
        let accept = if new { "Accept" } else { "Allow" };
        let action = self.dice.pick(&[accept, "Deny", "Pass"]);
        let mut all: Vec<Value> = Vec::new();
        for _ in 0..=self.dice.below(2) {
            let peer = match self.dice.below(if peers == "to" { 15 } else { 5 }) {
                0 if self.meets("peer of a kind to come", 3) => json!({}),
                5 | 6 => {
                    self.met("networks");
                    let nets = [
                        "10.0.0.0/8",
                        "10.0.1.0/24",
                        "0.0.0.0/0",
                        "2001:db8::/32",
                        "192.168.0.0/16",
                    ];
                    json!({"networks": [self.dice.pick(&nets), self.dice.pick(&nets)]})
                }
                7 => {
                    self.met("nodes");
                    json!({"nodes": self.selector()})
                }
                8.. if new && action == accept => {
                    self.met("domain names");
                    json!({"domainNames": ["example.com"]})
                }
                _ => self.tier_pods(),
            };
            all.push(peer);
        }
        let mut rule = json!({"action": action, peers: all});
        if self.meets("rule of the cluster for some ports", 2) {
            let ports: Vec<Value> = (0..=self.dice.below(2))
                .map(|_| self.tier_port(new))
                .collect();
            rule[if new { "protocols" } else { "ports" }] = ports.into();
        }
        rule
    }

    fn tier_port(&mut self, new: bool) -> Value {
        let protocol = self.dice.pick(&PROTOCOLS);
        let port = self.dice.pick(&[80, 53, 8080]);
        match (self.dice.below(4), new) {
            (0, false) => json!({"portNumber": {"protocol": protocol, "port": port}}),
            (1, false) => json!({"portRange": {"protocol": protocol, "start": 50, "end": port}}),
            (_, false) => json!({"namedPort": self.dice.pick(&NAMES)}),
            (0, true) => json!({protocol.to_lowercase(): {"destinationPort": {"number": port}}}),
            (1, true) => {
                json!({protocol.to_lowercase(): {"destinationPort": {"range": {"start": 50, "end": port}}}})
            }
            (2, true) => json!({protocol.to_lowercase(): {}}),
            (_, true) => json!({"destinationNamedPort": self.dice.pick(&NAMES)}),
        }
    }

    fn rule(&mut self, peers: &str) -> Value {
        let mut rule = json!({});
        match self.dice.below(6) {
            0 => self.met("peers absent"),
            1 => {
                self.met("peers empty");
                rule[peers] = json!([]);
            }
            _ => {
                let all: Vec<Value> = (0..=self.dice.below(2)).map(|_| self.peer()).collect();
                rule[peers] = all.into();
            }
        }
        match self.dice.below(5) {
            0 => self.met("ports absent"),
            1 => {
                self.met("ports empty");
                rule["ports"] = json!([]);
            }
            _ => {
                let all: Vec<Value> = (0..=self.dice.below(2))
                    .map(|_| self.policy_port())
                    .collect();
                rule["ports"] = all.into();
            }
        }
        rule
    }

    fn peer(&mut self) -> Value {
        match self.dice.below(8) {
            0 | 1 => {
                self.met("pods of the own namespace");
                json!({"podSelector": self.selector()})
            }
            2 => {
                self.met("all pods of namespaces");
                json!({"namespaceSelector": self.namespaces()})
            }
            3 | 4 => {
                self.met("pods of namespaces");
                json!({"namespaceSelector": self.namespaces(), "podSelector": self.selector()})
            }
            5 => {
                self.met("block over the pods");
                json!({"ipBlock": {"cidr": self.dice.pick(&["10.0.0.0/8", "10.0.1.0/24", "0.0.0.0/0", "10.0.0.7/16"])}})
            }
            6 => {
                self.met("block with exceptions");
                json!({"ipBlock": {"cidr": "0.0.0.0/0", "except": self.dice.pick(&[vec!["10.0.0.0/8"], vec!["169.254.169.254/32", "10.0.2.0/24"]])}})
            }
            _ => {
                self.met("block of IPv6");
                json!({"ipBlock": {"cidr": self.dice.pick(&["2001:db8::/32", "::/0"])}})
            }
        }
    }

    fn namespaces(&mut self) -> Value {
        if self.meets("namespace by name", 3) {
            return json!({"matchLabels": {"kubernetes.io/metadata.name": self.dice.pick(&NAMESPACES)}});
        }
        self.selector()
    }

    fn selector(&mut self) -> Value {
        let mut selector = json!({});
        if self.meets("selector empty", 4) {
            return selector;
        }
        if self.meets("matchLabels", 2) {
            selector["matchLabels"] = json!({self.dice.pick(&KEYS): self.dice.pick(&VALUES)});
        }
        if self.dice.one_in(2) {
            let expression = match self.dice.below(4) {
                0 => {
                    self.met("In");
                    json!({"operator": "In", "values": [self.dice.pick(&VALUES), "two"]})
                }
                1 => {
                    self.met("NotIn");
                    json!({"operator": "NotIn", "values": [self.dice.pick(&VALUES)]})
                }
                2 => {
                    self.met("Exists");
                    json!({"operator": "Exists"})
                }
                _ => {
                    self.met("DoesNotExist");
                    json!({"operator": "DoesNotExist"})
                }
            };
            let mut expression = expression;
            expression["key"] = self.dice.pick(&KEYS).into();
            selector["matchExpressions"] = json!([expression]);
        }
        selector
    }

    fn policy_port(&mut self) -> Value {
        let mut port = json!({});
        match self.dice.below(5) {
            0 => self.met("port entry without port"),
            1 => {
                self.met("endPort");
                port = json!({"port": 50, "endPort": self.dice.pick(&[60, 80, 9000])});
            }
            2 | 3 => {
                self.met("named port");
                port = json!({"port": self.dice.pick(&NAMES)});
            }
            _ => port = json!({"port": self.dice.pick(&[80, 53, 8080])}),
        }
        if self.meets("protocol", 2) {
            port["protocol"] = self.dice.pick(&PROTOCOLS).into();
        }
        port
    }
}
