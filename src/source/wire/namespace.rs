//! Namespace.

use super::fields::wire;
use super::lenient::Text;
use super::metadata::Metadata;
use super::pool::Pool;
use super::{DecodeError, Wire};
use crate::model::objects::namespace::Namespace;
use crate::model::{Kind, Object};

wire! {
    pub(super) struct NamespaceWire<'a> {
        metadata: Metadata<'a> = "metadata",
        status: Option<Status<'a>> = "status",
    }
}

wire! {
    struct Status<'a> {
        phase: Text<'a> = "phase",
    }
}

impl<'de> Wire<'de> for NamespaceWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        Ok(Object::Namespace(Namespace {
            meta: self.metadata.fact(kind, pool)?,
            terminating: self
                .status
                .is_some_and(|s| s.phase.as_str() == "Terminating"),
            assumed: false,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::decoded;
    use super::*;

    #[test]
    fn decodes() {
        let json = r#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop","labels":{
            "kubernetes.io/metadata.name":"shop","pod-security.kubernetes.io/enforce":"baseline"}},
            "spec":{"finalizers":["kubernetes"]},"status":{"phase":"Terminating"}}"#;
        let Object::Namespace(namespace) = decoded(Kind::Namespace, json) else {
            panic!("another kind")
        };
        assert!(namespace.terminating && !namespace.assumed);
        assert_eq!(
            namespace
                .meta
                .labels
                .get("pod-security.kubernetes.io/enforce")
                .map(|v| &**v),
            Some("baseline")
        );
    }
}
