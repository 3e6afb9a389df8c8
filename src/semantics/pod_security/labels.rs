//! Which Pod Security level a namespace's labels ask for, in each mode.
//!
//! Source: pod-security-admission `api/helpers.go` (`PolicyToEvaluate`, `ParseLevel`, `ParseVersion`) and
//! `api/constants.go`. What a namespace without a label gets is a setting of the API server (AdmissionConfiguration) that
//! the API does not show: it stays [`Given::ClusterDefault`] here and is never guessed.

use super::{Level, Version};
use crate::model::{Labels, Str};

/// What a violation leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// The pod is refused.
    Enforce,
    /// An audit annotation.
    Audit,
    /// A warning to the client.
    Warn,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Given {
    /// The label, and it is valid.
    Label,
    /// The label is not valid: enforce then means restricted, audit and warn privileged, a version latest.
    InvalidLabel,
    /// `warn` has no label and takes the enforced level. The cluster's default wins if that is stricter.
    Enforced,
    /// No label: the cluster's own default, which the API does not show.
    ClusterDefault,
}

/// One mode of a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Effective {
    /// The level; `None` is the cluster's default.
    pub level: Option<Level>,
    /// Where it comes from.
    pub level_from: Given,
    /// The version; `None` is the cluster's default, which is latest unless the server is told otherwise.
    pub version: Option<Version>,
    /// Where it comes from.
    pub version_from: Given,
}

impl Mode {
    /// All three.
    pub const ALL: [Mode; 3] = [Mode::Enforce, Mode::Audit, Mode::Warn];

    /// The label that sets its level.
    pub fn label(self) -> &'static str {
        match self {
            Mode::Enforce => "pod-security.kubernetes.io/enforce",
            Mode::Audit => "pod-security.kubernetes.io/audit",
            Mode::Warn => "pod-security.kubernetes.io/warn",
        }
    }

    /// The label that sets its version.
    pub fn version_label(self) -> &'static str {
        match self {
            Mode::Enforce => "pod-security.kubernetes.io/enforce-version",
            Mode::Audit => "pod-security.kubernetes.io/audit-version",
            Mode::Warn => "pod-security.kubernetes.io/warn-version",
        }
    }

    /// What an invalid level means: enforce fails closed, the others fail open.
    fn on_invalid(self) -> Level {
        match self {
            Mode::Enforce => Level::Restricted,
            Mode::Audit | Mode::Warn => Level::Privileged,
        }
    }
}

/// What holds in a namespace with these labels.
pub fn effective(labels: &Labels, mode: Mode) -> Effective {
    let own = read(labels, mode);
    if mode != Mode::Warn || own.level_from != Given::ClusterDefault {
        return own;
    }
    let enforced = read(labels, Mode::Enforce);
    let stricter = enforced
        .level
        .is_some_and(|level| level > Level::Privileged);
    if enforced.level_from != Given::Label || !stricter {
        return own;
    }
    let own_version = own.version_from != Given::ClusterDefault;
    Effective {
        level: enforced.level,
        level_from: Given::Enforced,
        version: if own_version {
            own.version
        } else {
            enforced.version
        },
        version_from: match (own_version, enforced.version_from) {
            (true, _) => own.version_from,
            (false, Given::ClusterDefault) => Given::ClusterDefault,
            (false, _) => Given::Enforced,
        },
    }
}

/// The mode's own two labels, without the rule that ties warn to enforce.
fn read(labels: &Labels, mode: Mode) -> Effective {
    let (level, level_from) = value(labels.get(mode.label()), Level::parse, mode.on_invalid());
    let version = labels.get(mode.version_label());
    let (version, version_from) = value(version, Version::parse, Version::Latest);
    Effective {
        level,
        level_from,
        version,
        version_from,
    }
}

fn value<T>(
    label: Option<&Str>,
    parse: fn(&str) -> Option<T>,
    on_invalid: T,
) -> (Option<T>, Given) {
    let Some(text) = label else {
        return (None, Given::ClusterDefault);
    };
    match parse(text) {
        Some(valid) => (Some(valid), Given::Label),
        None => (Some(on_invalid), Given::InvalidLabel),
    }
}

