//! Is a token of the API server mounted in a container? The answer of the ServiceAccount admission plugin
//! (`plugin/pkg/admission/serviceaccount/admission.go`), computed for a template and read from a live pod.
//!
//! Only tokens that the API server itself accepts count: one for another audience (a vault, a cloud) is no login here.
//! Look-ups are lazy: an explicit `automountServiceAccountToken: false` answers before the account is looked at.

use crate::model::objects::container::{Container, List};
use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::volume::{Volume, VolumeSource};
use crate::model::{Evidence, Origin};
use crate::view::{Look, PodLike, View};

/// Where the plugin mounts the token; a container that mounts something there itself gets none.
pub const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// A token that is mounted, with what says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MountedToken {
    /// How it gets there.
    pub how: How,
    /// The fields that decide it, the deciding one last.
    pub evidence: Vec<Evidence>,
}

/// How a token gets into a container.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// By admission: nobody switched it off.
    Automatic,
    /// A projected volume of this name asks for it.
    Projected(String),
    /// A volume of this name mounts a Secret where the token is expected: one that does not expire.
    Secret(String),
}

/// The token of one container. `Absent`: there is none. `Blind`: the account that would tell is not visible.
pub fn token(pod: &PodLike<'_>, container: &Container, view: &View<'_>) -> Look<MountedToken> {
    token_or(pod, container, || automatic(pod, view))
}

fn token_or(
    pod: &PodLike<'_>,
    container: &Container,
    automatic: impl FnOnce() -> Look<MountedToken>,
) -> Look<MountedToken> {
    if let Some(own) = own_volume(pod, container) {
        return Look::Seen(own);
    }
    if container.token {
        return Look::Seen(injected(pod, container));
    }
    if was_admitted(pod) || container.list == List::Ephemeral || occupies(container) {
        return Look::Absent;
    }
    automatic()
}

/// Every container of a pod that has a token, in order. `Blind` when one of them cannot be known.
pub fn tokens<'a>(pod: &PodLike<'a>, view: &View<'_>) -> Look<Vec<(&'a Container, MountedToken)>> {
    let spec: &'a PodSpec = pod.spec;
    let (mut found, mut blind) = (Vec::new(), None);
    // What admission does is the same for all of them.
    let mut admission = None;
    for container in &spec.containers {
        let automatic = || {
            admission
                .get_or_insert_with(|| automatic(pod, view))
                .clone()
        };
        match token_or(pod, container, automatic) {
            Look::Seen(token) => found.push((container, token)),
            Look::Blind(missing) => blind = Some(missing),
            Look::Absent => {}
        }
    }
    match blind {
        _ if !found.is_empty() => Look::Seen(found),
        Some(missing) => Look::Blind(missing),
        None => Look::Absent,
    }
}

/// A token that the template asks for by itself, or an old token Secret at the usual path.
fn own_volume(pod: &PodLike<'_>, container: &Container) -> Option<MountedToken> {
    let spec = pod.spec;
    let holds = |v: &Volume| {
        matches!(
            v.source,
            VolumeSource::Projected { .. } | VolumeSource::Secret(_)
        )
    };
    if !spec.volumes.iter().any(holds) {
        return None;
    }
    container.mounts.iter().find_map(|mount| {
        let volume = spec.volume(&mount.volume)?;
        let how = match &volume.source {
            VolumeSource::Projected { tokens, .. }
                if tokens.iter().any(|t| is_api_audience(&t.audience)) =>
            {
                How::Projected(volume.name.to_string())
            }
            VolumeSource::Secret(_) if mount.path.trim_end_matches('/') == TOKEN_PATH => {
                How::Secret(volume.name.to_string())
            }
            _ => return None,
        };
        let evidence = vec![volume_evidence(pod, volume)];
        Some(MountedToken { how, evidence })
    })
}

