//! A request as the authorizer sees it: who, verb, and either a resource or a URL.

use super::identity::Identity;
use super::rule::Ask;
use crate::model::Str;

/// One question to RBAC.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// Who asks.
    pub who: Identity,
    /// What for.
    pub what: Action,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// A resource of the API.
    Resource(Target),
    /// A path that is no resource: `/metrics`.
    Url {
        /// Verb, in lower case.
        verb: Str,
        /// The path.
        path: Str,
    },
}

/// Attributes of a resource request. Empty is what the server has where a request names nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// Verb.
    pub verb: Str,
    /// API group; empty is core.
    pub group: Str,
    /// Resource.
    pub resource: Str,
    /// Subresource.
    pub subresource: Str,
    /// Namespace; empty is a cluster-wide question.
    pub namespace: Str,
    /// Name. `list` and `watch` carry one when a field selector on `metadata.name` names it, `create` of a subresource
    /// carries its parent's; plain `create` and `deletecollection` carry none.
    pub name: Str,
}

impl Target {
    /// A cluster-wide request for every object of `resource`, which may be written `pods/exec`.
    pub fn new(verb: &str, group: &str, resource: &str) -> Target {
        let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        Target {
            verb: verb.into(),
            group: group.into(),
            resource: resource.into(),
            subresource: subresource.into(),
            namespace: "".into(),
            name: "".into(),
        }
    }

    /// The same in a namespace.
    #[must_use]
    pub fn within(mut self, namespace: &str) -> Target {
        self.namespace = namespace.into();
        self
    }

    /// The same for one object.
    #[must_use]
    pub fn named(mut self, name: &str) -> Target {
        self.name = name.into();
        self
    }

    /// As rules are asked.
    pub fn ask(&self) -> Ask<'_> {
        Ask {
            verb: &self.verb,
            group: &self.group,
            resource: &self.resource,
            subresource: &self.subresource,
            name: &self.name,
        }
    }
}

impl Request {
    /// A request for a resource.
    pub fn new(who: Identity, target: Target) -> Request {
        Request {
            who,
            what: Action::Resource(target),
        }
    }

    /// A request for a path that is no resource.
    pub fn url(who: Identity, verb: &str, path: &str) -> Request {
        Request {
            who,
            what: Action::Url {
                verb: verb.into(),
                path: path.into(),
            },
        }
    }

    /// Namespace of the request; empty when it is cluster-wide.
    pub fn namespace(&self) -> &str {
        match &self.what {
            Action::Resource(target) => &target.namespace,
            Action::Url { .. } => "",
        }
    }
}
