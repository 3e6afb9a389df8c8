//! Volumes of a pod spec.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::access::Named;
use super::fields::wire;
use super::lenient::{List, Text};
use super::pool::Pool;
use crate::model::objects::volume::{TokenSource, Volume, VolumeSource};

/// A volume: its name, and the one source that is set.
#[derive(Debug, Default)]
pub(super) struct VolumeWire<'a> {
    pub(super) name: Text<'a>,
    source: Option<Source<'a>>,
}

#[derive(Debug)]
enum Source<'a> {
    HostPath(HostPath<'a>),
    Secret(SecretSource<'a>),
    ConfigMap(Named<'a>),
    Projected(Projected<'a>),
    Claim(Claim<'a>),
    EmptyDir(EmptyDir<'a>),
    Csi(Csi<'a>),
    Image(ImageSource<'a>),
    Driver(Text<'a>, Driver<'a>),
    Other(Text<'a>),
}

wire! {
    struct HostPath<'a> {
        path: Text<'a> = "path",
        r#type: Text<'a> = "type",
    }
}

wire! {
    struct SecretSource<'a> {
        secret_name: Text<'a> = "secretName",
    }
}

wire! {
    struct Claim<'a> {
        claim_name: Text<'a> = "claimName",
    }
}

wire! {
    struct EmptyDir<'a> {
        medium: Text<'a> = "medium",
        size_limit: Option<IgnoredAny> = "sizeLimit",
    }
}

wire! {
    struct Csi<'a> {
        driver: Text<'a> = "driver",
        node_publish_secret_ref: Option<Named<'a>> = "nodePublishSecretRef",
    }
}

wire! {
    /// A source whose driver is given a Secret.
    struct Driver<'a> {
        secret_name: Text<'a> = "secretName",
        secret_ref: Option<Named<'a>> = "secretRef",
    }
}

wire! {
    struct ImageSource<'a> {
        reference: Text<'a> = "reference",
        pull_policy: Option<Text<'a>> = "pullPolicy",
    }
}

wire! {
    struct Projected<'a> {
        sources: List<Projection<'a>> = "sources",
    }
}

wire! {
    struct Projection<'a> {
        secret: Option<Named<'a>> = "secret",
        config_map: Option<Named<'a>> = "configMap",
        service_account_token: Option<Token<'a>> = "serviceAccountToken",
        downward_api: Option<IgnoredAny> = "downwardAPI",
    }
}

wire! {
    struct Token<'a> {
        audience: Text<'a> = "audience",
        expiration_seconds: Option<i64> = "expirationSeconds",
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for VolumeWire<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = VolumeWire<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a volume")
            }
            fn visit_map<A: MapAccess<'de>>(
                self,
                mut fields: A,
            ) -> Result<VolumeWire<'de>, A::Error> {
                let mut volume = VolumeWire::default();
                while let Some(key) = fields.next_key::<Text<'de>>()? {
                    if key.as_str() == "name" {
                        volume.name = fields.next_value()?;
                    } else if let Some(source) = source(key, &mut fields)? {
                        volume.add(source);
                    }
                }
                Ok(volume)
            }
        }
        from.deserialize_map(Fields)
    }
}

fn source<'de, A: MapAccess<'de>>(
    key: Text<'de>,
    fields: &mut A,
) -> Result<Option<Source<'de>>, A::Error> {
    Ok(match key.as_str() {
        "hostPath" => fields.next_value::<Option<_>>()?.map(Source::HostPath),
        "secret" => fields.next_value::<Option<_>>()?.map(Source::Secret),
        "configMap" => fields.next_value::<Option<_>>()?.map(Source::ConfigMap),
        "projected" => fields.next_value::<Option<_>>()?.map(Source::Projected),
        "persistentVolumeClaim" => fields.next_value::<Option<_>>()?.map(Source::Claim),
        "emptyDir" => fields.next_value::<Option<_>>()?.map(Source::EmptyDir),
        "csi" => fields.next_value::<Option<_>>()?.map(Source::Csi),
        "image" => fields.next_value::<Option<_>>()?.map(Source::Image),
        "azureFile" | "cephfs" | "cinder" | "flexVolume" | "iscsi" | "rbd" | "scaleIO"
        | "storageos" => fields
            .next_value::<Option<_>>()?
            .map(|driver| Source::Driver(key, driver)),
        _ => fields
            .next_value::<Option<IgnoredAny>>()?
            .map(|_| Source::Other(key)),
    })
}

