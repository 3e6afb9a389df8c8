//! Identity of an object: group, kind, namespace, name; without version or uid, so a recreated object is the same one.

use std::fmt;
use std::sync::Arc;

use super::{Kind, Str};

/// A kind by name: one that is watched, or one that only ownerReferences name (an operator's resource).
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum ObjectKind {
    /// In the table of watched kinds.
    Known(Kind),
    /// Anything else, with its group and kind.
    Custom(Arc<CustomKind>),
}

/// Group, version and kind of something that is not watched.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct CustomKind {
    /// API group; empty is core.
    pub group: Str,
    /// `Kind` as written in manifests.
    pub name: Str,
    /// Version seen, only to print an apiVersion.
    pub version: Str,
}

impl ObjectKind {
    /// From an `apiVersion` and a `kind` as manifests and ownerReferences write them.
    pub fn from_manifest(api_version: &str, kind: &str) -> ObjectKind {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        match Kind::of(group, kind) {
            Some(known) => ObjectKind::Known(known),
            None => ObjectKind::Custom(Arc::new(CustomKind {
                group: group.into(),
                name: kind.into(),
                version: version.into(),
            })),
        }
    }

    /// The watched kind, if it is one.
    pub fn known(&self) -> Option<Kind> {
        match self {
            ObjectKind::Known(kind) => Some(*kind),
            ObjectKind::Custom(_) => None,
        }
    }

    /// `Kind` as written in manifests.
    pub fn name(&self) -> &str {
        match self {
            ObjectKind::Known(kind) => kind.info().name,
            ObjectKind::Custom(custom) => &custom.name,
        }
    }

    /// What kubectl accepts on its command line: the short name, or `kind.group`.
    pub fn short(&self) -> String {
        match self {
            ObjectKind::Known(kind) => kind.info().short.to_owned(),
            ObjectKind::Custom(custom) if custom.group.is_empty() => custom.name.to_lowercase(),
            ObjectKind::Custom(custom) => {
                format!("{}.{}", custom.name.to_lowercase(), custom.group)
            }
        }
    }

    /// `apiVersion` as manifests write it.
    pub fn api_version(&self) -> String {
        match self {
            ObjectKind::Known(kind) => kind.api_version(),
            ObjectKind::Custom(custom) if custom.group.is_empty() => custom.version.to_string(),
            ObjectKind::Custom(custom) => format!("{}/{}", custom.group, custom.version),
        }
    }
}

impl From<Kind> for ObjectKind {
    fn from(kind: Kind) -> Self {
        ObjectKind::Known(kind)
    }
}

/// Identity of an object. Ordered by namespace, then kind, then name, as lists show them.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct ObjectKey {
    /// Absent for cluster-scoped objects.
    pub namespace: Option<Str>,
    /// Group and kind.
    pub kind: ObjectKind,
    /// `metadata.name`, exactly as the server holds it; clean it before showing it.
    pub name: Str,
}

impl ObjectKey {
    /// A key in a namespace.
    pub fn namespaced(kind: impl Into<ObjectKind>, namespace: &str, name: &str) -> Self {
        ObjectKey {
            namespace: Some(namespace.into()),
            kind: kind.into(),
            name: name.into(),
        }
    }

    /// A cluster-scoped key.
    pub fn cluster(kind: impl Into<ObjectKind>, name: &str) -> Self {
        ObjectKey {
            namespace: None,
            kind: kind.into(),
            name: name.into(),
        }
    }

    /// The Namespace object of a name.
    pub fn of_namespace(name: &str) -> Self {
        ObjectKey::cluster(Kind::Namespace, name)
    }

    /// From `KIND/NAMESPACE/NAME`, with kubectl's short kinds, plurals or `Kind` in any case: of watched kinds that live in
    /// a namespace.
    pub fn parse(text: &str) -> Option<ObjectKey> {
        let mut parts = text.splitn(3, '/');
        let (kind, namespace, name) = (parts.next()?, parts.next()?, parts.next()?);
        let kind = kind.to_lowercase();
        let row = super::kind::KINDS.iter().find(|row| {
            kind == row.short || kind == row.plural || kind == row.name.to_lowercase()
        })?;
        let whole = row.namespaced && !namespace.is_empty() && !name.is_empty();
        whole.then(|| ObjectKey::namespaced(row.kind, namespace, name))
    }

    /// `KIND/NAMESPACE/NAME`, as [`ObjectKey::parse`] reads it.
    pub fn path(&self) -> String {
        format!("{}/{}/{}", self.kind.short(), self.home(), self.name)
    }

    /// The watched kind, if it is one.
    pub fn known(&self) -> Option<Kind> {
        self.kind.known()
    }

    /// The namespace, or the empty string for cluster-scoped objects. A Namespace object counts as inside itself.
    pub fn home(&self) -> &str {
        match &self.namespace {
            Some(namespace) => namespace,
            None if self.known() == Some(Kind::Namespace) => &self.name,
            None => "",
        }
    }
}

/// `deploy shop/cart`, `clusterrole reader`: how rows name an object. Not cleaned: the screen does that.
impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{} {}/{}", self.kind.short(), namespace, self.name),
            None => write!(f, "{} {}", self.kind.short(), self.name),
        }
    }
}
