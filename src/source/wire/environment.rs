//! Environment variables and arguments: what they refer to and what they look like. The value ends here.

use serde::de::IgnoredAny;

use super::access::Named;
use super::fields::wire;
use super::lenient::{List, Text};
use super::pool::Pool;
use super::target::target;
use crate::model::credential;
use crate::model::objects::environment::{EnvVar, ValueClass};

wire! {
    pub(super) struct EnvWire<'a> {
        name: Text<'a> = "name",
        value: Text<'a> = "value",
        value_from: Option<ValueFrom<'a>> = "valueFrom",
    }
}

wire! {
    struct ValueFrom<'a> {
        secret_key_ref: Option<Named<'a>> = "secretKeyRef",
        config_map_key_ref: Option<Named<'a>> = "configMapKeyRef",
        field_ref: Option<FieldRef<'a>> = "fieldRef",
        resource_field_ref: Option<ResourceRef<'a>> = "resourceFieldRef",
        file_key_ref: Option<IgnoredAny> = "fileKeyRef",
    }
}

wire! {
    struct FieldRef<'a> {
        field_path: Text<'a> = "fieldPath",
    }
}

wire! {
    struct ResourceRef<'a> {
        resource: Text<'a> = "resource",
    }
}

wire! {
    pub(super) struct EnvFrom<'a> {
        prefix: Text<'a> = "prefix",
        secret_ref: Option<Named<'a>> = "secretRef",
        config_map_ref: Option<Named<'a>> = "configMapRef",
    }
}

/// All variables in order, then the sets of `envFrom`, named by their prefix.
pub(super) fn facts(
    env: &List<EnvWire<'_>>,
    from: &List<EnvFrom<'_>>,
    pool: &mut Pool,
) -> Box<[EnvVar]> {
    let mut all: Vec<EnvVar> = env.iter().map(|variable| variable.fact(pool)).collect();
    all.extend(from.iter().map(|set| set.fact(pool)));
    all.into()
}

/// Class of command and arguments together.
pub(super) fn arguments(
    command: &List<Text<'_>>,
    args: &List<Text<'_>>,
    pool: &mut Pool,
) -> ValueClass {
    let words: Vec<&str> = command
        .iter()
        .chain(args.iter())
        .map(Text::as_str)
        .collect();
    if words.is_empty() {
        return ValueClass::Empty;
    }
    credential::in_arguments(&words).map_or(ValueClass::Plain, |kind| {
        ValueClass::Credential(pool.get(kind))
    })
}

impl EnvWire<'_> {
    fn fact(&self, pool: &mut Pool) -> EnvVar {
        let value = match &self.value_from {
            Some(from) => from.class(pool),
            None if self.value.is_empty() => ValueClass::Empty,
            None => credential::in_variable(self.name.as_str(), self.value.as_str())
                .map_or(ValueClass::Plain, |kind| {
                    ValueClass::Credential(pool.get(kind))
                }),
        };
        EnvVar {
            name: pool.text(&self.name),
            value,
            from_set: false,
            target: target(self.value.as_str()).map(|host| pool.get(&host)),
        }
    }
}

impl ValueFrom<'_> {
    fn class(&self, pool: &mut Pool) -> ValueClass {
        if let Some(secret) = &self.secret_key_ref {
            ValueClass::Secret(pool.text(&secret.name))
        } else if let Some(map) = &self.config_map_key_ref {
            ValueClass::ConfigMap(pool.text(&map.name))
        } else if let Some(field) = &self.field_ref {
            ValueClass::Field(pool.text(&field.field_path))
        } else if let Some(field) = &self.resource_field_ref {
            ValueClass::Field(pool.text(&field.resource))
        } else if self.file_key_ref.is_some() {
            ValueClass::Field(pool.get("fileKeyRef"))
        } else {
            ValueClass::Empty
        }
    }
}

impl EnvFrom<'_> {
    fn fact(&self, pool: &mut Pool) -> EnvVar {
        let value = match (&self.secret_ref, &self.config_map_ref) {
            (Some(secret), _) => ValueClass::Secret(pool.text(&secret.name)),
            (None, Some(map)) => ValueClass::ConfigMap(pool.text(&map.name)),
            (None, None) => ValueClass::Empty,
        };
        EnvVar {
            name: pool.text(&self.prefix),
            value,
            from_set: true,
            target: None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn references_are_kept_and_values_are_not() {
        let env: List<EnvWire<'_>> = serde_json::from_str(
            r#"[{"name":"EMPTY"},{"name":"LEVEL","value":"debug"},{"name":"DB","value":"postgres://db.shop:5432/cart"},
            {"name":"DB_PASSWORD","value":"hunter2-hunter2"},{"name":"K","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}},
            {"name":"C","valueFrom":{"configMapKeyRef":{"name":"c","key":"k"}}},{"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},
            {"name":"M","valueFrom":{"resourceFieldRef":{"resource":"limits.memory"}}},{"name":"F","valueFrom":{"fileKeyRef":{"path":"p"}}}]"#,
        )
        .unwrap();
        let from: List<EnvFrom<'_>> = serde_json::from_str(
            r#"[{"prefix":"A_","secretRef":{"name":"all"}},{"configMapRef":{"name":"m"}}]"#,
        )
        .unwrap();
        let facts = facts(&env, &from, &mut Pool::new());
        let classes: Vec<_> = facts.iter().map(|v| v.value.clone()).collect();
        let s = |text: &str| text.into();
        assert_eq!(
            classes,
            [
                ValueClass::Empty,
                ValueClass::Plain,
                ValueClass::Plain,
                ValueClass::Credential(s("password")),
                ValueClass::Secret(s("s")),
                ValueClass::ConfigMap(s("c")),
                ValueClass::Field(s("status.podIP")),
                ValueClass::Field(s("limits.memory")),
                ValueClass::Field(s("fileKeyRef")),
                ValueClass::Secret(s("all")),
                ValueClass::ConfigMap(s("m")),
            ]
        );
        assert_eq!(facts[2].target.as_deref(), Some("db.shop:5432"));
        assert!(!format!("{facts:?}").contains("hunter2"));
    }
}
