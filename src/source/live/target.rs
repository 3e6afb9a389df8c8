//! What one watch follows: a kind in one place, by the version that the server serves, and how its requests look.

use http::Request;
use http::header::{ACCEPT, ACCEPT_ENCODING, HeaderValue};
use kube::core::Request as Build;
use kube::core::params::{ListParams, WatchParams};

use super::failure::Failure;
use crate::model::kind::Read;
use crate::model::{Kind, Str};
use crate::source::wire::list::Form;

/// Objects a page: client-go's default, about 5 MB of pods.
const PAGE: u32 = 500;

/// A kind in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) kind: Kind,
    /// `None` is the whole cluster.
    pub(super) namespace: Option<Str>,
    /// Version of its group that is asked for.
    pub(super) version: String,
}

impl Target {
    pub(super) fn form(&self) -> Form {
        match self.kind.info().read {
            Read::Whole => Form::Whole,
            Read::Metadata => Form::Metadata,
        }
    }

    /// The collection's path.
    pub(super) fn path(&self) -> String {
        let info = self.kind.info();
        let root = if info.group.is_empty() {
            format!("/api/{}", self.version)
        } else {
            format!("/apis/{}/{}", info.group, self.version)
        };
        match &self.namespace {
            Some(namespace) => format!("{root}/namespaces/{namespace}/{}", info.plural),
            None => format!("{root}/{}", info.plural),
        }
    }

    /// One page; an empty token is the first, `whole` asks for everything at once.
    pub(super) fn list(&self, token: &str, whole: bool) -> Result<Request<Vec<u8>>, Failure> {
        let mut params = ListParams::default();
        if !whole {
            params = params.limit(PAGE);
        }
        if !token.is_empty() {
            params = params.continue_token(token);
        }
        self.in_form(built(Build::new(self.path()).list(&params))?, "List")
    }

    /// Only the object of a name, whole, through the right to list.
    pub(super) fn one(&self, name: &str) -> Result<Request<Vec<u8>>, Failure> {
        built(
            Build::new(self.path())
                .list(&ListParams::default().fields(&format!("metadata.name={name}"))),
        )
    }

    /// Changes since a version.
    pub(super) fn watch(&self, version: &str, seconds: u32) -> Result<Request<Vec<u8>>, Failure> {
        let params = WatchParams {
            timeout: Some(seconds),
            bookmarks: true,
            ..WatchParams::default()
        };
        let mut request =
            self.in_form(built(Build::new(self.path()).watch(&params, version))?, "")?;
        // Servers from 1.37 on compress each event by itself, which the client's decoder reads only the first of.
        request
            .headers_mut()
            .insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        Ok(request)
    }

    fn in_form(
        &self,
        mut request: Request<Vec<u8>>,
        suffix: &str,
    ) -> Result<Request<Vec<u8>>, Failure> {
        if self.form() == Form::Metadata {
            let accept =
                format!("application/json;as=PartialObjectMetadata{suffix};g=meta.k8s.io;v=v1");
            let accept =
                HeaderValue::try_from(accept).map_err(|e| Failure::Refused(e.to_string()))?;
            request.headers_mut().insert(ACCEPT, accept);
        }
        Ok(request)
    }
}

fn built(
    request: Result<Request<Vec<u8>>, kube::core::request::Error>,
) -> Result<Request<Vec<u8>>, Failure> {
    request.map_err(|e| Failure::Refused(e.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn target(kind: Kind, namespace: Option<&str>) -> Target {
        Target {
            kind,
            namespace: namespace.map(Str::from),
            version: kind.info().version.to_owned(),
        }
    }

    #[test]
    fn requests_say_what_they_want() {
        let pods = target(Kind::Pod, None);
        let first = pods.list("", false).unwrap();
        assert_eq!(
            (
                first.uri().path(),
                first.uri().query().unwrap().contains("limit=500")
            ),
            ("/api/v1/pods", true)
        );
        assert!(
            pods.list("a/b=", false)
                .unwrap()
                .uri()
                .query()
                .unwrap()
                .contains("continue=a%2Fb%3D")
        );
        assert!(
            !pods
                .list("", true)
                .unwrap()
                .uri()
                .query()
                .unwrap()
                .contains("limit")
        );
        let watch = target(Kind::Deployment, Some("shop"))
            .watch("7", 290)
            .unwrap();
        assert_eq!(
            watch.uri().path(),
            "/apis/apps/v1/namespaces/shop/deployments"
        );
        let query = watch.uri().query().unwrap();
        for part in [
            "watch=true",
            "resourceVersion=7",
            "allowWatchBookmarks=true",
            "timeoutSeconds=290",
        ] {
            assert!(query.contains(part), "{query}");
        }
        assert_eq!(watch.headers()["accept-encoding"], "identity");
    }

    #[test]
    fn replica_sets_are_asked_for_as_metadata_and_one_of_them_whole() {
        let sets = target(Kind::ReplicaSet, None);
        assert!(
            sets.list("", false).unwrap().headers()["accept"]
                .to_str()
                .unwrap()
                .contains("as=PartialObjectMetadataList")
        );
        assert!(
            sets.watch("1", 9).unwrap().headers()["accept"]
                .to_str()
                .unwrap()
                .contains("as=PartialObjectMetadata;")
        );
        let one = sets.one("web").unwrap();
        assert!(one.headers().get("accept").is_none());
        assert!(
            one.uri()
                .query()
                .unwrap()
                .contains("fieldSelector=metadata.name%3Dweb")
        );
    }
}
