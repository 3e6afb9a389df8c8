//! PersistentVolume.

use super::fields::wire;
use super::lenient::Text;
use super::metadata::Metadata;
use super::pool::Pool;
use super::{DecodeError, Wire};
use crate::model::objects::persistent_volume::{NodePath, PersistentVolume};
use crate::model::{Kind, Object, Str};

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
        azure_file: Option<AzureFile<'a>> = "azureFile",
        csi: Option<Csi<'a>> = "csi",
        cephfs: Option<Driver<'a>> = "cephfs",
        cinder: Option<Driver<'a>> = "cinder",
        flex_volume: Option<Driver<'a>> = "flexVolume",
        iscsi: Option<Driver<'a>> = "iscsi",
        rbd: Option<Driver<'a>> = "rbd",
        scale_io: Option<Driver<'a>> = "scaleIO",
        storageos: Option<Driver<'a>> = "storageos",
    }
}

wire! {
    struct AzureFile<'a> {
        secret_name: Text<'a> = "secretName",
        secret_namespace: Text<'a> = "secretNamespace",
    }
}

wire! {
    struct Csi<'a> {
        node_publish_secret_ref: Option<Claim<'a>> = "nodePublishSecretRef",
        node_stage_secret_ref: Option<Claim<'a>> = "nodeStageSecretRef",
        node_expand_secret_ref: Option<Claim<'a>> = "nodeExpandSecretRef",
    }
}

wire! {
    struct Driver<'a> {
        secret_ref: Option<Claim<'a>> = "secretRef",
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

impl Spec<'_> {
    /// (namespace, name): where none is written, that of the claim.
    fn secrets(&self, pool: &mut Pool) -> Box<[(Str, Str)]> {
        let drivers = [
            &self.cephfs,
            &self.cinder,
            &self.flex_volume,
            &self.iscsi,
            &self.rbd,
            &self.scale_io,
            &self.storageos,
        ];
        let drivers = drivers.into_iter().flatten();
        let drivers = drivers.filter_map(|driver| driver.secret_ref.as_ref());
        let csi = self.csi.iter().flat_map(|csi| {
            let named = [
                &csi.node_publish_secret_ref,
                &csi.node_stage_secret_ref,
                &csi.node_expand_secret_ref,
            ];
            named.into_iter().flatten()
        });
        let named = drivers.chain(csi).map(|at| (&at.namespace, &at.name));
        let azure = self.azure_file.iter();
        let azure = azure.map(|azure| (&azure.secret_namespace, &azure.secret_name));
        let home = self.claim_ref.as_ref().map(|claim| &claim.namespace);
        let all = named.chain(azure).filter(|(_, name)| !name.is_empty());
        all.map(|(namespace, name)| {
            let written = Some(namespace).filter(|namespace| !namespace.is_empty());
            let namespace = written.or(home).map(|namespace| pool.text(namespace));
            (namespace.unwrap_or_else(|| pool.get("")), pool.text(name))
        })
        .collect()
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
            secrets: spec.secrets(pool),
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
        let json = r#"{"metadata":{"name":"pv-2"},"spec":{"csi":{"driver":"d","volumeHandle":"v",
            "nodeStageSecretRef":{"namespace":"store","name":"key"},"controllerPublishSecretRef":{"namespace":"store","name":"other"}}}}"#;
        let Object::PersistentVolume(volume) = decoded(Kind::PersistentVolume, json) else {
            panic!("another kind")
        };
        assert_eq!((volume.node_path, volume.claim), (None, None));
        assert_eq!(*volume.secrets, [("store".into(), "key".into())]);
        let json = r#"{"metadata":{"name":"pv-3"},"spec":{"azureFile":{"secretName":"share"},"claimRef":{"namespace":"shop","name":"data"}}}"#;
        let Object::PersistentVolume(volume) = decoded(Kind::PersistentVolume, json) else {
            panic!("another kind")
        };
        assert_eq!(*volume.secrets, [("shop".into(), "share".into())]);
    }
}
