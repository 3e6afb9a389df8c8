//! Who manages an object: where a change belongs, so that it is not put back at the next sync.
//!
//! Labels and annotations are claims that anyone may write; what they say is worded as such.

use crate::model::{Kind, Meta, Object, ObjectKind};

/// A manager of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedBy {
    /// Word for it: `helm`, `argo-cd`, `flux`, `operator`, `olm`, `addon-manager`, `kubelet`, `kubernetes`, `other`.
    pub by: &'static str,
    /// Where the change belongs, in one sentence.
    pub says: String,
}

/// The manager, if the object shows one; the one that would put a change back first.
pub fn of(object: &Object) -> Option<ManagedBy> {
    let meta = object.meta();
    let found = static_pod(object)
        .or_else(|| owner(meta))
        .or_else(|| aggregation(object))
        .or_else(|| bootstrap(meta))
        .or_else(|| flux(meta))
        .or_else(|| argo_cd(meta))
        .or_else(|| olm(meta))
        .or_else(|| addon_manager(meta))
        .or_else(|| helm(meta))
        .or_else(|| other(meta));
    let (by, says) = found?;
    Some(ManagedBy { by, says })
}

type Found = Option<(&'static str, String)>;

fn label<'a>(meta: &'a Meta, key: &str) -> Option<&'a str> {
    meta.labels.get(key).map(|v| &**v).filter(|v| !v.is_empty())
}

fn annotation<'a>(meta: &'a Meta, key: &str) -> Option<&'a str> {
    meta.annotations
        .get(key)
        .map(|v| &**v)
        .filter(|v| !v.is_empty())
}

fn static_pod(object: &Object) -> Found {
    let meta = object.meta();
    let node = meta
        .controller()
        .filter(|o| o.kind == ObjectKind::Known(Kind::Node));
    let mirror = meta
        .annotations
        .get("kubernetes.io/config.mirror")
        .is_some();
    if object.kind() != Kind::Pod || (node.is_none() && !mirror) {
        return None;
    }
    let place = node.map_or_else(|| "its node".to_owned(), |o| format!("node {}", o.name));
    Some((
        "kubelet",
        format!(
            "a static pod: the kubelet of {place} runs it from a manifest on disk; change that file"
        ),
    ))
}

/// The controlling owner writes the object: its own template is the place.
fn owner(meta: &Meta) -> Found {
    let owner = meta.controller()?;
    let place = match &meta.key.namespace {
        Some(namespace) => format!("{} {namespace}/{}", owner.kind.name(), owner.name),
        None => format!("{} {}", owner.kind.name(), owner.name),
    };
    match &owner.kind {
        ObjectKind::Known(_) => Some((
            "owner",
            format!("made by {place}: change it there, or it is put back"),
        )),
        ObjectKind::Custom(kind) => Some((
            "operator",
            format!(
                "made by {place} ({}): its operator puts the object back; change that resource",
                kind.group
            ),
        )),
    }
}

/// The controller writes the rules of an aggregated role anew from the roles that it selects.
fn aggregation(object: &Object) -> Found {
    let Object::Role(role) = object else {
        return None;
    };
    let selectors = role.aggregation.as_deref()?;
    let labels = selectors.iter().flat_map(|s| s.labels.iter());
    let labels: Vec<String> = labels.map(|(k, v)| format!("{k}={v}")).collect();
    Some((
        "kubernetes",
        format!(
            "its rules are put together from the cluster roles labelled {}: change those",
            labels.join(" or ")
        ),
    ))
}

/// The API server adds what is missing from its own roles and bindings at each start
/// (`rbac.authorization.kubernetes.io/autoupdate`).
fn bootstrap(meta: &Meta) -> Found {
    let key = "rbac.authorization.kubernetes.io/autoupdate";
    (label(meta, "kubernetes.io/bootstrapping") == Some("rbac-defaults") && annotation(meta, key) == Some("true")).then(|| {
        let says = format!("one of Kubernetes' own: the API server puts it back at its next start unless the annotation {key} is set to \"false\"");
        ("kubernetes", says)
    })
}

