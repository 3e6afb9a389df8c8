//! Who looks at the demo cluster, and what that login may not see: `blind.yaml`.

use serde::Deserialize;

use crate::model::cluster::{ServerVersion, SourceName};
use crate::model::sight::State;
use crate::model::{ClusterInfo, Kind, Reason, Sight};

/// The file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Login {
    cluster: Cluster,
    identity: Identity,
    #[serde(default)]
    forbidden: Vec<Forbidden>,
    #[serde(default)]
    not_served: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Cluster {
    context: String,
    server: String,
    version: String,
    uid: String,
}

#[derive(Debug, Deserialize)]
struct Identity {
    user: String,
}

#[derive(Debug, Deserialize)]
struct Forbidden {
    group: String,
    resource: String,
    namespace: Option<String>,
}

impl Login {
    /// The embedded login.
    pub fn read() -> Option<Login> {
        serde_saphyr::from_str(super::file("blind.yaml")).ok()
    }

    /// What the connection says.
    pub fn cluster(&self) -> ClusterInfo {
        ClusterInfo {
            source: SourceName::Demo,
            name: self.cluster.context.clone(),
            server: self.cluster.server.clone(),
            version: ServerVersion::parse(&self.cluster.version),
            uid: self.cluster.uid.clone(),
            webhook_authorizer: false,
            identity: self.identity.user.clone(),
            trouble: String::new(),
        }
    }

    /// What is visible.
    pub fn sight(&self) -> Sight {
        let mut sight = Sight::complete();
        for kind in Kind::all() {
            let info = kind.info();
            for row in self
                .forbidden
                .iter()
                .filter(|f| f.group == info.group && f.resource == info.plural)
            {
                sight.set(
                    kind,
                    row.namespace.as_deref(),
                    State::Blind(Reason::Forbidden),
                );
            }
            // An optional kind that is not served does not exist: nothing of it can be hidden.
            if self.not_served.iter().any(|g| g == info.group) && !info.optional {
                sight.set(kind, None, State::Blind(Reason::NotServed));
            }
        }
        sight
    }
}
