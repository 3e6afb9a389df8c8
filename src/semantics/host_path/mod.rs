//! Paths of the node that a pod mounts: which path each container really reaches, and what lies there.

mod credentials;
mod mounts;
mod sensitive;
mod sockets;

pub use credentials::{Shows, shows};
pub use mounts::{HostMount, HostVolume, clean, host_volumes};
pub use sensitive::{Harm, Sensitive, sensitive};
pub use sockets::{reaches_socket, socket};
