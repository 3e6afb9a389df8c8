//! Environment variables and arguments: name, reference and class are kept; a value never is.

use crate::model::Str;

/// One environment variable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct EnvVar {
    /// Its name.
    pub name: Str,
    /// Where its value comes from, and what kind of thing it looks like.
    pub value: ValueClass,
    /// It stands for a whole set (`envFrom`), and its name is the prefix of theirs.
    pub from_set: bool,
    /// A `host:port` or URL host in the value (a declared dependency).
    pub target: Option<Str>,
}

/// Class of a value that was dropped while decoding.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum ValueClass {
    /// No value.
    Empty,
    /// A value without the looks of a credential.
    Plain,
    /// Looks like a credential, with the kind of it (`aws-access-key`, `private-key`, `jwt`, `password`, ...).
    Credential(Str),
    /// `secretKeyRef` or `envFrom.secretRef`: name of the Secret.
    Secret(Str),
    /// `configMapKeyRef` or `envFrom.configMapRef`: name of the ConfigMap.
    ConfigMap(Str),
    /// `fieldRef`, `resourceFieldRef` or `fileKeyRef`.
    Field(Str),
}
