//! Own decoder of `metadata`. managedFields (half of a live object's bytes) are skipped, never built, and of the
//! annotations only those are kept that a rule reads; `last-applied-configuration` can hold a Secret's data.

use super::DecodeError;
use super::fields::wire;
use super::lenient::{List, Pairs, Text};
use super::pool::Pool;
use crate::model::meta::keeps_annotation;
use crate::model::{Kind, Labels, Meta, ObjectKey, Owner};

wire! {
    /// `metadata` as the server writes it.
    pub(super) struct Metadata<'a> {
        name: Text<'a> = "name",
        generate_name: Text<'a> = "generateName",
        namespace: Text<'a> = "namespace",
        labels: Pairs<'a> = "labels",
        annotations: Pairs<'a> = "annotations",
        owner_references: List<OwnerReference<'a>> = "ownerReferences",
        creation_timestamp: Text<'a> = "creationTimestamp",
        deletion_timestamp: Text<'a> = "deletionTimestamp",
    }
}

wire! {
    struct OwnerReference<'a> {
        api_version: Text<'a> = "apiVersion",
        kind: Text<'a> = "kind",
        name: Text<'a> = "name",
        controller: Option<bool> = "controller",
    }
}

wire! {
    /// An object of which only metadata is read.
    pub(super) struct Only<'a> {
        pub(super) metadata: Metadata<'a> = "metadata",
    }
}

wire! {
    /// An object of which only the identity is read.
    pub(super) struct Identity<'a> {
        pub(super) metadata: Names<'a> = "metadata",
    }
}

wire! {
    /// The part of `metadata` that is identity.
    pub(super) struct Names<'a> {
        pub(super) name: Text<'a> = "name",
        pub(super) namespace: Text<'a> = "namespace",
    }
}

/// Names are DNS subdomains or path segments of at most 253 characters; anything near this is not one.
const LONGEST_NAME: usize = 1024;

impl<'a> Metadata<'a> {
    /// A name and a namespace, nothing else.
    pub(super) fn named(name: Text<'a>, namespace: Text<'a>) -> Metadata<'a> {
        Metadata {
            name,
            namespace,
            ..Metadata::default()
        }
    }

    pub(super) fn fact(&self, kind: Kind, pool: &mut Pool) -> Result<Meta, DecodeError> {
        Ok(Meta {
            key: self.key(kind, pool)?,
            labels: pool.labels(&self.labels, |_| true),
            annotations: pool.labels(&self.annotations, keeps_annotation),
            owners: self
                .owner_references
                .iter()
                .map(|owner| owner.fact(pool))
                .collect(),
            created: self.creation_timestamp.as_str().parse().ok(),
            deleting: !self.deletion_timestamp.is_empty(),
        })
    }

    /// Identity. A manifest for `kubectl create` may have `generateName` alone; without a namespace it goes where
    /// kubectl would put it, and a source that knows better writes the namespace in before decoding.
    pub(super) fn key(&self, kind: Kind, pool: &mut Pool) -> Result<ObjectKey, DecodeError> {
        let name = if self.name.is_empty() {
            &self.generate_name
        } else {
            &self.name
        };
        if name.is_empty() {
            return Err(DecodeError::at("metadata.name", "is missing"));
        }
        if name.as_str().len() > LONGEST_NAME {
            return Err(DecodeError::at(
                "metadata.name",
                "is longer than a name can be",
            ));
        }
        let namespace = kind.info().namespaced.then(|| {
            let text = self.namespace.as_str();
            pool.get(if text.is_empty() { "default" } else { text })
        });
        Ok(ObjectKey {
            namespace,
            kind: kind.into(),
            name: pool.text(name),
        })
    }

    /// The value of an annotation, kept or not.
    pub(super) fn annotated(&self, key: &str) -> Option<&str> {
        let found = self.annotations.0.iter().find(|(k, _)| k.as_str() == key);
        found.map(|(_, value)| value.as_str())
    }

    /// The managing controller is named.
    pub(super) fn is_controlled(&self) -> bool {
        self.owner_references
            .iter()
            .any(|owner| owner.controller == Some(true))
    }

    /// Labels and kept annotations alone, for the metadata of a pod template, which has no identity.
    pub(super) fn template(&self, pool: &mut Pool) -> (Labels, Labels) {
        (
            pool.labels(&self.labels, |_| true),
            pool.labels(&self.annotations, keeps_annotation),
        )
    }
}

impl OwnerReference<'_> {
    fn fact(&self, pool: &mut Pool) -> Owner {
        Owner {
            kind: pool.owner(self.api_version.as_str(), self.kind.as_str()),
            name: pool.text(&self.name),
            controller: self.controller.unwrap_or(false),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::model::ObjectKind;

    fn meta(kind: Kind, json: &str) -> Result<Meta, DecodeError> {
        serde_json::from_str::<Metadata<'_>>(json)
            .unwrap()
            .fact(kind, &mut Pool::new())
    }

    #[test]
    fn keeps_what_rules_read_and_drops_the_rest() {
        let meta = meta(
            Kind::Pod,
            r#"{"name":"cart-1","namespace":"shop","uid":"u","resourceVersion":"7","creationTimestamp":"2026-01-02T03:04:05Z",
            "deletionTimestamp":"2026-01-03T00:00:00Z","labels":{"b":"2","a":"1"},
            "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"data\":\"c2VjcmV0\"}","meta.helm.sh/release-name":"cart"},
            "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"cart","uid":"x","controller":true},
                               {"apiVersion":"acid.zalan.do/v1","kind":"postgresql","name":"db","uid":"y"}],
            "managedFields":[{"manager":"kubelet","fieldsV1":{"f:status":{}}}]}"#,
        )
        .unwrap();
        assert_eq!(meta.key, ObjectKey::namespaced(Kind::Pod, "shop", "cart-1"));
        assert_eq!(
            meta.labels.iter().map(|(k, _)| &**k).collect::<Vec<_>>(),
            ["a", "b"]
        );
        assert_eq!(meta.annotations.len(), 1);
        assert_eq!(meta.created.unwrap().to_string(), "2026-01-02T03:04:05Z");
        assert!(meta.deleting);
        assert_eq!(
            meta.controller().unwrap().kind,
            ObjectKind::Known(Kind::ReplicaSet)
        );
        assert_eq!(meta.owners[1].kind.short(), "postgresql.acid.zalan.do");
    }

    #[test]
    fn identity_follows_the_scope_of_the_kind() {
        assert_eq!(
            meta(Kind::Node, r#"{"name":"n","namespace":"x"}"#)
                .unwrap()
                .key
                .namespace,
            None
        );
        assert_eq!(
            meta(Kind::Pod, r#"{"generateName":"run-"}"#).unwrap().key,
            ObjectKey::namespaced(Kind::Pod, "default", "run-")
        );
        assert_eq!(meta(Kind::Pod, "{}").unwrap_err().path, "metadata.name");
        let long = format!(r#"{{"name":"{}"}}"#, "n".repeat(2000));
        assert_eq!(meta(Kind::Pod, &long).unwrap_err().path, "metadata.name");
    }

    #[test]
    fn null_is_absent() {
        let json = r#"{"name":"a","namespace":null,"labels":null,"annotations":null,"ownerReferences":null,"creationTimestamp":null}"#;
        assert_eq!(meta(Kind::Pod, json), meta(Kind::Pod, r#"{"name":"a"}"#));
    }
}
