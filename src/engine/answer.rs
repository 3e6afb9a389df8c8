//! Questions to the engine: fixes with their proof, what-ifs, facts.

use std::collections::BTreeSet;

use super::evaluation::check_rules;
use super::fix_paths::FixPaths;
use super::foothold::FootholdAnswer;
use super::neighbours::NeighboursAnswer;
use super::query::{Answer, FixAnswer, Query};
use super::reach::ReachAnswer;
use super::rights::RightsAnswer;
use super::state::Engine;
use super::who::WhoAnswer;
use crate::fix::{self, Delivery, Remedy};
use crate::model::change::{Change, Edit};
use crate::model::{Finding, FindingId, ObjectKey};
use crate::semantics::pod_security::standing;
use crate::semantics::settings;
use crate::threats::{self, Fix};
use crate::view::{View, Workload, World};

impl Engine {
    /// Answers a question.
    pub fn ask(&self, query: &Query) -> Answer {
        match query {
            Query::Fix {
                findings,
                choice,
                style,
                delivery,
            } => {
                let fix = self.fix_by(findings, *choice, style, delivery);
                Answer::Fix(Box::new(fix))
            }
            Query::Cut {
                changes,
                style,
                delivery,
            } => {
                let remedy = Remedy::review(
                    changes.iter().cloned(),
                    "what the changed objects did with this",
                );
                Answer::Fix(Box::new(self.answer(
                    Vec::new(),
                    Some(remedy),
                    None,
                    style,
                    delivery,
                )))
            }
            Query::Harden {
                object,
                level,
                version,
                style,
                delivery,
            } => {
                let answer = self.harden(object, *level, *version, style, delivery);
                Answer::Harden(Box::new(answer))
            }
            Query::Raise {
                namespace,
                level,
                version,
                style,
                delivery,
            } => {
                let answer = self.raise(namespace, *level, *version, style, delivery);
                Answer::Raise(Box::new(answer))
            }
            Query::WorkloadStanding(key) => {
                let view = View::new(self.world());
                Answer::WorkloadStanding(standing::of_workload(&view, key).map(Box::new))
            }
            Query::NamespaceStandings(names) => {
                let view = View::new(self.world());
                let all = names.iter().map(|name| standing::of_namespace(&view, name));
                Answer::NamespaceStandings(all.collect())
            }
            Query::Settings(key) => {
                let view = View::new(self.world());
                Answer::Settings(settings::of_workload(&view, key))
            }
            Query::WhoCan(what) => Answer::WhoCan(Box::new(WhoAnswer::of(self.world(), what))),
            Query::Rights(subject) => {
                Answer::Rights(Box::new(RightsAnswer::of(self.world(), subject)))
            }
            Query::Neighbours(subject) => {
                Answer::Neighbours(Box::new(NeighboursAnswer::of(self.world(), subject)))
            }
            Query::Foothold(start) => {
                Answer::Foothold(Box::new(FootholdAnswer::of(self.world(), start)))
            }
            Query::Reach(question) => {
                let answer = self.network.ask(self.world(), |network| {
                    ReachAnswer::of(self.world(), network, question)
                });
                Answer::Reach(Box::new(answer))
            }
            Query::WhatIf(changes) => Answer::WhatIf(self.what_if(changes).0),
            Query::Facts(key) => {
                let facts = self
                    .world()
                    .get(key)
                    .and_then(|o| serde_json::to_string_pretty(&**o).ok());
                Answer::Facts(facts)
            }
        }
    }

    /// A finding as it is now.
    pub fn finding(&self, id: &FindingId) -> Option<&Finding> {
        self.firing(id.check).find(|finding| finding.id == *id)
    }

    /// Findings of a check, as they are now.
    pub fn findings(&self, check: &str) -> Vec<Finding> {
        self.firing(check).cloned().collect()
    }

    fn firing(&self, id: &str) -> impl Iterator<Item = &Finding> {
        let rules = check_rules().filter(move |(_, check)| check.id == id);
        let cells = rules.flat_map(|(at, _)| self.evaluation().checks.of(at));
        cells
            .flat_map(|(_, cell)| cell.outcomes.values())
            .flat_map(|outcome| outcome.items.iter().map(|finding| &**finding))
    }

    /// The best fix of these findings, as one proposal, with its proof.
    pub fn fix(&self, ids: &[FindingId], style: &str, delivery: &Delivery) -> FixAnswer {
        self.fix_by(ids, 0, style, delivery)
    }

