//! One request of a kubelet, decided: fixed rules for most resources, and what the pods of the node refer to for the rest.

use std::collections::BTreeMap;

use super::references::{Names, References};
use crate::model::{Kind, Str};
use crate::semantics::rbac::rule::{Ask, allows};
use crate::semantics::rbac::{Wish, stock};
use crate::view::View;

/// What the authorizer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// Allowed, with what makes it so. (The server's own reason is empty.)
    Allowed(&'static str),
    /// It has no opinion, for this reason in the server's words; the next authorizer is asked.
    None(String),
    /// It has none by what is visible, and something that is not visible decides.
    Hidden {
        /// The reason if it is none.
        reason: String,
        /// What is not visible.
        what: String,
    },
}

/// Decides a request of the kubelet of a node, by what the pods of every node refer to.
pub fn decide(
    view: &View<'_>,
    all: &BTreeMap<Str, References>,
    node: &str,
    wish: &Wish<'_>,
) -> Opinion {
    if node.is_empty() {
        return none("unknown node for user \"system:node:\"");
    }
    let Wish::Resource { namespace, ask } = *wish else {
        return none("");
    };
    let judge = Judge {
        view,
        node,
        references: all.get(node),
        namespace,
        ask,
        minor: minor(view),
    };
    judge.opinion()
}

/// Minor of the server; a server that does not say is a new one.
fn minor(view: &View<'_>) -> u32 {
    let version = view.cluster().version.as_ref();
    version
        .filter(|version| version.major == 1)
        .map_or(u32::MAX, |version| version.minor)
}

fn none(reason: &str) -> Opinion {
    Opinion::None(reason.to_owned())
}

const REFERS: &str = "a pod on the node refers to it";
const RULES: &str = "every node may";
const OWN: &str = "it is the node's own";

struct Judge<'q> {
    view: &'q View<'q>,
    node: &'q str,
    references: Option<&'q References>,
    namespace: &'q str,
    ask: Ask<'q>,
    minor: u32,
}

