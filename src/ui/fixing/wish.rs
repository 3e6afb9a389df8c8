//! From rows to the question for their fix.

use crate::engine::diff::InstanceId;
use crate::engine::{Level, Query, Snapshot};
use crate::fix::Delivery;
use crate::model::change::Change;
use crate::model::{FindingId, ObjectKey};
use crate::threats::Actor;
use crate::ui::facts;
use crate::ui::ladder::is_namespace;
use crate::ui::row::RowId;

/// What is to be fixed, taken down when the pane opens: a cut that was made is no longer in the list of cuts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wish {
    /// Findings.
    pub findings: Vec<FindingId>,
    /// Namespaces and workloads to be brought to a level.
    pub levels: Vec<(ObjectKey, Level)>,
    /// Changes of cuts, each once.
    pub changes: Vec<Change>,
    /// What the changes are, in a few words each.
    pub says: Vec<String>,
    /// Of one story instance alone: the changes that stop it.
    ways: Vec<Way>,
}

/// One of several changes that stop the same story.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// What it is, in a few words.
    pub says: String,
    changes: Vec<Change>,
}

impl Wish {
    /// Of rows. A story instance is fixed by the change that ends it and most others with it.
    pub fn of(rows: &[RowId], snapshot: &Snapshot) -> Wish {
        let mut wish = Wish::default();
        for row in rows {
            match row {
                RowId::Finding(id) => wish.findings.push((**id).clone()),
                RowId::Cut(says) => {
                    if let Some(cut) = facts::cut(snapshot, says) {
                        wish.add(cut.changes.clone(), cut.says.clone());
                    }
                }
                RowId::Level(rung) => wish.levels.push((**rung).clone()),
                RowId::Instance(story, actor) => {
                    let ways = ways(story, actor, snapshot);
                    if let Some(best) = ways.first() {
                        wish.add(best.changes.clone(), best.says.clone());
                    }
                    if rows.len() == 1 {
                        wish.ways = ways;
                    }
                }
                _ => {}
            }
        }
        wish
    }

    /// The changes that stop the story it is about, the best first; empty where it is about more or other things.
    pub fn ways(&self) -> &[Way] {
        &self.ways
    }

    /// Wishes for another of its ways.
    pub fn choose(&mut self, way: usize) {
        if let Some(way) = self.ways.get(way).cloned() {
            self.changes = way.changes;
            self.says = vec![way.says];
        }
    }

    /// What stands above the fix: nothing where the ways say it.
    pub fn titles(&self) -> &[String] {
        if self.ways.len() > 1 { &[] } else { &self.says }
    }

    fn add(&mut self, changes: Vec<Change>, says: String) {
        for change in changes {
            if !self.changes.contains(&change) {
                self.changes.push(change);
            }
        }
        if !self.says.contains(&says) {
            self.says.push(says);
        }
    }

    /// Nothing to ask for.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty() && self.changes.is_empty() && self.levels.is_empty()
    }

    /// The questions for the fix in a style, by one of its ways; `context` is the one that kubectl must be told.
    pub fn queries(&self, context: Option<&str>, style: &str, choice: usize) -> Vec<Query> {
        let delivery = Delivery {
            context: context.map(str::to_owned),
            ..Delivery::stdin()
        };
        let mut all = Vec::new();
        if !self.findings.is_empty() {
            all.push(Query::Fix {
                findings: self.findings.clone(),
                choice,
                style: style.to_owned(),
                delivery: delivery.clone(),
            });
        }
        let rungs = self.levels.iter();
        all.extend(rungs.map(|(key, level)| climb(key, *level, style, &delivery)));
        if !self.changes.is_empty() {
            all.push(Query::Cut {
                changes: self.changes.clone(),
                style: style.to_owned(),
                delivery,
            });
        }
        all
    }

    /// What names a file of it.
    pub fn parts(&self) -> Vec<String> {
        if let ([(key, level)], []) = (&self.levels[..], &self.findings[..]) {
            return vec![level.word().to_owned(), key.name.to_string()];
        }
        match (&self.findings[..], &self.changes[..]) {
            ([one], []) => {
                let namespace = one.object.namespace.as_deref().map(str::to_owned);
                std::iter::once(one.check.to_owned())
                    .chain(namespace)
                    .chain([one.object.name.to_string()])
                    .collect()
            }
            ([], [first, ..]) => vec!["cut".to_owned(), first.object.name.to_string()],
            (findings, _) => vec!["fix".to_owned(), format!("{}-findings", findings.len())],
        }
    }

    /// What it is, for the breadcrumb.
    pub fn title(&self) -> String {
        if let ([(key, level)], []) = (&self.levels[..], &self.findings[..]) {
            return format!("{key} to {}", level.word());
        }
        match (&self.findings[..], &self.says[..]) {
            ([one], []) => format!("fix {}", one.object),
            ([], [one]) => format!("cut: {one}"),
            ([], []) => "fix".to_owned(),
            (findings, says) => format!("fix of {}", findings.len() + says.len()),
        }
    }
}

/// What stops a story instance: the change that ends most others with it, then those that its steps name.
fn ways(story: &'static str, actor: &Actor, snapshot: &Snapshot) -> Vec<Way> {
    let id = InstanceId {
        story,
        actor: actor.clone(),
    };
    let best = snapshot.cuts.iter().find(|cut| cut.ends.contains(&id));
    let mut ways: Vec<Way> = best
        .map(|cut| Way {
            says: cut.says.clone(),
            changes: cut.changes.clone(),
        })
        .into_iter()
        .collect();
    let instance = facts::instance(snapshot, story, actor);
    let steps = instance.into_iter().flat_map(|i| &i.steps);
    for change in steps.flat_map(|step| &step.cuts) {
        let says = change.says();
        if !ways.iter().any(|way| way.says == says) {
            ways.push(Way {
                says,
                changes: vec![change.clone()],
            });
        }
    }
    ways
}

/// The question that leads up to a level.
fn climb(key: &ObjectKey, level: Level, style: &str, delivery: &Delivery) -> Query {
    let (style, delivery) = (style.to_owned(), delivery.clone());
    if is_namespace(key) {
        Query::Raise {
            namespace: key.name.clone(),
            level,
            version: None,
            style,
            delivery,
        }
    } else {
        Query::Harden {
            object: key.clone(),
            level,
            version: None,
            style,
            delivery,
        }
    }
}
