//! Pod.

use super::fields::wire;
use super::lenient::{List, Text};
use super::metadata::Metadata;
use super::pod_spec::PodSpecWire;
use super::pool::Pool;
use super::{DecodeError, Wire};
use crate::model::objects::pod::{Phase, Pod};
use crate::model::{Kind, Object, Str};

wire! {
    pub(super) struct PodWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<PodSpecWire<'a>> = "spec",
        status: Option<Status<'a>> = "status",
    }
}

wire! {
    struct Status<'a> {
        phase: Text<'a> = "phase",
        start_time: Text<'a> = "startTime",
        pod_ip: Text<'a> = "podIP",
        pod_ips: List<Ip<'a>> = "podIPs",
        init_container_statuses: List<ContainerStatus<'a>> = "initContainerStatuses",
        container_statuses: List<ContainerStatus<'a>> = "containerStatuses",
        ephemeral_container_statuses: List<ContainerStatus<'a>> = "ephemeralContainerStatuses",
    }
}

wire! {
    struct Ip<'a> {
        ip: Text<'a> = "ip",
    }
}

wire! {
    struct ContainerStatus<'a> {
        name: Text<'a> = "name",
        image: Text<'a> = "image",
        image_id: Text<'a> = "imageID",
        volume_mounts: List<MountStatus<'a>> = "volumeMounts",
    }
}

wire! {
    struct MountStatus<'a> {
        name: Text<'a> = "name",
        volume_status: Option<VolumeStatus<'a>> = "volumeStatus",
    }
}

wire! {
    struct VolumeStatus<'a> {
        image: Option<ImageStatus<'a>> = "image",
    }
}

wire! {
    struct ImageStatus<'a> {
        image_ref: Text<'a> = "imageRef",
    }
}

impl<'de> Wire<'de> for PodWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let status = self.status.unwrap_or_default();
        let spec = self.spec.unwrap_or_default();
        Ok(Object::Pod(Pod {
            meta: self.metadata.fact(kind, pool)?,
            node: pool.option(spec.node_name()),
            spec: spec.fact(true, pool),
            phase: phase(status.phase.as_str()),
            ips: status.ips(pool),
            images: status.images(pool),
            volume_images: status.volume_images(pool),
            started: status.started(),
        }))
    }
}

impl Status<'_> {
    fn ips(&self, pool: &mut Pool) -> Box<[Str]> {
        if self.pod_ips.is_empty() {
            return pool.option(Some(&self.pod_ip)).into_iter().collect();
        }
        self.pod_ips.iter().map(|ip| pool.text(&ip.ip)).collect()
    }

    fn started(&self) -> Option<i64> {
        let time = self.start_time.as_str().parse::<jiff::Timestamp>();
        Some(time.ok()?.as_second())
    }

    fn containers(&self) -> impl Iterator<Item = &ContainerStatus<'_>> {
        let all = [
            &self.init_container_statuses,
            &self.container_statuses,
            &self.ephemeral_container_statuses,
        ];
        all.into_iter().flat_map(List::iter)
    }

    /// Image volumes that are mounted; several containers may mount one.
    fn volume_images(&self, pool: &mut Pool) -> Box<[(Str, Str)]> {
        let mounts = self.containers().flat_map(|c| c.volume_mounts.iter());
        let ids = mounts.filter_map(|mount| {
            let id = &mount.volume_status.as_ref()?.image.as_ref()?.image_ref;
            (!id.is_empty()).then_some((&mount.name, id))
        });
        let mut ids: Vec<_> = ids
            .map(|(name, id)| (pool.text(name), pool.text(id)))
            .collect();
        ids.sort();
        ids.dedup();
        ids.into()
    }

    /// Containers that have started: before that the runtime has named no image.
    fn images(&self, pool: &mut Pool) -> super::pool::Images {
        let started = self
            .containers()
            .filter(|status| !status.image_id.is_empty());
        let mut images: Vec<_> = started
            .map(|s| {
                (
                    pool.text(&s.name),
                    pool.text(&s.image),
                    pool.text(&s.image_id),
                )
            })
            .collect();
        images.sort();
        pool.images(images)
    }
}

