//! Evidence: the object, the field, its value now, and where that value comes from.

use super::{ObjectKey, Origin, ServerVersion, Str, Subject, Text};

/// One fact that a verdict or a story's step rests on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Evidence {
    /// The object that holds the field.
    pub object: ObjectKey,
    /// Field path as `kubectl explain` and JSONPath write it, list indexes in brackets. Empty: the object's existence.
    pub path: Text,
    /// The value in words or JSON; `unset` where nothing is written. Never a secret's value.
    pub value: Text,
    /// Where the value comes from.
    pub origin: Origin,
}

impl Evidence {
    /// Evidence with an explicit value.
    pub fn explicit(object: &ObjectKey, path: impl Into<Text>, value: impl Value) -> Self {
        Evidence::new(object, path, value, Origin::Explicit)
    }

    /// Evidence of any origin.
    pub fn new(
        object: &ObjectKey,
        path: impl Into<Text>,
        value: impl Value,
        origin: Origin,
    ) -> Self {
        Evidence {
            object: object.clone(),
            path: path.into(),
            value: value.text(),
            origin,
        }
    }
}

/// A value of a field as evidence shows it. Words of the program are not copied: most findings say `unset` or `true`.
pub trait Value {
    /// The value in words.
    fn text(self) -> Text;
}

impl Value for Text {
    fn text(self) -> Text {
        self
    }
}

impl Value for &'static str {
    fn text(self) -> Text {
        Text::Borrowed(self)
    }
}

impl Value for String {
    fn text(self) -> Text {
        Text::Owned(self)
    }
}

impl Value for &Str {
    fn text(self) -> Text {
        Text::Owned((**self).to_owned())
    }
}

impl Value for Str {
    fn text(self) -> Text {
        (&self).text()
    }
}

impl Value for bool {
    fn text(self) -> Text {
        Text::Borrowed(if self { "true" } else { "false" })
    }
}

macro_rules! shown {
    ($($shown:ty)*) => {$(
        impl Value for $shown {
            fn text(self) -> Text {
                Text::Owned(self.to_string())
            }
        }
    )*};
}

shown!(u16 i32 i64 usize &Subject ServerVersion &ServerVersion);
