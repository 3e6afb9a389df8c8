//! The Pod Security ladder of a namespace or a workload: where it stands, what each level would refuse, and the settings
//! of each container that this rests on. `y` on a level copies the change that leads up to it.

use std::collections::BTreeSet;

use crate::engine::{
    Answer, ContainerSettings, Level, NamespaceStanding, Query, RejectedWorkload, WorkloadStanding,
};
use crate::model::ObjectKey;
use crate::theme::Meaning;
use crate::ui::action::{Action, Answered};
use crate::ui::again::Again;
use crate::ui::canvas::{Cell, owned};
use crate::ui::context::Context;
use crate::ui::ladder::{self, climbs, is_namespace};
use crate::ui::list::Drawn;
use crate::ui::listing::{Listing, Rows};
use crate::ui::pane::{PaneDef, Slot};
use crate::ui::row::{Path, RowId, Target};
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "levels",
    title: "levels",
    about: "The Pod Security levels of a namespace or a workload: which it meets, what stands between it and the next, and what a raise would refuse.",
    slot: Slot::Main,
    bar: &["open", "fix.one", "look.evidence", "find.help", "leave"],
    commands: &[],
    open: |_, target| Box::new(Listing::new(Levels::new(target))),
};

#[derive(Debug)]
struct Levels {
    /// The Namespace or the workload.
    about: Option<ObjectKey>,
    namespace: Option<NamespaceStanding>,
    workload: Option<WorkloadStanding>,
    settings: Vec<ContainerSettings>,
    again: Again,
    answered: bool,
}

impl Levels {
    fn new(target: &Target) -> Levels {
        Levels {
            about: target.rows().first().and_then(climbs),
            namespace: None,
            workload: None,
            settings: Vec::new(),
            again: Again::default(),
            answered: false,
        }
    }

    fn queries(&self) -> Vec<Query> {
        match &self.about {
            Some(key) if is_namespace(key) => {
                vec![Query::NamespaceStandings(vec![key.name.clone()])]
            }
            Some(key) => vec![
                Query::WorkloadStanding(key.clone()),
                Query::Settings(key.clone()),
            ],
            None => Vec::new(),
        }
    }

    /// Workloads that a level refuses.
    fn refused(&self, level: Level) -> &[RejectedWorkload] {
        match (&self.namespace, level) {
            (Some(standing), Level::Baseline) => &standing.baseline,
            (Some(standing), Level::Restricted) => &standing.restricted,
            _ => &[],
        }
    }

    /// How a level stands, in a few words.
    fn state(&self, level: Level) -> (String, Meaning) {
        if !self.answered {
            return ("...".to_owned(), Meaning::Loading);
        }
        let n = match &self.workload {
            Some(standing) => ladder::between(standing, level).len(),
            None => self.refused(level).len(),
        };
        if n == 0 {
            let hidden = self
                .namespace
                .as_ref()
                .is_some_and(|s| !s.missing.is_empty());
            return if hidden {
                ("met by what is visible".to_owned(), Meaning::Unknown)
            } else {
                ("met".to_owned(), Meaning::Better)
            };
        }
        let says = if self.workload.is_some() {
            counted(n, "control between", "controls between")
        } else {
            counted(n, "workload refused", "workloads refused")
        };
        (says, Meaning::Fires)
    }
}

impl Rows for Levels {
    fn ask(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let queries = self.queries();
        self.again.ask(cx, queries.into_iter())
    }

    fn answered(&mut self, answered: &Answered) {
        if !self.queries().contains(&answered.query) {
            return;
        }
        match &answered.answer {
            Answer::NamespaceStandings(all) => self.namespace = all.first().cloned(),
            Answer::WorkloadStanding(standing) => self.workload = standing.as_deref().cloned(),
            Answer::Settings(settings) => {
                self.settings.clone_from(settings);
                return;
            }
            _ => return,
        }
        self.answered = true;
    }

