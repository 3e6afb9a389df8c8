//! Which findings of a namespace floor and filter let through.

use rustc_hash::FxHashMap;

use super::{Space, part};
use crate::engine::Row;
use crate::model::{Severity, Str};
use crate::ui::catalogue::Catalogue;
use crate::ui::filter::{Filter, Found, Term};
use crate::ui::prefs::Prefs;

impl Space {
    /// Which of `own` floor and filter let through. A term is asked once for each object, check and text.
    pub(super) fn sieve(
        &mut self,
        filter: &Filter,
        prefs: &Prefs,
        catalogue: &Catalogue,
    ) -> Vec<bool> {
        let own = self.own.iter();
        let mut passes: Vec<bool> = own.map(|own| prefs.lists(own.severity)).collect();
        if filter.is_empty() {
            return passes;
        }
        let more = self.more.take().unwrap_or_else(|| More::of(self));
        for term in filter.terms() {
            let mut found = vec![false; self.own.len()];
            for (n, check) in self.checks.iter().enumerate() {
                if term.in_check(check.id, catalogue.check_title(check.id)) {
                    let next = self.checks.get(n + 1);
                    let to = next.map_or(self.own.len(), |next| next.from as usize);
                    found[check.from as usize..to].fill(true);
                }
            }
            for (n, item) in self.items.iter().enumerate() {
                if term.in_object(self.object(n as u32), None) {
                    for at in &self.by_item[item.all()] {
                        found[*at as usize] = true;
                    }
                }
            }
            let severity = Severity::ALL.map(|severity| term.in_severity(severity));
            let all = found.iter_mut().zip(&self.own);
            for ((found, own), more) in all.zip(more.holds(term)) {
                let at = Severity::ALL.iter().position(|one| *one == own.severity);
                *found |= more || at.is_some_and(|at| severity[at]);
            }
            for (passes, found) in passes.iter_mut().zip(found) {
                *passes &= term.agrees(found);
            }
        }
        self.more = Some(more);
        passes
    }
}

/// What findings can be found by besides object and check: names of containers, volumes, subjects. Few in a namespace.
#[derive(Clone, Debug, Default)]
pub(super) struct More {
    texts: Vec<Str>,
    /// Which of the texts, by finding.
    of: Vec<u32>,
}

impl More {
    fn of(space: &Space) -> More {
        let mut more = More::default();
        let mut known: FxHashMap<&str, u32> = FxHashMap::default();
        for own in &space.own {
            let text = space.row(own.row).map_or("", text);
            let next = more.texts.len() as u32;
            let at = *known.entry(text).or_insert(next);
            if at == next {
                more.texts.push(text.into());
            }
            more.of.push(at);
        }
        more
    }

    /// Whether each finding is found by its text.
    fn holds(&self, term: &Term) -> impl Iterator<Item = bool> {
        let texts = self.texts.iter();
        let texts: Vec<bool> = texts.map(|text| term.in_more(text)).collect();
        let of = self.of.iter();
        of.map(move |at| texts.get(*at as usize).is_some_and(|found| *found))
    }
}

/// Whether a filter holds for a row that cannot be known.
pub(super) fn holds(filter: &Filter, row: &Row, catalogue: &Catalogue) -> bool {
    filter.holds(&Found {
        object: row.object.as_ref(),
        check: row.check,
        title: catalogue.check_title(row.check),
        more: text(row),
        ..Found::default()
    })
}

fn text(row: &Row) -> &str {
    row.finding().map_or("", |finding| part(&finding.id.part))
}
