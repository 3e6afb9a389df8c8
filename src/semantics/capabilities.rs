//! Linux capabilities of a container: what its lists add and drop, and which of them reach beyond the container.
//!
//! Names are matched in any case and with or without `CAP_`, as the runtimes take them; the Pod Security Standards match
//! exact names instead, and so does whoever asks [`drops_exactly_all`]. A container's own lists do not count where it is
//! privileged: it then has every capability.

use crate::model::Str;
use crate::model::objects::container::Security;

/// What the Pod Security Standards let a baseline container add: the runtimes' own defaults without `NET_RAW`
/// (pod-security-admission `policy/check_capabilities_baseline.go`).
pub const BASELINE: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// The only capability that a restricted container may add (`policy/check_capabilities_restricted.go`).
pub const RESTRICTED: &str = "NET_BIND_SERVICE";

/// A capability that reaches beyond its container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dangerous {
    /// Name without `CAP_`.
    pub name: &'static str,
    /// What it lets code do.
    pub lets: &'static str,
    /// How far that goes.
    pub reach: Reach,
}

/// How far a capability goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// The network of the pod; of the node where the pod uses the node's.
    Network,
    /// Processes that it can see; those of the node where the pod shares them.
    Processes,
    /// The kernel, which all containers of the node share.
    Kernel,
    /// The files of the node.
    Files,
    /// The node as such.
    Node,
}

/// Meaning after `capabilities(7)` and `include/uapi/linux/capability.h`.
const DANGEROUS: &[Dangerous] = &[
    dangerous("ALL", "do everything that root can", Reach::Node),
    dangerous(
        "SYS_ADMIN",
        "mount file systems and enter namespaces",
        Reach::Node,
    ),
    dangerous("SYS_MODULE", "load code into the kernel", Reach::Node),
    dangerous(
        "DAC_READ_SEARCH",
        "open any file of the node by its handle",
        Reach::Files,
    ),
    dangerous(
        "SYS_RAWIO",
        "talk to hardware ports directly",
        Reach::Kernel,
    ),
    dangerous("SYS_BOOT", "load another kernel", Reach::Kernel),
    dangerous("BPF", "run programs in the kernel", Reach::Kernel),
    dangerous(
        "PERFMON",
        "trace the kernel and every process",
        Reach::Kernel,
    ),
    dangerous("MAC_ADMIN", "change mandatory access rules", Reach::Kernel),
    dangerous(
        "MAC_OVERRIDE",
        "ignore mandatory access rules",
        Reach::Kernel,
    ),
    dangerous(
        "SYSLOG",
        "read kernel addresses and the kernel's log",
        Reach::Kernel,
    ),
    dangerous(
        "SYS_PTRACE",
        "take over processes that it sees",
        Reach::Processes,
    ),
    dangerous(
        "NET_ADMIN",
        "change addresses, routes and filters",
        Reach::Network,
    ),
];

const fn dangerous(name: &'static str, lets: &'static str, reach: Reach) -> Dangerous {
    Dangerous { name, lets, reach }
}

/// A name in upper case and without `CAP_`.
pub fn normal(name: &str) -> String {
    bare(name).to_ascii_uppercase()
}

/// A name without `CAP_`, in whatever case it is written.
fn bare(name: &str) -> &str {
    match name.split_at_checked(4) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("CAP_") => rest,
        _ => name,
    }
}

/// What is written means the capability of this name.
fn means(written: &str, name: &str) -> bool {
    bare(written).eq_ignore_ascii_case(name)
}

/// `drop` holds `ALL`, letter for letter, as the restricted level wants it.
pub fn drops_exactly_all(security: &Security) -> bool {
    security.drop.iter().any(|c| &**c == "ALL")
}

/// `drop` holds `ALL` in a spelling that the runtimes understand.
pub fn drops_all(security: &Security) -> bool {
    security.drop.iter().any(|c| means(c, "ALL"))
}

/// The container is left without any capability.
pub fn holds_none(security: &Security) -> bool {
    drops_all(security) && security.add.is_empty()
}

/// The dangerous capability of a name, in any spelling.
pub fn as_dangerous(name: &str) -> Option<&'static Dangerous> {
    DANGEROUS.iter().find(|d| means(name, d.name))
}

/// Dangerous capabilities that the container has through its `add` list, as written, worst first.
///
/// The runtimes take `ALL` of both lists first, then add, then drop by name (containerd `pkg/cri/opts`,
/// `WithCapabilities`): a name in both lists is dropped, `add: [ALL]` next to `drop: [ALL]` adds nothing.
pub fn held(security: &Security) -> Vec<(&str, &'static Dangerous)> {
    let mut all: Vec<(&str, &'static Dangerous)> = security
        .add
        .iter()
        .filter_map(|name| Some((&**name, as_dangerous(name)?)))
        .filter(|(_, d)| !security.drop.iter().any(|c| means(c, d.name)))
        .collect();
    all.sort_by_key(|(_, d)| DANGEROUS.iter().position(|known| known == *d));
    all.dedup_by_key(|(_, d)| d.name);
    all
}

/// Names in `add`, as written, that are neither the runtimes' own nor dangerous, and that the container does not drop too.
pub fn beyond_default(security: &Security) -> Vec<&Str> {
    let dropped = |name: &str| security.drop.iter().any(|c| means(c, name));
    let all = security.add.iter().filter(|written| {
        let name = bare(written);
        !BASELINE
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
            && as_dangerous(name).is_none()
            && !dropped(name)
    });
    all.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(add: &[&str], drop: &[&str]) -> Security {
        Security {
            add: add.iter().map(|c| (*c).into()).collect(),
            drop: drop.iter().map(|c| (*c).into()).collect(),
            ..Security::default()
        }
    }

    fn names(security: &Security) -> Vec<&str> {
        held(security)
            .into_iter()
            .map(|(written, _)| written)
            .collect()
    }

    #[test]
    fn any_spelling_is_found_and_the_worst_stands_first() {
        let some = lists(
            &[
                "net_admin",
                "CHOWN",
                "CAP_SYS_ADMIN",
                "cap_bpf",
                "SYS_ADMIN",
            ],
            &[],
        );
        assert_eq!(names(&some), ["CAP_SYS_ADMIN", "cap_bpf", "net_admin"]);
    }

    #[test]
    fn a_drop_by_name_wins_and_all_cancels_all() {
        assert_eq!(names(&lists(&["NET_ADMIN"], &["ALL"])), ["NET_ADMIN"]);
        assert!(names(&lists(&["NET_ADMIN"], &["CAP_NET_ADMIN"])).is_empty());
        assert!(names(&lists(&["ALL"], &["all"])).is_empty());
        assert_eq!(names(&lists(&["ALL"], &["CHOWN"])), ["ALL"]);
    }

    #[test]
    fn restricted_wants_the_exact_word() {
        let lower = lists(&[], &["all"]);
        assert!(drops_all(&lower) && !drops_exactly_all(&lower) && holds_none(&lower));
        assert!(drops_exactly_all(&lists(&[], &["KILL", "ALL"])));
        assert!(BASELINE.is_sorted() && BASELINE.contains(&RESTRICTED));
    }
}
