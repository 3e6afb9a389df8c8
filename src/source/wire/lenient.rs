//! Building blocks of the wire structs: borrowed text, lists and maps that take `null` for empty, as Go prints nil.
//!
//! Scalars and structs are `Option` in the wire structs, for which serde takes `null` already. Wrong types stay errors.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// Text, borrowed from the input where it holds no escapes. `null` is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl Text<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct OneText;
        impl<'de> Visitor<'de> for OneText {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
            fn visit_string<E: de::Error>(self, text: String) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text)))
            }
            fn visit_unit<E: de::Error>(self) -> Result<Text<'de>, E> {
                Ok(Text::default())
            }
        }
        from.deserialize_any(OneText)
    }
}

/// A list; `null` is empty.
#[derive(Debug)]
pub(super) struct List<T>(pub(super) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        List(Vec::new())
    }
}

impl<T> List<T> {
    pub(super) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
            type Value = List<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<List<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(List(list))
            }
            fn visit_unit<E: de::Error>(self) -> Result<List<T>, E> {
                Ok(List::default())
            }
        }
        from.deserialize_any(Items(PhantomData))
    }
}

/// A map from text to text, in the order of the input; `null` is empty.
#[derive(Debug, Default)]
pub(super) struct Pairs<'a>(pub(super) Vec<(Text<'a>, Text<'a>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Pairs<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of strings")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Pairs<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(entry) = entries.next_entry()? {
                    pairs.push(entry);
                }
                Ok(Pairs(pairs))
            }
            fn visit_unit<E: de::Error>(self) -> Result<Pairs<'de>, E> {
                Ok(Pairs::default())
            }
        }
        from.deserialize_any(Entries)
    }
}

/// `intstr.IntOrString`: a number or a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum IntOrText<'a> {
    Int(i64),
    Text(Text<'a>),
}

impl<'de: 'a, 'a> Deserialize<'de> for IntOrText<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = IntOrText<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a string")
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<IntOrText<'de>, E> {
                Ok(IntOrText::Int(number))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<IntOrText<'de>, E> {
                i64::try_from(number).map(IntOrText::Int).map_err(E::custom)
            }
            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<IntOrText<'de>, E> {
                Ok(IntOrText::Text(Text(Cow::Borrowed(text))))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<IntOrText<'de>, E> {
                Ok(IntOrText::Text(Text(Cow::Owned(text.to_owned()))))
            }
        }
        from.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn null_is_empty_and_wrong_types_are_errors() {
        assert_eq!(
            serde_json::from_str::<Text<'_>>("null").unwrap().as_str(),
            ""
        );
        assert!(serde_json::from_str::<Text<'_>>("7").is_err());
        assert!(
            serde_json::from_str::<List<Text<'_>>>("null")
                .unwrap()
                .is_empty()
        );
        assert!(serde_json::from_str::<List<Text<'_>>>("{}").is_err());
        assert!(
            serde_json::from_str::<Pairs<'_>>("null")
                .unwrap()
                .0
                .is_empty()
        );
        assert!(serde_json::from_str::<Pairs<'_>>(r#"{"a":1}"#).is_err());
    }

    #[test]
    fn text_without_escapes_is_borrowed() {
        let plain = serde_json::from_str::<Text<'_>>(r#""abc""#).unwrap();
        assert!(matches!(plain.0, Cow::Borrowed("abc")));
        let escaped = serde_json::from_str::<Text<'_>>(r#""a\nc""#).unwrap();
        assert!(matches!(escaped.0, Cow::Owned(_)));
    }

    #[test]
    fn a_port_is_a_number_or_a_name() {
        assert_eq!(
            serde_json::from_str::<IntOrText<'_>>("80").unwrap(),
            IntOrText::Int(80)
        );
        let name = serde_json::from_str::<IntOrText<'_>>(r#""http""#).unwrap();
        assert_eq!(name, IntOrText::Text(Text("http".into())));
        assert!(serde_json::from_str::<IntOrText<'_>>("true").is_err());
    }
}
