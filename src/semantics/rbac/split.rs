//! One right taken out of a rule, with the rest kept as it is: what a rule is replaced by when a role is narrowed.
//!
//! The result is proven with the API server's own test ([`covers`]): the rest and what was taken hold together exactly what
//! the rule held, and the rest holds nothing of what was taken. Where that cannot be shown (a wildcard holds the right among
//! others that nobody can list), nothing is taken.

use super::covers::{atoms, covers, covers_atom};
use super::rule::holds;
use crate::model::Str;
use crate::model::objects::access::Rule;

/// A right to take out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken<'a> {
    /// Verbs; none: every one.
    pub verbs: &'a [&'a str],
    /// Groups.
    pub groups: &'a [&'a str],
    /// Resources, with their subresources.
    pub resources: &'a [&'a str],
}

/// What becomes of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parted {
    /// It holds nothing of it.
    Kept,
    /// The rest, maybe nothing, and what was taken.
    Rest(Vec<Rule>, Box<Rule>),
    /// A wildcard holds the right together with others: it cannot be taken out alone.
    Inseparable,
}

/// Groups whose resources are known and named like none of another group.
const CLOSED: [&str; 5] = ["apps", "autoscaling", "batch", "extensions", "policy"];

/// Takes a right out of a rule. A verb `*` goes as a whole for these resources, and so does a group `*`.
pub fn without(rule: &Rule, taken: &Taken<'_>) -> Parted {
    let groups: Vec<&Str> = rule.groups.iter().filter(|g| concerns(g, taken)).collect();
    let verbs: Vec<&Str> = rule.verbs.iter().filter(|v| goes(v, taken)).collect();
    let touches = |held: &str| taken.resources.iter().any(|wanted| reaches(held, wanted));
    if groups.is_empty() || verbs.is_empty() || !rule.resources.iter().any(|held| touches(held)) {
        return Parted::Kept;
    }
    let wild = |held: &Str| touches(held) && !taken.resources.contains(&&**held);
    if rule.resources.iter().any(wild) || !rule.urls.is_empty() {
        return Parted::Inseparable;
    }
    let every_group = rule.groups.iter().any(|g| &**g == "*");
    let (concerned, others) = part(&rule.groups, |g| {
        every_group || concerns(g, taken) || CLOSED.contains(&g)
    });
    let every_verb = rule.verbs.iter().any(|v| &**v == "*");
    let (gone, stay) = part(&rule.verbs, |v| every_verb || goes(v, taken));
    let (named, beside) = part(&rule.resources, |r| taken.resources.contains(&r));
    let parts = [
        (&rule.verbs, &rule.groups, &beside),
        (&rule.verbs, &others, &named),
        (&stay, &concerned, &named),
    ];
    let rest: Vec<Rule> = parts
        .into_iter()
        .filter(|(verbs, groups, resources)| {
            !verbs.is_empty() && !groups.is_empty() && !resources.is_empty()
        })
        .map(|(verbs, groups, resources)| piece(rule, verbs, groups, resources))
        .collect();
    let taken = piece(rule, &gone, &concerned, &named);
    if is_exact(rule, &rest, &taken) {
        Parted::Rest(rest, Box::new(taken))
    } else {
        Parted::Inseparable
    }
}

/// The rest and what was taken are the rule, and have nothing in common.
fn is_exact(rule: &Rule, rest: &[Rule], taken: &Rule) -> bool {
    let all: Vec<&Rule> = rest.iter().chain([taken]).collect();
    let apart = atoms(taken)
        .iter()
        .all(|atom| !rest.iter().any(|rule| covers_atom(rule, atom)));
    apart && covers(all.iter().copied(), rule) && all.iter().all(|part| covers([rule], part))
}

fn concerns(group: &str, taken: &Taken<'_>) -> bool {
    group == "*" || taken.groups.contains(&group)
}

fn goes(verb: &str, taken: &Taken<'_>) -> bool {
    verb == "*" || taken.verbs.is_empty() || taken.verbs.contains(&verb)
}

/// A resource of a rule holds this one, by name or by wildcard.
fn reaches(held: &str, wanted: &str) -> bool {
    let subresource = wanted.split_once('/').map(|(_, sub)| sub);
    held == wanted
        || held == "*"
        || (subresource.is_some() && held.strip_prefix("*/") == subresource)
}

fn part(list: &[Str], first: impl Fn(&str) -> bool) -> (Box<[Str]>, Box<[Str]>) {
    let (yes, no): (Vec<Str>, Vec<Str>) = list.iter().cloned().partition(|word| first(word));
    (yes.into(), no.into())
}

fn piece(rule: &Rule, verbs: &[Str], groups: &[Str], resources: &[Str]) -> Rule {
    Rule {
        verbs: verbs.into(),
        groups: groups.into(),
        resources: resources.into(),
        names: rule.names.clone(),
        urls: Box::default(),
    }
}

