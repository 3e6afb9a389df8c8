//! Why there is no connection to try: each message says what, where and what to do.

use std::path::PathBuf;

use thiserror::Error;

/// Why there is no connection to try. Each message says what, where and what to do.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A kubeconfig could not be read or is not one.
    #[error("cannot use the kubeconfig {}: {why}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing says where the cluster is.
    #[error(
        "no cluster to connect to: {looked} holds none; give --kubeconfig FILE, --context NAME or --server URL, or try --demo"
    )]
    NoCluster {
        /// Where it was looked for.
        looked: String,
    },
    /// No context was chosen.
    #[error("no context is chosen; give --context with one of: {}", names.join(", "))]
    NoContext {
        /// The contexts that exist.
        names: Vec<String>,
    },
    /// A context, cluster or user that the kubeconfig does not have.
    #[error("the kubeconfig has no {what} {name:?}; it has: {}", names.join(", "))]
    Unknown {
        /// `context`, `cluster` or `user`.
        what: &'static str,
        /// The name that was asked for.
        name: String,
        /// The names that exist.
        names: Vec<String>,
    },
    /// The server's address is not a URL.
    #[error("the server address {url:?} is not a URL: {why}")]
    Server {
        /// The address.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// A certificate could not be read.
    #[error("cannot read the certificate authority of {place}: {why}")]
    Certificate {
        /// The file or the cluster's name.
        place: String,
        /// What is wrong with it.
        why: String,
    },
    /// The way to log in is not supported, or has ended.
    #[error("the user {user:?} cannot log in: {why}")]
    Login {
        /// Name of the user.
        user: String,
        /// Why, and what to do.
        why: String,
    },
    /// The pod's own service account cannot be used.
    #[error("running in a cluster, but its service account cannot be used: {0}")]
    InCluster(String),
    /// A namespace that cannot exist.
    #[error("{0:?} is no name of a namespace")]
    Namespace(String),
}
