//! What an identity holds: its bindings, the roles they resolve to, and where each counts.
//!
//! Source: `VisitRulesFor` and `appliesTo` in kubernetes/kubernetes `pkg/registry/rbac/validation/rule.go`.

use std::collections::{BTreeMap, BTreeSet};

use super::identity::Identity;
use super::rule;
use crate::model::objects::access::{Binding, Role, Rule};
use crate::model::{Evidence, Kind, Missing, Object, ObjectKey, Origin, Subject};
use crate::view::{Look, View};

/// Where a grant counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope<'a> {
    /// Everywhere, cluster-scoped resources included.
    Cluster,
    /// In one namespace. Cluster-scoped resources (but for this Namespace object) are dead letters there.
    Namespace(&'a str),
}

impl<'a> Scope<'a> {
    /// The namespace, or the empty string.
    pub fn namespace(self) -> &'a str {
        match self {
            Scope::Cluster => "",
            Scope::Namespace(name) => name,
        }
    }

    /// Cluster-wide.
    pub fn is_cluster(self) -> bool {
        self == Scope::Cluster
    }

    /// True when what counts here counts in that namespace too.
    pub fn reaches(self, namespace: &str) -> bool {
        match self {
            Scope::Cluster => true,
            Scope::Namespace(name) => name == namespace,
        }
    }

    /// `in every namespace`, `in shop`.
    pub fn words(self) -> String {
        match self {
            Scope::Cluster => "in every namespace".to_owned(),
            Scope::Namespace(name) => format!("in {name}"),
        }
    }
}

/// A binding that names somebody, with the role that it grants.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    /// The binding.
    pub binding: &'a Binding,
    /// Index of the first of its subjects that means the identity.
    pub subject: usize,
    /// The role.
    pub role: &'a Role,
}

/// One rule of a grant.
#[derive(Clone, Copy, Debug)]
pub struct Clause<'a> {
    /// The grant.
    pub grant: Grant<'a>,
    /// Index of the rule in the role.
    pub at: usize,
    /// The rule.
    pub rule: &'a Rule,
}

/// Everything that an identity holds, as far as it was seen.
#[derive(Clone, Debug, Default)]
pub struct Held<'a> {
    /// The grants: `ClusterRoleBinding`s first, then by namespace; each in order of name.
    pub grants: Vec<Grant<'a>>,
    /// Bindings whose role is known not to exist.
    pub dangling: Vec<&'a Binding>,
    /// Bindings whose role could not be seen, and why.
    pub unseen: Vec<(&'a Binding, Missing)>,
    /// Some binding or role could not be seen: there may be more.
    pub blind: bool,
}

impl<'a> Grant<'a> {
    /// Where it counts.
    pub fn scope(&self) -> Scope<'a> {
        scope_of(self.binding)
    }

    /// Its rules.
    pub fn clauses(self) -> impl Iterator<Item = Clause<'a>> {
        let rules = self.role.rules.iter().enumerate();
        rules.map(move |(at, rule)| Clause {
            grant: self,
            at,
            rule,
        })
    }

    /// The subject by which it is held.
    pub fn subject(&self) -> Option<&'a Subject> {
        self.binding.subjects.get(self.subject)
    }
}

impl Clause<'_> {
    /// The chain from the subject to the rule.
    pub fn evidence(&self) -> Vec<Evidence> {
        let Grant {
            binding,
            subject,
            role,
        } = self.grant;
        let stock = |assumed: bool| {
            if assumed {
                Origin::Default
            } else {
                Origin::Explicit
            }
        };
        let mut chain = Vec::new();
        if let Some(name) = binding.subjects.get(subject) {
            chain.push(Evidence::new(
                &binding.meta.key,
                format!("subjects[{subject}]"),
                name,
                stock(binding.assumed),
            ));
        }
        chain.push(Evidence::new(
            &binding.meta.key,
            "roleRef.name",
            &binding.role.name,
            stock(binding.assumed),
        ));
        chain.push(Evidence::new(
            &role.meta.key,
            format!("rules[{}]", self.at),
            rule::describe(self.rule),
            // What fills an aggregated role stands in others.
            if role.aggregation.is_some() {
                Origin::Inherited
            } else {
                stock(role.assumed)
            },
        ));
        chain
    }
}

impl<'a> Held<'a> {
    /// Every rule that counts in a scope: the cluster-wide ones, and those of the namespace.
    pub fn clauses(&self, scope: Scope<'a>) -> impl Iterator<Item = Clause<'a>> {
        let counts = move |grant: &&Grant<'a>| match grant.scope() {
            Scope::Cluster => true,
            here @ Scope::Namespace(_) => here == scope,
        };
        self.grants.iter().filter(counts).flat_map(|g| g.clauses())
    }

