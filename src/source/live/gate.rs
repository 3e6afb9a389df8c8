//! The one door to the network: reads of objects and the self-subject reviews go through, all else is refused before it
//! leaves. A Secret goes through as metadata only. Subresources never do: `exec`, `attach` and `proxy` are GETs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use futures::future::{Either, MapErr, Ready, TryFutureExt, err};
use http::header::USER_AGENT;
use http::{HeaderValue, Method, Request};
use kube::client::Body;
use thiserror::Error;
use tower::{BoxError, Layer, Service};

/// A request that Bartizan never sends.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("refused by Bartizan itself, nothing was sent: {method} {path} is not a read of an object")]
pub(super) struct Refused {
    method: Method,
    path: String,
}

/// What went through, in numbers.
#[derive(Debug, Default)]
pub(super) struct Meter {
    requests: AtomicU64,
    bytes: AtomicU64,
}

impl Meter {
    /// Requests sent.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Bytes of answers, as they are after decompression.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(super) fn received(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

/// The layer.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    /// Reviews of other subjects, which the person asked for.
    pub(super) subject_reviews: bool,
    pub(super) meter: Arc<Meter>,
}

impl<S> Layer<S> for Gate {
    type Service = Gated<S>;

    fn layer(&self, inner: S) -> Gated<S> {
        Gated {
            gate: self.clone(),
            inner,
        }
    }
}

/// A service behind the gate.
#[derive(Clone, Debug)]
pub(super) struct Gated<S> {
    gate: Gate,
    inner: S,
}

impl<S> Service<Request<Body>> for Gated<S>
where
    S: Service<Request<Body>>,
    S::Error: Into<BoxError>,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future =
        Either<Ready<Result<S::Response, BoxError>>, MapErr<S::Future, fn(S::Error) -> BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        if !self.gate.permits(&request) {
            let path = crate::model::text::clean(request.uri().path()).into_owned();
            return Either::Left(err(Refused {
                method: request.method().clone(),
                path,
            }
            .into()));
        }
        self.gate.meter.requests.fetch_add(1, Ordering::Relaxed);
        tracing::debug!(method = %request.method(), uri = %request.uri(), "request");
        // Who asks stands in the server's audit log.
        let agent = HeaderValue::from_static(concat!("bartizan/", env!("CARGO_PKG_VERSION")));
        request.headers_mut().insert(USER_AGENT, agent);
        Either::Right(self.inner.call(request).map_err(Into::into))
    }
}

impl Gate {
    fn permits<B>(&self, request: &Request<B>) -> bool {
        let path = request.uri().path();
        match *request.method() {
            Method::GET => is_read(path) && (!names_secrets(path) || wants_metadata(request)),
            Method::POST => self.is_review(path),
            _ => false,
        }
    }

    fn is_review(&self, path: &str) -> bool {
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match segments.as_slice() {
            [
                "apis",
                "authorization.k8s.io",
                "v1",
                "selfsubjectaccessreviews" | "selfsubjectrulesreviews",
            ]
            | [
                "apis",
                "authentication.k8s.io",
                "v1" | "v1beta1" | "v1alpha1",
                "selfsubjectreviews",
            ] => true,
            ["apis", "authorization.k8s.io", "v1", "subjectaccessreviews"] => self.subject_reviews,
            _ => false,
        }
    }
}

/// Versions, health, discovery, lists and single objects. Nothing below an object.
fn is_read(path: &str) -> bool {
    // A path that something on the way could read in two ways is not one of ours.
    if path.contains(['%', '\\'])
        || path.contains("//")
        || path.split('/').any(|s| s == "." || s == "..")
    {
        return false;
    }
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let resource = match segments.as_slice() {
        ["version" | "livez" | "readyz" | "api" | "apis"] | ["api", "v1"] | ["apis", _, _] => {
            return true;
        }
        ["api", "v1", rest @ ..] | ["apis", _, _, rest @ ..] => rest,
        _ => return false,
    };
    matches!(
        resource,
        ["namespaces", _, _] | ["namespaces", _, _, _] | [_] | [_, _]
    ) && !is_namespace_subresource(resource)
        && segments.iter().all(|s| !s.is_empty())
}

