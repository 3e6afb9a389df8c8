//! Only safe sysctls may be set
//!
//! A sysctl is safe when it belongs to the pod's own namespaces and cannot hurt the node or its other pods. The list grows
//! with versions. Names are compared as written: the form with slashes is refused.
//!
//! Source: `policy/check_sysctls.go`

use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "sysctls",
    level: Level::Baseline,
    revisions: &[
        Revision::new(0, |pod| judged(pod, 0)),
        Revision::new(27, |pod| judged(pod, 27)),
        Revision::new(29, |pod| judged(pod, 29)),
        Revision::new(32, |pod| judged(pod, 32)),
        Revision::new(37, |pod| judged(pod, 37)),
    ],
};

/// (minor from which it is safe, name).
const SAFE: &[(u32, &str)] = &[
    (0, "kernel.shm_rmid_forced"),
    (0, "net.ipv4.ip_local_port_range"),
    (0, "net.ipv4.tcp_syncookies"),
    (0, "net.ipv4.ping_group_range"),
    (0, "net.ipv4.ip_unprivileged_port_start"),
    (27, "net.ipv4.ip_local_reserved_ports"),
    (29, "net.ipv4.tcp_keepalive_time"),
    (29, "net.ipv4.tcp_fin_timeout"),
    (29, "net.ipv4.tcp_keepalive_intvl"),
    (29, "net.ipv4.tcp_keepalive_probes"),
    (32, "net.ipv4.tcp_rmem"),
    (32, "net.ipv4.tcp_wmem"),
    (37, "net.ipv4.tcp_slow_start_after_idle"),
    (37, "net.ipv4.tcp_notsent_lowat"),
];

/// A sysctl is safe at a minor version.
pub fn is_safe(name: &str, minor: u32) -> bool {
    let mut known = SAFE.iter();
    known.any(|(since, safe)| *since <= minor && *safe == name)
}

fn judged(pod: PodFacts<'_>, minor: u32) -> Option<Refusal> {
    let names = pod.spec.security.sysctls.iter().map(|(name, _)| &**name);
    let unsafe_ones: Vec<&str> = names.filter(|name| !is_safe(name, minor)).collect();
    (!unsafe_ones.is_empty()).then(|| Refusal {
        reason: "forbidden sysctls",
        detail: unsafe_ones.join(", "),
    })
}