fn flux(meta: &Meta) -> Found {
    for (group, kind, source) in [
        (
            "kustomize.toolkit.fluxcd.io",
            "Kustomization",
            "the manifests it is built from",
        ),
        ("helm.toolkit.fluxcd.io", "HelmRelease", "its values"),
    ] {
        if let Some(name) = label(meta, &format!("{group}/name")) {
            let namespace = label(meta, &format!("{group}/namespace")).unwrap_or(meta.namespace());
            let says = format!(
                "applied by Flux {kind} {namespace}/{name}: change {source} in its repository, or the next reconciliation puts it back"
            );
            return Some(("flux", says));
        }
    }
    None
}

/// Argo CD's tracking annotation is `APP:GROUP/KIND:NAMESPACE/NAME`; older set-ups track by label.
fn argo_cd(meta: &Meta) -> Found {
    let tracked =
        annotation(meta, "argocd.argoproj.io/tracking-id").and_then(|id| id.split(':').next());
    let app = tracked.or_else(|| label(meta, "argocd.argoproj.io/instance"))?;
    Some((
        "argo-cd",
        format!(
            "synced by Argo CD application {app}: change it in the application's repository, or the next sync puts it back"
        ),
    ))
}

fn olm(meta: &Meta) -> Found {
    let owner = label(meta, "olm.owner")?;
    let kind = label(meta, "olm.owner.kind").unwrap_or("ClusterServiceVersion");
    Some((
        "olm",
        format!(
            "installed by the Operator Lifecycle Manager from {kind} {owner}: change it through the Subscription (spec.config) or the operator's own resources"
        ),
    ))
}

fn addon_manager(meta: &Meta) -> Found {
    let mode = label(meta, "addonmanager.kubernetes.io/mode");
    match (mode, label(meta, "kubernetes.io/cluster-service")) {
        (Some("EnsureExists"), _) => Some((
            "addon-manager",
            "an add-on of the cluster: changes stay, but the platform creates it anew when it is gone".into(),
        )),
        (Some(_), _) | (None, Some("true")) => Some((
            "addon-manager",
            "an add-on of the cluster: the platform puts it back; change the add-on's settings".into(),
        )),
        _ => None,
    }
}

fn helm(meta: &Meta) -> Found {
    if let Some(release) = annotation(meta, "meta.helm.sh/release-name") {
        let namespace =
            annotation(meta, "meta.helm.sh/release-namespace").unwrap_or(meta.namespace());
        return Some((
            "helm",
            format!(
                "part of Helm release {namespace}/{release}: set it in the release's values, or the next upgrade puts it back"
            ),
        ));
    }
    let chart = label(meta, "helm.sh/chart");
    (label(meta, "app.kubernetes.io/managed-by") == Some("Helm")).then(|| {
        let chart = chart.map_or_else(|| "a Helm chart".to_owned(), |c| format!("Helm chart {c}"));
        ("helm", format!("rendered from {chart} by something else than Helm itself: set it in the values there"))
    })
}

