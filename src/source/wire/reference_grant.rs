//! Gateway API: ReferenceGrant, by which a namespace lets routes of another name its Services.

use super::fields::wire;
use super::gateway::GROUP;
use super::lenient::{List, Text};
use super::metadata::Metadata;
use super::pool::Pool;
use super::{DecodeError, Wire};
use crate::model::objects::gateway::ReferenceGrant;
use crate::model::{Kind, Object};

wire! {
    pub(super) struct GrantWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<GrantSpec<'a>> = "spec",
    }
}

wire! {
    struct GrantSpec<'a> {
        from: List<GrantFrom<'a>> = "from",
        to: List<GrantTo<'a>> = "to",
    }
}

wire! {
    struct GrantFrom<'a> {
        group: Text<'a> = "group",
        kind: Text<'a> = "kind",
        namespace: Text<'a> = "namespace",
    }
}

wire! {
    struct GrantTo<'a> {
        group: Text<'a> = "group",
        kind: Text<'a> = "kind",
        name: Option<Text<'a>> = "name",
    }
}

impl<'de> Wire<'de> for GrantWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let spec = self.spec.unwrap_or_default();
        let from = spec.from.iter().filter(|f| f.group.as_str() == GROUP);
        let from = from
            .map(|f| (pool.text(&f.kind), pool.text(&f.namespace)))
            .collect();
        let services = spec.to.iter();
        let services = services.filter(|t| t.group.is_empty() && t.kind.as_str() == "Service");
        Ok(Object::ReferenceGrant(ReferenceGrant {
            meta: self.metadata.fact(kind, pool)?,
            from,
            services: services
                .map(|t| pool.option(t.name.as_ref()).filter(|n| !n.is_empty()))
                .collect(),
        }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]
    use super::super::testing::decoded;
    use super::*;

    #[test]
    fn grants() {
        let json = r#"{"metadata":{"name":"g","namespace":"lab"},"spec":{"from":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","namespace":"shop"},
            {"group":"example.com","kind":"X","namespace":"shop"}],"to":[{"group":"","kind":"Service"},{"group":"","kind":"Secret"},{"group":"","kind":"Service","name":"web"}]}}"#;
        let Object::ReferenceGrant(grant) = decoded(Kind::ReferenceGrant, json) else {
            panic!("another kind")
        };
        assert_eq!(*grant.from, [("HTTPRoute".into(), "shop".into())]);
        assert_eq!(*grant.services, [None, Some("web".into())]);
    }
}
