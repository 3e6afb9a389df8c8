//! Which controls ask at a level and version. Source: `policy/registry.go` (`populate`, `inflateVersions`).

use std::sync::LazyLock;

use super::{Control, Level, PodFacts, Revision, Violation};

include!(concat!(env!("OUT_DIR"), "/pod_security_controls.rs"));

/// A control with the revision of a version.
type Asked = (&'static Control, &'static Revision);

/// A set of controls: the standard itself, or in tests one with a rule bent.
#[derive(Debug)]
pub struct Standard {
    /// Baseline controls in order of id, then restricted ones: the order of every answer.
    ordered: Vec<&'static Control>,
    newest: u32,
    /// By minor: what `baseline` asks, and what `restricted` asks.
    by_version: Vec<[Vec<Asked>; 2]>,
}

static STANDARD: LazyLock<Standard> = LazyLock::new(|| Standard::of(ALL.to_vec()));

impl Standard {
    /// Of these controls.
    pub fn of(mut controls: Vec<&'static Control>) -> Self {
        controls.sort_by_key(|control| (control.level, control.id));
        let revisions = controls.iter().flat_map(|control| control.revisions);
        let newest = revisions.map(|r| r.since).max().unwrap_or(0);
        let by_version = (0..=newest).map(|minor| at(&controls, minor)).collect();
        Standard {
            ordered: controls,
            newest,
            by_version,
        }
    }

    /// Every control that refuses the pod at a level and minor version, in upstream's order. None: the pod is allowed.
    pub fn violations<'a>(
        &self,
        level: Level,
        minor: u32,
        pod: impl Into<PodFacts<'a>>,
    ) -> impl Iterator<Item = Violation> {
        let pod = pod.into();
        let asked = self.asked(level, minor).iter();
        asked.filter_map(move |(control, revision)| {
            Some(Violation {
                control: control.id,
                refusal: (revision.refuses)(pod)?,
            })
        })
    }

    /// What is asked at a level and version, in the order of answers.
    fn asked(&self, level: Level, minor: u32) -> &[Asked] {
        let minor = minor.min(self.newest) as usize;
        match (level, self.by_version.get(minor)) {
            (Level::Baseline, Some([baseline, _])) => baseline,
            (Level::Restricted, Some([_, restricted])) => restricted,
            _ => &[],
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

/// The standard of all controls.
pub fn standard() -> &'static Standard {
    &STANDARD
}

/// Every control: baseline ones in order of id, then restricted ones.
pub fn controls() -> &'static [&'static Control] {
    &STANDARD.ordered
}

/// The newest minor that changed anything; rules of a version beyond it are its rules.
pub fn newest() -> u32 {
    STANDARD.newest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(level: Level, minor: u32) -> Vec<&'static str> {
        let asked = STANDARD.asked(level, minor).iter();
        asked.map(|(c, _)| c.id).collect()
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
