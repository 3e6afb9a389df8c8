//! What providers read from annotations and class names: internal or facing the internet. A table, not code.
//!
//! Each row is what the named controller does, read in its source. A declaration is an intent: the address in a status is
//! the fact and wins. MetalLB, kube-vip and the like have no such setting: there the address alone tells.

use crate::model::objects::ingress::Ingress;
use crate::model::objects::service::Service;
use crate::model::{Evidence, Labels, Origin};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// An address of a private network.
    Internal,
    /// An address of the internet.
    Facing,
}

/// How a value is read.
#[derive(Clone, Copy, Debug)]
enum Test {
    /// Equal to one of these, letter for letter.
    Is(&'static [&'static str]),
    /// Anything but empty and `false`.
    Truthy,
    /// Anything but empty.
    Set,
}

impl Test {
    fn holds(self, value: &str) -> bool {
        match self {
            Test::Is(values) => values.contains(&value),
            Test::Truthy => !value.is_empty() && value != "false",
            Test::Set => !value.is_empty(),
        }
    }
}

/// One row: annotation, how it is read, what it asks for.
type Row = (&'static str, Test, Scheme);

/// Rows of the AWS Load Balancer Controller (`pkg/config/controller_config.go`: internal unless told otherwise).
const AWS_CONTROLLER: &[Row] = &[
    (
        "service.beta.kubernetes.io/aws-load-balancer-scheme",
        Test::Is(&["internet-facing"]),
        Scheme::Facing,
    ),
    (
        "service.beta.kubernetes.io/aws-load-balancer-scheme",
        Test::Is(&["internal"]),
        Scheme::Internal,
    ),
    (
        "service.beta.kubernetes.io/aws-load-balancer-internal",
        Test::Is(&["false"]),
        Scheme::Facing,
    ),
    (
        "service.beta.kubernetes.io/aws-load-balancer-internal",
        Test::Is(&["true"]),
        Scheme::Internal,
    ),
];

/// Rows of every other provider; where none fits a provider's load balancer faces the internet.
const SERVICE: &[Row] = &[
    // cloud-provider-aws pkg/providers/v1/aws.go
    (
        "service.beta.kubernetes.io/aws-load-balancer-internal",
        Test::Truthy,
        Scheme::Internal,
    ),
    // cloud-provider-azure pkg/provider/azure_loadbalancer.go
    (
        "service.beta.kubernetes.io/azure-load-balancer-internal",
        Test::Is(&["true"]),
        Scheme::Internal,
    ),
    // cloud-provider-gcp providers/gce/gce_annotations.go
    (
        "networking.gke.io/load-balancer-type",
        Test::Is(&["Internal", "internal"]),
        Scheme::Internal,
    ),
    (
        "cloud.google.com/load-balancer-type",
        Test::Is(&["Internal", "internal"]),
        Scheme::Internal,
    ),
    (
        "service.beta.kubernetes.io/openstack-internal-load-balancer",
        Test::Is(&["true"]),
        Scheme::Internal,
    ),
    (
        "service.beta.kubernetes.io/oci-load-balancer-internal",
        Test::Is(&["true"]),
        Scheme::Internal,
    ),
    (
        "oci-network-load-balancer.oraclecloud.com/internal",
        Test::Is(&["true"]),
        Scheme::Internal,
    ),
    (
        "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type",
        Test::Is(&["intranet"]),
        Scheme::Internal,
    ),
    (
        "service.kubernetes.io/qcloud-loadbalancer-internal-subnetid",
        Test::Set,
        Scheme::Internal,
    ),
    (
        "service.beta.kubernetes.io/cce-load-balancer-internal-vpc",
        Test::Is(&["true"]),
        Scheme::Internal,
    ),
    (
        "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type",
        Test::Is(&["private"]),
        Scheme::Internal,
    ),
    (
        "load-balancer.hetzner.cloud/disable-public-network",
        Test::Is(&["true"]),
        Scheme::Internal,
    ),
    (
        "service.beta.kubernetes.io/do-loadbalancer-network",
        Test::Is(&["INTERNAL"]),
        Scheme::Internal,
    ),
    (
        "service.beta.kubernetes.io/scw-loadbalancer-private",
        Test::Is(&["true"]),
        Scheme::Internal,
    ),
];

/// `loadBalancerClass` that says it (GKE); it wins over annotations.
const CLASSES: &[(&str, Scheme)] = &[
    ("networking.gke.io/l4-regional-internal", Scheme::Internal),
    (
        "networking.gke.io/l4-regional-internal-legacy",
        Scheme::Internal,
    ),
    ("networking.gke.io/l4-regional-external", Scheme::Facing),
    (
        "networking.gke.io/l4-regional-external-legacy",
        Scheme::Facing,
    ),
];

/// Rows for an Ingress, by annotation.
const INGRESS: &[Row] = &[
    (
        "alb.ingress.kubernetes.io/scheme",
        Test::Is(&["internet-facing"]),
        Scheme::Facing,
    ),
    (
        "alb.ingress.kubernetes.io/scheme",
        Test::Is(&["internal"]),
        Scheme::Internal,
    ),
    (
        "alb.ingress.kubernetes.io/address-type",
        Test::Is(&["Intranet", "intranet"]),
        Scheme::Internal,
    ),
    (
        "appgw.ingress.kubernetes.io/use-private-ip",
        Test::Is(&["true"]),
        Scheme::Internal,
    ),
    (
        "kubernetes.io/ingress.class",
        Test::Is(&["gce"]),
        Scheme::Facing,
    ),
    (
        "kubernetes.io/ingress.class",
        Test::Is(&["gce-internal"]),
        Scheme::Internal,
    ),
];

/// What a Service of type `LoadBalancer` asks for, and what says so; `None` where nothing does.
pub fn service_scheme(service: &Service) -> Option<(Scheme, Evidence)> {
    let key = &service.meta.key;
    let class = service.class.as_deref().unwrap_or_default();
    if let Some((_, scheme)) = CLASSES.iter().find(|(name, _)| *name == class) {
        return Some((
            *scheme,
            Evidence::explicit(key, "spec.loadBalancerClass", class.to_owned()),
        ));
    }
    let kind = service
        .meta
        .annotations
        .get("service.beta.kubernetes.io/aws-load-balancer-type");
    let by_controller = matches!(kind.map(|k| &**k), Some("external" | "nlb-ip"));
    if class != "service.k8s.aws/nlb" && !by_controller {
        return find(SERVICE, &service.meta.annotations, key);
    }
    find(AWS_CONTROLLER, &service.meta.annotations, key).or_else(|| {
        let unset = Evidence::new(
            key,
            annotation(AWS_CONTROLLER[0].0),
            "unset",
            Origin::Default,
        );
        Some((Scheme::Internal, unset))
    })
}

/// What an Ingress asks for by annotation. The AWS controller makes internal load balancers unless told otherwise.
pub fn ingress_scheme(ingress: &Ingress, controller: Option<&str>) -> Option<(Scheme, Evidence)> {
    let key = &ingress.meta.key;
    find(INGRESS, &ingress.meta.annotations, key).or_else(|| {
        (controller == Some("ingress.k8s.aws/alb")).then(|| {
            let unset = Evidence::new(key, annotation(INGRESS[0].0), "unset", Origin::Default);
            (Scheme::Internal, unset)
        })
    })
}

fn find(
    rows: &[Row],
    annotations: &Labels,
    key: &crate::model::ObjectKey,
) -> Option<(Scheme, Evidence)> {
    rows.iter().find_map(|(name, test, scheme)| {
        let value = annotations.get(name)?;
        test.holds(value)
            .then(|| (*scheme, Evidence::explicit(key, annotation(name), value)))
    })
}

/// Field path of an annotation.
pub fn annotation(key: &str) -> String {
    format!("metadata.annotations['{key}']")
}
