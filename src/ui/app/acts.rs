//! Actions carried out: the middle between commands, panes and the state.

use super::App;
use super::core::Core;
use super::prompt::{Outcome, Prompt};
use super::way::{Level, Place, level};
use crate::engine::Query;
use crate::term::Why;
use crate::ui::action::{Action, Choice, Motion, PaneMsg};
use crate::ui::command;
use crate::ui::context::Context;
use crate::ui::effect::{Effect, Effects};
use crate::ui::filter::Filter;
use crate::ui::memory::Memory;
use crate::ui::msg::Note;
use crate::ui::pane::Pane;
use crate::ui::row::{RowId, Target};

impl App {
    /// Runs a command by its id, or says why it cannot run here.
    pub(super) fn run(&mut self, id: &str, effects: &mut Effects) {
        let Some(command) = command::find(id) else {
            return;
        };
        let outcome = self.with_context(|cx| (command.enabled)(cx).map(|()| (command.run)(cx)));
        match outcome {
            Some(Ok(actions)) => self.act_all(actions, effects),
            Some(Err(why)) => {
                self.core.note = Some(Note::notice(format!("{}: {why}", command.help)))
            }
            None => {}
        }
    }

    pub(super) fn act_all(&mut self, actions: Vec<Action>, effects: &mut Effects) {
        for action in actions {
            self.act(action, effects);
        }
    }

    /// Carries out one action.
    pub(super) fn act(&mut self, action: Action, effects: &mut Effects) {
        match action {
            Action::Pane(msg) => self.tell(&msg, effects),
            Action::Do(effect) => effects.push(effect),
            Action::Ask(query) => self.ask(query, effects),
            Action::Wake(at) => self.core.wake_at(at),
            Action::Open(pane, target) => self.open((pane, target), effects),
            Action::OpenNode(pane, rows) => self.open_node(pane, rows, effects),
            Action::Swap(pane, target) => {
                self.way.close_over();
                self.open((pane, target), effects);
            }
            Action::Go(pane, target) => self.go(Some((pane, target)), effects),
            Action::Home => self.go(None, effects),
            Action::CloseOver => {
                self.way.close_over();
                self.refresh(effects);
            }
            Action::Leave => {
                self.leave(effects);
            }
            Action::LeaveOrQuit => {
                if !self.leave(effects) {
                    effects.push(Effect::Quit);
                }
            }
            Action::Back => self.history(effects, |way, make| way.step(true, make)),
            Action::Forward => self.history(effects, |way, make| way.step(false, make)),
            Action::Last => self.history(effects, |way, make| way.back_to_last(make)),
            Action::AskFilter => {
                let text = self.way.front().map_or("", |front| front.filter.text());
                self.prompt = Some(Prompt::new(text));
            }
            Action::Filter(text) => self.filter(&text, effects),
            Action::Choose(choice) => self.choose(choice, effects),
            Action::Mark => self.mark(effects),
            Action::Unmark => self.core.marks.clear(),
            Action::Run(id) => self.run(id, effects),
            Action::Note(note) => self.core.note = Some(note),
            Action::Quit => effects.push(Effect::Quit),
        }
    }

    /// Gives a message to the pane that has the keys.
    fn tell(&mut self, msg: &PaneMsg, effects: &mut Effects) {
        let App { core, way, .. } = self;
        let actions = if let Some(over) = way.over.last_mut() {
            with_main(core, way.main.last(), |below| {
                touch(core, over, below, |pane, cx| pane.update(cx, msg))
            })
        } else if let Some(main) = way.main.last_mut() {
            touch(core, main, None, |pane, cx| pane.update(cx, msg))
        } else {
            Vec::new()
        };
        self.act_all(actions, effects);
    }

    /// Gives a message to every open pane.
    pub(super) fn tell_all(&mut self, msg: &PaneMsg, effects: &mut Effects) {
        let App { core, way, .. } = self;
        let mut actions = Vec::new();
        for level in way.main.iter_mut().chain(&mut way.over) {
            actions.extend(touch(core, level, None, |pane, cx| pane.update(cx, msg)));
        }
        self.act_all(actions, effects);
        effects.mark(Why::Rows);
    }

    /// Brings the rows of what is on the screen up to date.
    pub(super) fn refresh(&mut self, effects: &mut Effects) {
        let App { core, way, .. } = self;
        let mut actions = Vec::new();
        if let Some(main) = way.main.last_mut() {
            actions.extend(touch(core, main, None, |pane, cx| pane.refresh(cx)));
        }
        for over in &mut way.over {
            actions.extend(with_main(core, way.main.last(), |below| {
                touch(core, over, below, |pane, cx| pane.refresh(cx))
            }));
        }
        // Bringing rows up to date must not lead anywhere else: it happens without a key.
        let quiet = |action: &Action| {
            use Action::{Ask, Do, Note, Wake};
            matches!(action, Ask(_) | Do(_) | Note(_) | Wake(_))
        };
        self.act_all(actions.into_iter().filter(quiet).collect(), effects);
    }

