//! The standing of a namespace or an object in one threat, by the same words as the threat's own.
//!
//! OPEN: a story works there (threats 4 and 5: a check fires). UNSURE: none is seen to, but something that would tell is
//! hidden. GUARDED: checks fire that no story of now makes use of. HELD: nothing fires, nothing is hidden.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::Snapshot;
use crate::engine::standing::Word;
use crate::engine::stories::State;
use crate::model::{ObjectKey, Str, ThreatId};
use crate::threats::Actor;

/// Who acts in working stories of a threat, and where they cannot be ruled out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Acting {
    /// Working instances by acting object.
    objects: BTreeMap<ObjectKey, usize>,
    /// Working instances by acting subject, as the command line writes it.
    subjects: BTreeMap<Str, usize>,
    /// Working instances by namespace.
    spaces: BTreeMap<Str, usize>,
    /// Namespaces in which stories cannot be ruled out.
    unsure: BTreeSet<Str>,
    /// They cannot be ruled out anywhere.
    unsure_everywhere: bool,
}

impl Acting {
    /// Those of a threat.
    pub fn of(snapshot: &Snapshot, threat: ThreatId) -> Acting {
        let mut acting = Acting::default();
        let own = snapshot.stories.iter();
        for state in own.filter(|state| state.story.threat == threat) {
            for instance in state.working() {
                match &instance.actor {
                    Actor::Object(key) => {
                        *acting.objects.entry(key.clone()).or_default() += 1;
                        *acting.spaces.entry(key.home().into()).or_default() += 1;
                    }
                    Actor::Subject(subject) => {
                        let name: Str = subject.to_string().into();
                        *acting.subjects.entry(name).or_default() += 1;
                        if let crate::model::Subject::ServiceAccount { namespace, .. } = subject {
                            *acting.spaces.entry(namespace.clone()).or_default() += 1;
                        }
                    }
                }
            }
            if state.state == State::Stopped {
                continue;
            }
            for missing in state.unknown.iter() {
                match &missing.namespace {
                    Some(namespace) => {
                        acting.unsure.insert(namespace.clone());
                    }
                    None => acting.unsure_everywhere = true,
                }
            }
        }
        acting
    }

    /// Working instances of an object.
    pub fn object(&self, key: &ObjectKey) -> usize {
        self.objects.get(key).copied().unwrap_or_default()
    }

    /// Working instances of a subject.
    pub fn subject(&self, name: &str) -> usize {
        self.subjects.get(name).copied().unwrap_or_default()
    }

    /// Subjects that act.
    pub fn subjects(&self) -> impl Iterator<Item = &Str> {
        self.subjects.keys()
    }

    /// Working instances in a namespace.
    pub fn space(&self, namespace: &str) -> usize {
        self.spaces.get(namespace).copied().unwrap_or_default()
    }

    /// Stories cannot be ruled out in a namespace.
    pub fn is_unsure(&self, namespace: &str) -> bool {
        self.unsure_everywhere || self.unsure.contains(namespace)
    }
}

/// The word for a place where so many stories work and so many checks fire; `hidden`: something that would tell is not
/// visible there.
pub fn word(threat: ThreatId, works: usize, fires: usize, hidden: bool) -> Word {
    match (threat.is_attacker(), works, fires, hidden) {
        (true, 1.., ..) | (false, _, 1.., _) => Word::Open,
        (_, _, _, true) => Word::Unsure,
        (true, 0, 1.., false) => Word::Guarded,
        _ => Word::Held,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeing_less_never_reads_safer() {
        for threat in ThreatId::ALL {
            for works in 0..2 {
                for fires in 0..2 {
                    let full = word(threat, works, fires, false);
                    for (fewer_works, fewer_fires) in
                        [(0, 0), (0, fires), (works, 0), (works, fires)]
                    {
                        let less = word(threat, fewer_works, fewer_fires, true);
                        assert!(
                            less == full || less == Word::Unsure,
                            "{threat} {full:?} {less:?}"
                        );
                    }
                }
            }
        }
    }
}