fn volume_evidence(pod: &PodLike<'_>, volume: &Volume) -> Evidence {
    let (tail, value) = match &volume.source {
        VolumeSource::Secret(secret) => ("secret.secretName", &**secret),
        _ => ("projected.sources", "serviceAccountToken"),
    };
    let path = pod.path(&format!("volumes[{}].{tail}", volume.index));
    Evidence::explicit(pod.holder, path, value.to_owned())
}

/// The audiences that a default API server answers to: none given, or its own issuer
/// (`--api-audiences` defaults to `--service-account-issuer`).
pub fn is_api_audience(audience: &str) -> bool {
    let host = audience.trim_start_matches("https://");
    audience.is_empty()
        || host == "kubernetes.default.svc"
        || host.starts_with("kubernetes.default.svc.")
}

fn injected(pod: &PodLike<'_>, container: &Container) -> MountedToken {
    let path = pod.in_container(container, "volumeMounts");
    MountedToken {
        how: How::Automatic,
        evidence: vec![Evidence::new(pod.holder, path, TOKEN_PATH, Origin::Live)],
    }
}

/// Only the server writes `creationTimestamp`: such a pod has been through admission, and what it mounts is all it mounts.
fn was_admitted(pod: &PodLike<'_>) -> bool {
    pod.pod.is_some_and(|p| p.meta.created.is_some())
}

fn occupies(container: &Container) -> bool {
    container
        .mounts
        .iter()
        .any(|m| m.path.trim_end_matches('/') == TOKEN_PATH)
}

