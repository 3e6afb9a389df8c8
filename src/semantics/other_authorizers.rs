//! Authorizers beside RBAC that may grant more, and that the API does not tell of: those of a managed cloud, told by the
//! distribution, and a webhook, told by its own words. Nothing here says what they grant.
//!
//! Sources: awsdocs/amazon-eks-user-guide `access-entries`; cloud.google.com/kubernetes-engine `iam`;
//! learn.microsoft.com/azure/aks `manage-azure-rbac`; kubernetes/apiserver `plugin/pkg/authorizer/webhook/webhook.go`.

use crate::model::{Kind, Object};
use crate::view::World;

/// An authorizer that is there, or that the distribution has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// What is not visible: `rights granted by AWS IAM`.
    pub what: &'static str,
    /// What tells that it is there.
    pub why: String,
    /// How to see it.
    pub how: &'static str,
}

/// A managed cloud: marks in the version and the server's name, labels of its nodes, and what it grants by.
struct Cloud {
    version: &'static str,
    server: &'static str,
    labels: &'static [&'static str],
    what: &'static str,
    how: &'static str,
}

const CLOUDS: [Cloud; 3] = [
    Cloud {
        version: "-eks-",
        server: ".eks.amazonaws.com",
        labels: &[
            "eks.amazonaws.com/nodegroup",
            "eks.amazonaws.com/compute-type",
        ],
        what: "rights granted by AWS IAM",
        how: "aws eks list-access-entries and list-associated-access-policies name who has access by policies of EKS",
    },
    Cloud {
        version: "-gke.",
        server: ".gke.goog",
        labels: &["cloud.google.com/gke-nodepool"],
        what: "rights granted by Google Cloud IAM",
        how: "gcloud projects get-iam-policy names who has roles such as container.admin",
    },
    Cloud {
        version: "-aks-",
        server: ".azmk8s.io",
        labels: &[
            "kubernetes.azure.com/cluster",
            "kubernetes.azure.com/agentpool",
        ],
        what: "rights granted by Azure RBAC",
        how: "az aks show tells whether Azure RBAC is on, az role assignment list who has its roles",
    },
];

/// Every one that is told of, clouds first.
pub fn other_authorizers(world: &World) -> Vec<Other> {
    let cluster = world.cluster();
    let git = cluster.version.as_ref().map_or("", |version| &version.git);
    let host = host(&cluster.server);
    let mut found = Vec::new();
    for cloud in &CLOUDS {
        let why = if git.contains(cloud.version) {
            format!("the version is {git}")
        } else if host.ends_with(cloud.server) {
            format!("the server is {host}")
        } else if let Some(label) = label(world, cloud.labels) {
            format!("nodes have the label {label}")
        } else {
            continue;
        };
        found.push(Other {
            what: cloud.what,
            why,
            how: cloud.how,
        });
    }
    if cluster.webhook_authorizer && found.is_empty() {
        found.push(Other {
            what: "rights granted by a webhook authorizer",
            why: "the server says that one is asked and cannot list its rules".to_owned(),
            how: "ask who runs the control plane what --authorization-webhook-config-file names",
        });
    }
    found
}

impl Other {
    /// What is not visible and what tells of it.
    pub fn sentence(&self) -> String {
        format!("{}, as {}", self.what, self.why)
    }
}

fn host(server: &str) -> &str {
    let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
    let end = rest.find([':', '/']).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

fn label(world: &World, labels: &[&'static str]) -> Option<&'static str> {
    let nodes = world.space("")?.table(Kind::Node).values();
    let mut found = nodes.filter_map(|object| match &**object {
        Object::Node(node) => labels
            .iter()
            .copied()
            .find(|label| node.meta.labels.get(label).is_some()),
        _ => None,
    });
    found.next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClusterInfo, ServerVersion};
    use crate::semantics::testing::world;

    const PLAIN: &str = "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\n";

    fn told(yaml: &str, git: &str, server: &str, webhook_authorizer: bool) -> Vec<&'static str> {
        let mut world = world(yaml);
        world.set_cluster(ClusterInfo {
            version: ServerVersion::parse(git),
            server: server.to_owned(),
            webhook_authorizer,
            ..ClusterInfo::default()
        });
        let all = other_authorizers(&world);
        all.into_iter().map(|other| other.what).collect()
    }

    #[test]
    fn a_distribution_is_told_by_version_name_or_labels() {
        let none: [&str; 0] = [];
        assert_eq!(
            told(PLAIN, "v1.36.3", "https://192.0.2.1:6443", false),
            none
        );
        assert_eq!(
            told(PLAIN, "v1.33.4-eks-1a2b3c", "", false),
            ["rights granted by AWS IAM"]
        );
        let server = "https://0A1B.gr7.eu-west-1.eks.amazonaws.com";
        assert_eq!(
            told(PLAIN, "v1.36.3", server, true),
            ["rights granted by AWS IAM"]
        );
        assert_eq!(
            told(PLAIN, "v1.33.5-gke.2000", "", false),
            ["rights granted by Google Cloud IAM"]
        );
        let server = "https://prod-dns-1a2b.hcp.westeurope.azmk8s.io:443";
        assert_eq!(
            told(PLAIN, "v1.33.2", server, false),
            ["rights granted by Azure RBAC"]
        );
        let labelled = PLAIN.replace(
            "name: n1",
            "name: n1, labels: {cloud.google.com/gke-nodepool: pool}",
        );
        assert_eq!(
            told(&labelled, "v1.36.3", "", false),
            ["rights granted by Google Cloud IAM"]
        );
        // A name that only ends alike is another one's.
        assert_eq!(
            told(PLAIN, "v1.36.3", "https://azmk8s.io.example.com", false),
            none
        );
    }

    #[test]
    fn a_webhook_without_a_cloud_is_told_as_one() {
        assert_eq!(
            told(PLAIN, "v1.36.3", "", true),
            ["rights granted by a webhook authorizer"]
        );
    }
}
