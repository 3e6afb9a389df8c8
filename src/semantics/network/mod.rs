//! NetworkPolicy exactly as the API defines it, on facts alone.
//!
//! Sources: `networking/v1/types.go` (field comments are normative), `pkg/apis/networking/v1/defaults.go`, and the concept
//! page for what is left to implementations. Nothing here claims that a network plugin enforces any of it.

mod dns;
mod isolation;
mod other_policies;
mod policy_types;
mod rules;
mod undecided;

pub use dns::{dns_rule, dns_servers};
pub use isolation::{NamespaceWide, Side, isolating, isolation, namespace_wide};
pub use other_policies::{
    OTHER_POLICIES, OtherPolicies, TIERS, no_other_policies, no_vendor_policies,
};
pub use policy_types::{Direction, isolates};
pub use rules::{allows_everything, block, rules};
pub use undecided::{Undecided, undecided};
