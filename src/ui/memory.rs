//! What the person chose how to look at a cluster, as plain data: kept for each context from session to session.

use std::collections::BTreeMap;

use crate::model::{Severity, ThreatId};

use super::prefs::{Prefs, Sort};

/// Choices of one context. Unknown words of a newer version are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Lowest severity that is listed: `medium`; empty is all.
    pub floor: String,
    /// Order of rows: `severity`, `name`, `newest`.
    pub sort: String,
    /// Rows of the system namespaces are folded away.
    pub hide_system: bool,
    /// The view of each threat's pane, by the threat's slug.
    pub views: BTreeMap<String, String>,
}

impl Memory {
    /// As plain data.
    pub fn of(prefs: &Prefs) -> Memory {
        Memory {
            floor: prefs.floor.map_or("", Severity::word).to_owned(),
            sort: prefs.sort.word().to_owned(),
            hide_system: prefs.hide_system,
            views: prefs
                .views
                .iter()
                .map(|(threat, view)| (threat.slug().to_owned(), (*view).to_owned()))
                .collect(),
        }
    }

    /// As choices; `known` are the names of the views there are.
    pub fn prefs(&self, known: &[&'static str]) -> Prefs {
        let view = |name: &str| known.iter().copied().find(|k| *k == name);
        Prefs {
            floor: Severity::parse(&self.floor).filter(|s| *s != Severity::Low),
            sort: Sort::parse(&self.sort).unwrap_or_default(),
            hide_system: self.hide_system,
            views: self
                .views
                .iter()
                .filter_map(|(slug, name)| Some((ThreatId::parse(slug)?, view(name)?)))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_survive_being_written_and_strange_words_do_not_hurt() {
        let prefs = Prefs {
            floor: Some(Severity::High),
            sort: Sort::Newest,
            hide_system: true,
            views: [(ThreatId::Misconfiguration, "policies")].into(),
        };
        let text = toml::to_string(&Memory::of(&prefs)).unwrap();
        let back: Memory = toml::from_str(&text).unwrap();
        assert_eq!(back.prefs(&["policies"]), prefs);
        let strange: Memory =
            toml::from_str("sort = \"colour\"\nnew = 1\n[views]\nx = \"y\"\n").unwrap();
        assert_eq!(strange.prefs(&["policies"]), Prefs::default());
    }
}