    /// Namespaces in which something is held besides what is held cluster-wide.
    pub fn namespaces(&self) -> BTreeSet<&'a str> {
        let scopes = self.grants.iter().map(Grant::scope);
        scopes
            .filter(|s| !s.is_cluster())
            .map(Scope::namespace)
            .collect()
    }
}

/// Where a binding counts.
pub fn scope_of(binding: &Binding) -> Scope<'_> {
    match &binding.meta.key.namespace {
        None => Scope::Cluster,
        Some(namespace) => Scope::Namespace(namespace),
    }
}

/// Key of the role that a binding refers to: a Role of its own namespace, or a `ClusterRole`.
pub fn role_key(binding: &Binding) -> ObjectKey {
    match &binding.meta.key.namespace {
        Some(namespace) if !binding.role.cluster => {
            ObjectKey::namespaced(Kind::Role, namespace, &binding.role.name)
        }
        _ => ObjectKey::cluster(Kind::ClusterRole, &binding.role.name),
    }
}

/// The role that a binding refers to.
pub fn role_of<'a>(view: &View<'a>, binding: &Binding) -> Look<&'a Role> {
    match &binding.meta.key.namespace {
        Some(namespace) if !binding.role.cluster => view.role(Some(namespace), &binding.role.name),
        _ => view.role(None, &binding.role.name),
    }
}

/// What an identity holds that counts in one namespace (`""`: cluster-wide requests).
pub fn held_in<'a>(view: &View<'a>, who: &Identity, namespace: &str) -> Held<'a> {
    let mut bindings: BTreeMap<(bool, &'a ObjectKey), &'a Binding> = BTreeMap::new();
    let spaces: &[&str] = if namespace.is_empty() {
        &[""]
    } else {
        &["", namespace]
    };
    for space in spaces {
        for subject in who.named_by() {
            let named = view.bindings(subject, space);
            bindings.extend(named.map(|b| ((!space.is_empty(), &b.meta.key), b)));
        }
    }
    let sight = view.world().sight();
    let blind = sight.blind(Kind::ClusterRoleBinding, None).is_some()
        || (!namespace.is_empty() && sight.blind(Kind::RoleBinding, Some(namespace)).is_some());
    resolve(view, who, bindings.into_values(), blind)
}

/// Everything that an identity holds, in every namespace.
pub fn held<'a>(view: &View<'a>, who: &Identity) -> Held<'a> {
    // Notes that every binding was looked at; the index of each namespace then finds them.
    drop(view.list(Kind::ClusterRoleBinding, ""));
    drop(view.list_all(Kind::RoleBinding));
    let world = view.world();
    let keys: BTreeSet<&ObjectKey> = who.named_by().iter().flat_map(|s| world.bound(s)).collect();
    let bindings = keys
        .into_iter()
        .filter_map(|key| match world.get(key).map(|o| &**o) {
            Some(Object::Binding(binding)) => Some(binding),
            _ => None,
        });
    let sight = world.sight();
    let blind = !(sight.sees_all(Kind::ClusterRoleBinding) && sight.sees_all(Kind::RoleBinding));
    resolve(view, who, bindings, blind)
}

/// Every rule that an identity holds, for checks that walk them all.
pub fn grants<'a>(view: &View<'a>, who: &Identity) -> impl Iterator<Item = Clause<'a>> {
    held(view, who).grants.into_iter().flat_map(Grant::clauses)
}

/// Every subject that a binding names, in order.
pub fn subjects<'a>(view: &View<'a>) -> BTreeSet<&'a Subject> {
    drop(view.list(Kind::ClusterRoleBinding, ""));
    drop(view.list_all(Kind::RoleBinding));
    let spaces = view.world().spaces();
    spaces.flat_map(|(_, space)| space.subjects()).collect()
}

fn resolve<'a>(
    view: &View<'a>,
    who: &Identity,
    bindings: impl IntoIterator<Item = &'a Binding>,
    blind: bool,
) -> Held<'a> {
    let mut held = Held {
        blind,
        ..Held::default()
    };
    for binding in bindings {
        let Some(subject) = binding.subjects.iter().position(|s| who.is_named_by(s)) else {
            continue;
        };
        match role_of(view, binding) {
            Look::Seen(role) => held.grants.push(Grant {
                binding,
                subject,
                role,
            }),
            Look::Absent => held.dangling.push(binding),
            Look::Blind(missing) => {
                held.unseen.push((binding, missing));
                held.blind = true;
            }
        }
    }
    held
}
