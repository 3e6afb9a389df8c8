//! The part of an object that a finding is about; with check and object it is the finding's identity.

use std::fmt;

use super::Str;
use super::fingerprint::fnv1a;
use super::objects::access::Rule;

/// A part. Never an index: indexes move when lists change, identities must not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Part {
    /// The object as a whole.
    #[default]
    Whole,
    /// `container/NAME`, of any kind of container.
    Container(Str),
    /// `volume/NAME`.
    Volume(Str),
    /// `port/N/PROTO`.
    Port(u16, Str),
    /// `subject/S`, S as `user:NAME`, `group:NAME`, `sa:NS/NAME`.
    Subject(Str),
    /// `rule/HASH` of the rule's content, stable when rules around it move.
    Rule(u64),
    /// `webhook/NAME`.
    Webhook(Str),
    /// `host/NAME` of an ingress or a route.
    Host(Str),
    /// `image/REFERENCE`.
    Image(Str),
}

impl Part {
    /// The part of a rule with this content. Lists are told apart, order within them counts.
    pub fn rule(rule: &Rule) -> Part {
        let lists = [
            &rule.verbs,
            &rule.groups,
            &rule.resources,
            &rule.names,
            &rule.urls,
        ];
        Part::Rule(fnv1a(
            lists
                .into_iter()
                .flat_map(|list| list.iter().map(|s| &**s).chain(["\u{1e}"])),
        ))
    }
}

/// As reports write it; empty for the whole object.
impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Whole => Ok(()),
            Part::Container(name) => write!(f, "container/{name}"),
            Part::Volume(name) => write!(f, "volume/{name}"),
            Part::Port(port, protocol) => write!(f, "port/{port}/{protocol}"),
            Part::Subject(subject) => write!(f, "subject/{subject}"),
            Part::Rule(hash) => write!(f, "rule/{hash:016x}"),
            Part::Webhook(name) => write!(f, "webhook/{name}"),
            Part::Host(name) => write!(f, "host/{name}"),
            Part::Image(name) => write!(f, "image/{name}"),
        }
    }
}
