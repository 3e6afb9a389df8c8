//! A list of objects in one pass over its text: each item becomes facts while it is read, and nothing else is built.
//!
//! One item that does not decode must not fail the page. A page with such an item is read a second time item by item.

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

use super::fields::wire;
use super::lenient::{List, Text};
use super::{DecodeError, Pool, Wire, decode, decode_json, decode_meta, identity, metadata};
use crate::model::{Kind, Object, ObjectKey};

/// How the items of a list were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Whole objects.
    Whole,
    /// `PartialObjectMetadata`.
    Metadata,
}

/// An item that did not decode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its identity, when at least that could be read.
    pub key: Option<ObjectKey>,
    /// What is wrong.
    pub error: DecodeError,
}

/// What a list says besides its items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// `metadata.resourceVersion`.
    pub version: String,
    /// `metadata.continue`; empty on the last page.
    pub next: String,
    /// The objects.
    pub objects: Vec<Object>,
    /// Items that did not decode.
    pub broken: Vec<Broken>,
}

/// Decodes a list of one kind. An error means that the text is no list at all.
pub fn decode_list(
    kind: Kind,
    form: Form,
    raw: &str,
    pool: &mut Pool,
) -> Result<Page, DecodeError> {
    let mut from = serde_json::Deserializer::from_str(raw);
    let fast = from.deserialize_map(Fields { kind, form, pool });
    let fast = fast.and_then(|page| from.end().map(|()| page));
    match fast {
        Ok(page) => Ok(page),
        Err(_) => item_by_item(kind, form, raw, pool),
    }
}

struct Fields<'p> {
    kind: Kind,
    form: Form,
    pool: &'p mut Pool,
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = Page;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut fields: A) -> Result<Page, A::Error> {
        let mut page = Page::default();
        while let Some(key) = fields.next_key::<Text<'de>>()? {
            match key.as_str() {
                "metadata" => page.read(&fields.next_value::<ListMeta<'de>>()?),
                "items" => fields.next_value_seed(Items {
                    fields: &mut self,
                    page: &mut page,
                })?,
                _ => drop(fields.next_value::<IgnoredAny>()?),
            }
        }
        Ok(page)
    }
}

wire! {
    struct ListMeta<'a> {
        resource_version: Text<'a> = "resourceVersion",
        r#continue: Text<'a> = "continue",
    }
}

impl Page {
    fn read(&mut self, meta: &ListMeta<'_>) {
        meta.resource_version.as_str().clone_into(&mut self.version);
        meta.r#continue.as_str().clone_into(&mut self.next);
    }
}

struct Items<'f, 'p> {
    fields: &'f mut Fields<'p>,
    page: &'f mut Page,
}

impl<'de> DeserializeSeed<'de> for Items<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the items of a list")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(object) = items.next_element_seed(Item {
            fields: &mut *self.fields,
        })? {
            self.page.objects.push(object);
        }
        Ok(())
    }
}

struct Item<'f, 'p> {
    fields: &'f mut Fields<'p>,
}

impl<'de> DeserializeSeed<'de> for Item<'_, '_> {
    type Value = Object;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Object, D::Error> {
        let Fields { kind, form, pool } = self.fields;
        let object = match form {
            Form::Whole => decode(*kind, from, pool),
            Form::Metadata => metadata::Only::deserialize(from)
                .map_err(|e| DecodeError::at("", e.to_string()))
                .and_then(|only| only.fact(*kind, pool)),
        };
        object.map_err(serde::de::Error::custom)
    }
}

/// The slow way, for a page with an item that does not decode: each item is found first and then read by itself.
fn item_by_item(kind: Kind, form: Form, raw: &str, pool: &mut Pool) -> Result<Page, DecodeError> {
    wire! {
        struct Raw<'a> {
            metadata: ListMeta<'a> = "metadata",
            items: List<&'a RawValue> = "items",
        }
    }
    let list: Raw<'_> = serde_json::from_str(raw)
        .map_err(|e| super::path::located(raw, DecodeError::at("", e.to_string())))?;
    let mut page = Page::default();
    page.read(&list.metadata);
    for item in list.items {
        match decode_item(kind, form, item.get(), pool) {
            Ok(object) => page.objects.push(object),
            Err(broken) => page.broken.push(broken),
        }
    }
    Ok(page)
}

