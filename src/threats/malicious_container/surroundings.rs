//! What stands around a container, and so how much a setting of it is worth to whoever takes it over.
//!
//! Checks give the severity that a setting has by itself; here it is lowered where something else holds the attacker back,
//! and the sentence says so. Nothing here makes a finding go away.

use crate::model::{Severity, Text};
use crate::semantics::isolation::{has_user_namespace, is_mirror, is_node_agent, sandbox};
use crate::view::PodLike;

/// A severity and the sentence for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// How bad, here.
    pub severity: Severity,
    /// Why.
    pub why: Text,
}

impl Weight {
    /// By itself.
    pub fn new(severity: Severity, why: impl Into<Text>) -> Weight {
        Weight {
            severity,
            why: why.into(),
        }
    }

    /// One step less, for this reason.
    #[must_use]
    pub fn lowered(mut self, because: &str) -> Weight {
        self.severity = self.severity.lowered();
        self.says(because)
    }

    /// Adds to the sentence.
    #[must_use]
    pub fn says(mut self, more: &str) -> Weight {
        self.why = [&*self.why, "; ", more].concat().into();
        self
    }

    /// For settings that are worth something because containers share the kernel of their node.
    #[must_use]
    pub fn in_kernel(mut self, pod: &PodLike<'_>) -> Weight {
        if has_user_namespace(pod.spec) {
            self =
                self.lowered("a user namespace keeps its root inside the pod (hostUsers: false)");
        }
        if let Some(class) = sandbox(pod.spec) {
            let because =
                format!("its runtime class {class} is commonly a sandbox with a kernel of its own");
            self = self.lowered(&because);
        }
        self.on_node(pod)
    }

    /// For every setting: who put the pod there.
    #[must_use]
    pub fn on_node(self, pod: &PodLike<'_>) -> Weight {
        if is_node_agent(pod) {
            return self.says("it is declared vital to each node, and such agents often need it");
        }
        if pod.pod.is_some_and(|p| is_mirror(&p.meta)) {
            self.says("it is a static pod, defined by a file of its node")
        } else {
            self
        }
    }
}
