//! Who a binding names.

use std::fmt;

use super::Str;

/// A subject of RBAC.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Subject {
    /// A user name as the authenticator reports it.
    User(Str),
    /// A group name.
    Group(Str),
    /// A service account of a namespace.
    ServiceAccount {
        /// Its namespace.
        namespace: Str,
        /// Its name.
        name: Str,
    },
}

impl Subject {
    /// `sa:NS/NAME`.
    pub fn account(namespace: &str, name: &str) -> Subject {
        Subject::ServiceAccount {
            namespace: namespace.into(),
            name: name.into(),
        }
    }

    /// The same of names that are shared with others.
    pub fn account_of(namespace: &Str, name: &Str) -> Subject {
        Subject::ServiceAccount {
            namespace: namespace.clone(),
            name: name.clone(),
        }
    }

    /// From `user:NAME`, `group:NAME`, `sa:NAMESPACE/NAME`.
    pub fn parse(text: &str) -> Option<Subject> {
        let (kind, rest) = text.split_once(':')?;
        match kind {
            "user" => Some(Subject::User(rest.into())),
            "group" => Some(Subject::Group(rest.into())),
            "sa" => rest
                .split_once('/')
                .map(|(ns, name)| Subject::account(ns, name)),
            _ => None,
        }
    }
}

/// As the command line writes it.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::User(name) => write!(f, "user:{name}"),
            Subject::Group(name) => write!(f, "group:{name}"),
            Subject::ServiceAccount { namespace, name } => write!(f, "sa:{namespace}/{name}"),
        }
    }
}
