//! The security settings in force in a container: its own, else the pod's, else Kubernetes' default, with the origin.
//!
//! Follows `pkg/securitycontext/util.go` (`DetermineEffectiveSecurityContext`) and the kubelet's `verifyRunAsNonRoot`.
//! Only `runAsNonRoot`, `runAsUser`, `runAsGroup`, `seccompProfile`, `appArmorProfile` and `seLinuxOptions` exist at both
//! levels; the others are the container's alone. The seccomp annotations mean nothing since 1.27 and are not read.

use crate::model::evidence::Value;
use crate::model::objects::container::{Container, SeLinux, Seccomp};
use crate::model::objects::pod_spec::PodSpec;
use crate::model::{Evidence, Origin};
use crate::view::PodLike;

/// A value in force, and where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effective<T> {
    /// The value.
    pub value: T,
    /// `Explicit`: in the container. `Inherited`: in the pod. `Default`: nowhere.
    pub origin: Origin,
}

impl<T> Effective<T> {
    /// The container's own value, else the pod's, else the default.
    pub fn of(own: Option<T>, pod: Option<T>, default: T) -> Effective<T> {
        match (own, pod) {
            (Some(value), _) => Effective {
                value,
                origin: Origin::Explicit,
            },
            (None, Some(value)) => Effective {
                value,
                origin: Origin::Inherited,
            },
            (None, None) => Effective {
                value: default,
                origin: Origin::Default,
            },
        }
    }

    /// The field that decides, as evidence: the container's, the pod's where it is inherited, the container's unset one
    /// where the default applies.
    pub fn evidence(
        &self,
        pod: &PodLike<'_>,
        container: &Container,
        field: &str,
        value: impl Value,
    ) -> Evidence {
        let tail = ["securityContext.", field].concat();
        let path = match self.origin {
            Origin::Inherited => pod.path(&tail),
            Origin::Explicit | Origin::Live | Origin::Default => pod.in_container(container, &tail),
        };
        match self.origin {
            Origin::Default => Evidence::new(pod.holder, path, "unset", self.origin),
            _ => Evidence::new(pod.holder, path, value, self.origin),
        }
    }
}

/// `privileged`. It overrules seccomp, AppArmor, capabilities and escalation: the runtime applies none of them.
pub fn is_privileged(container: &Container) -> bool {
    container.security.privileged == Some(true)
}

/// `runAsNonRoot`: the kubelet refuses to start the container as user 0.
pub fn non_root(spec: &PodSpec, container: &Container) -> Effective<bool> {
    Effective::of(container.security.non_root, spec.security.non_root, false)
}

/// `runAsUser`; `None` leaves the user to the image.
pub fn user(spec: &PodSpec, container: &Container) -> Effective<Option<i64>> {
    Effective::of(
        container.security.user.map(Some),
        spec.security.user.map(Some),
        None,
    )
}

/// `runAsGroup`; `None` leaves the group to the image, and to 0 where the image does not know the user.
pub fn group(spec: &PodSpec, container: &Container) -> Effective<Option<i64>> {
    Effective::of(
        container.security.group.map(Some),
        spec.security.group.map(Some),
        None,
    )
}

/// `seccompProfile`; `None` is the kubelet's default: unconfined, unless its `seccompDefault` says otherwise.
pub fn seccomp<'a>(spec: &'a PodSpec, container: &'a Container) -> Effective<Option<&'a Seccomp>> {
    Effective::of(
        container.security.seccomp.as_ref().map(Some),
        spec.security.seccomp.as_ref().map(Some),
        None,
    )
}

/// `appArmorProfile.type`; `None` is the runtime's default profile where the node has AppArmor at all.
pub fn apparmor<'a>(spec: &'a PodSpec, container: &'a Container) -> Effective<Option<&'a str>> {
    Effective::of(
        container.security.apparmor.as_deref().map(Some),
        spec.security.apparmor.as_deref().map(Some),
        None,
    )
}

/// `seLinuxOptions`; `None` leaves the label to the runtime.
pub fn selinux<'a>(spec: &'a PodSpec, container: &'a Container) -> Effective<Option<&'a SeLinux>> {
    Effective::of(
        container.security.selinux.as_ref().map(Some),
        spec.security.selinux.as_ref().map(Some),
        None,
    )
}

/// A profile that AppArmor enforces is asked for by name: the kubelet refuses the pod where the node has no AppArmor.
/// Unset proves nothing, for the API does not show whether a node has it. The annotation is the field's older form.
pub fn confined_by_apparmor(pod: &PodLike<'_>, container: &Container) -> bool {
    let key = format!(
        "container.apparmor.security.beta.kubernetes.io/{}",
        container.name
    );
    let annotation = pod.annotations.get(&key).map(|profile| &**profile);
    match apparmor(pod.spec, container).value.or(annotation) {
        Some("RuntimeDefault" | "Localhost" | "runtime/default") => true,
        Some(profile) => profile.starts_with("localhost/"),
        None => false,
    }
}

