//! `/proc` must stay masked, with a user namespace too
//!
//! From 1.35 `baseline` lets pods with a user namespace of their own unmask it; `restricted` goes on as before.
//!
//! Source: `policy/check_procMount_restricted.go`

use super::proc_mount::v1_0;
use crate::semantics::pod_security::{Control, Level, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "procMount_restricted",
    level: Level::Restricted,
    revisions: &[Revision {
        since: 35,
        overrides: &["procMount"],
        refuses: v1_0,
    }],
};
