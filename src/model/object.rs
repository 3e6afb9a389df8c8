//! One object of any watched kind, as facts.

use super::objects::access::{Binding, Role, ServiceAccount};
use super::objects::admission::{AdmissionPolicy, AdmissionPolicyBinding, WebhookConfiguration};
use super::objects::certificate::CertificateRequest;
use super::objects::cluster_policy::ClusterPolicy;
use super::objects::endpoints::EndpointSlice;
use super::objects::gateway::{Gateway, ListenerSet, ReferenceGrant, Route};
use super::objects::ingress::{Ingress, IngressClass};
use super::objects::namespace::Namespace;
use super::objects::network_policy::NetworkPolicy;
use super::objects::node::Node;
use super::objects::openshift_route::OpenShiftRoute;
use super::objects::persistent_volume::PersistentVolume;
use super::objects::pod::Pod;
use super::objects::service::Service;
use super::objects::workload::Workload;
use super::{Kind, Meta, ObjectKey};

/// Facts of one object. The kind in its key and the variant always agree.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Object {
    /// Namespace.
    Namespace(Namespace),
    /// Node.
    Node(Node),
    /// ServiceAccount.
    ServiceAccount(ServiceAccount),
    /// Role or ClusterRole.
    Role(Role),
    /// RoleBinding or ClusterRoleBinding.
    Binding(Binding),
    /// NetworkPolicy.
    NetworkPolicy(NetworkPolicy),
    /// AdminNetworkPolicy, BaselineAdminNetworkPolicy or ClusterNetworkPolicy.
    ClusterPolicy(ClusterPolicy),
    /// Service.
    Service(Service),
    /// EndpointSlice.
    EndpointSlice(EndpointSlice),
    /// Ingress.
    Ingress(Ingress),
    /// IngressClass.
    IngressClass(IngressClass),
    /// Gateway.
    Gateway(Gateway),
    /// HTTPRoute, GRPCRoute, TLSRoute, TCPRoute or UDPRoute.
    Route(Route),
    /// ListenerSet.
    ListenerSet(ListenerSet),
    /// ReferenceGrant.
    ReferenceGrant(ReferenceGrant),
    /// Route of OpenShift.
    OpenShiftRoute(OpenShiftRoute),
    /// Validating or mutating webhook configuration.
    Webhooks(WebhookConfiguration),
    /// ValidatingAdmissionPolicy.
    Policy(AdmissionPolicy),
    /// ValidatingAdmissionPolicyBinding.
    PolicyBinding(AdmissionPolicyBinding),
    /// CertificateSigningRequest.
    CertificateRequest(CertificateRequest),
    /// PersistentVolume.
    PersistentVolume(PersistentVolume),
    /// Deployment, StatefulSet, DaemonSet, Job, CronJob, ReplicationController, or a ReplicaSet without an owner.
    Workload(Workload),
    /// Pod.
    Pod(Pod),
    /// A kind of which only metadata is read: ReplicaSets with an owner, CRDs, quotas, limit ranges.
    MetadataOnly(Meta),
}

impl Object {
    /// The metadata.
    pub fn meta(&self) -> &Meta {
        match self {
            Object::Namespace(o) => &o.meta,
            Object::Node(o) => &o.meta,
            Object::ServiceAccount(o) => &o.meta,
            Object::Role(o) => &o.meta,
            Object::Binding(o) => &o.meta,
            Object::NetworkPolicy(o) => &o.meta,
            Object::ClusterPolicy(o) => &o.meta,
            Object::Service(o) => &o.meta,
            Object::EndpointSlice(o) => &o.meta,
            Object::Ingress(o) => &o.meta,
            Object::IngressClass(o) => &o.meta,
            Object::Gateway(o) => &o.meta,
            Object::Route(o) => &o.meta,
            Object::ListenerSet(o) => &o.meta,
            Object::ReferenceGrant(o) => &o.meta,
            Object::OpenShiftRoute(o) => &o.meta,
            Object::Webhooks(o) => &o.meta,
            Object::Policy(o) => &o.meta,
            Object::PolicyBinding(o) => &o.meta,
            Object::CertificateRequest(o) => &o.meta,
            Object::PersistentVolume(o) => &o.meta,
            Object::Workload(o) => &o.meta,
            Object::Pod(o) => &o.meta,
            Object::MetadataOnly(meta) => meta,
        }
    }

    /// The metadata, to edit.
    pub fn meta_mut(&mut self) -> &mut Meta {
        match self {
            Object::Namespace(o) => &mut o.meta,
            Object::Node(o) => &mut o.meta,
            Object::ServiceAccount(o) => &mut o.meta,
            Object::Role(o) => &mut o.meta,
            Object::Binding(o) => &mut o.meta,
            Object::NetworkPolicy(o) => &mut o.meta,
            Object::ClusterPolicy(o) => &mut o.meta,
            Object::Service(o) => &mut o.meta,
            Object::EndpointSlice(o) => &mut o.meta,
            Object::Ingress(o) => &mut o.meta,
            Object::IngressClass(o) => &mut o.meta,
            Object::Gateway(o) => &mut o.meta,
            Object::Route(o) => &mut o.meta,
            Object::ListenerSet(o) => &mut o.meta,
            Object::ReferenceGrant(o) => &mut o.meta,
            Object::OpenShiftRoute(o) => &mut o.meta,
            Object::Webhooks(o) => &mut o.meta,
            Object::Policy(o) => &mut o.meta,
            Object::PolicyBinding(o) => &mut o.meta,
            Object::CertificateRequest(o) => &mut o.meta,
            Object::PersistentVolume(o) => &mut o.meta,
            Object::Workload(o) => &mut o.meta,
            Object::Pod(o) => &mut o.meta,
            Object::MetadataOnly(meta) => meta,
        }
    }

    /// The identity.
    pub fn key(&self) -> &ObjectKey {
        &self.meta().key
    }

    /// The watched kind. A fact of an unwatched kind does not exist; `Pod` stands in so that this cannot fail.
    pub fn kind(&self) -> Kind {
        self.key().known().unwrap_or(Kind::Pod)
    }
}
