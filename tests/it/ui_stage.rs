//! The explorer on a stage: a world from examples, its engine, keys in and cells out.

use std::sync::Arc;

use bartizan::engine::{Engine, Query, Snapshot};
use bartizan::model::cluster::SourceName;
use bartizan::term::Key;
use bartizan::theme::Theme;
use bartizan::threats;
use bartizan::ui::keys::Keymap;
use bartizan::ui::{App, Catalogue, Effect, Msg, Settings};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::example_world::world;

/// An explorer with its engine.
pub struct Stage {
    pub app: App,
    pub engine: Engine,
    pub snapshot: Arc<Snapshot>,
    /// Everything that was asked for and not looked at yet.
    pub effects: Vec<Effect>,
    now: Timestamp,
    screen: Rect,
}

impl Stage {
    /// On the first example on which this story works.
    pub fn of_story(id: &str) -> Stage {
        let entry = threats::story(id).unwrap();
        let example = entry.rule.examples.iter().find(|e| e.fires).unwrap();
        Stage::of(Engine::of(world(example)), 80, 24)
    }

    /// On an engine.
    pub fn of(mut engine: Engine, width: u16, height: u16) -> Stage {
        while engine.think() == bartizan::engine::Thought::More {}
        let mut snapshot = (*engine.publish()).clone();
        let mut cluster = (*snapshot.cluster).clone();
        cluster.source = SourceName::Files;
        snapshot.cluster = Arc::new(cluster);
        let snapshot = Arc::new(snapshot);
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let app = App::new(Settings {
            theme: Theme::plain(),
            themes: vec!["default16".into(), "mono".into()],
            keymap: Keymap::default(),
            ascii: true,
            zone: TimeZone::UTC,
            now,
            catalogue: Catalogue::registered(),
        });
        let mut stage = Stage {
            app,
            engine,
            snapshot,
            effects: Vec::new(),
            now,
            screen: Rect::new(0, 0, width, height),
        };
        stage.send(Msg::Resize(width, height));
        stage.send(Msg::Snapshot(stage.snapshot.clone()));
        stage
    }

    pub fn send(&mut self, msg: Msg) {
        self.effects.extend(self.app.update(msg).all);
    }

    /// Gives the screen another size.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.screen = Rect::new(0, 0, width, height);
        self.send(Msg::Resize(width, height));
    }

    /// Presses keys, as keymaps spell them.
    pub fn keys(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            let key: Key = key.parse().unwrap();
            self.send(Msg::Key(key));
        }
    }

    /// Types characters.
    pub fn types(&mut self, text: &str) {
        for c in text.chars() {
            self.send(Msg::Key(Key::char(c)));
        }
    }

    /// Shows another snapshot, some seconds later.
    pub fn show(&mut self, change: impl FnOnce(&mut Snapshot)) {
        self.pass(SignedDuration::from_secs(5));
        self.show_at_once(change);
    }

    /// The moment that it is.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Lets time pass, in which nothing else happens.
    pub fn pass(&mut self, time: SignedDuration) {
        self.now += time;
        self.send(Msg::Tick(self.now));
    }

    /// Shows another snapshot, in the same moment.
    pub fn show_at_once(&mut self, change: impl FnOnce(&mut Snapshot)) {
        let mut next = (*self.snapshot).clone();
        next.generation += 1;
        change(&mut next);
        self.snapshot = Arc::new(next);
        self.send(Msg::Snapshot(self.snapshot.clone()));
    }

    /// Takes the effects since the last time.
    pub fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Takes the questions since the last time; what else was wished for is dropped.
    pub fn questions(&mut self) -> Vec<(u64, Query)> {
        let ask = |effect| match effect {
            Effect::Ask { number, query } => Some((number, query)),
            _ => None,
        };
        self.take().into_iter().filter_map(ask).collect()
    }

    /// Answers as the engine does, as of a generation.
    pub fn answer(&mut self, (number, query): (u64, Query), generation: u64) {
        let answer = self.engine.ask(&query);
        self.send(Msg::Answer {
            number,
            generation,
            answer,
        });
    }

    /// What was copied since the last time.
    pub fn copies(&mut self) -> Vec<String> {
        let copy = |effect| match effect {
            Effect::Copy { text, .. } => Some(text),
            _ => None,
        };
        self.take().into_iter().filter_map(copy).collect()
    }

    /// The screen, a line each.
    pub fn screen(&self) -> Vec<String> {
        let mut buffer = Buffer::empty(self.screen);
        self.app.paint(self.screen, &mut buffer);
        let line = |y| (0..self.screen.width).map(move |x| (x, y));
        (0..self.screen.height)
            .map(|y| {
                let cells = line(y).map(|at| buffer.cell(at).unwrap().symbol().to_owned());
                cells.collect::<String>().trim_end().to_owned()
            })
            .collect()
    }

    /// A part of the screen's text is there.
    pub fn sees(&self, text: &str) {
        let screen = self.screen().join("\n");
        assert!(screen.contains(text), "no {text:?} in\n{screen}");
    }
}
