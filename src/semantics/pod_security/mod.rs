//! The Pod Security Standards, exactly as the API server judges them.
//!
//! Source: k8s.io/pod-security-admission v0.37.2. A control is one file in `controls/`, named after upstream's
//! `policy/check_*.go`; ids, reasons and details are upstream's, letter for letter, and `tests/oracle` compares them with
//! upstream's own code. Facts are judged as they stand: a live object has been through the server's defaulting, a manifest
//! has not, but for a volume without a source, which decodes as the emptyDir that it will be.
//!
//! [`violations`] judges one pod, [`labels`] says what a namespace asks for, [`raise`] who stands in the way of more,
//! [`standing`] how far a workload or a namespace is from each level.

pub mod control;
mod controls;
mod evaluate;
pub mod labels;
mod level;
pub mod raise;
mod registry;
pub mod standing;
mod version;
mod wording;

pub use self::controls::restricted_volumes::refused as restricted_volume_type;
pub use self::controls::sysctls::is_safe as is_safe_sysctl;
pub use control::{Control, PodFacts, Refusal, Revision};
pub use evaluate::{Violation, highest_level, violations};
pub use level::Level;
pub use registry::{Standard, controls, newest, standard};
pub use version::Version;