    /// The same by one of the ways that there are, counted from 0; the best where there are fewer. Several findings have
    /// the best of each.
    pub fn fix_by(
        &self,
        ids: &[FindingId],
        choice: usize,
        style: &str,
        delivery: &Delivery,
    ) -> FixAnswer {
        let findings: Vec<Finding> = ids
            .iter()
            .filter_map(|id| self.finding(id).cloned())
            .collect();
        let mut why_none = findings
            .is_empty()
            .then(|| "it does not fire any more".to_owned());
        let mut remedy: Option<Remedy> = None;
        // Each is asked of the world that the ones before it leave: two may edit one list, or rules of one role by index.
        let mut world = self.world().clone();
        let mut choices = Vec::new();
        let mut chosen = 0;
        for finding in &findings {
            match remedies_of(finding, &world) {
                Ok(mut all) => {
                    if findings.len() == 1 {
                        choices = all.iter().map(Remedy::says).collect();
                        chosen = if choice < all.len() { choice } else { 0 };
                    }
                    let one = all.swap_remove(chosen);
                    world = world.with(&one.changes).0;
                    remedy = Some(join(remedy, one));
                }
                Err(why) => why_none = Some(why),
            }
        }
        let answer = self.answer(findings, remedy, why_none, style, delivery);
        FixAnswer {
            choices,
            choice: chosen,
            ..answer
        }
    }

    /// Proves a proposal in an overlay and prints it.
    pub(super) fn answer(
        &self,
        findings: Vec<Finding>,
        remedy: Option<Remedy>,
        why_none: Option<String>,
        style: &str,
        delivery: &Delivery,
    ) -> FixAnswer {
        let changes = remedy.as_ref().map_or(&[][..], |r| &r.changes);
        let (proof, misfits) = self.what_if(changes);
        let before = self.working();
        let after = (before + proof.begun.len()).saturating_sub(proof.ended.len());
        let pods_to_roll = self.pods_to_roll(changes);
        let style = fix::style::style(style).or_else(|| fix::style::style(fix::style::DEFAULT));
        let mut plan = remedy
            .as_ref()
            .zip(style)
            .map(|(r, style)| fix::plan(r, &View::new(self.world()), style, delivery));
        let fits = misfits == 0 && plan.is_some();
        let paths = fits.then(|| FixPaths::of(self.world(), &findings, changes));
        let paths = paths.flatten();
        if let Some(plan) = &mut plan {
            plan.ways = paths.as_ref().map(FixPaths::lines).unwrap_or_default();
            plan.proof = (misfits == 0).then_some(fix::Proof {
                silences: proof.closed.len(),
                adds: proof.opened.len(),
                moves: proof.moved().count(),
                stories_before: before,
                stories_after: after,
                old_pods: pods_to_roll,
            });
        }
        let why_none = if remedy.is_some() { None } else { why_none };
        FixAnswer {
            findings,
            remedy,
            choices: Vec::new(),
            choice: 0,
            paths,
            plan,
            why_none,
            proof,
            misfits,
            stories: (before, after),
            pods_to_roll,
        }
    }

    fn working(&self) -> usize {
        self.stories().iter().map(|s| s.working().count()).sum()
    }

    fn pods_to_roll(&self, changes: &[Change]) -> usize {
        let templates: BTreeSet<&ObjectKey> = changes
            .iter()
            .filter(|c| matches!(c.edit, Edit::Pod(_) | Edit::Container(..)))
            .map(|c| &c.object)
            .collect();
        templates
            .into_iter()
            .filter_map(|key| Workload::one(self.world(), key))
            .map(|w| w.pods.len())
            .sum()
    }
}

/// The fixes of a finding as this world stands, at least one, or why there is none.
fn remedies_of(finding: &Finding, world: &World) -> Result<Vec<Remedy>, String> {
    let entry = threats::check(finding.id.check).ok_or("no such check")?;
    if finding.pods.only_live {
        let pods = finding.pods.firing;
        return Err(format!(
            "{pods} pods still run an older template: roll them out, the template itself is clear"
        ));
    }
    if let Fix::None(why) = entry.rule.fix {
        return Err(why.to_owned());
    }
    let all = entry.rule.fix.remedies(finding, &View::new(world));
    if all.is_empty() {
        return Err("this one needs a person's decision".to_owned());
    }
    Ok(all)
}

/// Joins two proposals into one.
fn join(one: Option<Remedy>, mut other: Remedy) -> Remedy {
    let Some(mut one) = one else { return other };
    other.changes.retain(|c| !one.changes.contains(c));
    other.breaks.retain(|b| !one.breaks.contains(b));
    one.changes.extend(other.changes);
    one.breaks.extend(other.breaks);
    other.notes.retain(|n| !one.notes.contains(n));
    one.notes.extend(other.notes);
    one.title = None;
    one.confidence = one.confidence.max(other.confidence);
    one.asks = match (one.asks, other.asks) {
        (Some(a), Some(b)) if a != b => Some(format!("{a}; {b}")),
        (a, b) => a.or(b),
    };
    one
}
