//! What of a binding is to be judged: all of it, or what goes beyond its stock twin.
//!
//! Kubernetes' own objects are recognised by content. A stock binding with one subject more is judged for that subject
//! alone, a stock role with one rule more for that rule alone; a stock pair as it was written is not judged at all.

use super::grants::{Clause, Grant, role_of};
use super::identity::MASTERS;
use super::stock;
use crate::model::Subject;
use crate::model::objects::access::{Binding, Role};
use crate::view::View;

/// Some subjects of a binding, with the rules that count for them.
#[derive(Clone, Debug)]
pub struct Portion<'a> {
    /// The binding.
    pub binding: &'a Binding,
    /// Its role.
    pub role: &'a Role,
    /// The subjects, by index; each once, `system:masters` never (it is allowed everything without any binding).
    pub subjects: Vec<(usize, &'a Subject)>,
    /// Indexes of the rules.
    pub rules: Vec<usize>,
    /// The object is a stock one that was changed: louder than an unknown one.
    pub changed_stock: bool,
}

/// The portions of a binding that nobody but the people of this cluster wrote. None when its role does not exist, or is
/// not visible (the view has noted that).
pub fn portions<'a>(view: &View<'a>, binding: &'a Binding) -> Vec<Portion<'a>> {
    let Some(role) = role_of(view, binding).seen() else {
        return Vec::new();
    };
    let all_rules: Vec<usize> = (0..role.rules.len()).collect();
    let all_subjects: Vec<usize> = (0..binding.subjects.len()).collect();
    let parts = match stock::extra_subjects(binding) {
        None => vec![(all_subjects, all_rules, false)],
        Some(extra) => {
            let added = stock::extra_rules(role).unwrap_or_default();
            let known = all_subjects.into_iter().filter(|at| !extra.contains(at));
            vec![(known.collect(), added, true), (extra, all_rules, true)]
        }
    };
    parts
        .into_iter()
        .map(|(subjects, rules, changed_stock)| Portion {
            binding,
            role,
            subjects: named(binding, &subjects),
            rules,
            changed_stock,
        })
        .filter(|p| !p.subjects.is_empty() && !p.rules.is_empty())
        .collect()
}

fn named<'a>(binding: &'a Binding, at: &[usize]) -> Vec<(usize, &'a Subject)> {
    let mut named: Vec<(usize, &Subject)> = Vec::new();
    for (index, subject) in binding.subjects.iter().enumerate() {
        let masters = matches!(subject, Subject::Group(group) if &**group == MASTERS);
        let twice = named.iter().any(|(_, other)| *other == subject);
        if at.contains(&index) && !masters && !twice {
            named.push((index, subject));
        }
    }
    named
}

impl<'a> Portion<'a> {
    /// The rules, as one of the subjects holds them.
    pub fn clauses(&self, subject: usize) -> impl Iterator<Item = Clause<'a>> {
        let grant = Grant {
            binding: self.binding,
            subject,
            role: self.role,
        };
        self.rules.iter().filter_map(move |at| {
            let rule = grant.role.rules.get(*at)?;
            Some(Clause {
                grant,
                at: *at,
                rule,
            })
        })
    }
}