fn phase(word: &str) -> Phase {
    match word {
        "Pending" => Phase::Pending,
        "Running" => Phase::Running,
        "Succeeded" => Phase::Succeeded,
        "Failed" => Phase::Failed,
        _ => Phase::Unknown,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]
    use std::sync::Arc;

    use super::super::decode_json;
    use super::super::testing::decoded;
    use super::*;
    use crate::model::objects::volume::VolumeSource;

    /// A pod as a live server prints it, with the token volume that admission injects.
    fn replica(name: &str, volume: &str) -> String {
        format!(
            r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"{name}","namespace":"shop","labels":{{"app":"cart"}}}},
            "spec":{{"nodeName":"node-1","serviceAccountName":"cart","containers":[{{"name":"cart","image":"registry.example.com/cart:1",
            "volumeMounts":[{{"name":"data","mountPath":"/data","readOnly":true}},
                            {{"name":"{volume}","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}}]}},
            {{"name":"side","image":"side"}}],
            "volumes":[{{"name":"data","hostPath":{{"path":"/srv","type":"Directory"}}}},
            {{"name":"{volume}","projected":{{"defaultMode":420,"sources":[{{"serviceAccountToken":{{"expirationSeconds":3607,"path":"token"}}}},
            {{"configMap":{{"name":"kube-root-ca.crt","items":[{{"key":"ca.crt","path":"ca.crt"}}]}}}},
            {{"downwardAPI":{{"items":[{{"path":"namespace","fieldRef":{{"fieldPath":"metadata.namespace"}}}}]}}}}]}}}}]}},
            "status":{{"phase":"Running","startTime":"2026-01-02T03:04:05Z","podIP":"10.244.0.5","podIPs":[{{"ip":"10.244.0.5"}},{{"ip":"fd00::5"}}],
            "containerStatuses":[{{"name":"side","image":"side","imageID":""}},
            {{"name":"cart","image":"registry.example.com/cart:1","imageID":"registry.example.com/cart@sha256:ab",
            "volumeMounts":[{{"name":"data","mountPath":"/data"}},{{"name":"model","mountPath":"/m","volumeStatus":{{"image":{{"imageRef":"registry.example.com/model@sha256:cd"}}}}}}]}}]}}}}"#
        )
    }

    #[test]
    fn decodes() {
        let Object::Pod(pod) = decoded(Kind::Pod, &replica("cart-1", "kube-api-access-x2x4b"))
        else {
            panic!("another kind")
        };
        assert_eq!(
            (pod.node.as_deref(), pod.phase),
            (Some("node-1"), Phase::Running)
        );
        assert_eq!(
            pod.ips.iter().map(|ip| &**ip).collect::<Vec<_>>(),
            ["10.244.0.5", "fd00::5"]
        );
        assert_eq!(pod.images.len(), 1);
        assert_eq!(pod.started, Some(1_767_323_045));
        assert_eq!(
            *pod.volume_images,
            [(
                "model".into(),
                "registry.example.com/model@sha256:cd".into()
            )]
        );
        assert_eq!(&*pod.images[0].2, "registry.example.com/cart@sha256:ab");
    }

    #[test]
    fn replicas_share_one_spec_though_each_has_its_own_token_volume() {
        let mut pool = Pool::new();
        let mut specs = ["kube-api-access-aaaaa", "kube-api-access-bbbbb"].map(|volume| {
            match decode_json(Kind::Pod, &replica("p", volume), &mut pool).unwrap() {
                Object::Pod(pod) => pod.spec,
                _ => panic!("another kind"),
            }
        });
        assert!(Arc::ptr_eq(&specs[0], &specs[1]));
        let spec = Arc::make_mut(&mut specs[0]);
        assert_eq!(
            spec.containers.iter().map(|c| c.token).collect::<Vec<_>>(),
            [true, false]
        );
        assert_eq!(
            (spec.volumes.len(), spec.containers[0].mounts.len()),
            (1, 1)
        );
    }

    #[test]
    fn a_volume_that_only_has_the_name_is_a_volume() {
        let json = r#"{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","volumeMounts":[{"name":"kube-api-access-zzzzz","mountPath":"/x"}]}],
            "volumes":[{"name":"kube-api-access-zzzzz","projected":{"sources":[{"secret":{"name":"s"}},{"serviceAccountToken":{"audience":"vault","path":"t"}}]}}]}}"#;
        let Object::Pod(pod) = decoded(Kind::Pod, json) else {
            panic!("another kind")
        };
        assert!(!pod.spec.containers[0].token);
        let VolumeSource::Projected { secrets, tokens } = &pod.spec.volumes[0].source else {
            panic!("another source")
        };
        assert_eq!((secrets.len(), &*tokens[0].audience), (1, "vault"));
    }

    #[test]
    fn a_pending_pod_has_neither_node_nor_images() {
        let json = r#"{"metadata":{"name":"p"},"spec":{"containers":null},"status":{"phase":"Pending","containerStatuses":null}}"#;
        let Object::Pod(pod) = decoded(Kind::Pod, json) else {
            panic!("another kind")
        };
        assert_eq!(
            (pod.phase, pod.node, pod.ips.len(), pod.images.len()),
            (Phase::Pending, None, 0, 0)
        );
    }
}
