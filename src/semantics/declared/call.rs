//! One declared call: from whom, to whom, on which ports of the called pods, and what says so.

use std::collections::BTreeMap;
use std::fmt;

use ipnet::IpNet;

use crate::model::{Evidence, ObjectKey};
use crate::semantics::reach::PortSet;

/// One end of a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The pods of a workload.
    Workload(ObjectKey),
    /// Addresses outside of pods.
    Blocks(Vec<IpNet>),
    /// Somebody whose address a policy cannot name, in words.
    Anybody(&'static str),
}

impl Side {
    /// The namespace of its pods.
    pub fn home(&self) -> Option<&str> {
        match self {
            Side::Workload(key) => Some(key.home()),
            Side::Blocks(_) | Side::Anybody(_) => None,
        }
    }

    /// The workload, when it is one.
    pub fn workload(&self) -> Option<&ObjectKey> {
        match self {
            Side::Workload(key) => Some(key),
            Side::Blocks(_) | Side::Anybody(_) => None,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Side::Workload(key) => {
                write!(f, "{}/{}/{}", key.kind.short(), key.home(), key.name)
            }
            Side::Blocks(nets) => {
                let words: Vec<String> = nets.iter().map(IpNet::to_string).collect();
                f.write_str(&words.join(", "))
            }
            Side::Anybody(who) => f.write_str(who),
        }
    }
}

/// What kind of thing declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// A variable names it.
    Variable,
    /// Pods of one StatefulSet, which a headless Service makes known to each other.
    Peer,
    /// A way in from outside: a load balancer, a node port, an Ingress, a route.
    Way,
    /// The API server asks an admission webhook; true: what it asks about is refused when nobody answers.
    Webhook(bool),
    /// Metrics are read, as an annotation asks.
    Scrape,
    /// Names are resolved.
    Dns,
    /// The API server is asked, with a token that has rights.
    ApiServer,
}

/// A declared call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Who calls.
    pub from: Side,
    /// Who is called.
    pub to: Side,
    /// Ports of the called.
    pub ports: PortSet,
    /// What kind of thing says so.
    pub why: Why,
    /// The fields that say so.
    pub because: Vec<Evidence>,
}

impl Call {
    /// Who calls whom, and which object says so.
    pub fn briefly(&self) -> String {
        let Call {
            from, to, ports, ..
        } = self;
        let first = self.because.first().map(|e| format!(" ({})", e.object));
        format!("{from} to {to} on {ports}{}", first.unwrap_or_default())
    }

    /// `deploy/shop/web to deploy/shop/cart on TCP/7070 (...env[2].value: CART_ADDR names cart:7070)`.
    pub fn says(&self) -> String {
        let Call {
            from, to, ports, ..
        } = self;
        let first = self.because.first();
        let because = first.map(|e| format!(" ({} {}: {})", e.object, e.path, e.value));
        let because = because.unwrap_or_default();
        format!("{from} to {to} on {ports}{because}")
    }
}

/// Calls of the same ends and kind as one, in order.
pub(super) fn merged(calls: Vec<Call>) -> Vec<Call> {
    let mut all: BTreeMap<(Side, Side, Why), Call> = BTreeMap::new();
    for call in calls {
        let key = (call.from.clone(), call.to.clone(), call.why);
        match all.get_mut(&key) {
            Some(same) => {
                same.ports = same.ports.or(&call.ports);
                for says in call.because {
                    if !same.because.contains(&says) {
                        same.because.push(says);
                    }
                }
            }
            None => drop(all.insert(key, call)),
        }
    }
    all.into_values().collect()
}