impl Judge<'_> {
    fn opinion(&self) -> Opinion {
        let Ask {
            group,
            resource,
            subresource,
            ..
        } = self.ask;
        match (group, resource) {
            ("", "secrets") => self.read(|r| &r.secrets, true),
            ("", "configmaps") => self.read(|r| &r.maps, false),
            ("", "persistentvolumeclaims") if subresource == "status" => match self.ask.verb {
                "update" | "patch" => self.refers(|r| &r.claims, false),
                _ => none("can only get/update/patch this type"),
            },
            ("", "persistentvolumeclaims") => self.get(|judge| judge.refers(|r| &r.claims, false)),
            ("", "persistentvolumes") => self.get(Judge::volume),
            ("resource.k8s.io", "resourceclaims") => {
                self.get(|judge| judge.unwatched("claims of devices"))
            }
            ("storage.k8s.io", "volumeattachments") => {
                self.get(|judge| judge.unwatched("attachments of volumes"))
            }
            ("", "serviceaccounts") => self.account(),
            ("coordination.k8s.io", "leases") => self.lease(),
            ("storage.k8s.io", "csinodes") => self.csi_node(),
            ("resource.k8s.io", "resourceslices") => self.slice(),
            ("", "nodes") if self.minor >= 32 => self.own_node(),
            ("", "pods") if self.minor >= 32 => self.pod(),
            // The feature PodCertificateRequest is off unless somebody turns it on.
            ("certificates.k8s.io", "podcertificaterequests") => none(""),
            _ => self.rules(),
        }
    }

    /// The rules that every node has, as they are built in.
    fn rules(&self) -> Opinion {
        let version = self.view.cluster().version.as_ref();
        if stock::rules_at("system:node", version).any(|rule| allows(rule, &self.ask)) {
            Opinion::Allowed(RULES)
        } else {
            none("")
        }
    }

    fn read(&self, names: fn(&References) -> &Names, by_volumes: bool) -> Opinion {
        if !matches!(self.ask.verb, "get" | "list" | "watch") {
            return none("can only read resources of this type");
        }
        if !self.ask.subresource.is_empty() {
            return none("cannot read subresource");
        }
        if self.namespace.is_empty() {
            return none("can only read namespaced object of this type");
        }
        self.refers(names, by_volumes)
    }

    fn get(&self, then: impl FnOnce(&Self) -> Opinion) -> Opinion {
        if self.ask.verb != "get" {
            return none("can only get individual resources of this type");
        }
        if !self.ask.subresource.is_empty() {
            return none("cannot get subresource");
        }
        then(self)
    }

    /// Whether the pods of the node lead to an object of the request's namespace and name. A Secret may also be that of a
    /// volume, whatever its namespace.
    fn refers(&self, names: fn(&References) -> &Names, by_volumes: bool) -> Opinion {
        if self.ask.name.is_empty() {
            return none("No Object name found");
        }
        let key = (Str::from(self.namespace), Str::from(self.ask.name));
        if self
            .references
            .is_some_and(|found| names(found).contains(&key))
        {
            return Opinion::Allowed(REFERS);
        }
        let sight = self.view.world().sight();
        let mut unseen = sight.blind(Kind::Pod, Some(self.namespace));
        if by_volumes {
            unseen = unseen.or_else(|| sight.blind(Kind::PersistentVolume, None));
            unseen = unseen.or_else(|| sight.blind(Kind::Pod, None));
        }
        self.unrelated(unseen.map(|missing| missing.sentence()))
    }

    fn volume(&self) -> Opinion {
        if self.ask.name.is_empty() {
            return none("No Object name found");
        }
        let found = self.references.map(|found| &found.volumes);
        let here = self.namespace.is_empty();
        if here && found.is_some_and(|found| found.contains(self.ask.name)) {
            return Opinion::Allowed(REFERS);
        }
        let sight = self.view.world().sight();
        let unseen = sight.blind(Kind::PersistentVolume, None);
        let unseen = unseen.or_else(|| sight.blind(Kind::Pod, None));
        self.unrelated(unseen.map(|missing| missing.sentence()))
    }

    fn unrelated(&self, hidden: Option<String>) -> Opinion {
        let reason = format!(
            "no relationship found between node '{}' and this object",
            self.node
        );
        match hidden {
            None => Opinion::None(reason),
            Some(what) => Opinion::Hidden { reason, what },
        }
    }

    fn unwatched(&self, what: &str) -> Opinion {
        if self.ask.name.is_empty() {
            return none("No Object name found");
        }
        self.unrelated(Some(format!("{what} are not read")))
    }

    fn account(&self) -> Opinion {
        let Ask {
            verb,
            subresource,
            name,
            ..
        } = self.ask;
        // KubeletServiceAccountTokenForCredentialProviders: 1.33, on since 1.34.
        if verb == "get" && subresource.is_empty() && self.minor >= 33 {
            if self.minor == 33 {
                return none("not allowed to get service accounts");
            }
            return self.read(|r| &r.accounts, false);
        }
        if verb != "create" || name.is_empty() {
            return none("can only create tokens for individual service accounts");
        }
        if subresource != "token" {
            return none("can only create token subresource of serviceaccount");
        }
        self.refers(|r| &r.accounts, false)
    }

    fn lease(&self) -> Opinion {
        let Ask { verb, name, .. } = self.ask;
        if !is_keeping(verb) {
            return none("can only get, create, update, patch, or delete a node lease");
        }
        if self.namespace != "kube-node-lease" {
            return none("can only access leases in the \"kube-node-lease\" system namespace");
        }
        // A create carries no name: the plugin NodeRestriction looks at the object.
        if verb != "create" && name != self.node {
            return none("can only access node lease with the same name as the requesting node");
        }
        Opinion::Allowed(OWN)
    }

    fn csi_node(&self) -> Opinion {
        let Ask {
            verb,
            subresource,
            name,
            ..
        } = self.ask;
        if !is_keeping(verb) {
            return none("can only get, create, update, patch, or delete a CSINode");
        }
        if !subresource.is_empty() {
            return none("cannot authorize CSINode subresources");
        }
        if verb != "create" && name != self.node {
            return none("can only access CSINode with the same name as the requesting node");
        }
        Opinion::Allowed(OWN)
    }

    fn slice(&self) -> Opinion {
        if !self.ask.subresource.is_empty() {
            return none("cannot authorize ResourceSlice subresources");
        }
        // Since 1.32 a field selector must name the node.
        let selected = self.minor >= 32;
        match self.ask.verb {
            "get" | "update" | "patch" | "delete" => self.unwatched("slices of devices"),
            "watch" | "list" | "deletecollection" if selected => none(
                "can only list/watch/deletecollection resourceslices with nodeName field selector",
            ),
            "create" | "watch" | "list" | "deletecollection" => Opinion::Allowed(RULES),
            _ => none(
                "only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection",
            ),
        }
    }

    fn own_node(&self) -> Opinion {
        let (node, name) = (self.node, self.ask.name);
        match (self.ask.subresource, self.ask.verb) {
            ("", "create" | "update" | "patch") | ("status", "update" | "patch") => {
                Opinion::Allowed(RULES)
            }
            ("", "get" | "list" | "watch") if name == node => Opinion::Allowed(OWN),
            ("", "get" | "list" | "watch") if name.is_empty() => Opinion::None(format!(
                "node '{node}' cannot read all nodes, only its own Node object"
            )),
            ("", "get" | "list" | "watch") => Opinion::None(format!(
                "node '{node}' cannot read '{name}', only its own Node object"
            )),
            _ => none(""),
        }
    }

    fn pod(&self) -> Opinion {
        match (self.ask.subresource, self.ask.verb) {
            ("", "get") => self.refers(|r| &r.pods, false),
            ("", "list" | "watch") if self.ask.name.is_empty() => {
                none("can only list/watch pods with spec.nodeName field selector")
            }
            ("", "list" | "watch") => self.refers(|r| &r.pods, false),
            ("", "create" | "delete") | ("status", "update" | "patch") | ("eviction", "create") => {
                Opinion::Allowed(RULES)
            }
            _ => none(""),
        }
    }
}

fn is_keeping(verb: &str) -> bool {
    matches!(verb, "get" | "create" | "update" | "patch" | "delete")
}
