//! How a question is written on the command line: a verb, a resource or a path, a name, a namespace, and who asks.

use crate::cli::exit::Failure;
use crate::model::{Str, Subject};
use crate::semantics::rbac::identity::{ANONYMOUS, AUTHENTICATED};
use crate::semantics::rbac::{Action, Identity, Target};

/// A verb on something.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Question<'a> {
    /// The verb.
    pub(in crate::cli) verb: &'a str,
    /// `plural[.group][/subresource]`, or a path that starts with `/`.
    pub(in crate::cli) resource: &'a str,
    /// One object.
    pub(in crate::cli) name: Option<&'a str>,
    /// A namespace; none is a cluster-wide question.
    pub(in crate::cli) namespace: Option<&'a str>,
}

/// The request that a question means.
///
/// # Errors
/// When a path is asked for with a name or in a namespace, or no resource is named.
pub(in crate::cli) fn what(question: &Question<'_>) -> Result<Action, Failure> {
    let Question {
        verb,
        resource,
        name,
        namespace,
    } = *question;
    if resource.starts_with('/') {
        if name.is_some() || namespace.is_some() {
            return Err(Failure::usage(format!(
                "{resource}: a path has neither a name nor a namespace"
            )));
        }
        return Ok(Action::Url {
            verb: verb.into(),
            path: resource.into(),
        });
    }
    let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
    let (resource, group) = resource.split_once('.').unwrap_or((resource, ""));
    if resource.is_empty() || verb.is_empty() {
        return Err(Failure::usage(
            "a question is VERB RESOURCE [NAME]: get pods/log, list secrets, create deployments.apps, get /metrics",
        ));
    }
    Ok(Action::Resource(Target {
        verb: verb.into(),
        group: group.into(),
        resource: resource.into(),
        subresource: subresource.into(),
        namespace: namespace.unwrap_or_default().into(),
        name: name.unwrap_or_default().into(),
    }))
}

/// Who asks: a user name with these groups, or with those that it always has.
///
/// An account is in its three groups, nobody's login in `system:unauthenticated`, everybody else in
/// `system:authenticated`; which other groups a person is in is not in the API.
pub(in crate::cli) fn caller(user: &str, groups: Option<Vec<Str>>) -> Identity {
    if let Some(groups) = groups {
        return Identity::new(user, groups);
    }
    let account = Identity::user(user);
    let is_account = |subject: &Subject| matches!(subject, Subject::ServiceAccount { .. });
    if user == ANONYMOUS || account.named_by().iter().any(is_account) {
        account
    } else {
        Identity::new(user, [AUTHENTICATED.into()])
    }
}
