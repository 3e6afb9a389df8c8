//! Does anybody enforce NetworkPolicies? Without an enforcing plugin they are decoration.
//!
//! Plugins are known by the DaemonSets that run them; k3s has one built in (`kubeletVersion` says `+k3s`), unless a flag
//! that is not visible turned it off. Sources: the manifests and charts of each plugin; `network-policy.md` of k3s.

use crate::model::{Kind, Object, Str};
use crate::view::View;

/// DaemonSets of plugins that enforce, by name.
const ENFORCERS: &[(&str, &str)] = &[
    ("calico-node", "Calico"),
    ("canal", "Canal"),
    ("rke2-canal", "Canal"),
    ("cilium", "Cilium"),
    ("anetd", "Cilium"),
    ("antrea-agent", "Antrea"),
    ("kube-router", "kube-router"),
    ("weave-net", "Weave Net"),
    ("ovnkube-node", "OVN-Kubernetes"),
    ("ovs-node", "OVN-Kubernetes"),
    ("azure-npm", "Azure NPM"),
    ("kindnet", "kindnet"),
    ("kube-network-policies", "kube-network-policies"),
];

/// DaemonSets of plugins that carry packets and enforce nothing.
const CARRIERS: &[(&str, &str)] = &[("kube-flannel-ds", "flannel"), ("kube-flannel", "flannel")];

/// Whether anybody enforces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enforcement {
    /// This plugin does.
    By(&'static str),
    /// Only a plugin that enforces nothing was found.
    Nobody(&'static str),
    /// No plugin that is known was found, or it may be hidden.
    CannotTell,
}

/// Looks for the plugin. What is hidden makes no verdict unknown by itself.
pub fn enforcement(view: &View<'_>) -> Enforcement {
    view.context(|view| {
        let sets: Vec<Str> = view
            .list_all(Kind::DaemonSet)
            .map(|o| o.key().name.clone())
            .collect();
        let find = |table: &[(&str, &'static str)]| {
            let known = table
                .iter()
                .find(|(name, _)| sets.iter().any(|s| **s == **name));
            known.map(|(_, plugin)| *plugin)
        };
        if let Some(plugin) = find(ENFORCERS) {
            return Enforcement::By(plugin);
        }
        if is_k3s(view) {
            return Enforcement::By("k3s");
        }
        let all = view.world().sight().sees_all(Kind::DaemonSet);
        match find(CARRIERS) {
            Some(plugin) if all => Enforcement::Nobody(plugin),
            _ => Enforcement::CannotTell,
        }
    })
}

fn is_k3s(view: &View<'_>) -> bool {
    let k3s = |version: &str| version.contains("+k3s");
    view.list_all(Kind::Node).any(|object| match &**object {
        Object::Node(node) => k3s(&node.kubelet),
        _ => false,
    })
}