/// What admission will do: the pod's word, else the account's, else yes.
fn automatic(pod: &PodLike<'_>, view: &View<'_>) -> Look<MountedToken> {
    const FIELD: &str = "automountServiceAccountToken";
    let seen = |evidence| {
        Look::Seen(MountedToken {
            how: How::Automatic,
            evidence,
        })
    };
    let field = pod.path(FIELD);
    match pod.spec.automount {
        Some(false) => return Look::Absent,
        Some(true) => return seen(vec![Evidence::explicit(pod.holder, field, true)]),
        None => {}
    }
    let unset = Evidence::new(pod.holder, field, "unset", Origin::Default);
    let name = pod.spec.account_name();
    match view.account(pod.namespace(), name) {
        Look::Blind(missing) => Look::Blind(missing),
        Look::Seen(account) => {
            let key = &account.meta.key;
            match account.automount {
                Some(false) => Look::Absent,
                Some(true) => seen(vec![
                    unset,
                    Evidence::new(key, FIELD, true, Origin::Inherited),
                ]),
                None => seen(vec![
                    unset,
                    Evidence::new(key, FIELD, "unset", Origin::Default),
                ]),
            }
        }
        // Pods wait until the account exists; one that is made without a word about tokens has them mounted.
        Look::Absent => seen(vec![unset]),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::objects::access::ServiceAccount;
    use crate::model::objects::pod::{Phase, Pod};
    use crate::model::objects::volume::TokenSource;
    use crate::model::sight::State;
    use crate::model::{Kind, Meta, Object, ObjectKey, Reason};
    use crate::semantics::samples::{container, mount, volume};
    use crate::view::World;

    fn pod(spec: PodSpec, admitted: bool) -> Pod {
        let mut meta = Meta::bare(ObjectKey::namespaced(Kind::Pod, "shop", "cart"));
        meta.created = admitted.then(|| "2026-11-02T06:00:00Z".parse().unwrap());
        Pod {
            meta,
            spec: Arc::new(spec),
            node: None,
            phase: Phase::Running,
            ips: Box::default(),
            images: Arc::from([]),
            volume_images: Box::default(),
            started: None,
        }
    }

    fn world(automount: Option<bool>) -> World {
        World::closed([Object::ServiceAccount(ServiceAccount {
            meta: Meta::bare(ObjectKey::namespaced(
                Kind::ServiceAccount,
                "shop",
                "default",
            )),
            automount,
            secrets: Box::default(),
            pull_secrets: Box::default(),
            assumed: false,
        })])
    }

    fn spec(automount: Option<bool>) -> PodSpec {
        PodSpec {
            containers: [container("cart", List::Regular)].into(),
            automount,
            ..PodSpec::default()
        }
    }

    fn ask(world: &World, pod: &Pod) -> Look<Vec<Origin>> {
        let view = View::new(world);
        let pods = [pod];
        let like = PodLike::live(&pod.meta.key, pod, &pods);
        tokens(&like, &view).map(|all| {
            all.iter()
                .flat_map(|(_, t)| t.evidence.iter().map(|e| e.origin))
                .collect()
        })
    }

    #[test]
    fn the_pod_decides_then_the_account_then_the_default() {
        let not = world(Some(false));
        assert_eq!(
            ask(&not, &pod(spec(Some(true)), false)),
            Look::Seen(vec![Origin::Explicit])
        );
        assert_eq!(ask(&not, &pod(spec(None), false)), Look::Absent);
        assert_eq!(
            ask(&world(Some(true)), &pod(spec(None), false)),
            Look::Seen(vec![Origin::Default, Origin::Inherited])
        );
        assert_eq!(
            ask(&world(None), &pod(spec(None), false)),
            Look::Seen(vec![Origin::Default, Origin::Default])
        );
        assert_eq!(
            ask(&world(None), &pod(spec(Some(false)), false)),
            Look::Absent
        );
    }

    #[test]
    fn a_hidden_account_is_asked_only_where_it_decides() {
        let mut world = world(None);
        world
            .sight_mut()
            .set(Kind::ServiceAccount, None, State::Blind(Reason::Forbidden));
        world.take(&ObjectKey::namespaced(
            Kind::ServiceAccount,
            "shop",
            "default",
        ));
        assert!(matches!(
            ask(&world, &pod(spec(None), false)),
            Look::Blind(_)
        ));
        let off = pod(spec(Some(false)), false);
        let view = View::new(&world);
        assert_eq!(
            tokens(&PodLike::live(&off.meta.key, &off, &[&off]), &view),
            Look::Absent
        );
        assert!(!view.is_blind());
    }

    #[test]
    fn a_live_pod_has_what_it_mounts_and_nothing_else() {
        assert_eq!(ask(&world(None), &pod(spec(None), true)), Look::Absent);
        let mut with = spec(None);
        with.containers[0].token = true;
        assert_eq!(
            ask(&world(Some(false)), &pod(with, true)),
            Look::Seen(vec![Origin::Live])
        );
    }

    #[test]
    fn projected_tokens_count_for_the_api_alone_and_only_where_mounted() {
        for (audience, expected) in [
            ("", true),
            ("https://kubernetes.default.svc.cluster.local", true),
            ("vault", false),
        ] {
            let mut spec = spec(Some(false));
            spec.volumes = [volume(
                "t",
                VolumeSource::Projected {
                    secrets: Box::default(),
                    tokens: [TokenSource {
                        audience: audience.into(),
                        seconds: None,
                    }]
                    .into(),
                },
            )]
            .into();
            assert_eq!(ask(&world(None), &pod(spec.clone(), false)), Look::Absent);
            spec.containers[0].mounts = [mount("t", "/tokens")].into();
            let found = ask(&world(None), &pod(spec, false));
            assert_eq!(matches!(found, Look::Seen(_)), expected, "{audience}");
        }
    }

    #[test]
    fn a_container_that_mounts_something_there_itself_gets_no_token() {
        let mut spec = spec(None);
        spec.volumes = [volume("e", VolumeSource::empty_dir())].into();
        spec.containers[0].mounts = [mount("e", TOKEN_PATH)].into();
        assert_eq!(ask(&world(None), &pod(spec.clone(), false)), Look::Absent);
        spec.volumes[0].source = VolumeSource::Secret("cart-token-x".into());
        assert!(matches!(
            ask(&world(None), &pod(spec, false)),
            Look::Seen(_)
        ));
    }
}
