//! Ways from a container to root on its node, by what its pod says. Judged by stories and by the paths alike.

pub mod host_path;
pub mod privileged;
