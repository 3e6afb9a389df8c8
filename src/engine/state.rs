//! The engine itself: world, evaluation, tables, log; one method for each thing that can happen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::changelog::{ChangeEntry, Changelog};
use super::cuts::{Cut, Search};
use super::describe::describe;
use super::diff::Diff;
use super::evaluation::{Evaluation, check_rules};
use super::query::{Answer, FixAnswer, Query};
use super::since::Since;
use super::snapshot::{Loading, NotAssessed, NotVisible, Row, Says, Snapshot, SpaceTable};
use super::touch::Touch;
use super::{inventory, standing, store};
use crate::fix::{self, Delivery, Remedy};
use crate::model::change::Change;
use crate::model::{
    Batch, Delta, Finding, FindingId, Kind, Missing, Object, ObjectKey, Reason, Str,
};
use crate::threats::{self, Fix};
use crate::view::{View, Workload, World};

/// Objects of one batch that the change log describes at most.
const DESCRIBED: usize = 20;

/// What came of a step of slow work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thought {
    /// Nothing is left to do, and nothing new to show.
    Nothing,
    /// There is more to do.
    More,
    /// Done, and there is something new to show.
    News,
}

/// The engine.
#[derive(Debug)]
pub struct Engine {
    world: World,
    evaluation: Evaluation,
    loading: BTreeMap<Kind, usize>,
    since: Since,
    changelog: Changelog,
    tables: BTreeMap<Str, Arc<SpaceTable>>,
    stale_tables: BTreeSet<Str>,
    cuts: Arc<[Cut]>,
    cuts_are_stale: bool,
    search: Option<Search>,
    generation: u64,
}

impl Default for Engine {
    /// An engine that knows nothing yet: every kind is loading.
    fn default() -> Self {
        Engine::of(World::default())
    }
}

impl Engine {
    /// An engine that already knows this world: for one look, and for tests.
    pub fn of(world: World) -> Engine {
        let evaluation = Evaluation::fresh(&world);
        let stale_tables = spaces(&world);
        Engine {
            world,
            evaluation,
            loading: BTreeMap::new(),
            since: Since::default(),
            changelog: Changelog::default(),
            tables: BTreeMap::new(),
            stale_tables,
            cuts: Arc::from([]),
            cuts_are_stale: true,
            search: None,
            generation: 0,
        }
    }

    /// The world as it is.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The verdicts as they are.
    pub fn evaluation(&self) -> &Evaluation {
        &self.evaluation
    }

    /// Number of the last publication.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Applies a batch. False: nothing to show came of it.
    pub fn apply(&mut self, batch: Batch, now: Timestamp) -> bool {
        if batch.is_empty() {
            return false;
        }
        let settled = !self.is_loading();
        let before = self.world.clone();
        let mut touched = Vec::new();
        let mut note = None;
        let mut news = false;
        for delta in batch {
            match &delta {
                Delta::Loading { kind, seen } => {
                    self.loading.insert(*kind, *seen);
                    news = true;
                }
                Delta::Note(text) => note = Some(text.clone()),
                Delta::Reset => {
                    let (changelog, generation) =
                        (std::mem::take(&mut self.changelog), self.generation);
                    *self = Engine {
                        changelog,
                        generation,
                        ..Engine::default()
                    };
                    self.changelog.clear();
                    news = true;
                }
                Delta::Cluster(_) | Delta::State { .. } | Delta::Broken { .. } => news = true,
                Delta::Put(_) | Delta::Gone(_) | Delta::Listed { .. } => {}
            }
            store::apply(&mut self.world, delta, &mut touched);
        }
        if !touched.is_empty() {
            self.update(&before, &touched, note.clone(), settled, now);
        } else if let Some(note) = note {
            self.changelog.push(ChangeEntry {
                at: now,
                objects: Vec::new(),
                note: Some(note),
                diff: Diff::default(),
            });
            news = true;
        }
        news || !touched.is_empty()
    }