fn other(meta: &Meta) -> Found {
    if let Some(app) = label(meta, "kapp.k14s.io/app") {
        return Some((
            "other",
            format!("deployed by kapp (app {app}): change it in its configuration"),
        ));
    }
    let by = label(meta, "app.kubernetes.io/managed-by")?;
    (!by.eq_ignore_ascii_case("kubectl")).then(|| {
        (
            "other",
            format!("its label says that {by} manages it: change it there, or it may be put back"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pairs<'a> = &'a [(&'a str, &'a str)];
    use crate::model::objects::access::{Role, ServiceAccount};
    use crate::model::objects::selector::Selector;
    use crate::model::{Labels, ObjectKey, Owner};

    fn account(labels: &[(&str, &str)], annotations: &[(&str, &str)]) -> Object {
        let mut meta = Meta::bare(ObjectKey::namespaced(Kind::ServiceAccount, "shop", "cart"));
        meta.labels = Labels::of(labels);
        meta.annotations = Labels::of(annotations);
        Object::ServiceAccount(ServiceAccount {
            meta,
            automount: None,
            secrets: Box::default(),
            pull_secrets: Box::default(),
            assumed: false,
        })
    }

    fn by(labels: &[(&str, &str)], annotations: &[(&str, &str)]) -> Option<(&'static str, String)> {
        of(&account(labels, annotations)).map(|m| (m.by, m.says))
    }

    #[test]
    fn nobody_manages_a_plain_object() {
        assert_eq!(by(&[("app", "cart")], &[]), None);
        assert_eq!(
            by(&[("app.kubernetes.io/managed-by", "kubectl")], &[]),
            None
        );
    }

    #[test]
    fn each_manager_is_told_by_its_marks() {
        let release = [
            ("meta.helm.sh/release-name", "cart"),
            ("meta.helm.sh/release-namespace", "shop"),
        ];
        let cases: [(&str, Pairs<'_>, Pairs<'_>, &str); 9] = [
            (
                "helm",
                &[("app.kubernetes.io/managed-by", "Helm")],
                &release,
                "Helm release shop/cart",
            ),
            (
                "helm",
                &[
                    ("app.kubernetes.io/managed-by", "Helm"),
                    ("helm.sh/chart", "cart-1.2.3"),
                ],
                &[],
                "Helm chart cart-1.2.3",
            ),
            (
                "argo-cd",
                &[],
                &[(
                    "argocd.argoproj.io/tracking-id",
                    "store:/ServiceAccount:shop/cart",
                )],
                "application store:",
            ),
            (
                "flux",
                &[
                    ("kustomize.toolkit.fluxcd.io/name", "apps"),
                    ("kustomize.toolkit.fluxcd.io/namespace", "flux-system"),
                ],
                &[],
                "Kustomization flux-system/apps",
            ),
            (
                "flux",
                &[
                    ("helm.toolkit.fluxcd.io/name", "cart"),
                    ("app.kubernetes.io/managed-by", "Helm"),
                ],
                &release,
                "HelmRelease shop/cart",
            ),
            (
                "olm",
                &[
                    ("olm.owner", "prometheusoperator.v0.65.1"),
                    ("olm.owner.kind", "ClusterServiceVersion"),
                ],
                &[],
                "prometheusoperator.v0.65.1",
            ),
            (
                "addon-manager",
                &[("addonmanager.kubernetes.io/mode", "Reconcile")],
                &[],
                "puts it back",
            ),
            (
                "addon-manager",
                &[("addonmanager.kubernetes.io/mode", "EnsureExists")],
                &[],
                "changes stay",
            ),
            (
                "other",
                &[("app.kubernetes.io/managed-by", "pulumi")],
                &[],
                "pulumi",
            ),
        ];
        for (manager, labels, annotations, part) in cases {
            let (is, says) = by(labels, annotations).unwrap();
            assert_eq!(is, manager, "{labels:?} {annotations:?}");
            assert!(says.contains(part), "{says}");
        }
    }

    #[test]
    fn what_an_operator_made_is_changed_in_its_resource() {
        let mut object = account(&[], &[]);
        object.meta_mut().owners = Box::new([Owner {
            kind: ObjectKind::from_manifest("monitoring.coreos.com/v1", "Prometheus"),
            name: "main".into(),
            controller: true,
        }]);
        let managed = of(&object).unwrap();
        assert_eq!(managed.by, "operator");
        assert!(
            managed
                .says
                .contains("Prometheus shop/main (monitoring.coreos.com)"),
            "{}",
            managed.says
        );
    }

    #[test]
    fn kubernetes_own_roles_come_back() {
        let key = ObjectKey::cluster(Kind::ClusterRole, "admin");
        let role = |aggregated: bool| {
            let mut meta = Meta::bare(key.clone());
            meta.labels = Labels::of(&[("kubernetes.io/bootstrapping", "rbac-defaults")]);
            meta.annotations =
                Labels::of(&[("rbac.authorization.kubernetes.io/autoupdate", "true")]);
            let labels = Labels::of(&[("rbac.authorization.k8s.io/aggregate-to-admin", "true")]);
            let selector = Selector {
                labels,
                expressions: Box::default(),
            };
            Object::Role(Role {
                meta,
                rules: Box::default(),
                aggregation: aggregated.then(|| vec![selector].into()),
                assumed: false,
            })
        };
        assert!(of(&role(false)).unwrap().says.contains("next start"));
        assert!(
            of(&role(true))
                .unwrap()
                .says
                .contains("aggregate-to-admin=true")
        );
    }
}
