//! PersistentVolume.

use super::fields::wire;
use super::lenient::Text;
use super::metadata::Metadata;
use super::pool::Pool;
use super::{DecodeError, Wire};
use crate::model::objects::persistent_volume::{NodePath, PersistentVolume};
use crate::model::{Kind, Object};

wire! {
    pub(super) struct VolumeWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<Spec<'a>> = "spec",
    }
}

wire! {
    struct Spec<'a> {
        host_path: Option<Path<'a>> = "hostPath",
        local: Option<Path<'a>> = "local",
        claim_ref: Option<Claim<'a>> = "claimRef",
    }
}

wire! {
    struct Path<'a> {
        path: Text<'a> = "path",
    }
}

wire! {
    struct Claim<'a> {
        namespace: Text<'a> = "namespace",
        name: Text<'a> = "name",
    }
}

impl<'de> Wire<'de> for VolumeWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let spec = self.spec.unwrap_or_default();
        let mut at = |source: &Option<Path<'_>>, local| {
            source.as_ref().map(|source| NodePath {
                path: pool.text(&source.path),
                local,
            })
        };
        let node_path = at(&spec.host_path, false).or_else(|| at(&spec.local, true));
        let claim = spec
            .claim_ref
            .as_ref()
            .map(|claim| (pool.text(&claim.namespace), pool.text(&claim.name)));
        Ok(Object::PersistentVolume(PersistentVolume {
            meta: self.metadata.fact(kind, pool)?,
            node_path,
            claim,
        }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]
    use super::super::testing::decoded;
    use super::*;

    #[test]
    fn decodes() {
        let json = r#"{"metadata":{"name":"pv-1"},"spec":{"capacity":{"storage":"1Gi"},"local":{"path":"/mnt/a"},
            "claimRef":{"kind":"PersistentVolumeClaim","namespace":"shop","name":"data"},"nodeAffinity":{}}}"#;
        let Object::PersistentVolume(volume) = decoded(Kind::PersistentVolume, json) else {
            panic!("another kind")
        };
        let at = volume.node_path.unwrap();
        assert_eq!((&*at.path, at.field()), ("/mnt/a", "spec.local.path"));
        assert_eq!(volume.claim, Some(("shop".into(), "data".into())));
        let json =
            r#"{"metadata":{"name":"pv-2"},"spec":{"csi":{"driver":"d","volumeHandle":"v"}}}"#;
        let Object::PersistentVolume(volume) = decoded(Kind::PersistentVolume, json) else {
            panic!("another kind")
        };
        assert_eq!((volume.node_path, volume.claim), (None, None));
    }
}