/// The value of a label that is not valid, if any: the server warns of it once, and then acts as [`Given::InvalidLabel`].
pub fn invalid(labels: &Labels) -> impl Iterator<Item = (&'static str, &Str)> {
    Mode::ALL.into_iter().flat_map(move |mode| {
        let level = labels
            .get(mode.label())
            .filter(|text| Level::parse(text).is_none());
        let version = labels
            .get(mode.version_label())
            .filter(|text| Version::parse(text).is_none());
        let level = level.map(|text| (mode.label(), text));
        level
            .into_iter()
            .chain(version.map(|text| (mode.version_label(), text)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        Labels::new(pairs.iter().map(|(k, v)| {
            (
                Str::from(format!("pod-security.kubernetes.io/{k}")),
                Str::from(*v),
            )
        }))
    }

    fn of(pairs: &[(&str, &str)], mode: Mode) -> (Option<Level>, Given, Option<Version>, Given) {
        let it = effective(&labels(pairs), mode);
        (it.level, it.level_from, it.version, it.version_from)
    }

    const DEFAULT: (Option<Level>, Given, Option<Version>, Given) =
        (None, Given::ClusterDefault, None, Given::ClusterDefault);

    #[test]
    fn without_labels_the_cluster_decides() {
        for mode in Mode::ALL {
            assert_eq!(of(&[], mode), DEFAULT);
        }
    }

    #[test]
    fn a_version_alone_enforces_nothing() {
        let (level, from, version, _) = of(&[("enforce-version", "v1.30")], Mode::Enforce);
        assert_eq!((level, from), (None, Given::ClusterDefault));
        assert_eq!(version, Some(Version::Minor(30)));
        assert_eq!(of(&[("enforce-version", "v1.30")], Mode::Warn), DEFAULT);
    }

    #[test]
    fn an_invalid_level_fails_closed_for_enforce_and_open_for_the_others() {
        for word in ["Baseline", "", "none", "restricted "] {
            let all = [("enforce", word), ("audit", word), ("warn", word)];
            let level = |mode| of(&all, mode).0;
            assert_eq!(level(Mode::Enforce), Some(Level::Restricted));
            assert_eq!(level(Mode::Audit), Some(Level::Privileged));
            assert_eq!(level(Mode::Warn), Some(Level::Privileged));
            assert_eq!(of(&all, Mode::Enforce).1, Given::InvalidLabel);
        }
    }

    #[test]
    fn warn_takes_a_valid_stricter_enforced_level() {
        let warn = of(
            &[("enforce", "baseline"), ("enforce-version", "v1.30")],
            Mode::Warn,
        );
        let taken = (
            Some(Level::Baseline),
            Given::Enforced,
            Some(Version::Minor(30)),
            Given::Enforced,
        );
        assert_eq!(warn, taken);
        assert_eq!(of(&[("enforce", "privileged")], Mode::Warn), DEFAULT);
        assert_eq!(of(&[("enforce", "nonsense")], Mode::Warn), DEFAULT);
        let audit = of(&[("enforce", "restricted")], Mode::Audit);
        assert_eq!(audit, DEFAULT);
        let own = of(
            &[("enforce", "restricted"), ("warn", "baseline")],
            Mode::Warn,
        );
        assert_eq!(own.0, Some(Level::Baseline));
        let version = of(
            &[("enforce", "restricted"), ("warn-version", "v1.29")],
            Mode::Warn,
        );
        assert_eq!(
            (version.0, version.2),
            (Some(Level::Restricted), Some(Version::Minor(29)))
        );
    }

    #[test]
    fn an_invalid_version_is_latest() {
        let wrong = of(
            &[("enforce", "baseline"), ("enforce-version", "1.30")],
            Mode::Enforce,
        );
        assert_eq!(
            (wrong.2, wrong.3),
            (Some(Version::Latest), Given::InvalidLabel)
        );
    }

    #[test]
    fn invalid_labels_are_named() {
        let labels = labels(&[
            ("enforce", "base"),
            ("warn", "baseline"),
            ("warn-version", "x"),
        ]);
        let found: Vec<_> = invalid(&labels).map(|(key, _)| key).collect();
        assert_eq!(found, [Mode::Enforce.label(), Mode::Warn.version_label()]);
    }
}
