//! Editor and pager of the person: `$VISUAL`, `$EDITOR`, `$PAGER`, split into words as a shell would, but never run by
//! one: nothing in a file name or an object's name can become a command.

use super::env::Env;
use super::tty::Tty;
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// A program that is given the terminal, with its first arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// The variable it comes from, or nothing when it is our own choice.
    from: Option<&'static str>,
    words: Vec<String>,
}

/// Why an editor or a pager did not run.
#[derive(Debug, thiserror::Error)]
pub enum ExternalError {
    /// A quote that is never closed.
    #[error("{variable} has a quote that is not closed: {value}")]
    Quote {
        /// The variable.
        variable: &'static str,
        /// Its value.
        value: String,
    },
    /// It could not be started.
    #[error("could not start {program}: {why}; {hint}")]
    Start {
        /// The program.
        program: String,
        /// What the system said.
        why: io::Error,
        /// What to do.
        hint: &'static str,
    },
}

impl Tool {
    /// The person's editor; `vi` where none is named, as POSIX has it.
    pub fn editor(env: &Env) -> Result<Self, ExternalError> {
        Self::named(env, &["VISUAL", "EDITOR"], &["vi", "nano"])
    }

    /// The person's pager.
    pub fn pager(env: &Env) -> Result<Self, ExternalError> {
        Self::named(env, &["PAGER"], &["less", "more"])
    }

    fn named(
        env: &Env,
        variables: &[&'static str],
        else_one_of: &[&str],
    ) -> Result<Self, ExternalError> {
        for variable in variables {
            let Some(value) = env.get(variable) else {
                continue;
            };
            let words = words(value).ok_or_else(|| ExternalError::Quote {
                variable,
                value: value.to_owned(),
            })?;
            if !words.is_empty() {
                return Ok(Self {
                    from: Some(variable),
                    words,
                });
            }
        }
        let there = else_one_of.iter().find(|name| env.program(name).is_some());
        let program = there.or(else_one_of.first()).map(|name| (*name).to_owned());
        Ok(Self {
            from: None,
            words: program.into_iter().collect(),
        })
    }

    /// The program's name, for messages.
    pub fn program(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// Runs it on a file with the terminal as its own, and waits. The caller has given the terminal back before.
    pub(super) fn run(&self, file: &Path, tty: &Tty) -> Result<ExitStatus, ExternalError> {
        let failed = |why| ExternalError::Start {
            program: self.program().to_owned(),
            why,
            hint: match self.from {
                Some("PAGER") => "set PAGER to a program that is installed",
                Some(_) => "set VISUAL or EDITOR to a program that is installed",
                None => "set VISUAL, EDITOR or PAGER to a program that is installed",
            },
        };
        let [input, output, errors] = tty.for_child().map_err(failed)?;
        Command::new(self.program())
            .args(self.words.iter().skip(1))
            .arg(file)
            .stdin(Stdio::from(input))
            .stdout(Stdio::from(output))
            .stderr(Stdio::from(errors))
            .status()
            .map_err(failed)
    }
}

/// Splits words as a shell does with quotes and backslashes, and does nothing else a shell does. `None` for an open quote.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (_, Some(open)) if c == open => quote = None,
            ('\\', None | Some('"')) => word.get_or_insert_default().push(chars.next()?),
            (_, None) if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_and_nothing_is_expanded() {
        let split = |text| words(text).unwrap_or_default();
        assert_eq!(split("code --wait"), ["code", "--wait"]);
        assert_eq!(
            split("'/opt/my editor/vi'  -u NONE"),
            ["/opt/my editor/vi", "-u", "NONE"]
        );
        assert_eq!(
            split(r#"emacs -nw --eval "(setq a \"b\")""#),
            ["emacs", "-nw", "--eval", "(setq a \"b\")"]
        );
        assert_eq!(split(r"a\ b ''"), ["a b", ""]);
        assert_eq!(
            split("vi; rm -rf $HOME `x` ~"),
            ["vi;", "rm", "-rf", "$HOME", "`x`", "~"]
        );
        assert_eq!(words("vi 'a"), None);
        assert_eq!(words("vi \\"), None);
    }

    #[test]
    fn visual_comes_before_editor_and_vi_is_the_last_resort() {
        let editor = |pairs: &[(&str, &str)]| Tool::editor(&Env::from_pairs(pairs.iter().copied()));
        assert_eq!(
            editor(&[("EDITOR", "ed"), ("VISUAL", "vim -f")])
                .unwrap()
                .words,
            ["vim", "-f"]
        );
        assert_eq!(
            editor(&[("EDITOR", "ed"), ("VISUAL", " ")]).unwrap().words,
            ["ed"]
        );
        assert_eq!(editor(&[("PATH", "/nowhere")]).unwrap().words, ["vi"]);
        let error = editor(&[("EDITOR", "'ed")]).unwrap_err().to_string();
        assert_eq!(error, "EDITOR has a quote that is not closed: 'ed");
    }
}
