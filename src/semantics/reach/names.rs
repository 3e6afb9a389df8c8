//! Numbers for strings: keys, values and names of ports are compared as numbers.

use rustc_hash::FxHashMap;

use crate::model::Str;

/// The number of a string.
pub type NameId = u32;

/// Every string that policies or pods use, once.
#[derive(Clone, Debug, Default)]
pub struct Names {
    ids: FxHashMap<Str, NameId>,
    words: Vec<Str>,
}

impl Names {
    /// The number of a string, a new one if it was not met yet.
    pub fn id(&mut self, word: &Str) -> NameId {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(word.clone());
        self.ids.insert(word.clone(), id);
        id
    }

    /// The string of a number.
    pub fn word(&self, id: NameId) -> &str {
        self.words.get(id as usize).map_or("", |word| &**word)
    }
}