    fn update(
        &mut self,
        before: &World,
        touched: &[Touch],
        note: Option<String>,
        settled: bool,
        now: Timestamp,
    ) {
        let old = self.evaluation.clone();
        let mut changed = self.evaluation.update(before, &self.world, touched);
        for touch in touched {
            match touch {
                Touch::Object { key, .. } => {
                    let namespace = key.namespace.clone().unwrap_or_else(|| Str::from(""));
                    if key.known() == Some(Kind::Namespace) {
                        changed.insert(key.name.clone());
                    }
                    changed.insert(namespace);
                }
                Touch::Sight(..) | Touch::Everything => changed.extend(spaces(&self.world)),
            }
        }
        self.stale_tables.extend(changed);
        let diff = Diff::between(&old, &self.evaluation);
        self.cuts_are_stale |= !diff.begun.is_empty() || !diff.ended.is_empty() || !settled;
        if settled {
            diff.opened
                .iter()
                .for_each(|(id, _)| self.since.open(id, now));
            diff.closed.iter().for_each(|(id, _)| self.since.close(id));
            if !diff.is_empty() || note.is_some() {
                self.changelog.push(ChangeEntry {
                    at: now,
                    objects: described(touched),
                    note,
                    diff,
                });
            }
        }
    }

    fn is_loading(&self) -> bool {
        Kind::all().any(|kind| {
            self.world
                .sight()
                .blind(kind, None)
                .is_some_and(|m| m.reason == Reason::Loading)
                || self
                    .world
                    .sight()
                    .narrow(kind)
                    .any(|(_, s)| *s == crate::model::sight::State::Blind(Reason::Loading))
        })
    }

    /// One step of the slow work between publications (the value of cuts).
    pub fn think(&mut self) -> Thought {
        if self.is_loading() {
            return Thought::Nothing;
        }
        if std::mem::take(&mut self.cuts_are_stale) {
            let stories = standing::stories(&self.world, &self.evaluation);
            self.search = Some(Search::new(&stories));
        }
        let Some(mut search) = self.search.take() else {
            return Thought::Nothing;
        };
        if search.step(|changes| self.what_if(changes).0) {
            self.search = Some(search);
            return Thought::More;
        }
        let new: Arc<[Cut]> = search.ranked().into();
        let differs = *new != *self.cuts;
        self.cuts = new;
        if differs {
            Thought::News
        } else {
            Thought::Nothing
        }
    }

    /// What these changes would open and close, and how many of them do not fit the facts.
    pub fn what_if(&self, changes: &[Change]) -> (Diff, usize) {
        let (world, misfits) = self.world.with(changes);
        let touched = touches(&self.world, &world, changes);
        let mut evaluation = self.evaluation.clone();
        evaluation.update(&self.world, &world, &touched);
        (Diff::between(&self.evaluation, &evaluation), misfits.len())
    }

    /// Answers a question.
    pub fn ask(&self, query: &Query) -> Answer {
        match query {
            Query::Fix {
                findings,
                style,
                delivery,
            } => Answer::Fix(Box::new(self.fix(findings, style, delivery))),
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
            Query::WhatIf(changes) => Answer::WhatIf(self.what_if(changes).0),
            Query::Facts(key) => {
                let facts = self
                    .world
                    .get(key)
                    .and_then(|o| serde_json::to_string_pretty(&**o).ok());
                Answer::Facts(facts)
            }
        }
    }

    /// A finding as it is now.
    pub fn finding(&self, id: &FindingId) -> Option<&Finding> {
        let (at, _) = check_rules().find(|(_, check)| check.id == id.check)?;
        let cells = self
            .evaluation
            .checks
            .of(at)
            .flat_map(|(_, cell)| cell.outcomes.values());
        cells.flat_map(|o| &o.items).find(|f| f.id == *id)
    }

    /// Findings of a check, as they are now.
    pub fn findings(&self, check: &str) -> Vec<Finding> {
        let Some((at, _)) = check_rules().find(|(_, c)| c.id == check) else {
            return Vec::new();
        };
        let cells = self
            .evaluation
            .checks
            .of(at)
            .flat_map(|(_, cell)| cell.outcomes.values());
        cells.flat_map(|o| o.items.iter().cloned()).collect()
    }

