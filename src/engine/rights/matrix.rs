//! Every right as a matrix: a row for each resource (or path), place and names as rules write them, a cell for each verb,
//! and with each cell every rule that gives it, wider ones included. The most dangerous row first.

use std::collections::{BTreeMap, BTreeSet};

use super::GrantRow;
use crate::model::{Severity, Str};
use crate::semantics::rbac::power::{Ability, Power, get_is_enough};
use crate::semantics::rbac::{Atom, Clause, Held, Scope, covers_atom, danger};
use crate::view::View;

/// Verbs that every resource has, in the order of the columns.
pub const VERBS: [&str; 8] = [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
];

/// What makes a right itself and no other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RightKey {
    /// What it is about.
    pub what: What,
    /// The namespace in which it counts; `None`: everywhere.
    pub scope: Option<Str>,
    /// Only these objects; empty: any.
    pub names: Box<[Str]>,
}

/// What a right is about, as a rule writes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// A resource.
    Resource {
        /// Its group; empty is core, `*` every one.
        group: Str,
        /// Its name with its subresource; `*` is every one.
        resource: Str,
    },
    /// A path that is no resource.
    Path(Str),
}

/// What may be done to a resource, or a path, in a place.
#[derive(Clone, Debug)]
pub struct RightRow {
    /// Which one.
    pub key: RightKey,
    /// The verbs that are held: `*` first, then [`VERBS`], then others by name.
    pub cells: Vec<RightCell>,
    /// The rules that name it, by their place in [`RightsAnswer::grants`](super::RightsAnswer::grants).
    pub by: Vec<usize>,
}

/// A verb of a row.
#[derive(Clone, Debug)]
pub struct RightCell {
    /// The verb; `*` is every one.
    pub verb: Str,
    /// How bad it is that somebody holds it; `None`: harmless by itself.
    pub danger: Option<Severity>,
    /// The rules that give it, as in [`RightRow::by`].
    pub by: Vec<usize>,
}

impl RightRow {
    /// Where it counts, in a word.
    pub fn place(&self) -> &str {
        self.key.scope.as_deref().unwrap_or("everywhere")
    }

    /// The verbs without those that a wildcard says already.
    pub fn verbs(&self) -> Vec<&str> {
        let all = self.cells.iter().map(|cell| &*cell.verb);
        match self.cells.first() {
            Some(cell) if &*cell.verb == "*" => vec!["*"],
            _ => all.collect(),
        }
    }

    /// The worst of its cells.
    pub fn danger(&self) -> Option<Severity> {
        self.cells.iter().filter_map(|cell| cell.danger).max()
    }
}

impl What {
    /// Every resource, or those of every group.
    fn is_wild(&self) -> bool {
        matches!(self, What::Resource { group, resource } if &**group == "*" || &**resource == "*")
    }
}

/// As questions write it: `plural[.group][/subresource]`, or a path. Not cleaned.
impl std::fmt::Display for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            What::Path(path) => f.write_str(path),
            What::Resource { group, resource } if group.is_empty() => f.write_str(resource),
            What::Resource { group, resource } => match resource.split_once('/') {
                Some((plural, sub)) => write!(f, "{plural}.{group}/{sub}"),
                None => write!(f, "{resource}.{group}"),
            },
        }
    }
}

