//! Runs the explorer's wishes. None of them writes to a cluster.

use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::sync::mpsc::Sender;

use super::Event;
use super::feed::Feed;
use super::prove::prove;
use super::setup::{self, Setup};
use crate::config;
use crate::engine::Snapshot;
use crate::fix::{redact, yaml};
use crate::model::ObjectKey;
use crate::model::text::clean;
use crate::source::live::{self, Asking};
use crate::term::copy::{Copier, keep};
use crate::term::{ExternalError, Suspended, Terminal, Tool};
use crate::ui::{Effect, Memory, Msg, Note, Proving};

/// What the wishes work on.
pub struct World {
    /// What was read at the start.
    pub setup: Setup,
    /// Source and engine.
    pub feed: Feed,
    /// The loop's inbox.
    pub events: Sender<Event>,
    /// The context whose choices were recalled last.
    pub recalled: Option<String>,
}

/// What came of a wish.
pub enum Done {
    /// Nothing to say.
    Nothing,
    /// The program ends.
    Quit,
    /// Messages for the explorer.
    Tell(Vec<Msg>),
}

impl Done {
    fn tell(msg: Msg) -> Done {
        Done::Tell(vec![msg])
    }
}

impl World {
    /// Runs one wish.
    pub fn perform(&mut self, effect: Effect, terminal: &mut Terminal) -> Done {
        match effect {
            Effect::Ask { number, query } => self.feed.asker.ask(number, query),
            Effect::Copy { text, parts } => return Done::tell(self.copy(&text, &parts, terminal)),
            Effect::WriteFile { text, parts } => {
                return Done::tell(Msg::Written(self.keep(&text, &parts)));
            }
            Effect::Edit { text, parts } => return self.edit(&text, &parts, terminal),
            Effect::Page { text } => return Done::tell(Msg::Returned(self.page(&text, terminal))),
            Effect::Suspend => {
                return match terminal.suspend() {
                    Ok(Suspended::NoShell) => Done::tell(Msg::Note(Note::notice(
                        "not stopped: there is no shell here that could go on with it",
                    ))),
                    suspended => Done::tell(Msg::Returned(
                        suspended.map(|_| ()).map_err(|e| e.to_string()),
                    )),
                };
            }
            Effect::Fetch(object) => self.fetch(object),
            Effect::Prove(proving) => self.prove(proving),
            Effect::ListContexts => return Done::tell(self.contexts()),
            Effect::SwitchContext(name) => {
                return match self.feed.switch(&name) {
                    Ok(()) => Done::tell(Msg::Note(Note::notice(format!("context {name}")))),
                    Err(why) => Done::tell(Msg::Note(Note::error(why))),
                };
            }
            Effect::SetNamespaces(names) => {
                self.feed.source.set_namespaces(names.unwrap_or_default())
            }
            Effect::Relist => self.feed.source.relist(),
            Effect::SetTheme(name) => {
                return Done::tell(Msg::Theme(setup::theme(
                    &self.setup.dirs,
                    &name,
                    self.setup.level,
                )));
            }
            Effect::Repaint => terminal.repaint(),
            Effect::Remember(memory) => self.remember(&memory),
            Effect::Quit => return Done::Quit,
        }
        Done::Nothing
    }

    /// Choices of an earlier session, when the context is a new one.
    pub fn recall(&mut self, snapshot: &Snapshot) -> Option<Memory> {
        let context = &snapshot.cluster.name;
        if context.is_empty() || self.recalled.as_ref() == Some(context) {
            return None;
        }
        self.recalled = Some(context.clone());
        serde_json::from_str(&config::recall(&self.setup.dirs.state, context)?).ok()
    }

    fn remember(&self, memory: &Memory) {
        if let (Some(context), Ok(text)) = (&self.recalled, serde_json::to_string(memory)) {
            // A convenience: a full disk must not disturb anybody who looks at a cluster.
            drop(config::remember(&self.setup.dirs.state, context, &text));
        }
    }

    fn copy(&self, text: &str, parts: &[String], terminal: &mut Terminal) -> Msg {
        let folder = self.setup.dirs.fixes();
        let copier = Copier {
            setting: self.setup.clipboard,
            env: &self.setup.env,
            folder: &folder,
        };
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let outcome = copier.copy(&parts, text, terminal.writer());
        Msg::Copied {
            says: outcome.to_string(),
            care: outcome.needs_care(),
        }
    }

