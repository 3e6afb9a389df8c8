//! The `wire!` macro: a struct with the fields that are read of an object, and its decoder.
//!
//! Stricter and laxer than serde's derive where Kubernetes is: a list is no object (derive would fill the fields from
//! it), `null` is an empty object, an unknown field is skipped, the last of two equal fields counts.

/// `wire! { struct Port<'a> { name: Text<'a> = "name", host_port: Option<u16> = "hostPort" } }`
macro_rules! wire {
    ($(#[$doc:meta])* $vis:vis struct $name:ident<'a> { $($(#[$note:meta])* $fv:vis $field:ident: $type:ty = $json:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        #[allow(clippy::struct_field_names, reason = "fields are called as the API calls them")]
        $vis struct $name<'a> { $($(#[$note])* $fv $field: $type,)* }

        impl<'de: 'a, 'a> serde::Deserialize<'de> for $name<'a> {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct Fields;
                impl<'de> serde::de::Visitor<'de> for Fields {
                    type Value = $name<'de>;
                    wire!(@visit $name<'de> { $($field = $json,)* });
                }
                from.deserialize_any(Fields)
            }
        }
    };
    ($(#[$doc:meta])* $vis:vis struct $name:ident { $($(#[$note:meta])* $fv:vis $field:ident: $type:ty = $json:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        #[allow(clippy::struct_field_names, reason = "fields are called as the API calls them")]
        $vis struct $name { $($(#[$note])* $fv $field: $type,)* }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct Fields;
                impl<'de> serde::de::Visitor<'de> for Fields {
                    type Value = $name;
                    wire!(@visit $name { $($field = $json,)* });
                }
                from.deserialize_any(Fields)
            }
        }
    };
    (@visit $value:ty { $($field:ident = $json:literal,)* }) => {
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }
        fn visit_unit<E: serde::de::Error>(self) -> Result<$value, E> {
            Ok(Default::default())
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut fields: A) -> Result<$value, A::Error> {
            let mut value = <$value>::default();
            while let Some(key) = fields.next_key::<$crate::source::wire::lenient::Text<'de>>()? {
                match key.as_str() {
                    $($json => value.$field = fields.next_value()?,)*
                    _ => drop(fields.next_value::<serde::de::IgnoredAny>()?),
                }
            }
            Ok(value)
        }
    };
}
pub(super) use wire;