/// The rows of what somebody holds, and the rules that they rest on.
pub(super) fn matrix<'a>(
    view: &View<'a>,
    held: &Held<'a>,
    powers: &[Power<'a>],
) -> (Vec<RightRow>, Vec<GrantRow>) {
    let clauses: Vec<Clause<'a>> = held
        .grants
        .iter()
        .flat_map(|grant| grant.clauses())
        .collect();
    let grants = clauses.iter().map(GrantRow::of).collect();
    let mut named: BTreeMap<RightKey, Vec<usize>> = BTreeMap::new();
    for (at, clause) in clauses.iter().enumerate() {
        for key in keys(clause) {
            let by = named.entry(key).or_default();
            if by.last() != Some(&at) {
                by.push(at);
            }
        }
    }
    let mut counting: BTreeMap<Scope<'a>, Vec<usize>> = BTreeMap::new();
    for (at, clause) in clauses.iter().enumerate() {
        let scope = clause.grant.scope();
        counting.entry(scope).or_default().push(at);
    }
    let get = get_is_enough(view);
    let none = Vec::new();
    let rows = named.into_iter().map(|(key, by)| {
        let here = by.first().and_then(|at| clauses.get(*at));
        let scope = here.map_or(Scope::Cluster, |clause| clause.grant.scope());
        let wide = counting.get(&Scope::Cluster).unwrap_or(&none);
        let near = counting.get(&scope).filter(|_| !scope.is_cluster());
        let reaching: Vec<(usize, &Clause<'a>)> = wide
            .iter()
            .chain(near.unwrap_or(&none))
            .filter_map(|at| Some((*at, clauses.get(*at)?)))
            .collect();
        let own = powers
            .iter()
            .filter(|power| power.scope.is_cluster() || power.scope == scope);
        let abilities: Vec<Ability> = own.map(|power| power.ability).collect();
        let cells = cells(&key, &reaching, &abilities, get);
        RightRow { key, cells, by }
    });
    let mut rows: Vec<RightRow> = rows.collect();
    // Stable: of equally dangerous rows wildcards come first, and those of one group stay together.
    rows.sort_by_key(|row| (std::cmp::Reverse(row.danger()), !row.key.what.is_wild()));
    (rows, grants)
}

/// The rows that a rule is part of. Paths count cluster-wide alone.
fn keys(clause: &Clause<'_>) -> Vec<RightKey> {
    let (rule, scope) = (clause.rule, clause.grant.scope());
    let key = |what| RightKey {
        what,
        scope: (!scope.is_cluster()).then(|| scope.namespace().into()),
        names: rule.names.clone(),
    };
    let mut all = Vec::new();
    for group in &rule.groups {
        all.extend(rule.resources.iter().map(|resource| {
            key(What::Resource {
                group: group.clone(),
                resource: resource.clone(),
            })
        }));
    }
    if scope.is_cluster() {
        all.extend(rule.urls.iter().map(|url| key(What::Path(url.clone()))));
    }
    all
}

fn cells(
    key: &RightKey,
    reaching: &[(usize, &Clause<'_>)],
    abilities: &[Ability],
    get_enters: bool,
) -> Vec<RightCell> {
    let shape = atoms(key, "");
    // What can never cover the row is not asked for each verb again.
    let near: Vec<&(usize, &Clause<'_>)> = reaching
        .iter()
        .filter(|(_, clause)| {
            let verbs = &clause.rule.verbs;
            let mut some = verbs.iter().flat_map(|verb| {
                let same = shape.iter().map(move |atom| with(atom, verb));
                same.collect::<Vec<_>>()
            });
            some.any(|atom| covers_atom(clause.rule, &atom))
        })
        .collect();
    let rules = near.iter().flat_map(|(_, clause)| &clause.rule.verbs);
    let others: BTreeSet<&str> = rules
        .map(|verb| &**verb)
        .filter(|verb| *verb != "*" && !VERBS.contains(verb))
        .collect();
    let columns = ["*"].into_iter().chain(VERBS).chain(others);
    let cell = |verb: &str| {
        let atoms = atoms(key, verb);
        let gives = |atom: &Atom<'_>| {
            let by = near.iter();
            let by = by.filter(|(_, clause)| covers_atom(clause.rule, atom));
            by.map(|(at, _)| *at).collect::<BTreeSet<usize>>()
        };
        let by: Vec<BTreeSet<usize>> = atoms.iter().map(gives).collect();
        if by.iter().any(BTreeSet::is_empty) {
            return None;
        }
        let verb: Str = verb.into();
        let danger = match &key.what {
            What::Path(_) => None,
            What::Resource { group, resource } => danger(
                (&verb, group, resource),
                key.scope.is_none(),
                !key.names.is_empty(),
                abilities,
                get_enters,
            ),
        };
        let by: BTreeSet<usize> = by.into_iter().flatten().collect();
        Some(RightCell {
            verb,
            danger,
            by: by.into_iter().collect(),
        })
    };
    columns.filter_map(cell).collect()
}

/// What a verb is on a row: for each of its names, or for any.
fn atoms<'t>(key: &'t RightKey, verb: &'t str) -> Vec<Atom<'t>> {
    match &key.what {
        What::Path(url) => vec![Atom::Url { verb, url }],
        What::Resource { group, resource } => {
            let atom = |name| Atom::Resource {
                verb,
                group,
                resource,
                name,
            };
            let names = key.names.iter().map(|name| atom(Some(&**name)));
            let any = key.names.is_empty().then(|| atom(None));
            names.chain(any).collect()
        }
    }
}

/// The same with another verb.
fn with<'t>(atom: &Atom<'t>, verb: &'t str) -> Atom<'t> {
    match *atom {
        Atom::Resource {
            group,
            resource,
            name,
            ..
        } => Atom::Resource {
            verb,
            group,
            resource,
            name,
        },
        Atom::Url { url, .. } => Atom::Url { verb, url },
    }
}
