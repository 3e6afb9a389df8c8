//! A real Kubernetes control plane for trials: etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl and kwok,
//! built once from Kubernetes' own modules (`../main.go`) and started on free loopback ports.
//!
//! A trial asks for [`trial::shared`] (one control plane for all) or [`trial::own`] (one for itself: it may break it) and gets a
//! [`Cluster`]. The harness decides nothing about Bartizan: it starts programs and passes on what they say.

mod assets;
mod audit;
pub mod authority;
mod build;
mod cache;
mod cluster;
mod corpus;
mod document;
mod faults;
mod flags;
mod hook;
mod janitor;
pub mod kubectl;
pub mod loader;
mod modernise;
mod process;
mod processes;
mod proxy;
#[path = "../../it/pty.rs"]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::format_collect,
    dead_code,
    reason = "shared with the tests of the terminal, which need more of it; a text that never comes ends a trial"
)]
pub mod pty;
mod relay;
mod role;
mod secrets;
mod sequence;
mod startup;
mod tmux;
pub mod trial;
mod users;
mod wait;

pub use assets::{Needs, Program};
pub use audit::AuditLine;
pub use cluster::Cluster;
pub use corpus::{APPLICATIONS, Corpus};
pub use document::parse as documents;
pub use hook::Hook;
pub use kubectl::{bartizan, run};
pub use proxy::Proxy;
pub use relay::Relay;
pub use secrets::base64;
pub use sequence::sequence;
pub use tmux::{Tmux, one_context, paste_as};
pub use users::User;
pub use wait::eventually;

/// What the harness and trials return. The message carries whatever the failing program said.
pub type Result<T = (), E = anyhow::Error> = std::result::Result<T, E>;
