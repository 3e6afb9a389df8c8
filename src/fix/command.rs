//! kubectl commands: what is asked, in words that a shell cannot misread.
//!
//! A name that holds a control or bidirectional character, or that kubectl could take for a flag, is in no word of a
//! command: the document names the object instead (`-f FILE`).

use crate::model::text::is_hostile;
use crate::model::{ObjectKey, ObjectKind};

/// How the commands of a plan reach the person's kubectl and the documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// `--context`, when one was chosen for Bartizan itself.
    pub context: Option<String>,
    /// The file that the document is written to; with several documents each has a name made from it. `/dev/stdin`
    /// where a document is piped.
    pub file: String,
}

/// `/dev/stdin`: `--patch-file -` fails.
pub const STDIN: &str = "/dev/stdin";

impl Delivery {
    /// For documents that are piped into the command.
    pub fn stdin() -> Delivery {
        Delivery::file(STDIN)
    }

    /// For a document in a file.
    pub fn file(path: impl Into<String>) -> Delivery {
        Delivery {
            context: None,
            file: path.into(),
        }
    }

    /// A file beside the document's own: `fix.yaml` and `-before` make `fix-before.yaml`.
    pub(super) fn beside(&self, suffix: &str) -> String {
        let path = if self.file == STDIN {
            "fix.yaml"
        } else {
            &self.file
        };
        let (folder, name) = path.rsplit_once('/').map_or(("", path), |(_, name)| {
            (&path[..path.len() - name.len()], name)
        });
        match name.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => {
                format!("{folder}{stem}{suffix}.{extension}")
            }
            _ => format!("{folder}{name}{suffix}"),
        }
    }

    /// A command that starts with `kubectl`.
    pub(super) fn kubectl(&self, verb: &str) -> Command {
        let command = Command(vec!["kubectl".into()]);
        let command = match &self.context {
            Some(context) => command.word("--context").word(context),
            None => command,
        };
        command.word(verb)
    }
}

/// A command in the making: words, quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command(Vec<String>);

impl Command {
    /// Adds a word, quoted where it must be.
    pub(super) fn word(mut self, word: &str) -> Command {
        self.0.push(quoted(word));
        self
    }

    /// Adds plain words of our own.
    pub(super) fn words(mut self, words: &str) -> Command {
        self.0.extend(words.split(' ').map(str::to_owned));
        self
    }

    /// Names an object in words; only for one that [`is_plain`].
    pub(super) fn object(self, key: &ObjectKey) -> Command {
        let command = self.word(&kind(&key.kind)).word(&key.name);
        command.namespace(key)
    }

    /// Adds `-n`.
    pub(super) fn namespace(self, key: &ObjectKey) -> Command {
        match &key.namespace {
            Some(namespace) => self.word("-n").word(namespace),
            None => self,
        }
    }

    /// Sends the output on to another command.
    pub(super) fn pipe(mut self, next: Command) -> Command {
        self.0.push("|".into());
        self.0.extend(next.0);
        self
    }

    /// Writes the output to a file.
    pub(super) fn into_file(mut self, path: &str) -> Command {
        self.0.push(">".into());
        self.word(path)
    }

    /// The command on one line.
    pub(super) fn line(&self) -> String {
        self.0.join(" ")
    }
}

/// What kubectl calls a kind: short where that cannot be another group's.
pub(super) fn kind(kind: &ObjectKind) -> String {
    match kind.known() {
        Some(known) if known.is_custom() => {
            let info = known.info();
            format!("{}.{}", info.plural, info.group)
        }
        _ => kind.short(),
    }
}

/// True when an object can be named in words of a command.
pub(super) fn is_plain(key: &ObjectKey) -> bool {
    let plain = |text: &str| {
        !text.is_empty()
            && !text.starts_with('-')
            && !text.chars().any(|c| c == '/' || c == '%' || is_hostile(c))
    };
    plain(&key.name) && key.namespace.as_deref().is_none_or(plain) && plain(&kind(&key.kind))
}

/// One shell word. Only context names, which are the person's own, can need the `$'...'` form; a shell without it finds
/// no such context and does nothing.
fn quoted(word: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(safe) {
        return word.to_owned();
    }
    if !word.chars().any(is_hostile) {
        return format!("'{}'", word.replace('\'', r"'\''"));
    }
    let escaped = word.chars().map(|c| match c {
        '\'' | '\\' => format!("\\{c}"),
        c if is_hostile(c) && c.is_ascii() => format!("\\x{:02x}", u32::from(c)),
        c if is_hostile(c) => format!("\\U{:08x}", u32::from(c)),
        c => c.to_string(),
    });
    format!("$'{}'", escaped.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;
    use proptest::prelude::*;

    #[test]
    fn words_are_quoted() {
        assert_eq!(quoted("shop"), "shop");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(quoted("a\u{1b}'\\\u{202e}"), r"$'a\x1b\'\\\U0000202e'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn a_command_names_object_context_and_namespace() {
        let mut delivery = Delivery::file("/tmp/my fixes/a.b/fix");
        delivery.context = Some("prod eu".into());
        let key = ObjectKey::namespaced(Kind::Deployment, "shop", "cart");
        let command = delivery
            .kubectl("patch")
            .object(&key)
            .words("--type strategic --patch-file");
        assert_eq!(
            command.word(&delivery.beside("-before")).line(),
            "kubectl --context 'prod eu' patch deploy cart -n shop --type strategic --patch-file '/tmp/my fixes/a.b/fix-before'"
        );
        assert_eq!(Delivery::stdin().beside("-2"), "fix-2.yaml");
        assert_eq!(
            Delivery::file("x/fix.yaml").beside("-json"),
            "x/fix-json.yaml"
        );
    }

    #[test]
    fn names_that_could_be_something_else_are_not_plain() {
        let is = |name: &str| is_plain(&ObjectKey::cluster(Kind::ClusterRole, name));
        assert!(is("system:node") && is("a b") && is("it's"));
        assert!(!is("--all") && !is("a\nb") && !is("\u{202e}x") && !is("a/b") && !is(""));
    }

    proptest! {
        /// The shell itself is the judge.
        #[test]
        fn the_shell_reads_the_word_back(words in prop::collection::vec("[^\u{0}]{0,12}", 1..20)) {
            let quoted: Vec<String> = words.iter().map(|w| quoted(w)).collect();
            for word in &quoted {
                prop_assert!(!word.chars().any(is_hostile), "{word:?}");
            }
            let script = format!("printf '%s\\0' {}", quoted.join(" "));
            let out = std::process::Command::new("bash").env("LC_ALL", "C.UTF-8").args(["-c", &script]).output().unwrap();
            let expected = words.iter().fold(String::new(), |text, w| text + w + "\u{0}");
            prop_assert_eq!(String::from_utf8(out.stdout).unwrap(), expected);
        }
    }
}
