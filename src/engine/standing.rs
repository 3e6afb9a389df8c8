//! From verdicts and stories to words: the state of each story, each control and each group.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::evaluation::{Evaluation, check_rules, story_rules};
use super::snapshot::Row;
use crate::model::{Missing, Str, ThreatId};
use crate::threats::{self, Check, Control, Ending, Instance, Story};
use crate::view::World;

/// A story kind, now.
#[derive(Clone, Debug)]
pub struct StoryState {
    /// The story.
    pub story: &'static Story,
    /// Works, is stopped, or cannot be known.
    pub state: State,
    /// Its instances: those that work first, then stopped ones, each in order of actor.
    pub instances: Arc<[Instance]>,
    /// What hides instances, if anything.
    pub unknown: Arc<[Missing]>,
}

/// State of a story kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// No instance works, nothing is hidden.
    Stopped,
    /// None works as far as can be seen.
    Unsure,
    /// At least one instance works.
    Works,
}

impl State {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            State::Works => "works",
            State::Unsure => "unsure",
            State::Stopped => "stopped",
        }
    }
}

impl StoryState {
    /// Instances that work.
    pub fn working(&self) -> impl Iterator<Item = &Instance> {
        self.instances.iter().filter(|i| i.works())
    }

    /// A single control holds alone somewhere: one mistake away from working.
    fn is_thin(&self) -> bool {
        let stopped: Vec<usize> = self
            .instances
            .iter()
            .filter_map(|i| match &i.ending {
                Ending::Stopped { by, .. } => Some(by.len()),
                Ending::Works => None,
            })
            .collect();
        if stopped.is_empty() {
            self.story
                .steps
                .iter()
                .map(|s| s.cut_by.len())
                .sum::<usize>()
                < 2
        } else {
            stopped.iter().any(|controls| *controls < 2)
        }
    }
}

/// A control, now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlState {
    /// Its group.
    pub threat: ThreatId,
    /// The control.
    pub control: &'static Control,
    /// Whether it holds.
    pub holds: Holds,
    /// Checks that decide it.
    pub checks: Vec<&'static str>,
}

/// Whether a control holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Nothing fires, nothing is hidden.
    Holds,
    /// It fails on so many findings.
    Fails(usize),
    /// It cannot be known.
    NotVisible,
}

impl Holds {
    /// The word on screen.
    pub fn word(&self) -> &'static str {
        match self {
            Holds::Holds => "holds",
            Holds::Fails(_) => "fails",
            Holds::NotVisible => "not visible",
        }
    }
}

/// A group's standing, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The group.
    pub threat: ThreatId,
    /// In the person's model.
    pub inside: bool,
    /// OPEN, UNSURE, GUARDED, HELD, or `...` while loading.
    pub word: Word,
    /// Story kinds that work.
    pub works: usize,
    /// Story kinds that are stopped.
    pub stopped: usize,
    /// Story kinds that cannot be known.
    pub unsure: usize,
    /// Working instances.
    pub instances: usize,
    /// Controls that fail.
    pub fails: usize,
    /// Controls that are not visible.
    pub unknown: usize,
    /// Controls in all.
    pub controls: usize,
    /// Its loudest live fact, in a sentence.
    pub line: String,
}

/// A standing's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// All stopped by two or more controls each.
    Held,
    /// All stopped, somewhere by a single control.
    Guarded,
    /// None works as far as can be seen.
    Unsure,
    /// Something works, or a control fails.
    Open,
}

impl Word {
    /// As the screen writes it.
    pub fn word(self) -> &'static str {
        match self {
            Word::Open => "OPEN",
            Word::Unsure => "UNSURE",
            Word::Guarded => "GUARDED",
            Word::Held => "HELD",
        }
    }
}

/// Every story's state.
pub fn stories(world: &World, evaluation: &Evaluation) -> Arc<[StoryState]> {
    story_rules()
        .map(|(at, story)| {
            let (mut works, mut stopped, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
            for (_, cell) in evaluation.stories.of(at) {
                for outcome in cell.outcomes.values() {
                    unknown.extend(outcome.unknown.iter().cloned());
                    for instance in &outcome.items {
                        if instance.works() {
                            works.push(instance.clone())
                        } else {
                            stopped.push(instance.clone())
                        }
                    }
                }
            }
            for kind in story_subjects(story) {
                unknown.extend(super::blind_places(world, *kind));
            }
            unknown.sort();
            unknown.dedup();
            let state = match (works.is_empty(), unknown.is_empty()) {
                (false, _) => State::Works,
                (true, false) => State::Unsure,
                (true, true) => State::Stopped,
            };
            works.sort_by(|a: &Instance, b| a.actor.cmp(&b.actor));
            works.dedup_by(|a, b| a.actor == b.actor);
            stopped.sort_by(|a: &Instance, b| a.actor.cmp(&b.actor));
            stopped.retain(|s| works.binary_search_by(|w| w.actor.cmp(&s.actor)).is_err());
            works.extend(stopped);
            StoryState {
                story,
                state,
                instances: works.into(),
                unknown: unknown.into(),
            }
        })
        .collect()
}

/// Kinds whose objects a story walks over.
fn story_subjects(story: &Story) -> &[crate::model::Kind] {
    use crate::model::Kind;
    use crate::threats::Scope;
    match &story.scope {
        Scope::Pods(_) => &[
            Kind::Pod,
            Kind::Deployment,
            Kind::StatefulSet,
            Kind::DaemonSet,
            Kind::Job,
            Kind::CronJob,
            Kind::ReplicationController,
        ],
        Scope::Object(kinds, _) => kinds,
        Scope::Namespace(_) => &[Kind::Namespace],
        Scope::Cluster(_) => &[],
    }
}

/// Every control's state, from the rows of its checks.
pub fn controls<'a>(rows: impl Iterator<Item = &'a Row>) -> Arc<[ControlState]> {
    let mut counts: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    for row in rows {
        let slot = counts.entry(row.check).or_default();
        match row.finding() {
            Some(_) => slot.0 += 1,
            None => slot.1 += 1,
        }
    }
    let of = |slug: &str| -> Vec<&'static Check> {
        check_rules()
            .map(|(_, c)| c)
            .filter(|c| c.control == slug)
            .collect()
    };
    let states = threats::threats().into_iter().flat_map(|threat| {
        threat
            .controls
            .iter()
            .map(move |control| (threat.id, control))
    });
    states
        .map(|(threat, control)| {
            let checks = of(control.slug);
            let sum = checks
                .iter()
                .map(|c| counts.get(c.id).copied().unwrap_or_default());
            let (fires, unknown) = sum.fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
            let holds = match (fires, unknown) {
                (1.., _) => Holds::Fails(fires),
                (0, 1..) => Holds::NotVisible,
                (0, 0) if control.not_visible.is_some() || checks.is_empty() => Holds::NotVisible,
                (0, 0) => Holds::Holds,
            };
            ControlState {
                threat,
                control,
                holds,
                checks: checks.into_iter().map(|c| c.id).collect(),
            }
        })
        .collect()
}