    /// The fix of these findings, as one proposal, with its proof.
    pub fn fix(&self, ids: &[FindingId], style: &str, delivery: &Delivery) -> FixAnswer {
        let findings: Vec<Finding> = ids
            .iter()
            .filter_map(|id| self.finding(id).cloned())
            .collect();
        let mut why_none = findings
            .is_empty()
            .then(|| "it does not fire any more".to_owned());
        let mut remedy: Option<Remedy> = None;
        // Each is asked of the world that the ones before it leave: two may edit one list, or rules of one role by index.
        let mut world = self.world.clone();
        for finding in &findings {
            match remedy_of(finding, &world) {
                Ok(one) => {
                    world = world.with(&one.changes).0;
                    remedy = Some(join(remedy, one));
                }
                Err(why) => why_none = Some(why),
            }
        }
        self.answer(findings, remedy, why_none, style, delivery)
    }

    /// Proves a proposal in an overlay and prints it.
    fn answer(
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
        let style = fix::style::style(style).or_else(|| fix::style::style("patch"));
        let mut plan = remedy
            .as_ref()
            .zip(style)
            .map(|(r, style)| fix::plan(r, &View::new(&self.world), style, delivery));
        if let Some(plan) = &mut plan {
            plan.proof = (misfits == 0).then_some(fix::Proof {
                silences: proof.closed.len(),
                adds: proof.opened.len(),
                stories_before: before,
                stories_after: after,
                old_pods: pods_to_roll,
            });
        }
        let why_none = if remedy.is_some() { None } else { why_none };
        FixAnswer {
            findings,
            remedy,
            plan,
            why_none,
            proof,
            misfits,
            stories: (before, after),
            pods_to_roll,
        }
    }

    fn working(&self) -> usize {
        standing::stories(&self.world, &self.evaluation)
            .iter()
            .map(|s| s.working().count())
            .sum()
    }

    fn pods_to_roll(&self, changes: &[Change]) -> usize {
        use crate::model::change::Edit;
        let templates: BTreeSet<&ObjectKey> = changes
            .iter()
            .filter(|c| matches!(c.edit, Edit::Pod(_) | Edit::Container(..)))
            .map(|c| &c.object)
            .collect();
        templates
            .into_iter()
            .filter_map(|key| Workload::one(&self.world, key))
            .map(|w| w.pods.len())
            .sum()
    }

    /// Subjects on which checks are clear, for reports that list them: (check, object).
    pub fn clear(&self) -> Vec<(&'static str, ObjectKey)> {
        let mut clear = Vec::new();
        for (at, check) in check_rules() {
            for namespace in spaces(&self.world) {
                let said = self.evaluation.checks.get(at, &namespace);
                let spoken = |key: &ObjectKey| {
                    said.is_some_and(|c| c.outcomes.contains_key(&Some(key.clone())))
                };
                let subjects = subjects(&self.world, check, &namespace);
                clear.extend(
                    subjects
                        .into_iter()
                        .filter(|key| !spoken(key))
                        .map(|key| (check.id, key)),
                );
            }
        }
        clear
    }

    /// Publishes the world as it is. Tables of namespaces that did not change are shared with the last snapshot.
    pub fn publish(&mut self) -> Arc<Snapshot> {
        self.generation += 1;
        for namespace in std::mem::take(&mut self.stale_tables) {
            let gone = self.world.space(&namespace).is_none()
                && self
                    .world
                    .get(&ObjectKey::of_namespace(&namespace))
                    .is_none()
                && !namespace.is_empty();
            if gone {
                self.tables.remove(&namespace);
            } else {
                let table = self.table(&namespace);
                self.tables.insert(namespace, Arc::new(table));
            }
        }
        let stories = standing::stories(&self.world, &self.evaluation);
        let rows = self.tables.values().flat_map(|t| t.rows.iter());
        let controls = standing::controls(rows.clone());
        let standing = standing::standings(&stories, &controls, rows);
        Arc::new(Snapshot {
            generation: self.generation,
            cluster: self.world.cluster().clone(),
            sight: Arc::new(self.world.sight().clone()),
            loading: self.loading_kinds(),
            stories,
            not_visible: not_visible(&self.world, &controls).into(),
            controls,
            standing,
            not_assessed: self
                .world
                .broken()
                .iter()
                .map(|(object, why)| NotAssessed {
                    object: object.clone(),
                    why: why.clone(),
                })
                .collect(),
            changes: self.changelog.entries(),
            cuts: self.cuts.clone(),
            nodes: self
                .world
                .space("")
                .map_or(0, |s| s.table(Kind::Node).len()),
            pods: self.tables.values().map(|t| t.pods).sum(),
            namespaces: self.world.namespaces().len(),
            spaces: self.tables.clone(),
        })
    }