impl<'a> VolumeWire<'a> {
    /// The server refuses two sources; from a file the one that reaches the node counts.
    fn add(&mut self, source: Source<'a>) {
        if self.source.is_none() || matches!(source, Source::HostPath(_)) {
            self.source = Some(source);
        }
    }

    /// The volume that the ServiceAccount admission plugin injects into each pod: a name of its own and three sources
    /// (kubernetes/plugin/pkg/admission/serviceaccount `createVolume`).
    pub(super) fn is_injected_token(&self) -> bool {
        let Some(Source::Projected(projected)) = &self.source else {
            return false;
        };
        self.name.as_str().starts_with("kube-api-access-")
            && projected.sources.iter().any(|s| {
                s.service_account_token
                    .as_ref()
                    .is_some_and(|t| t.audience.is_empty())
            })
            && projected.sources.iter().any(|s| {
                s.config_map
                    .as_ref()
                    .is_some_and(|c| c.name.as_str() == "kube-root-ca.crt")
            })
            && projected.sources.iter().any(|s| s.downward_api.is_some())
            && projected.sources.iter().all(|s| s.secret.is_none())
    }

    /// The Secret that its driver is given.
    pub(super) fn driver_secret(&self) -> Option<&Text<'a>> {
        let named = match self.source.as_ref()? {
            Source::Csi(csi) => csi.node_publish_secret_ref.as_ref(),
            Source::Driver(_, driver) if !driver.secret_name.is_empty() => {
                return Some(&driver.secret_name);
            }
            Source::Driver(_, driver) => driver.secret_ref.as_ref(),
            _ => None,
        };
        named
            .map(|named| &named.name)
            .filter(|name| !name.is_empty())
    }

    /// ConfigMaps in it, where it is projected.
    pub(super) fn projected_maps(&self) -> impl Iterator<Item = &Text<'a>> {
        let sources = match &self.source {
            Some(Source::Projected(projected)) => projected.sources.iter(),
            _ => [].iter(),
        };
        let maps = sources.filter_map(|source| source.config_map.as_ref());
        maps.map(|map| &map.name)
    }

    pub(super) fn fact(&self, index: usize, pool: &mut Pool) -> Volume {
        Volume {
            name: pool.text(&self.name),
            index: index as u16,
            source: self.source_fact(pool),
        }
    }

    fn source_fact(&self, pool: &mut Pool) -> VolumeSource {
        match &self.source {
            Some(Source::HostPath(host)) => VolumeSource::HostPath {
                path: pool.text(&host.path),
                kind: pool.text(&host.r#type),
            },
            Some(Source::Secret(secret)) => VolumeSource::Secret(pool.text(&secret.secret_name)),
            Some(Source::ConfigMap(map)) => VolumeSource::ConfigMap(pool.text(&map.name)),
            Some(Source::Projected(projected)) => projected.fact(pool),
            Some(Source::Claim(claim)) => VolumeSource::Claim(pool.text(&claim.claim_name)),
            Some(Source::EmptyDir(dir)) => VolumeSource::EmptyDir {
                medium: pool.text(&dir.medium),
                limited: dir.size_limit.is_some(),
            },
            Some(Source::Csi(csi)) => VolumeSource::Csi(pool.text(&csi.driver)),
            Some(Source::Image(image)) => VolumeSource::Image {
                reference: pool.text(&image.reference),
                pull: pool.option(image.pull_policy.as_ref()),
            },
            Some(Source::Other(field) | Source::Driver(field, _)) => {
                VolumeSource::Other(pool.text(field))
            }
            // `SetDefaults_Volume` makes a volume without a source an emptyDir.
            None => VolumeSource::EmptyDir {
                medium: pool.get(""),
                limited: false,
            },
        }
    }
}