/// What was taken, limited to these names. Only the verbs that name an object stay: whoever lists, watches or deletes many
/// names none, and a name is not yet given when something is created.
pub fn named(taken: &Rule, names: &[Str]) -> Option<Rule> {
    const BY_NAME: [&str; 4] = ["get", "update", "patch", "delete"];
    let verbs: Box<[Str]> = BY_NAME
        .iter()
        .filter(|verb| holds(&taken.verbs, verb))
        .map(|verb| Str::from(*verb))
        .collect();
    let allowed = |name: &&Str| taken.names.is_empty() || taken.names.contains(name);
    let names: Box<[Str]> = names.iter().filter(allowed).cloned().collect();
    (!verbs.is_empty() && !names.is_empty()).then(|| Rule {
        verbs,
        names,
        ..taken.clone()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::subsequence;

    use super::super::rule::{Ask, allows};
    use super::super::samples::{named as limited, rule};
    use super::*;

    const READS: Taken<'_> = Taken {
        verbs: &["get", "list"],
        groups: &[""],
        resources: &["secrets"],
    };

    #[test]
    fn one_pair_goes_and_the_rest_stays_to_the_letter() {
        let now = rule("get,list,create", ",example.com", "secrets,configmaps", "");
        let then = vec![
            rule("get,list,create", ",example.com", "configmaps", ""),
            rule("get,list,create", "example.com", "secrets", ""),
            rule("create", "", "secrets", ""),
        ];
        let taken = Box::new(rule("get,list", "", "secrets", ""));
        assert_eq!(without(&now, &READS), Parted::Rest(then, taken));
    }

    #[test]
    fn groups_that_have_no_such_resource_leave_no_rule_behind() {
        let now = rule("get", ",apps", "secrets,deployments", "");
        let Parted::Rest(rest, _) = without(&now, &READS) else {
            panic!("not parted")
        };
        assert_eq!(rest, [rule("get", ",apps", "deployments", "")]);
    }

    #[test]
    fn a_wildcard_that_holds_more_is_left_alone_and_one_of_verbs_goes_whole() {
        let parted = |now: &Rule| without(now, &READS);
        assert_eq!(parted(&rule("get", "", "*", "")), Parted::Inseparable);
        assert_eq!(parted(&rule("create", "", "*", "")), Parted::Kept);
        assert_eq!(parted(&rule("get", "apps", "secrets", "")), Parted::Kept);
        let all = rule("*", "", "secrets", "");
        assert_eq!(
            parted(&all),
            Parted::Rest(Vec::new(), Box::new(all.clone()))
        );
        let exec = Taken {
            verbs: &[],
            groups: &[""],
            resources: &["pods/exec"],
        };
        let wild = rule("create", "", "pods,*/exec", "");
        assert_eq!(without(&wild, &exec), Parted::Inseparable);
    }

    #[test]
    fn names_go_with_the_verbs_that_carry_one() {
        let names: [Str; 2] = ["db".into(), "tls".into()];
        let reads = rule("get,list,watch,deletecollection", "", "secrets", "");
        let one = named(&reads, &names);
        assert_eq!(one, Some(limited(rule("get", "", "secrets", ""), "db,tls")));
        assert_eq!(named(&rule("list,create", "", "secrets", ""), &names), None);
        let fewer = limited(rule("*", "", "secrets", ""), "tls");
        let verbs = "get,update,patch,delete";
        let one = named(&fewer, &names);
        assert_eq!(one, Some(limited(rule(verbs, "", "secrets", ""), "tls")));
    }

    const VERBS: &[&str] = &["*", "get", "list", "create", "update"];
    const GROUPS: &[&str] = &["*", "", "apps", "example.com"];
    const RESOURCES: &[&str] = &["*", "secrets", "pods", "pods/exec", "*/exec", "configmaps"];

    fn some(pool: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
        subsequence(pool, 1..=3)
    }

    fn words(list: &[&str]) -> Box<[Str]> {
        list.iter().map(|word| Str::from(*word)).collect()
    }

    proptest! {
        #[test]
        fn every_request_is_answered_as_before_but_for_those_that_were_taken(
            (verbs, groups, resources, name) in (some(VERBS), some(GROUPS), some(RESOURCES), proptest::bool::ANY),
            (gone, of) in (some(&VERBS[1..]), some(&RESOURCES[1..4])),
        ) {
            let now = Rule {
                verbs: words(&verbs),
                groups: words(&groups),
                resources: words(&resources),
                names: if name { words(&["a"]) } else { Box::default() },
                urls: Box::default(),
            };
            let taken = Taken { verbs: &gone, groups: &[""], resources: &of };
            let (rest, part) = match without(&now, &taken) {
                Parted::Kept => (vec![now.clone()], None),
                Parted::Rest(rest, part) => (rest, Some(*part)),
                Parted::Inseparable => return Ok(()),
            };
            for verb in ["get", "list", "create", "update", "watch"] {
                for group in ["", "apps", "example.com", "other.example.com"] {
                    for resource in ["secrets", "pods", "pods/exec", "configmaps", "services"] {
                        for name in ["a", "b", ""] {
                            let ask = Ask::any(verb, group, resource).named(name);
                            let before = allows(&now, &ask);
                            let after = rest.iter().any(|rule| allows(rule, &ask));
                            let lost = part.as_ref().is_some_and(|part| allows(part, &ask));
                            prop_assert_eq!(before, after || lost);
                            prop_assert!(!(after && lost));
                            let wanted = gone.contains(&verb) && group.is_empty() && of.contains(&resource);
                            prop_assert!(!(after && wanted), "{ask:?} is still allowed");
                        }
                    }
                }
            }
        }
    }
}