    fn loading_kinds(&self) -> Vec<Loading> {
        let loading = Kind::all().filter(|kind| {
            self.world
                .sight()
                .blind(*kind, None)
                .is_some_and(|m| m.reason == Reason::Loading)
        });
        loading
            .map(|kind| Loading {
                kind,
                seen: self.loading.get(&kind).copied().unwrap_or(0),
            })
            .collect()
    }

    fn table(&self, namespace: &Str) -> SpaceTable {
        let mut rows = Vec::new();
        for (at, check) in check_rules() {
            if let Some(cell) = self.evaluation.checks.get(at, namespace) {
                for (subject, outcome) in &cell.outcomes {
                    rows.extend(outcome.items.iter().map(|f| self.fires(f)));
                    if !outcome.unknown.is_empty() {
                        let says = Says::Unknown(outcome.unknown.clone().into());
                        rows.push(Row {
                            check: check.id,
                            object: subject.clone(),
                            says,
                            since: None,
                        });
                    }
                }
            }
            rows.extend(blind_row(&self.world, check, namespace));
        }
        let (workloads, images, pods) = inventory::workloads(&self.world, namespace, &rows);
        SpaceTable {
            namespace: namespace.clone(),
            system: is_system(namespace),
            accounts: inventory::accounts(&self.world, namespace, &workloads),
            policies: inventory::policies(&self.world, namespace),
            services: inventory::services(&self.world, namespace),
            rows,
            workloads,
            images,
            pods,
        }
    }

    fn fires(&self, finding: &Finding) -> Row {
        Row {
            check: finding.id.check,
            object: Some(finding.id.object.clone()),
            since: self.since.of(&finding.id),
            says: Says::Fires(Arc::new(finding.clone())),
        }
    }
}

/// The fix of a finding as this world stands, or why there is none.
fn remedy_of(finding: &Finding, world: &World) -> Result<Remedy, String> {
    let entry = threats::check(finding.id.check).ok_or("no such check")?;
    if finding.pods.only_live {
        let pods = finding.pods.firing;
        return Err(format!(
            "{pods} pods still run an older template: roll them out, the template itself is clear"
        ));
    }
    match entry.rule.fix {
        Fix::None(why) => Err(why.to_owned()),
        Fix::Change(fix) => fix(finding, &View::new(world))
            .ok_or_else(|| "this one needs a person's decision".to_owned()),
    }
}

/// Joins two proposals into one.
fn join(one: Option<Remedy>, mut other: Remedy) -> Remedy {
    let Some(mut one) = one else { return other };
    other.changes.retain(|c| !one.changes.contains(c));
    other.breaks.retain(|b| !one.breaks.contains(b));
    one.changes.extend(other.changes);
    one.breaks.extend(other.breaks);
    one.confidence = one.confidence.max(other.confidence);
    one.asks = match (one.asks, other.asks) {
        (Some(a), Some(b)) if a != b => Some(format!("{a}; {b}")),
        (a, b) => a.or(b),
    };
    one
}

/// The row that says that subjects of a check are hidden in this place.
fn blind_row(world: &World, check: &threats::Check, namespace: &Str) -> Option<Row> {
    let kinds = check.subject_kinds().iter();
    let missing: Vec<Missing> = if namespace.is_empty() {
        kinds
            .filter_map(|kind| world.sight().blind(*kind, None))
            .collect()
    } else {
        let own = |kind: &&Kind| world.sight().narrow(**kind).any(|(ns, _)| ns == namespace);
        kinds
            .filter(own)
            .filter_map(|kind| world.sight().blind(*kind, Some(namespace)))
            .collect()
    };
    let object = (!namespace.is_empty()).then(|| ObjectKey::of_namespace(namespace));
    (!missing.is_empty()).then(|| Row {
        check: check.id,
        object,
        says: Says::Unknown(missing.into()),
        since: None,
    })
}

/// Every namespace of a world, and the cluster scope.
fn spaces(world: &World) -> BTreeSet<Str> {
    world
        .namespaces()
        .into_iter()
        .chain([Str::from("")])
        .collect()
}