/// `allowPrivilegeEscalation`: unset allows it (no `no_new_privs` is set).
pub fn escalation(container: &Container) -> Effective<bool> {
    Effective::of(container.security.escalation, None, true)
}

/// `readOnlyRootFilesystem`.
pub fn read_only_root(container: &Container) -> Effective<bool> {
    Effective::of(container.security.read_only_root, None, false)
}

/// Does the first process of a container start as user 0?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StartsAsRoot {
    /// It cannot: another user is set, or the kubelet refuses.
    No,
    /// The image decides, and images say root unless they say otherwise.
    ImageDecides,
    /// `runAsUser: 0`.
    Yes,
}

/// Whether the container starts as root.
pub fn starts_as_root(spec: &PodSpec, container: &Container) -> StartsAsRoot {
    match user(spec, container).value {
        _ if non_root(spec, container).value => StartsAsRoot::No,
        Some(0) => StartsAsRoot::Yes,
        Some(_) => StartsAsRoot::No,
        None => StartsAsRoot::ImageDecides,
    }
}

/// Whether code in the container can be root: it starts as root, or may become it through a setuid program of the image.
pub fn may_be_root(spec: &PodSpec, container: &Container) -> bool {
    is_privileged(container)
        || escalation(container).value
        || starts_as_root(spec, container) != StartsAsRoot::No
}

/// The fields on which [`may_be_root`] rests.
pub fn root_evidence(pod: &PodLike<'_>, container: &Container) -> Vec<Evidence> {
    let user = user(pod.spec, container);
    let mut evidence = vec![if let Some(id) = user.value {
        user.evidence(pod, container, "runAsUser", id)
    } else {
        let non_root = non_root(pod.spec, container);
        non_root.evidence(pod, container, "runAsNonRoot", non_root.value)
    }];
    if starts_as_root(pod.spec, container) == StartsAsRoot::No {
        let escalation = escalation(container);
        let field = "allowPrivilegeEscalation";
        evidence.push(escalation.evidence(pod, container, field, escalation.value));
    }
    evidence
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::objects::container::List;
    use crate::model::{Kind, ObjectKey};
    use crate::semantics::samples::container;

    fn case(
        pod: (Option<bool>, Option<i64>),
        own: (Option<bool>, Option<i64>),
    ) -> (PodSpec, Container) {
        let mut spec = PodSpec::default();
        (spec.security.non_root, spec.security.user) = pod;
        let mut container = container("c", List::Regular);
        (container.security.non_root, container.security.user) = own;
        (spec, container)
    }

    #[test]
    fn who_starts_as_root() {
        use StartsAsRoot::{ImageDecides, No, Yes};
        for (pod, own, expected) in [
            ((None, None), (None, None), ImageDecides),
            ((Some(true), None), (None, None), No),
            ((Some(true), None), (Some(false), None), ImageDecides),
            ((Some(false), None), (Some(true), None), No),
            ((None, Some(0)), (None, None), Yes),
            ((None, Some(0)), (None, Some(1000)), No),
            ((None, Some(1000)), (None, Some(0)), Yes),
            ((None, Some(1000)), (None, None), No),
            // The kubelet refuses: user 0 under runAsNonRoot never runs.
            ((Some(true), Some(0)), (None, None), No),
        ] {
            let (spec, c) = case(pod, own);
            assert_eq!(starts_as_root(&spec, &c), expected, "{pod:?} {own:?}");
        }
    }

    #[test]
    fn a_setuid_program_gives_root_back_unless_escalation_is_off() {
        let (spec, mut c) = case((Some(true), None), (None, None));
        assert!(may_be_root(&spec, &c));
        c.security.escalation = Some(false);
        assert!(!may_be_root(&spec, &c));
    }

    #[test]
    fn evidence_names_the_field_that_decides() {
        let key = ObjectKey::namespaced(Kind::Deployment, "shop", "cart");
        let template = crate::model::objects::workload::Template {
            labels: crate::model::Labels::default(),
            annotations: crate::model::Labels::default(),
            spec: std::sync::Arc::new(PodSpec::default()),
        };
        let workload = crate::view::Workload {
            key: key.clone(),
            object: None,
            template: Some(&template),
            pods: Vec::new(),
        };
        let (pod, _) = workload.pod_likes().into_iter().next().unwrap();
        let paths = [
            case((None, None), (Some(false), None)),
            case((Some(false), None), (None, None)),
            case((None, None), (None, None)),
        ]
        .map(|(spec, c)| {
            let e = non_root(&spec, &c).evidence(&pod, &c, "runAsNonRoot", false);
            (e.path.to_string(), e.value.to_string(), e.origin)
        });
        let own = "spec.template.spec.containers[0].securityContext.runAsNonRoot";
        let above = "spec.template.spec.securityContext.runAsNonRoot";
        assert_eq!(
            paths,
            [
                (own.into(), "false".into(), Origin::Explicit),
                (above.into(), "false".into(), Origin::Inherited),
                (own.into(), "unset".into(), Origin::Default),
            ]
        );
    }
}