    fn rows(&self, _: &Context<'_>, open: &BTreeSet<Path>) -> Vec<Path> {
        let Some(key) = &self.about else {
            return Vec::new();
        };
        let mut rows = Vec::new();
        for level in [Level::Restricted, Level::Baseline] {
            let rung: Path = vec![RowId::Level(Box::new((key.clone(), level)))];
            let opened = open.contains(&rung);
            rows.push(rung.clone());
            for refused in self.refused(level).iter().filter(|_| opened) {
                let mut path = rung.clone();
                path.push(RowId::Object(refused.workload.clone()));
                rows.push(path);
            }
        }
        let containers = self.settings.iter();
        rows.extend(containers.map(|c| vec![RowId::Choice(ladder::name(c).into())]));
        rows
    }

    fn row(&self, cx: &Context<'_>, path: &Path, open: bool) -> Drawn<'static> {
        match path.last() {
            Some(RowId::Level(rung)) => {
                let (says, meaning) = self.state(rung.1);
                let sign = if !self.is_branch(cx, path) {
                    " "
                } else if open {
                    cx.glyphs.open
                } else {
                    cx.glyphs.closed
                };
                let enforced = self.namespace.as_ref().and_then(|s| s.enforced?.level);
                let here = if enforced == Some(rung.1) {
                    "enforced"
                } else {
                    ""
                };
                Drawn::plain(vec![
                    Cell::fixed(1, Piece::new(sign, Meaning::Muted)),
                    Cell::fixed(10, Piece::new(rung.1.word(), Meaning::Title)),
                    Cell::grow(12, vec![owned(says, meaning)]),
                    Cell::fixed(8, Piece::new(here, Meaning::Better)),
                ])
            }
            Some(RowId::Object(key)) => Drawn::plain(vec![
                Cell::fixed(3, Piece::new("", Meaning::Text)),
                Cell::grow(20, vec![owned(&*key.name, Meaning::Text)]).name(),
                Cell::fixed(11, owned(key.kind.name(), Meaning::Muted)),
            ]),
            Some(RowId::Choice(name)) => {
                let found = self.settings.iter().find(|c| ladder::name(c) == **name);
                let what = found.map_or("", ladder::what);
                Drawn::plain(vec![
                    Cell::fixed(1, Piece::new("", Meaning::Text)),
                    Cell::grow(20, vec![owned(&**name, Meaning::Text)]).name(),
                    Cell::fixed(22, Piece::new(what, Meaning::Muted)),
                ])
            }
            _ => Drawn::default(),
        }
    }

    fn sheet(&self, _: &Context<'_>, path: &Path) -> Sheet {
        let mut sheet = Sheet::new();
        match path.last() {
            Some(RowId::Level(rung)) => {
                if let Some(standing) = &self.workload {
                    ladder::workload(standing, rung.1, &mut sheet);
                } else if let Some(standing) = &self.namespace {
                    ladder::namespace(standing, rung.1, &mut sheet);
                } else if self.answered {
                    let gone = "This is gone: neither template nor pods are there.";
                    sheet.text(vec![Piece::new(gone, Meaning::Gone)]);
                }
            }
            Some(RowId::Object(key)) => {
                let Some(RowId::Level(rung)) = path.first() else {
                    return sheet;
                };
                let mut refused = self.refused(rung.1).iter();
                if let Some(one) = refused.find(|r| r.workload == *key) {
                    ladder::refused(one, rung.1, &mut sheet);
                }
            }
            Some(RowId::Choice(name)) => {
                if let Some(one) = self.settings.iter().find(|c| ladder::name(c) == **name) {
                    ladder::settings(one, &mut sheet);
                }
            }
            _ => {}
        }
        sheet
    }

    fn is_branch(&self, _: &Context<'_>, path: &Path) -> bool {
        match &path[..] {
            [RowId::Level(rung)] => !self.refused(rung.1).is_empty(),
            _ => false,
        }
    }

    fn enter(&self, _: &Context<'_>, path: &Path) -> Option<Vec<Action>> {
        match path.last() {
            Some(row @ RowId::Object(_)) => {
                Some(vec![Action::Open("levels", Target::Row(row.clone()))])
            }
            _ => None,
        }
    }

    fn nothing(&self, _: &Context<'_>) -> String {
        "Only namespaces and workloads have Pod Security levels.".to_owned()
    }

    fn title(&self, _: &Context<'_>) -> Option<String> {
        let key = self.about.as_ref()?;
        Some(format!("{} levels", key.name))
    }
}