/// Namespaces of Kubernetes itself. By name: the names are reserved (`kube-` prefix, Kubernetes documentation,
/// "Namespaces"); nothing is judged by it, it only decides what `H` folds away.
fn is_system(namespace: &str) -> bool {
    matches!(namespace, "kube-system" | "kube-public" | "kube-node-lease")
}

fn described(touched: &[Touch]) -> Vec<(ObjectKey, String)> {
    let objects = touched.iter().filter_map(|touch| match touch {
        Touch::Object { key, old, new } => {
            Some((key.clone(), describe(old.as_deref(), new.as_deref())))
        }
        Touch::Sight(..) | Touch::Everything => None,
    });
    objects.take(DESCRIBED).collect()
}

/// What an overlay touches: the changed objects, and the pods that changed with their template.
fn touches(before: &World, after: &World, changes: &[Change]) -> Vec<Touch> {
    let mut keys: BTreeSet<ObjectKey> = changes.iter().map(|c| c.object.clone()).collect();
    for namespace in keys
        .iter()
        .filter_map(|k| k.namespace.clone())
        .collect::<BTreeSet<_>>()
    {
        let pods = |w: &World| -> Vec<ObjectKey> {
            w.space(&namespace)
                .into_iter()
                .flat_map(|s| s.table(Kind::Pod).values())
                .map(|o| o.key().clone())
                .collect()
        };
        keys.extend(
            pods(after)
                .into_iter()
                .filter(|k| before.get(k) != after.get(k)),
        );
    }
    let touched = keys.into_iter().filter(|k| before.get(k) != after.get(k));
    touched
        .map(|key| Touch::Object {
            old: before.get(&key).cloned(),
            new: after.get(&key).cloned(),
            key,
        })
        .collect()
}

/// Subjects of a check in a namespace.
fn subjects(world: &World, check: &threats::Check, namespace: &Str) -> Vec<ObjectKey> {
    use crate::threats::Scope;
    match &check.scope {
        Scope::Pods(_) => Workload::all(world, namespace)
            .into_iter()
            .map(|w| w.key)
            .collect(),
        Scope::Object(kinds, _) => {
            let tables = kinds
                .iter()
                .filter_map(|kind| world.space(namespace).map(|s| s.table(*kind)));
            tables
                .flat_map(|t| t.values())
                .map(|o: &Arc<Object>| o.key().clone())
                .collect()
        }
        Scope::Namespace(_) if !namespace.is_empty() => vec![ObjectKey::of_namespace(namespace)],
        Scope::Namespace(_) | Scope::Cluster(_) => Vec::new(),
    }
}

/// What is not visible, and how to see it: blind places first, then controls that no evidence decides.
fn not_visible(world: &World, controls: &[standing::ControlState]) -> Vec<NotVisible> {
    let mut all: Vec<NotVisible> = Vec::new();
    for missing in world.sight().all_blind() {
        let plural = missing.kind.info().plural;
        let place = missing
            .namespace
            .as_ref()
            .map_or(String::new(), |ns| format!(" in {ns}"));
        let group = missing.kind.info().group;
        let resource = if group.is_empty() {
            plural.to_owned()
        } else {
            format!("{plural}.{group}")
        };
        let how = match missing.reason {
            Reason::Forbidden => format!("ask for get, list and watch on {resource}{place}"),
            Reason::Loading => "wait: it is being read".to_owned(),
            Reason::NotServed => format!("the server does not serve {resource}"),
            _ => "look at the connection, then re-list (Ctrl-R)".to_owned(),
        };
        all.push(NotVisible {
            what: format!("{plural}{place}"),
            reason: missing.sentence(),
            how,
            missing: Some(missing),
        });
    }
    for control in controls {
        if let Some(how) = control.control.not_visible {
            all.push(NotVisible {
                what: control.control.title.to_owned(),
                reason: "outside what the API tells".to_owned(),
                how: how.to_owned(),
                missing: None,
            });
        }
    }
    all
}

/// Blind places of a kind.
pub(super) fn blind_places(world: &World, kind: Kind) -> Vec<Missing> {
    let wide = world.sight().blind(kind, None);
    let narrow = world
        .sight()
        .narrow(kind)
        .filter_map(|(ns, _)| world.sight().blind(kind, Some(ns)));
    wide.into_iter().chain(narrow).collect()
}
