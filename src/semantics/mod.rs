//! The rules of Kubernetes itself, exact and pure: what a default is, what a selector selects, what a policy means.
//!
//! Every answer is computed from a [`View`](crate::view::View) or from facts alone; the upstream file that decides is named
//! where the rule is. Nothing here knows of threats, severities or screens.

pub mod admission;
pub mod authorizers;
pub mod capabilities;
pub mod closed;
pub mod debugging;
pub mod declared;
pub mod editable;
pub mod effective;
pub mod escape;
pub mod exposure;
pub mod host_path;
pub mod images;
pub mod isolation;
pub mod network;
pub mod node_authorizer;
pub mod other_authorizers;
pub mod paths;
pub mod pod_security;
pub mod quoted;
pub mod rbac;
pub mod reach;
pub mod running;
pub mod runtimes;
pub mod selectors;
pub mod settings;
pub mod system_namespaces;
pub mod token;
pub mod token_power;
pub mod versions;

#[cfg(test)]
mod samples;
#[cfg(test)]
pub(crate) mod testing;
