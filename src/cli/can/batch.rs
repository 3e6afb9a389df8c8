//! Many requests, a line each, answered in the order in which they stand.
//!
//! A line that is no request has an answer too, which says what is wrong with it; the others are answered all the same.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::caller;
use crate::model::Str;
use crate::semantics::authorizers::{Authorizers, Verdict};
use crate::semantics::rbac::rule::Ask;
use crate::semantics::rbac::{Caller, Wish};
use crate::view::World;

/// A request, as a line writes it. What is left out is empty.
#[derive(Debug, Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    user: Cow<'a, str>,
    #[serde(borrow, default)]
    groups: Option<&'a RawValue>,
    #[serde(borrow)]
    verb: Cow<'a, str>,
    #[serde(borrow, default)]
    group: Cow<'a, str>,
    #[serde(borrow, default)]
    resource: Cow<'a, str>,
    #[serde(borrow, default)]
    subresource: Cow<'a, str>,
    #[serde(borrow, default)]
    namespace: Cow<'a, str>,
    #[serde(borrow, default)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    path: Option<Cow<'a, str>>,
}

/// An answer, as a line writes it.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Answer<'a> {
    allowed: bool,
    reason: &'a str,
    /// A refusal that more sight could turn.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    not_visible: &'a [String],
    /// Why the line is no request.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl<'a> From<&'a Verdict<'_>> for Answer<'a> {
    fn from(verdict: &'a Verdict<'_>) -> Answer<'a> {
        Answer {
            allowed: verdict.allowed,
            reason: &verdict.reason,
            not_visible: &verdict.not_visible,
            error: None,
        }
    }
}

/// The answers so far, and what the lines had wrong.
#[derive(Debug)]
pub(in crate::cli) struct Batch<'a> {
    authorizers: Authorizers<'a>,
    /// Callers by user name and the text of their groups.
    callers: HashMap<String, Caller>,
    /// Where the next of these keys is written.
    key: String,
    /// Lines read.
    at: usize,
    /// What was wrong with lines, for people.
    pub(in crate::cli) wrong: Vec<String>,
    /// Refusals that more sight could turn.
    pub(in crate::cli) unsure: usize,
}

impl<'a> Batch<'a> {
    /// A batch on a world.
    pub(in crate::cli) fn new(world: &'a World) -> Batch<'a> {
        Batch {
            authorizers: Authorizers::new(world),
            callers: HashMap::new(),
            key: String::new(),
            at: 0,
            wrong: Vec::new(),
            unsure: 0,
        }
    }

    /// Answers one line into `out`. Empty lines have no answer.
    pub(in crate::cli) fn answer(&mut self, line: &str, out: &mut Vec<u8>) {
        self.at += 1;
        if line.trim().is_empty() {
            return;
        }
        let answered = self.ask(line, out);
        if let Err(error) = answered {
            let said = format!("line {}: {error}", self.at);
            let answer = Answer {
                allowed: false,
                reason: "",
                not_visible: &[],
                error: Some(said.clone()),
            };
            write(&answer, out);
            self.wrong.push(said);
        }
    }

    fn ask(&mut self, line: &str, out: &mut Vec<u8>) -> Result<(), String> {
        let read: Line<'_> = serde_json::from_str(line).map_err(|e| plain(&e))?;
        let wish = match &read.path {
            Some(path) if read.resource.is_empty() => Wish::Url {
                verb: &read.verb,
                path,
            },
            Some(_) => return Err("a request is for a resource or for a path, not both".into()),
            None if read.resource.is_empty() => {
                return Err("neither a resource nor a path is asked for".into());
            }
            None => Wish::Resource {
                namespace: &read.namespace,
                ask: Ask {
                    verb: &read.verb,
                    group: &read.group,
                    resource: &read.resource,
                    subresource: &read.subresource,
                    name: &read.name,
                },
            },
        };
        let caller = self.caller(&read.user, read.groups)?;
        let verdict = self.authorizers.review(caller, &wish);
        self.unsure += usize::from(!verdict.not_visible.is_empty());
        write(&Answer::from(&verdict), out);
        Ok(())
    }

    fn caller(&mut self, user: &str, groups: Option<&RawValue>) -> Result<Caller, String> {
        self.key.clear();
        self.key.push_str(groups.map_or("", RawValue::get));
        self.key.push('\n'); // in the text of a list only where it means nothing
        self.key.push_str(user);
        if let Some(caller) = self.callers.get(&self.key) {
            return Ok(*caller);
        }
        let groups: Option<Vec<Str>> = match groups {
            None => None,
            Some(raw) => serde_json::from_str(raw.get())
                .map_err(|_| "groups are to be a list of texts".to_owned())?,
        };
        let caller = self.authorizers.caller(&caller(user, groups));
        self.callers.insert(self.key.clone(), caller);
        Ok(caller)
    }
}

fn write(answer: &Answer<'_>, out: &mut Vec<u8>) {
    // Writing plain fields to memory cannot fail.
    let _ = serde_json::to_writer(&mut *out, answer);
    out.push(b'\n');
}

/// What the parser says, without the line number: that is always the first.
fn plain(error: &serde_json::Error) -> String {
    let said = error.to_string();
    match said.split_once(" at line ") {
        Some((what, _)) => format!("{what} (column {})", error.column()),
        None => said,
    }
}
