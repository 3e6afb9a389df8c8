//! What the server is and which of our kinds it serves, in three requests. Older servers, without aggregated discovery,
//! are asked group by group.

use std::collections::{BTreeMap, BTreeSet};

use kube::client::{APIGroupDiscovery, APIGroupDiscoveryList};
use serde::Deserialize;

use super::api::Api;
use super::failure::Failure;
use crate::model::kind::KINDS;
use crate::model::{Kind, ServerVersion};

/// Aggregated discovery (KEP-3352), v2 or v2beta1; a server that knows neither sends its plain list of groups.
const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
    application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

/// Whether a kind is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Served {
    /// By this version of its group.
    As(String),
    /// Not at all.
    Not,
}

/// `/version`, as far as it is read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct VersionAnswer {
    git_version: String,
    emulation_major: String,
    emulation_minor: String,
}

/// The server's version. A server that emulates an older one (KEP-4330) still is what it is: its age counts.
pub(super) async fn version(api: &Api) -> Result<Option<ServerVersion>, Failure> {
    let answer: VersionAnswer = api.get("/version", None).await?;
    let emulated = format!("{}.{}", answer.emulation_major, answer.emulation_minor);
    tracing::info!(version = %answer.git_version, %emulated, "server");
    Ok(ServerVersion::parse(&answer.git_version))
}

/// Which kinds are served. When nothing can be learned every kind is tried by its usual version.
pub(super) async fn served(api: &Api) -> BTreeMap<Kind, Served> {
    let (core, groups) = tokio::join!(aggregated(api, "/api"), aggregated(api, "/apis"));
    match (core, groups) {
        (Some(core), Some(groups)) => KINDS
            .iter()
            .map(|info| (info.kind, find(info.kind, core.iter().chain(&groups))))
            .collect(),
        _ => group_by_group(api).await,
    }
}

async fn aggregated(api: &Api, path: &str) -> Option<Vec<APIGroupDiscovery>> {
    #[derive(Deserialize)]
    struct Answer {
        kind: String,
        #[serde(flatten)]
        list: APIGroupDiscoveryList,
    }
    let answer: Answer = api.get(path, Some(AGGREGATED)).await.ok()?;
    (answer.kind == "APIGroupDiscoveryList").then_some(answer.list.items)
}

fn find<'a>(kind: Kind, groups: impl Iterator<Item = &'a APIGroupDiscovery>) -> Served {
    let info = kind.info();
    let name = |group: &APIGroupDiscovery| {
        group
            .metadata
            .as_ref()
            .and_then(|m| m.name.clone())
            .unwrap_or_default()
    };
    let versions = groups
        .filter(|group| name(group) == info.group)
        .flat_map(|group| &group.versions);
    let serving = versions.filter(|v| {
        v.resources
            .iter()
            .any(|r| r.resource.as_deref() == Some(info.plural))
    });
    let serving: Vec<&str> = serving.filter_map(|v| v.version.as_deref()).collect();
    // The first is the group's preferred version.
    let best = serving
        .iter()
        .find(|v| **v == info.version)
        .or_else(|| serving.first());
    best.map_or(Served::Not, |version| Served::As((*version).to_owned()))
}

/// `/apis/GROUP/VERSION` of each group that we read.
async fn group_by_group(api: &Api) -> BTreeMap<Kind, Served> {
    #[derive(Deserialize)]
    struct Resources {
        resources: Vec<Resource>,
    }
    #[derive(Deserialize)]
    struct Resource {
        name: String,
    }
    let groups: BTreeSet<(&str, &str)> = KINDS
        .iter()
        .map(|info| (info.group, info.version))
        .collect();
    let answers = groups.into_iter().map(|(group, version)| async move {
        let path = if group.is_empty() {
            format!("/api/{version}")
        } else {
            format!("/apis/{group}/{version}")
        };
        ((group, version), api.get::<Resources>(&path, None).await)
    });
    let answers: BTreeMap<(&str, &str), Result<Resources, Failure>> =
        futures::future::join_all(answers)
            .await
            .into_iter()
            .collect();
    let of_kind = |kind: Kind| {
        let info = kind.info();
        let usual = Served::As(info.version.to_owned());
        match answers.get(&(info.group, info.version)) {
            Some(Ok(found)) if found.resources.iter().any(|r| r.name == info.plural) => usual,
            Some(Ok(_) | Err(Failure::NotServed)) => Served::Not,
            // Not allowed to ask, or no answer: the list itself will tell.
            _ => usual,
        }
    };
    Kind::all().map(|kind| (kind, of_kind(kind))).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn groups(json: &str) -> Vec<APIGroupDiscovery> {
        serde_json::from_str::<APIGroupDiscoveryList>(json)
            .unwrap()
            .items
    }

    #[test]
    fn the_version_we_know_is_preferred_and_another_one_is_better_than_none() {
        let groups = groups(
            r#"{"items":[{"metadata":{"name":"apps"},"versions":[{"version":"v1","resources":[{"resource":"deployments"}]}]},
            {"metadata":{"name":"gateway.networking.k8s.io"},"versions":[{"version":"v1beta1","resources":[{"resource":"gateways"}]},
             {"version":"v1alpha2","resources":[{"resource":"gateways"},{"resource":"tcproutes"}]}]},
            {"metadata":{"name":"networking.k8s.io"},"versions":[{"version":"v2","resources":[{"resource":"ingresses"}]},
             {"version":"v1","resources":[{"resource":"ingresses"}]}]}]}"#,
        );
        assert_eq!(
            find(Kind::Deployment, groups.iter()),
            Served::As("v1".into())
        );
        assert_eq!(
            find(Kind::Gateway, groups.iter()),
            Served::As("v1beta1".into())
        );
        assert_eq!(find(Kind::HTTPRoute, groups.iter()), Served::Not);
        assert_eq!(find(Kind::Ingress, groups.iter()), Served::As("v1".into()));
        assert_eq!(find(Kind::StatefulSet, groups.iter()), Served::Not);
    }
}
