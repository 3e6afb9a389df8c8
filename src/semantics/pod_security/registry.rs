//! Which controls ask at a level and version. Source: `policy/registry.go` (`populate`, `inflateVersions`).

use std::sync::LazyLock;

use super::{Control, Level, Revision};

include!(concat!(env!("OUT_DIR"), "/pod_security_controls.rs"));

/// A control with the revision of a version.
pub(super) type Asked = (&'static Control, &'static Revision);

struct Registry {
    /// Baseline controls in order of id, then restricted ones: the order of every answer.
    ordered: Vec<&'static Control>,
    newest: u32,
    /// By minor: what `baseline` asks, and what `restricted` asks.
    by_version: Vec<[Vec<Asked>; 2]>,
}

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::new);

impl Registry {
    fn new() -> Self {
        let mut ordered = ALL.to_vec();
        ordered.sort_by_key(|control| (control.level, control.id));
        let revisions = ordered.iter().flat_map(|control| control.revisions);
        let newest = revisions.map(|r| r.since).max().unwrap_or(0);
        let by_version = (0..=newest).map(|minor| at(&ordered, minor)).collect();
        Registry {
            ordered,
            newest,
            by_version,
        }
    }
}

fn at(ordered: &[&'static Control], minor: u32) -> [Vec<Asked>; 2] {
    let all: Vec<Asked> = ordered
        .iter()
        .filter_map(|control| Some((*control, revision(control, minor)?)))
        .collect();
    let baseline = all.iter().filter(|(c, _)| c.level == Level::Baseline);
    let baseline = baseline.copied().collect();
    let restricted = all.iter().filter(|(c, _)| c.level == Level::Restricted);
    let overridden: Vec<&str> = restricted.flat_map(|(_, r)| r.overrides).copied().collect();
    let left = |(c, _): &&Asked| c.level == Level::Restricted || !overridden.contains(&c.id);
    let restricted = all.iter().filter(left).copied().collect();
    [baseline, restricted]
}

/// The newest revision that is not newer than the version.
fn revision(control: &'static Control, minor: u32) -> Option<&'static Revision> {
    control.revisions.iter().rfind(|r| r.since <= minor)
}

/// Every control: baseline ones in order of id, then restricted ones.
pub fn controls() -> &'static [&'static Control] {
    &REGISTRY.ordered
}

/// The newest minor that changed anything; rules of a version beyond it are its rules.
pub fn newest() -> u32 {
    REGISTRY.newest
}

/// What is asked at a level and version, in the order of answers.
pub(super) fn asked(level: Level, minor: u32) -> &'static [Asked] {
    let Some([baseline, restricted]) = REGISTRY.by_version.get(minor.min(newest()) as usize) else {
        return &[];
    };
    match level {
        Level::Privileged => &[],
        Level::Baseline => baseline,
        Level::Restricted => restricted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(level: Level, minor: u32) -> Vec<&'static str> {
        asked(level, minor).iter().map(|(c, _)| c.id).collect()
    }

    /// `validateChecks` of upstream's registry.
    #[test]
    fn histories_are_well_formed() {
        for control in controls() {
            assert!(control.revisions.is_sorted_by(|a, b| a.since < b.since));
            assert!(!control.revisions.is_empty(), "{}", control.id);
            for overridden in control.revisions.iter().flat_map(|r| r.overrides) {
                let other = controls().iter().find(|c| c.id == *overridden).unwrap();
                assert_eq!(other.level, Level::Baseline, "{overridden}");
                assert_eq!(control.level, Level::Restricted, "{}", control.id);
            }
        }
        assert_eq!((controls().len(), newest()), (19, 37));
    }

    #[test]
    fn controls_come_and_go_with_versions() {
        assert_eq!(ids(Level::Privileged, 37), [""; 0]);
        let first = ids(Level::Restricted, 0);
        assert!(first.contains(&"restrictedVolumes") && !first.contains(&"hostPathVolumes"));
        assert!(first.contains(&"seccompProfile_baseline") && !first.contains(&"runAsUser"));
        let probes = "hostProbesAndHostLifecycle";
        assert!(!ids(Level::Baseline, 33).contains(&probes));
        assert!(ids(Level::Baseline, 34).contains(&probes));
        assert!(ids(Level::Restricted, 34).contains(&"procMount"));
        assert!(!ids(Level::Restricted, 35).contains(&"procMount"));
        assert_eq!(ids(Level::Restricted, 99), ids(Level::Restricted, 37));
    }
}