/// The token of the next page, read from the head of a list without reading its items; `None` where the items come
/// first (the API server writes the metadata first).
pub fn next_page(raw: &str) -> Option<String> {
    struct Head<'n>(&'n mut Option<String>);
    impl<'de> Visitor<'de> for Head<'_> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of objects")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
            while let Some(key) = fields.next_key::<Text<'de>>()? {
                match key.as_str() {
                    "metadata" => {
                        let meta = fields.next_value::<ListMeta<'de>>()?;
                        *self.0 = Some(meta.r#continue.as_str().to_owned());
                        break;
                    }
                    "items" => break,
                    _ => drop(fields.next_value::<IgnoredAny>()?),
                }
            }
            Ok(())
        }
    }
    let mut next = None;
    // Ends in an error on purpose: the items were not read.
    let _ = serde_json::Deserializer::from_str(raw).deserialize_map(Head(&mut next));
    next
}

/// Decodes one object by itself; a failure carries its identity.
pub fn decode_item(kind: Kind, form: Form, raw: &str, pool: &mut Pool) -> Result<Object, Broken> {
    let object = match form {
        Form::Whole => decode_json(kind, raw, pool),
        Form::Metadata => decode_meta(kind, raw, pool),
    };
    object.map_err(|error| Broken {
        key: identity(kind, raw, pool),
        error,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const HEAD: &str = r#""kind":"ServiceAccountList","apiVersion":"v1","metadata":{"resourceVersion":"42","continue":"abc","remainingItemCount":7}"#;

    #[test]
    fn a_page() {
        let json = format!(
            r#"{{{HEAD},"items":[{{"metadata":{{"name":"a","namespace":"x"}}}},{{"metadata":{{"name":"b","namespace":"x"}}}}]}}"#
        );
        let page = decode_list(Kind::ServiceAccount, Form::Whole, &json, &mut Pool::new()).unwrap();
        assert_eq!(
            (
                page.version.as_str(),
                page.next.as_str(),
                page.objects.len()
            ),
            ("42", "abc", 2)
        );
        assert!(page.broken.is_empty());
        assert_eq!(next_page(&json).as_deref(), Some("abc"));
        assert_eq!(
            next_page(r#"{"items":[],"metadata":{"continue":"x"}}"#),
            None
        );
        assert_eq!(next_page("<html>"), None);
    }

    #[test]
    fn one_bad_object_is_told_apart_and_the_rest_is_used() {
        let json = format!(
            r#"{{{HEAD},"items":[{{"metadata":{{"name":"a","namespace":"x"}}}},
            {{"metadata":{{"name":"bad","namespace":"x"}},"automountServiceAccountToken":"maybe"}},
            {{"metadata":{{"name":7}}}},{{"metadata":{{"name":"b","namespace":"x"}}}}]}}"#
        );
        let page = decode_list(Kind::ServiceAccount, Form::Whole, &json, &mut Pool::new()).unwrap();
        assert_eq!(
            (page.version.as_str(), page.objects.len(), page.broken.len()),
            ("42", 2, 2)
        );
        assert_eq!(
            page.broken[0].key,
            Some(ObjectKey::namespaced(Kind::ServiceAccount, "x", "bad"))
        );
        assert_eq!(page.broken[0].error.path, "automountServiceAccountToken");
        assert_eq!(
            (
                page.broken[1].key.as_ref(),
                page.broken[1].error.path.as_str()
            ),
            (None, "metadata.name")
        );
    }

    #[test]
    fn items_may_be_null_and_text_that_is_no_list_is_refused() {
        let page = decode_list(
            Kind::Pod,
            Form::Whole,
            r#"{"items":null,"metadata":{}}"#,
            &mut Pool::new(),
        )
        .unwrap();
        assert!(page.objects.is_empty());
        for raw in [
            "",
            "[]",
            "<html>",
            r#"{"items":[}"#,
            r#"{"items":[]} trailing"#,
            r#"{"items":{}}"#,
        ] {
            assert!(
                decode_list(Kind::Pod, Form::Whole, raw, &mut Pool::new()).is_err(),
                "{raw}"
            );
        }
    }

    #[test]
    fn metadata_alone() {
        let json = r#"{"items":[{"metadata":{"name":"web","namespace":"x"},"spec":{"replicas":"not read"}}]}"#;
        let page = decode_list(Kind::ReplicaSet, Form::Metadata, json, &mut Pool::new()).unwrap();
        assert!(matches!(page.objects.as_slice(), [Object::MetadataOnly(_)]));
    }
}
