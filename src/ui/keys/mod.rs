//! Which key runs which command: the table's own keys, and the person's, by command name.
//!
//! Keys stand in scopes: those of the whole application, and those of one pane. In a scope no key has two commands, and a
//! pane's key never hides one of the application that reaches it.

use std::collections::BTreeMap;

use super::command::{self, Command, Reach};
use super::pane::{PaneDef, Slot};
use super::panes;
use crate::term::Key;

/// Keys by command, and commands by key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    keys: BTreeMap<&'static str, Vec<Key>>,
    global: BTreeMap<Key, &'static str>,
    own: BTreeMap<(&'static str, Key), &'static str>,
}

/// What is wrong with a keymap of the person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// There is no such command.
    #[error("no command is called {0:?}; `bartizan keys` lists them")]
    NoCommand(String),
    /// A key that cannot be read.
    #[error("{command}: {why}")]
    BadKey {
        /// The command.
        command: String,
        /// What is wrong with the key.
        why: String,
    },
    /// Two commands on one key where both can be reached.
    #[error("{key} is both {first} and {second}; give one of them another key")]
    Twice {
        /// The key, as it is spelled.
        key: String,
        /// One command.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
}

impl Default for Keymap {
    /// The table's own keys. A test holds that they do not collide; should they, the first command keeps the key.
    fn default() -> Self {
        Keymap::build(&BTreeMap::new()).0
    }
}

impl Keymap {
    /// The table's keys with those of the person in place: command id to keys with spaces between; empty takes them away.
    pub fn with(own: &BTreeMap<String, String>) -> Result<Keymap, Vec<KeymapError>> {
        let (map, wrong) = Keymap::build(own);
        if wrong.is_empty() {
            Ok(map)
        } else {
            Err(wrong)
        }
    }

    fn build(own: &BTreeMap<String, String>) -> (Keymap, Vec<KeymapError>) {
        let mut map = Keymap {
            keys: BTreeMap::new(),
            global: BTreeMap::new(),
            own: BTreeMap::new(),
        };
        let unknown = own.keys().filter(|id| command::find(id).is_none());
        let mut wrong: Vec<KeymapError> = unknown
            .map(|id| KeymapError::NoCommand(id.clone()))
            .collect();
        let keys_of = |command: &Command, wrong: &mut Vec<KeymapError>| -> Vec<Key> {
            let text = own.get(command.id).map_or(command.keys, String::as_str);
            let parsed = text.split_whitespace().map(str::parse::<Key>);
            let bad = |why| KeymapError::BadKey {
                command: command.id.to_owned(),
                why,
            };
            parsed
                .filter_map(|key| key.map_err(|why| wrong.push(bad(why))).ok())
                .collect()
        };
        for command in command::global() {
            let keys = keys_of(command, &mut wrong);
            for key in &keys {
                if let Some(first) = map.global.insert(*key, command.id) {
                    wrong.push(twice(*key, first, command.id));
                    map.global.insert(*key, first);
                }
            }
            map.keys.insert(command.id, keys);
        }
        for pane in panes::ALL {
            for command in pane.commands {
                let keys = keys_of(command, &mut wrong);
                for key in &keys {
                    let above = map.global.get(key).filter(|id| reaches(id, pane));
                    let first = map.own.get(&(pane.id, *key)).or(above).copied();
                    match first {
                        Some(first) => wrong.push(twice(*key, first, command.id)),
                        None => {
                            map.own.insert((pane.id, *key), command.id);
                        }
                    }
                }
                map.keys.insert(command.id, keys);
            }
        }
        (map, wrong)
    }

    /// The command of a key in a pane.
    pub fn command(&self, pane: &PaneDef, key: Key) -> Option<&'static str> {
        let own = self.own.get(&(pane.id, key));
        own.or_else(|| self.global.get(&key).filter(|id| reaches(id, pane)))
            .copied()
    }

    /// The keys of a command.
    pub fn keys(&self, id: &str) -> &[Key] {
        self.keys.get(id).map_or(&[], Vec::as_slice)
    }

    /// The keys of a command as they are spelled, with spaces between.
    pub fn spelled(&self, id: &str) -> String {
        let keys: Vec<String> = self.keys(id).iter().map(ToString::to_string).collect();
        keys.join(" ")
    }
}

fn twice(key: Key, first: &'static str, second: &'static str) -> KeymapError {
    KeymapError::Twice {
        key: key.to_string(),
        first,
        second,
    }
}

/// A command of the application can be reached while this pane has the keys.
fn reaches(id: &str, pane: &PaneDef) -> bool {
    let over = matches!(pane.slot, Slot::Over { .. });
    !over || command::global().any(|c| c.id == id && c.reach == Reach::Everywhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn no_key_twice_in_a_scope() {
        assert_eq!(Keymap::with(&BTreeMap::new()).err(), None);
    }

    #[test]
    fn no_default_key_needs_alt_or_is_the_prefix_of_a_multiplexer() {
        for listed in command::commands() {
            for key in listed.keys.split_whitespace() {
                let key: Key = key.parse().unwrap();
                assert!(!key.alt, "{}: {key}", listed.id);
                assert!(
                    ![Key::ctrl('a'), Key::ctrl('b'), Key::ctrl('k')].contains(&key),
                    "{}: {key}",
                    listed.id
                );
            }
        }
    }

    #[test]
    fn keys_of_the_person_take_the_place_of_the_tables() {
        let map = Keymap::with(&own(&[("move.down", "J F5")])).unwrap();
        assert_eq!(map.spelled("move.down"), "J F5");
        assert!(!map.global.contains_key(&Key::char('j')));
        assert_eq!(map.global.get(&Key::char('J')), Some(&"move.down"));
    }

    #[test]
    fn a_collision_an_unknown_command_and_a_bad_key_are_named() {
        let wrong = Keymap::with(&own(&[
            ("move.down", "k"),
            ("dance", "x"),
            ("go.first", "hyper-z"),
        ]));
        let wrong: Vec<String> = wrong.unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            wrong[0],
            "no command is called \"dance\"; `bartizan keys` lists them"
        );
        assert_eq!(
            wrong[1],
            "k is both move.down and move.up; give one of them another key"
        );
        assert!(
            wrong[2].starts_with("go.first: \"hyper-z\" is not a key"),
            "{}",
            wrong[2]
        );
    }
}
