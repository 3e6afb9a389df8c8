//! The controls, one file each; `tests/oracle` holds them against upstream.

automod::dir!(pub(super) "src/semantics/pod_security/controls");
