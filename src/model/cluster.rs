//! What is known of the cluster as a whole.

use std::fmt;

/// Where the objects come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum SourceName {
    /// An API server.
    #[default]
    Live,
    /// Manifests or a saved snapshot.
    Files,
    /// The embedded cluster.
    Demo,
}

impl SourceName {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            SourceName::Live => "live",
            SourceName::Files => "files",
            SourceName::Demo => "demo",
        }
    }
}

/// A server's version. Distributions append to `git`; some managed planes print `34+` as the minor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct ServerVersion {
    /// Major, today always 1.
    pub major: u32,
    /// Minor.
    pub minor: u32,
    /// `gitVersion` as the server prints it.
    pub git: String,
}

impl ServerVersion {
    /// From `gitVersion`; anything that does not start with `vX.Y` gives `None`.
    pub fn parse(git: &str) -> Option<ServerVersion> {
        let mut numbers = git
            .trim_start_matches('v')
            .split(|c: char| !c.is_ascii_digit());
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next()?.parse().ok()?;
        Some(ServerVersion {
            major,
            minor,
            git: git.to_owned(),
        })
    }
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.git)
    }
}

/// Connection and identity, as the header shows them.
#[derive(Clone, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct ClusterInfo {
    /// Kind of source.
    pub source: SourceName,
    /// Context name, file names, or `demo`.
    pub name: String,
    /// Server URL; empty without one.
    pub server: String,
    /// Version; `None` when unknown.
    pub version: Option<ServerVersion>,
    /// uid of the kube-system namespace, which stands for the cluster; empty when unknown.
    pub uid: String,
    /// Who the server says we are; empty when unknown.
    pub identity: String,
    /// The server said that a webhook authorizer is asked beside RBAC.
    #[serde(default)]
    pub webhook_authorizer: bool,
    /// Trouble with the connection in a sentence; empty when all is well.
    pub trouble: String,
}

impl ClusterInfo {
    /// Both speak of one cluster, as far as the connection tells: what was found in the one may be looked for in the other.
    pub fn is_same(&self, other: &ClusterInfo) -> bool {
        let of = |info: &ClusterInfo| (info.source, info.name.clone(), info.server.clone());
        of(self) == of(other)
    }
}
