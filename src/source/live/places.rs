//! Where a login may look when it may not look at the whole cluster: namespace by namespace.

use futures::StreamExt;
use serde::Deserialize;

use super::access::{May, Rules, may_list};
use super::api::Api;
use super::failure::Failure;
use crate::model::Kind;

/// Namespaces that are looked into, at most. Each followed kind in each of them is a connection of its own.
const MOST: usize = 100;
/// Reviews under way at once.
const ABREAST: usize = 8;

/// A namespace and what we may do in it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) namespace: String,
    pub(super) rules: Rules,
}

/// The namespaces to look into.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Of `-n`, else of the context.
    pub(super) namespaces: Vec<String>,
    /// They were asked for: no others are looked into.
    pub(super) explicit: bool,
}

/// All places with their rules, and how many more namespaces there are.
pub(super) async fn find(api: &Api, wanted: &Wanted) -> (Vec<Place>, usize) {
    let mut namespaces = wanted.namespaces.clone();
    if !wanted.explicit && may_list(api, Kind::Namespace, None).await != May::No {
        let others = names(api).await.unwrap_or_default();
        namespaces.extend(
            others
                .into_iter()
                .filter(|name| !wanted.namespaces.contains(name)),
        );
    }
    let left_out = namespaces.len().saturating_sub(MOST);
    namespaces.truncate(MOST);
    let asked = futures::stream::iter(namespaces).map(|namespace| async move {
        let rules = Rules::ask(api, &namespace).await;
        Place { namespace, rules }
    });
    (asked.buffered(ABREAST).collect().await, left_out)
}

/// The names of all namespaces, sorted by the server.
async fn names(api: &Api) -> Result<Vec<String>, Failure> {
    #[derive(Deserialize)]
    struct List {
        items: Vec<Item>,
    }
    #[derive(Deserialize)]
    struct Item {
        metadata: Metadata,
    }
    #[derive(Deserialize)]
    struct Metadata {
        name: String,
    }
    const METADATA: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    let list: List = api.get("/api/v1/namespaces", Some(METADATA)).await?;
    Ok(list
        .items
        .into_iter()
        .map(|item| item.metadata.name)
        .collect())
}
