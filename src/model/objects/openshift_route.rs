//! OpenShift's Route, when served.

use crate::model::{Meta, Str};

/// A Route of `route.openshift.io`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct OpenShiftRoute {
    /// Metadata.
    pub meta: Meta,
    /// Host; empty until the router chooses one.
    pub host: Str,
    /// Services behind it (`to` and `alternateBackends`). Those of weight 0, which get nothing, are left out.
    pub services: Box<[Str]>,
    /// `port.targetPort`: name or number, as text; `None` is any port of the Service.
    pub target: Option<Str>,
    /// Routers that serve it, by the status.
    pub routers: Box<[Router]>,
}

/// A router's word on a Route.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Router {
    /// Name of the IngressController.
    pub name: Str,
    /// Host that it serves.
    pub host: Str,
    /// Condition `Admitted`.
    pub admitted: bool,
}