    fn keep(&self, text: &str, parts: &[String]) -> Result<std::path::PathBuf, String> {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        keep(&self.setup.dirs.fixes(), &parts, text).map_err(|error| error.to_string())
    }

    fn edit(&self, text: &str, parts: &[String], terminal: &mut Terminal) -> Done {
        let path = match self.keep(text, parts) {
            Ok(path) => path,
            Err(why) => return Done::tell(Msg::Written(Err(why))),
        };
        let returned = run(Tool::editor(&self.setup.env), &path, terminal);
        Done::Tell(vec![Msg::Written(Ok(path)), Msg::Returned(returned)])
    }

    fn page(&self, text: &str, terminal: &mut Terminal) -> Result<(), String> {
        let path = keep(&self.setup.dirs.state.join("pages"), &["page"], text)
            .map_err(|error| error.to_string())?;
        let returned = run(Tool::pager(&self.setup.env), &path, terminal);
        // Only shown, not kept.
        drop(std::fs::remove_file(&path));
        returned
    }

    /// Fetches a whole object in a thread of its own: the network must not hold the keys up.
    fn fetch(&self, object: ObjectKey) {
        let (source, events) = (self.feed.source.clone(), self.events.clone());
        let still = self.feed.still();
        let work = move || {
            let result = source
                .fetch(&object)
                .map(|value| yaml::print(&redact::redacted(&value)));
            let msg = Msg::Fetched {
                object,
                result: result.map_err(|error| error.to_string()),
            };
            if still() {
                drop(events.send(Event::Msg(Box::new(msg))));
            }
        };
        aside("fetch", work);
    }

    /// Compares a fix with the live objects, likewise aside.
    fn prove(&self, proving: Box<Proving>) {
        let (source, events) = (self.feed.source.clone(), self.events.clone());
        let still = self.feed.still();
        let work = move || {
            let fetch = |key: &ObjectKey| source.fetch(key).map_err(|error| error.to_string());
            let result = prove(&proving, fetch);
            let msg = Msg::Proven { proving, result };
            if still() {
                drop(events.send(Event::Msg(Box::new(msg))));
            }
        };
        aside("prove", work);
    }

    fn contexts(&self) -> Msg {
        match live::contexts(self.feed.options()) {
            Ok(entries) => {
                let current = entries.iter().find(|e| e.current).map(|e| e.name.clone());
                let current = current.filter(|_| self.feed.is_live());
                Msg::Contexts {
                    current,
                    names: Ok(entries.into_iter().map(|e| e.name).collect()),
                }
            }
            Err(error) => Msg::Contexts {
                current: None,
                names: Err(error.to_string()),
            },
        }
    }
}

fn aside(name: &str, work: impl FnOnce() + Send + 'static) {
    // Without a thread nothing comes of it, and the pane goes on saying that it waits.
    drop(
        std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(work),
    );
}

fn run(
    tool: Result<Tool, ExternalError>,
    path: &Path,
    terminal: &mut Terminal,
) -> Result<(), String> {
    let tool = tool.map_err(|error| error.to_string())?;
    let status = terminal
        .run(&tool, path)
        .map_err(|error| error.to_string())?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{} ended with {status}", tool.program()))
    }
}

/// Asks the person on the normal screen, and goes on.
pub fn ask(asking: Asking, reply: &Sender<bool>, terminal: &mut Terminal) -> Result<(), String> {
    let answer = terminal.outside(|_| match asking {
        Asking::Approve(command) => approve(&command),
        Asking::Terminal(run) => {
            run.run();
            true
        }
    });
    let given = answer.map_err(|error| error.to_string());
    // Nobody waits any more when the source was replaced meanwhile.
    let _ = reply.send(*given.as_ref().unwrap_or(&false));
    given.map(|_| ())
}

/// A program named in a kubeconfig runs with the person's rights: shown once, before its first run.
fn approve(command: &str) -> bool {
    let mut out = std::io::stdout().lock();
    let question = format!(
        "\r\nThe kubeconfig wants to run this program for a login:\r\n\r\n  {}\r\n\r\nRun it? [y/N] ",
        clean(command)
    );
    if out
        .write_all(question.as_bytes())
        .and_then(|()| out.flush())
        .is_err()
    {
        return false;
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.is_ok() && matches!(line.trim(), "y" | "Y" | "yes")
}
