//! Facts: plain, interned values taken from objects. No I/O, no Kubernetes client types, no rules of Kubernetes.
//!
//! One file per Kubernetes kind (or family of kinds with one shape), plus identities, evidence, changes and the delta
//! that carries facts from a source to the engine.

pub mod change;
pub mod cluster;
pub mod credential;
pub mod delta;
pub mod evidence;
pub mod finding;
pub mod fingerprint;
pub mod key;
pub mod kind;
pub mod labels;
pub mod meta;
pub mod missing;
pub mod object;
pub mod objects;
pub mod origin;
pub mod part;
pub mod severity;
pub mod sight;
pub mod subject;
pub mod text;
pub mod threat;

pub use cluster::{ClusterInfo, ServerVersion};
pub use delta::{Batch, Delta};
pub use evidence::Evidence;
pub use finding::{Finding, FindingId, Pods, Verdict};
pub use key::{ObjectKey, ObjectKind};
pub use kind::Kind;
pub use labels::Labels;
pub use meta::{Meta, Owner};
pub use missing::{Missing, Reason};
pub use object::Object;
pub use origin::Origin;
pub use part::Part;
pub use severity::Severity;
pub use sight::Sight;
pub use subject::Subject;
pub use text::{Interner, Str, Text};
pub use threat::ThreatId;