/// The five standings.
pub fn standings<'a>(
    stories: &[StoryState],
    controls: &[ControlState],
    rows: impl Iterator<Item = &'a Row> + Clone,
) -> Vec<Standing> {
    ThreatId::ALL
        .into_iter()
        .map(|threat| standing(threat, stories, controls, rows.clone()))
        .collect()
}

fn standing<'a>(
    threat: ThreatId,
    stories: &[StoryState],
    controls: &[ControlState],
    rows: impl Iterator<Item = &'a Row>,
) -> Standing {
    let own: Vec<&StoryState> = stories
        .iter()
        .filter(|s| s.story.threat == threat)
        .collect();
    let count = |state| own.iter().filter(|s| s.state == state).count();
    let (works, unsure, stopped) = (
        count(State::Works),
        count(State::Unsure),
        count(State::Stopped),
    );
    let mine: Vec<&ControlState> = controls.iter().filter(|c| c.threat == threat).collect();
    let fails = mine
        .iter()
        .filter(|c| matches!(c.holds, Holds::Fails(_)))
        .count();
    let unknown = mine.iter().filter(|c| c.holds == Holds::NotVisible).count();
    let word = if threat.is_attacker() {
        match (works, unsure) {
            (1.., _) => Word::Open,
            (0, 1..) => Word::Unsure,
            (0, 0) if own.iter().any(|s| s.is_thin()) => Word::Guarded,
            (0, 0) => Word::Held,
        }
    } else {
        match (fails, unknown) {
            (1.., _) => Word::Open,
            (0, 1..) => Word::Unsure,
            (0, 0) => Word::Held,
        }
    };
    let instances = own.iter().map(|s| s.working().count()).sum();
    let line = line(threat, &own, &mine, rows);
    Standing {
        threat,
        inside: true,
        word,
        works,
        stopped,
        unsure,
        instances,
        fails,
        unknown,
        controls: mine.len(),
        line,
    }
}

/// The loudest live fact of a group.
fn line<'a>(
    threat: ThreatId,
    stories: &[&StoryState],
    controls: &[&ControlState],
    rows: impl Iterator<Item = &'a Row>,
) -> String {
    let loudest = stories
        .iter()
        .filter(|s| s.state == State::Works)
        .max_by_key(|s| s.working().count());
    if let Some(says) = loudest
        .and_then(|s| s.working().next())
        .map(|i| i.says.clone())
    {
        let more = loudest.map_or(0, |s| s.working().count()).saturating_sub(1);
        return if more > 0 {
            format!("{} (and {more} more)", says.trim_end_matches('.'))
        } else {
            says
        };
    }
    if let Some(title) = loudest_check(threat, rows) {
        return title;
    }
    let hidden: Vec<&str> = controls
        .iter()
        .filter(|c| c.holds == Holds::NotVisible)
        .map(|c| c.control.title)
        .take(2)
        .collect();
    if hidden.is_empty() {
        "nothing found, nothing hidden".to_owned()
    } else {
        format!("not visible: {}", hidden.join("; "))
    }
}

/// The check of a group that matters most: worst severity, then most findings.
fn loudest_check<'a>(threat: ThreatId, rows: impl Iterator<Item = &'a Row>) -> Option<String> {
    let mut by_check: BTreeMap<
        &'static str,
        (
            crate::model::Severity,
            usize,
            std::collections::BTreeSet<Str>,
        ),
    > = BTreeMap::new();
    for row in rows {
        let Some(finding) = row.finding() else {
            continue;
        };
        let slot = by_check.entry(row.check).or_insert((
            finding.severity,
            0,
            std::collections::BTreeSet::new(),
        ));
        slot.0 = slot.0.max(finding.severity);
        slot.1 += 1;
        slot.2.insert(finding.id.object.home().into());
    }
    let entry = |id: &str| threats::check(id).filter(|e| e.rule.home() == threat);
    let loudest = by_check
        .iter()
        .filter(|(id, _)| entry(id).is_some())
        .max_by_key(|(_, (s, n, _))| (*s, *n))?;
    let (id, (_, count, homes)) = loudest;
    let title = entry(id)?.doc.title;
    Some(match homes.len() {
        1 => format!(
            "{title}: {count} in {}",
            homes
                .iter()
                .next()
                .map_or("", |h| if h.is_empty() { "the cluster" } else { h })
        ),
        n => format!("{title}: {count} in {n} namespaces"),
    })
}
