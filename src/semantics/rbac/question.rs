//! How a person writes what is asked for: a verb, a resource or a path, maybe a name, maybe a namespace.
//!
//! The command line and the prompt of the explorer read it alike.

use super::request::{Action, Target};

/// A verb on something, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question<'a> {
    /// The verb.
    pub verb: &'a str,
    /// `plural[.group][/subresource]`, no group being core, or a path that starts with `/`.
    pub resource: &'a str,
    /// One object.
    pub name: Option<&'a str>,
    /// A namespace; none is a cluster-wide question.
    pub namespace: Option<&'a str>,
}

impl<'a> Question<'a> {
    /// From one line: `VERB RESOURCE [NAME] [-n NAMESPACE]`.
    ///
    /// # Errors
    /// A sentence that says what to write.
    pub fn parse(line: &'a str) -> Result<Question<'a>, String> {
        let mut words = line.split_whitespace();
        let mut plain = Vec::new();
        let mut namespace = None;
        while let Some(word) = words.next() {
            if let "-n" | "--namespace" = word {
                namespace = Some(words.next().ok_or("-n names a namespace")?);
            } else {
                plain.push(word);
            }
        }
        let (verb, resource, name) = match plain[..] {
            [verb, resource] => (verb, resource, None),
            [verb, resource, name] => (verb, resource, Some(name)),
            _ => return Err(FORM.to_owned()),
        };
        let question = Question {
            verb,
            resource,
            name,
            namespace,
        };
        question.action().map(|_| question)
    }

    /// The request that is meant.
    ///
    /// # Errors
    /// When a path is asked for with a name or in a namespace, or nothing is named; a sentence that says what to write.
    pub fn action(&self) -> Result<Action, String> {
        let Question {
            verb,
            resource,
            name,
            namespace,
        } = *self;
        if resource.starts_with('/') {
            if name.is_some() || namespace.is_some() {
                return Err(format!(
                    "{resource}: a path has neither a name nor a namespace"
                ));
            }
            return Ok(Action::Url {
                verb: verb.into(),
                path: resource.into(),
            });
        }
        let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        let (resource, group) = resource.split_once('.').unwrap_or((resource, ""));
        if resource.is_empty() || verb.is_empty() {
            return Err(FORM.to_owned());
        }
        Ok(Action::Resource(Target {
            verb: verb.into(),
            group: group.into(),
            resource: resource.into(),
            subresource: subresource.into(),
            namespace: namespace.unwrap_or_default().into(),
            name: name.unwrap_or_default().into(),
        }))
    }
}

const FORM: &str = "a question is VERB RESOURCE [NAME]: get pods/log, list secrets, create deployments.apps, get /metrics";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_kubectl_would() {
        let read = Question::parse("get pods/log x -n shop").unwrap();
        let asked = Target::new("get", "", "pods/log").within("shop").named("x");
        assert_eq!(read.action(), Ok(Action::Resource(asked)));
        let read = Question::parse(" create  deployments.apps/scale ").unwrap();
        let asked = Target::new("create", "apps", "deployments/scale");
        assert_eq!(read.action(), Ok(Action::Resource(asked)));
        let literal = Question::parse("* *").unwrap();
        let asked = Target::new("*", "", "*");
        assert_eq!(literal.action(), Ok(Action::Resource(asked)));
    }

    #[test]
    fn what_is_no_question_says_what_to_write() {
        for line in [
            "",
            "get",
            "get pods a b",
            "get pods -n",
            "get .apps",
            "get /metrics -n shop",
        ] {
            assert!(!Question::parse(line).unwrap_err().is_empty(), "{line}");
        }
    }
}
