//! How bad one verb on one resource is, by itself: the catalogue of dangerous permissions, as data.
//!
//! What rights add up to is [`power`](super::power)'s to say. A half that is worth nothing alone (`bind`, `escalate`, a
//! write of roles, which the server lets nobody use beyond their own rights) is low here, and as bad as the ability where
//! the other half is held too.
//!
//! Source: kubernetes.io, Role Based Access Control Good Practices, "privilege escalation risks"; for each row the
//! permission P01 to P76 of the project's reference, with its severity cluster-wide and in a namespace.

mod table;

use Severity::{Critical, High};
use table::ROWS;

use super::power::Ability;
use super::rule::{Ask, allows_some};
use crate::model::objects::access::Rule;
use crate::model::{Severity, Str};

/// What an upgrade to a WebSocket reaches by a plain `get`, where the server lets it.
const UPGRADED: &[&str] = &["pods/exec", "pods/attach", "pods/portforward"];

/// How bad it is that somebody holds this verb on this resource, each as a rule writes it (`*` is all of them). `wide`:
/// cluster-wide; `named`: for some names only. `abilities` are those that they have there, and `get_enters` says that the
/// server takes a `get` for a command in a container ([`get_is_enough`](super::power::get_is_enough)). `None`: harmless by
/// itself.
pub fn danger(
    (verb, group, resource): (&Str, &Str, &Str),
    wide: bool,
    named: bool,
    abilities: &[Ability],
    get_enters: bool,
) -> Option<Severity> {
    let one = |word: &Str| Box::from([word.clone()]);
    let rule = Rule {
        verbs: one(verb),
        groups: one(group),
        resources: one(resource),
        ..Rule::default()
    };
    let all = ROWS.iter().filter_map(|row| {
        let upgraded = get_enters && UPGRADED.contains(&row.resource);
        let verbs = row.verbs.iter().copied();
        let mut verbs = verbs.chain(upgraded.then_some("get"));
        // A create names nothing, but for a subresource; a rule with names never allows it.
        let counts = |verb: &str| {
            !named || row.resource.contains('/') || !["create", "deletecollection"].contains(&verb)
        };
        let held = verbs.any(|verb| {
            counts(verb) && allows_some(&rule, &Ask::any(verb, row.group, row.resource))
        });
        if !held {
            return None;
        }
        let alone = if wide { Some(row.wide) } else { row.local }?;
        let whole = row.half.filter(|half| abilities.contains(half));
        Some(match whole {
            Some(_) if wide => Critical,
            Some(_) => High,
            None => alone,
        })
    });
    let worst = all.max()?;
    Some(if named {
        worst.lowered().lowered()
    } else {
        worst
    })
}

#[cfg(test)]
mod tests {
    use super::table::RBAC;
    use super::*;
    use Severity::{Low, Medium};

    fn of(verb: &str, group: &str, resource: &str, wide: bool) -> Option<Severity> {
        told(verb, group, resource, wide, false, &[], false)
    }

    fn told(
        verb: &str,
        group: &str,
        resource: &str,
        wide: bool,
        named: bool,
        abilities: &[Ability],
        get: bool,
    ) -> Option<Severity> {
        let (verb, group, resource) = (verb.into(), group.into(), resource.into());
        danger((&verb, &group, &resource), wide, named, abilities, get)
    }

    #[test]
    fn where_it_counts_and_what_a_wildcard_holds_decide() {
        assert_eq!(of("list", "", "secrets", true), Some(Critical));
        assert_eq!(of("list", "", "secrets", false), Some(High));
        assert_eq!(of("get", "*", "*", true), Some(Critical));
        assert_eq!(of("*", "apps", "*", false), Some(High));
        // Not in this group, and not of this name.
        assert_eq!(of("list", "apps", "secrets", true), None);
        assert_eq!(of("get", "", "pods/*", true), None);
        assert_eq!(of("update", "batch", "*/scale", true), None);
        assert_eq!(of("update", "apps", "*/scale", true), Some(Medium));
    }

    #[test]
    fn a_resource_of_the_cluster_is_a_dead_letter_in_a_namespace() {
        assert_eq!(of("get", "", "nodes/proxy", true), Some(Critical));
        assert_eq!(of("get", "", "nodes/proxy", false), None);
    }

    #[test]
    fn a_half_is_as_bad_as_the_whole_where_the_whole_is_held() {
        let bind = |abilities: &[Ability], wide| {
            told("bind", RBAC, "clusterroles", wide, false, abilities, false)
        };
        assert_eq!(bind(&[], true), Some(Low));
        assert_eq!(bind(&[Ability::BindRoles], true), Some(Critical));
        assert_eq!(bind(&[Ability::BindRoles], false), Some(High));
        assert_eq!(bind(&[Ability::ReadSecrets], true), Some(Low));
    }

    #[test]
    fn names_make_it_less_and_a_create_without_a_name_nothing() {
        assert_eq!(
            told("get", "", "secrets", false, true, &[], false),
            Some(Low)
        );
        assert_eq!(told("create", "", "pods", true, true, &[], false), None);
        assert_eq!(
            told("create", "", "pods/exec", true, true, &[], false),
            Some(Medium)
        );
    }

    #[test]
    fn a_get_enters_containers_of_an_old_server_only() {
        assert_eq!(
            told("get", "", "pods/exec", true, false, &[], true),
            Some(Critical)
        );
        assert_eq!(of("get", "", "pods/exec", true), None);
    }

    #[test]
    fn no_line_of_the_catalogue_stands_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for row in ROWS {
            for verb in row.verbs {
                assert!(
                    seen.insert((verb, row.group, row.resource)),
                    "{verb} {} {}",
                    row.group,
                    row.resource
                );
            }
        }
    }
}
