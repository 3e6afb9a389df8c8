//! Many requests, answered one after the other: what each caller holds is looked up once and kept.
//!
//! [`super::allowed`] answers one request and says by which rule; this answers a million of a file, and the two must never
//! differ. It decides nothing of its own: rules are matched by [`super::rule`], reasons are worded by [`super::reason`].

use std::collections::HashMap;

use super::grants::{Grant, held};
use super::identity::Identity;
use super::reason;
use super::request::Action;
use super::rule::{self, Ask};
use crate::model::objects::access::Binding;
use crate::model::{Kind, Missing};
use crate::view::{View, World};

/// A request without who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish<'q> {
    /// A resource of the API.
    Resource {
        /// The request's namespace; empty is a cluster-wide question.
        namespace: &'q str,
        /// What for.
        ask: Ask<'q>,
    },
    /// A path that is no resource.
    Url {
        /// Verb.
        verb: &'q str,
        /// The path.
        path: &'q str,
    },
}

impl<'q> From<&'q Action> for Wish<'q> {
    fn from(what: &'q Action) -> Wish<'q> {
        match what {
            Action::Resource(target) => Wish::Resource {
                namespace: &target.namespace,
                ask: target.ask(),
            },
            Action::Url { verb, path } => Wish::Url { verb, path },
        }
    }
}

/// An answer in the server's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review<'r> {
    /// RBAC allows it.
    pub allowed: bool,
    /// The server's own `status.reason`.
    pub reason: std::borrow::Cow<'r, str>,
    /// A refusal that more sight could turn: what was not visible.
    pub unseen: Vec<Missing>,
}

/// A caller whose rights have been looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Caller(usize);

/// Answers requests on one world.
#[derive(Debug)]
pub struct Reviewer<'a> {
    view: View<'a>,
    known: HashMap<Identity, Caller>,
    callers: Vec<Rights<'a>>,
}

/// What one caller holds.
#[derive(Debug, Default)]
struct Rights<'a> {
    master: bool,
    cluster: Reach<'a>,
    spaces: HashMap<&'a str, Reach<'a>>,
}

/// What counts cluster-wide, or in one namespace.
#[derive(Debug, Default)]
struct Reach<'a> {
    grants: Vec<(Grant<'a>, String)>,
    dangling: Vec<&'a Binding>,
    unseen: Vec<Missing>,
}

impl<'a> Reviewer<'a> {
    /// A reviewer that has answered nothing yet.
    pub fn new(world: &'a World) -> Reviewer<'a> {
        Reviewer {
            view: View::new(world),
            known: HashMap::new(),
            callers: Vec::new(),
        }
    }

    /// Looks up what somebody holds, unless that is known.
    pub fn caller(&mut self, who: &Identity) -> Caller {
        if let Some(caller) = self.known.get(who) {
            return *caller;
        }
        let caller = Caller(self.callers.len());
        self.callers.push(Rights::of(&self.view, who));
        self.known.insert(who.clone(), caller);
        caller
    }

    /// Answers a request of a caller.
    pub fn review(&self, caller: Caller, wish: &Wish<'_>) -> Review<'_> {
        let nothing = Review {
            allowed: false,
            reason: "".into(),
            unseen: Vec::new(),
        };
        let Some(rights) = self.callers.get(caller.0) else {
            return nothing;
        };
        let allowed = |reason| Review {
            allowed: true,
            reason,
            ..nothing.clone()
        };
        if rights.master {
            return allowed("".into());
        }
        let namespace = match wish {
            Wish::Resource { namespace, .. } => *namespace,
            Wish::Url { .. } => "",
        };
        let space = rights.spaces.get(namespace);
        let reaches = || std::iter::once(&rights.cluster).chain(space);
        let mut grants = reaches().flat_map(|reach| &reach.grants);
        if let Some((_, reason)) = grants.find(|(grant, _)| grants_it(grant, wish)) {
            return allowed(reason.as_str().into());
        }
        let dangling: Vec<&Binding> = reaches().flat_map(|r| &r.dangling).copied().collect();
        let mut unseen: Vec<Missing> = reaches().flat_map(|r| &r.unseen).cloned().collect();
        let sight = self.view.world().sight();
        unseen.extend(sight.blind(Kind::ClusterRoleBinding, None));
        if !namespace.is_empty() {
            unseen.extend(sight.blind(Kind::RoleBinding, Some(namespace)));
        }
        Review {
            reason: reason::refused(&dangling).into(),
            unseen,
            ..nothing
        }
    }
}

impl<'a> Rights<'a> {
    fn of(view: &View<'a>, who: &Identity) -> Rights<'a> {
        let held = held(view, who);
        let mut rights = Rights {
            master: who.is_master(),
            ..Rights::default()
        };
        for grant in held.grants {
            let reason = reason::allowed_by(&grant);
            rights.reach(grant.binding).grants.push((grant, reason));
        }
        for binding in held.dangling {
            rights.reach(binding).dangling.push(binding);
        }
        for (binding, missing) in held.unseen {
            rights.reach(binding).unseen.push(missing);
        }
        rights
    }

    /// Where a binding counts.
    fn reach(&mut self, binding: &'a Binding) -> &mut Reach<'a> {
        match &binding.meta.key.namespace {
            None => &mut self.cluster,
            Some(namespace) => self.spaces.entry(namespace).or_default(),
        }
    }
}

fn grants_it(grant: &Grant<'_>, wish: &Wish<'_>) -> bool {
    let mut rules = grant.role.rules.iter();
    match wish {
        Wish::Resource { ask, .. } => rules.any(|rule| rule::allows(rule, ask)),
        Wish::Url { verb, path } => rules.any(|rule| rule::allows_url(rule, verb, path)),
    }
}
