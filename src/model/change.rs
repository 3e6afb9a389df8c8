//! Typed edits of facts: what an overlay holds, what a cut tries, what a fix is before it is YAML.
//!
//! Each edit is one thing that a person can do to one object. [`Change::apply`] edits the facts; `fix` prints the same
//! edit as YAML, and a test proves for every check that both lead to the same facts.

mod apply;
mod pod;
mod says;

use std::sync::Arc;

pub use pod::{ContainerEdit, PodEdit};

use super::objects::access::{Binding, Role, ServiceAccount};
use super::objects::network_policy::NetworkPolicy;
use super::{Object, ObjectKey, Str, Subject};

/// One edit of one object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    /// The object to edit.
    pub object: ObjectKey,
    /// What to do.
    pub edit: Edit,
}

/// What to do to an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Edit {
    /// To the pod spec as a whole (of a pod or of a template).
    Pod(PodEdit),
    /// To one container, by name.
    Container(Str, ContainerEdit),
    /// A ServiceAccount's `automountServiceAccountToken`.
    AccountAutomount(bool),
    /// A label of the object: set, or take away.
    Label(Str, Option<Str>),
    /// To a Service.
    Service(ServiceEdit),
    /// To an Ingress.
    Ingress(IngressEdit),
    /// Take one subject out of a binding. The last one leaves an empty list.
    RemoveSubject(Subject),
    /// To a rule of a role. The content decides; the index is where it was seen, so that edits of one role add up.
    Rule(usize, RuleEdit),
    /// `failurePolicy` of a webhook by name: true is Ignore.
    WebhookIgnore(Str, bool),
    /// Create this object; the manifest printed for it comes from these facts.
    CreatePolicy(Box<NetworkPolicy>),
    /// The same for an account: its name, and whether its token is mounted.
    CreateAccount(Box<ServiceAccount>),
    /// The same for a role.
    CreateRole(Box<Role>),
    /// The same for a binding.
    CreateBinding(Box<Binding>),
    /// Delete the object.
    Delete,
}

/// Edits of a Service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ServiceEdit {
    /// Type ClusterIP: node ports and load balancer settings go.
    ClusterIp,
    /// `loadBalancerSourceRanges`.
    SourceRanges(Box<[Str]>),
    /// Take `externalIPs` away.
    RemoveExternalIps,
    /// `allocateLoadBalancerNodePorts: false`, and the node ports that are allocated given back.
    NoNodePorts,
}

/// Edits of an Ingress.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum IngressEdit {
    /// Append a `tls` entry: secret name, hosts.
    AddTls(Str, Box<[Str]>),
    /// Set the host of the rule at this index.
    Host(usize, Str),
}

/// Edits of one rule of a role.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RuleEdit {
    /// Take the rule out; it has this content now (RBAC rules have no name: the patch tests it first).
    Remove(Box<super::objects::access::Rule>),
    /// Replace the rule: content now, content then.
    Replace(
        Box<super::objects::access::Rule>,
        Box<super::objects::access::Rule>,
    ),
    /// Put several rules in its place: content now, contents then.
    Split(
        Box<super::objects::access::Rule>,
        Box<[super::objects::access::Rule]>,
    ),
}

impl Edit {
    /// Makes an object that was not there.
    pub fn creates(&self) -> bool {
        matches!(
            self,
            Edit::CreatePolicy(_)
                | Edit::CreateAccount(_)
                | Edit::CreateRole(_)
                | Edit::CreateBinding(_)
        )
    }
}

impl RuleEdit {
    /// The content of the rule now.
    pub fn now(&self) -> &super::objects::access::Rule {
        match self {
            RuleEdit::Remove(now) | RuleEdit::Replace(now, _) | RuleEdit::Split(now, _) => now,
        }
    }
}

/// What an edit makes of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The object now.
    Now(Arc<Object>),
    /// The object is gone.
    Gone,
    /// The edit does not fit this object (another kind, no such container): nothing changes.
    Misfit,
}

impl Change {
    /// An edit of a pod spec.
    pub fn pod(object: &ObjectKey, edit: PodEdit) -> Change {
        Change {
            object: object.clone(),
            edit: Edit::Pod(edit),
        }
    }

    /// An edit of one container.
    pub fn container(object: &ObjectKey, container: &Str, edit: ContainerEdit) -> Change {
        Change {
            object: object.clone(),
            edit: Edit::Container(container.clone(), edit),
        }
    }

    /// Any edit.
    pub fn new(object: &ObjectKey, edit: Edit) -> Change {
        Change {
            object: object.clone(),
            edit,
        }
    }
}
