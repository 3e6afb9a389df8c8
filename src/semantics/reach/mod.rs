//! Who reaches whom: NetworkPolicy, and the policies of the cluster before and after it (AdminNetworkPolicy,
//! ClusterNetworkPolicy, BaselineAdminNetworkPolicy), over every pair of pods, and over addresses outside, with what
//! decides.
//!
//! Pods that no policy can tell apart are one class, equal selectors are asked once, and a question is answered from a few
//! sorted lists: 150,000 pods and 31,500 policies are a second's work. Answers have three values, each with its rule or
//! with the nearest miss. What Kubernetes leaves to plugins (host network, blocks that hold pods) or what may not be read
//! is undetermined, never denied. A pod reaches itself and is reached from its own node whatever policies say; such pairs
//! are not asked here. Nothing above layer 4 is judged.
//!
//! Source: `networking/v1/types.go`, `pkg/apis/networking/v1/defaults.go`, and the concept page for what is left open.

mod blocks;
mod class;
mod diff;
mod enforcer;
mod fate;
mod follow;
mod index;
mod miss;
mod names;
mod network;
mod pair;
mod place;
mod policy;
mod ports;
mod question;
mod selector;
mod side;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_tiers;
mod tier;
mod verdict;

pub use blocks::{PieceId, Pieces};
pub use class::ClassId;
pub use diff::{PairChange, Passes, Sort, Who, diff};
pub use enforcer::Enforcement;
pub use follow::News;
pub use network::{End, Network};
pub use ports::{PortSet, Protocol};
pub use question::{Party, Question};
pub use verdict::{Because, Doubt, Row, Verdict};