    /// Reads the context of the pane that has the keys.
    pub(super) fn with_context<T>(&self, read: impl FnOnce(&Context<'_>) -> T) -> Option<T> {
        let main = self.way.main.last()?;
        let row = main.pane.selected();
        let below = self.core.context_of(main, row.as_ref());
        let Some(over) = self.way.over.last() else {
            return Some(read(&below));
        };
        let own = over.pane.selected();
        let mut cx = self.core.context_of(over, own.as_ref().or(row.as_ref()));
        cx.beneath = Some(&below);
        Some(read(&cx))
    }

    /// What a key made of the filter that is typed.
    pub(super) fn prompted(&mut self, outcome: Outcome, effects: &mut Effects) {
        match outcome {
            Outcome::Typed(text) => self.filter(&text, effects),
            Outcome::Kept => self.prompt = None,
            Outcome::Dropped(text) => {
                self.prompt = None;
                self.filter(&text, effects);
            }
            Outcome::Moved(motion) => self.tell(&PaneMsg::Move(motion), effects),
            Outcome::Quit => effects.push(Effect::Quit),
            Outcome::Nothing => {}
        }
    }

    fn ask(&mut self, query: Query, effects: &mut Effects) {
        if let Some(number) = self.core.ask(&query) {
            effects.push(Effect::Ask { number, query });
        }
    }

    fn open(&mut self, place: Place, effects: &mut Effects) {
        self.travel(effects, |way, make| way.open(place, make));
    }

    fn go(&mut self, place: Option<Place>, effects: &mut Effects) {
        self.travel(effects, |way, make| way.go_to(place, make));
    }

    fn open_node(&mut self, pane: &'static str, rows: Vec<RowId>, effects: &mut Effects) {
        let rows = if rows.is_empty() {
            self.with_context(|cx| self.way.front().map(|front| front.pane.node(cx)))
                .flatten()
                .unwrap_or_default()
        } else {
            rows
        };
        if rows.is_empty() {
            self.core.note = Some(Note::notice("nothing to fix in this node"));
        } else {
            self.open((pane, Target::Rows(rows)), effects);
        }
    }

    /// One step out; false at the first screen.
    fn leave(&mut self, effects: &mut Effects) -> bool {
        let filtered = self
            .way
            .front()
            .is_some_and(|front| !front.filter.text().is_empty());
        if self.way.close_over() {
            self.refresh(effects);
        } else if filtered {
            self.filter("", effects);
        } else if self.core.full && self.with_context(|cx| cx.splits) == Some(true) {
            self.choose(Choice::Full, effects);
        } else {
            let mut left = false;
            self.travel(effects, |way, make| left = way.leave(make));
            return left;
        }
        true
    }

    fn history(
        &mut self,
        effects: &mut Effects,
        step: impl FnOnce(&mut super::way::Way, &dyn Fn(&Place) -> Option<Level>) -> bool,
    ) {
        let mut moved = false;
        self.travel(effects, |way, make| moved = step(way, make));
        if !moved {
            self.core.note = Some(Note::notice("no other place was visited"));
        }
    }

    /// Changes the way and brings what is shown then up to date.
    fn travel(
        &mut self,
        effects: &mut Effects,
        change: impl FnOnce(&mut super::way::Way, &dyn Fn(&Place) -> Option<Level>),
    ) {
        let App { core, way, .. } = self;
        let row = way.main.last().and_then(|main| main.pane.selected());
        let make = |place: &Place| {
            let def = crate::ui::panes::pane(place.0)?;
            let none = Filter::default();
            let cx = core.context(def, &place.1, &none, None, row.as_ref());
            level(&cx, place)
        };
        change(way, &make);
        self.refresh(effects);
    }

    /// Another cluster came: nothing that is held by the identity of its rows means the same there.
    pub(super) fn start_anew(&mut self, effects: &mut Effects) {
        let before = self.way.front().map(Level::place);
        let App { core, way, .. } = self;
        way.start_anew(&|place: &Place| {
            let def = crate::ui::panes::pane(place.0)?;
            let none = Filter::default();
            level(&core.context(def, &place.1, &none, None, None), place)
        });
        // A filter that is being typed goes on only where it was begun.
        if self.way.front().map(Level::place) != before {
            self.prompt = None;
        }
        self.refresh(effects);
    }

    fn filter(&mut self, text: &str, effects: &mut Effects) {
        if let Some(front) = self.way.front_mut() {
            front.filter = Filter::parse(text);
        }
        self.refresh(effects);
    }

    fn mark(&mut self, effects: &mut Effects) {
        let Some(row) = self.way.front().and_then(|front| front.pane.selected()) else {
            return;
        };
        if !self.core.marks.remove(&row) {
            self.core.marks.insert(row);
        }
        self.tell(&PaneMsg::Move(Motion::Down), effects);
    }

    fn choose(&mut self, choice: Choice, effects: &mut Effects) {
        let core = &mut self.core;
        let lasting = match choice {
            Choice::Floor => {
                core.prefs.raise_floor();
                true
            }
            Choice::Sort => {
                core.prefs.sort = core.prefs.sort.next();
                true
            }
            Choice::System => {
                core.prefs.hide_system = !core.prefs.hide_system;
                true
            }
            Choice::View(threat, view) => {
                core.prefs.views.insert(threat, view);
                true
            }
            Choice::Freeze => {
                core.freeze();
                false
            }
            Choice::Full => {
                core.full = !core.full;
                false
            }
        };
        if lasting {
            effects.push(Effect::Remember(Box::new(Memory::of(&self.core.prefs))));
        }
        self.refresh(effects);
    }
}

/// Something done with a pane and its context.
fn touch<T>(
    core: &Core,
    level: &mut Level,
    below: Option<&Context<'_>>,
    work: impl FnOnce(&mut dyn Pane, &Context<'_>) -> T,
) -> T {
    let Level {
        def,
        target,
        filter,
        pane,
    } = level;
    let own = pane.selected();
    let row = own.as_ref().or(below.and_then(|below| below.selected));
    let mut cx = core.context(def, target, filter, Some(&**pane), row);
    cx.beneath = below;
    work(&mut **pane, &cx)
}

/// Something done with the context of the pane below an overlay.
fn with_main<T>(
    core: &Core,
    main: Option<&Level>,
    work: impl FnOnce(Option<&Context<'_>>) -> T,
) -> T {
    let row = main.and_then(|main| main.pane.selected());
    let below = main.map(|main| core.context_of(main, row.as_ref()));
    work(below.as_ref())
}