/// `namespaces/NAME/status` looks like a list in a namespace.
fn is_namespace_subresource(resource: &[&str]) -> bool {
    matches!(resource, ["namespaces", _, "status" | "finalize"])
}

fn names_secrets(path: &str) -> bool {
    path.starts_with("/api/v1/") && path.split('/').any(|segment| segment == "secrets")
}

fn wants_metadata<B>(request: &Request<B>) -> bool {
    let accepts = request.headers().get_all(http::header::ACCEPT);
    let mut kinds = accepts
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .peekable();
    kinds.peek().is_some() && kinds.all(|kind| kind.contains("as=PartialObjectMetadata"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn permits(method: &str, path: &str, accept: Option<&str>, subject_reviews: bool) -> bool {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(accept) = accept {
            request = request.header("accept", accept);
        }
        Gate {
            subject_reviews,
            meter: Arc::default(),
        }
        .permits(&request.body(()).unwrap())
    }

    #[test]
    fn reads_go_through() {
        for path in [
            "/version",
            "/livez",
            "/api",
            "/apis",
            "/api/v1/pods?limit=500",
            "/api/v1/namespaces",
            "/api/v1/namespaces/shop",
            "/api/v1/namespaces/shop/pods",
            "/api/v1/namespaces/shop/pods/cart-1",
            "/api/v1/nodes/node-1",
            "/apis/apps/v1",
            "/apis/apps/v1/deployments?watch=1",
            "/apis/apps/v1/namespaces/shop/replicasets/web",
            "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node",
        ] {
            assert!(permits("GET", path, None, false), "{path}");
        }
        for path in [
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
            "/apis/authentication.k8s.io/v1/selfsubjectreviews",
            "/apis/authentication.k8s.io/v1beta1/selfsubjectreviews",
        ] {
            assert!(permits("POST", path, None, false), "{path}");
        }
    }

    #[test]
    fn all_else_is_refused() {
        for method in [
            "PUT", "PATCH", "DELETE", "POST", "HEAD", "OPTIONS", "CONNECT", "TRACE",
        ] {
            assert!(
                !permits(method, "/api/v1/namespaces/shop/pods/cart-1", None, true),
                "{method}"
            );
        }
        for path in [
            "/api/v1/namespaces/shop/pods/cart-1/exec?command=sh",
            "/api/v1/namespaces/shop/pods/cart-1/attach",
            "/api/v1/namespaces/shop/pods/cart-1/portforward",
            "/api/v1/namespaces/shop/pods/cart-1/log",
            "/api/v1/namespaces/shop/services/web/proxy/admin",
            "/api/v1/nodes/node-1/proxy/run/x",
            "/api/v1/nodes/node-1/proxy",
            "/api/v1/namespaces/shop/status",
            "/logs/kube-apiserver.log",
            "/debug/pprof/heap",
            "/metrics",
            "/openapi/v3",
            "/api/v1/namespaces/shop/pods/../secrets",
            "/api/v1/namespaces/shop/%73ecrets",
            "//api/v1/secrets",
            "/api/v1/pods/",
        ] {
            assert!(!permits("GET", path, None, true), "{path}");
        }
        for path in [
            "/api/v1/namespaces/shop/serviceaccounts/x/token",
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews/x",
            "/api/v1/namespaces",
        ] {
            assert!(!permits("POST", path, None, true), "{path}");
        }
    }

    #[test]
    fn a_secret_goes_through_as_metadata_only() {
        let metadata = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
        for path in [
            "/api/v1/secrets",
            "/api/v1/namespaces/shop/secrets",
            "/api/v1/namespaces/shop/secrets/db",
        ] {
            assert!(!permits("GET", path, None, false), "{path}");
            assert!(
                !permits("GET", path, Some("application/json"), false),
                "{path}"
            );
            assert!(
                !permits(
                    "GET",
                    path,
                    Some(&format!("{metadata},application/json")),
                    false
                ),
                "{path}"
            );
            assert!(permits("GET", path, Some(metadata), false), "{path}");
        }
    }

    #[test]
    fn reviews_of_others_need_the_persons_word() {
        let path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
        assert!(!permits("POST", path, None, false));
        assert!(permits("POST", path, None, true));
        assert!(!permits(
            "POST",
            "/apis/authorization.k8s.io/v1/namespaces/x/localsubjectaccessreviews",
            None,
            true
        ));
    }
}