impl Token<'_> {
    fn fact(&self, pool: &mut Pool) -> TokenSource {
        TokenSource {
            audience: pool.text(&self.audience),
            seconds: self.expiration_seconds,
        }
    }
}

impl Projected<'_> {
    fn fact(&self, pool: &mut Pool) -> VolumeSource {
        let secrets = self
            .sources
            .iter()
            .filter_map(|source| source.secret.as_ref());
        let secrets = secrets.map(|secret| pool.text(&secret.name)).collect();
        let tokens = self
            .sources
            .iter()
            .filter_map(|source| source.service_account_token.as_ref());
        VolumeSource::Projected {
            secrets,
            tokens: tokens.map(|token| token.fact(pool)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn volume(json: &str) -> VolumeSource {
        serde_json::from_str::<VolumeWire<'_>>(json)
            .unwrap()
            .fact(0, &mut Pool::new())
            .source
    }

    #[test]
    fn every_source_is_told_apart() {
        assert_eq!(
            volume(r#"{"name":"a","secret":{"secretName":"s"}}"#),
            VolumeSource::Secret("s".into())
        );
        assert_eq!(
            volume(r#"{"name":"a","configMap":{"name":"c"}}"#),
            VolumeSource::ConfigMap("c".into())
        );
        assert_eq!(
            volume(r#"{"persistentVolumeClaim":{"claimName":"p"},"name":"a"}"#),
            VolumeSource::Claim("p".into())
        );
        assert_eq!(
            volume(r#"{"name":"a","emptyDir":{"medium":"Memory","sizeLimit":"1Gi"}}"#),
            VolumeSource::EmptyDir {
                medium: "Memory".into(),
                limited: true
            }
        );
        assert_eq!(
            volume(r#"{"name":"a","csi":{"driver":"d"}}"#),
            VolumeSource::Csi("d".into())
        );
        assert_eq!(
            volume(r#"{"name":"a","image":{"reference":"m:1","pullPolicy":"Always"}}"#),
            VolumeSource::Image {
                reference: "m:1".into(),
                pull: Some("Always".into())
            }
        );
        assert_eq!(
            volume(r#"{"name":"a","nfs":{"server":"x","path":"/"}}"#),
            VolumeSource::Other("nfs".into())
        );
        assert_eq!(
            volume(r#"{"name":"a","rbd":{"image":"x","secretRef":{"name":"s"}}}"#),
            VolumeSource::Other("rbd".into())
        );
        assert_eq!(
            volume(r#"{"name":"a","emptyDir":null,"secret":null}"#),
            VolumeSource::empty_dir()
        );
        let host = VolumeSource::HostPath {
            path: "/".into(),
            kind: "".into(),
        };
        assert_eq!(
            volume(r#"{"name":"a","hostPath":{"path":"/","type":null},"emptyDir":{}}"#),
            host
        );
    }

    #[test]
    fn what_the_kubelet_is_given_for_a_driver() {
        let secret = |json: &str| {
            let volume: VolumeWire<'_> = serde_json::from_str(json).unwrap();
            volume.driver_secret().map(|name| name.as_str().to_owned())
        };
        let given = [
            r#"{"name":"a","csi":{"driver":"d","nodePublishSecretRef":{"name":"s"}}}"#,
            r#"{"name":"a","azureFile":{"secretName":"s","shareName":"x"}}"#,
            r#"{"name":"a","cephfs":{"monitors":["m"],"secretRef":{"name":"s"}}}"#,
        ];
        for json in given {
            assert_eq!(secret(json).as_deref(), Some("s"), "{json}");
        }
        assert_eq!(secret(r#"{"name":"a","csi":{"driver":"d"}}"#), None);
        assert_eq!(secret(r#"{"name":"a","secret":{"secretName":"s"}}"#), None);
    }
}
