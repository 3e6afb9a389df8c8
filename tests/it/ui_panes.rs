//! What every pane promises, proven for each file in `src/ui/panes/` without a line written for it.

use std::collections::BTreeSet;
use std::sync::Arc;

use bartizan::engine::Snapshot;
use bartizan::model::{ObjectKey, Part, Severity, ThreatId};
use bartizan::theme::{ColourLevel, Meaning, Theme, Themes};
use bartizan::threats::Actor;
use bartizan::ui::canvas::Canvas;
use bartizan::ui::filter::Filter;
use bartizan::ui::keys::Keymap;
use bartizan::ui::pane::{Pane, PaneDef, Slot};
use bartizan::ui::{Catalogue, Context, Glyphs, Prefs, RowId, Target, command, panes};
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

use crate::ui_world::{catalogue, deploy, finding, now, snapshot};

/// Everything a context borrows.
struct Room {
    snapshot: Arc<Snapshot>,
    catalogue: Arc<Catalogue>,
    theme: Theme,
    keymap: Keymap,
    prefs: Prefs,
    filter: Filter,
    marks: BTreeSet<RowId>,
    themes: Vec<String>,
    zone: TimeZone,
    glyphs: &'static Glyphs,
}

impl Room {
    fn new(snapshot: Snapshot, theme: Theme, ascii: bool) -> Room {
        Room {
            snapshot: Arc::new(snapshot),
            catalogue: Arc::new(catalogue()),
            theme,
            keymap: Keymap::default(),
            prefs: Prefs::default(),
            filter: Filter::default(),
            marks: BTreeSet::new(),
            themes: vec!["default16".into()],
            zone: TimeZone::UTC,
            glyphs: Glyphs::of(ascii),
        }
    }

    fn context<'a>(
        &'a self,
        def: &PaneDef,
        target: &'a Target,
        screen: Rect,
        area: Rect,
    ) -> Context<'a> {
        Context {
            snapshot: &self.snapshot,
            catalogue: &self.catalogue,
            theme: &self.theme,
            glyphs: self.glyphs,
            now: now(),
            zone: &self.zone,
            screen,
            area,
            prefs: &self.prefs,
            marks: &self.marks,
            filter: &self.filter,
            pane: def.id,
            target,
            selected: None,
            filters: true,
            splits: false,
            frozen: None,
            trouble: None,
            full: false,
            keymap: &self.keymap,
            themes: &self.themes,
            beneath: None,
        }
    }

    fn open(&self, def: &PaneDef, target: &Target, screen: Rect, area: Rect) -> Box<dyn Pane> {
        let cx = self.context(def, target, screen, area);
        let mut pane = (def.open)(&cx, target);
        let _ = pane.refresh(&cx);
        pane
    }

    fn draw(
        &self,
        def: &PaneDef,
        pane: &dyn Pane,
        target: &Target,
        screen: Rect,
        area: Rect,
    ) -> Buffer {
        let cx = self.context(def, target, screen, area);
        let mut buffer = Buffer::filled(screen, ratatui::buffer::Cell::new("#"));
        let mut caret = None;
        let mut whole = Canvas::new(screen, &mut buffer, &mut caret, &self.theme, self.glyphs);
        let mut canvas = whole.part(area);
        canvas.clear(Meaning::Text);
        pane.draw(&cx, &mut canvas);
        buffer
    }
}

fn mono() -> Theme {
    Themes::built_in()
        .get("default16", ColourLevel::Mono)
        .unwrap()
}

fn targets() -> Vec<Target> {
    let row = finding(
        "privileged",
        &deploy("shop", "cart"),
        Part::Container("cart".into()),
        Severity::Critical,
    );
    let id = row.finding().unwrap().id.clone();
    let mut all = vec![
        Target::Whole,
        Target::Row(RowId::Finding(Box::new(id.clone()))),
        Target::Row(RowId::Instance(
            "token-reads-secrets",
            Actor::Object(deploy("shop", "cart")),
        )),
        Target::Row(RowId::Namespace("shop".into())),
        Target::Row(RowId::Object(deploy("shop", "gone"))),
        Target::Row(RowId::Cut(
            "do not mount the token in shop (2 objects)".into(),
        )),
        Target::Rows(vec![
            RowId::Finding(Box::new(id)),
            RowId::Object(ObjectKey::of_namespace("shop")),
        ]),
        Target::Text("first".into()),
    ];
    all.extend(ThreatId::ALL.map(Target::Threat));
    all
}

const SIZES: [(u16, u16); 14] = [
    (1, 1),
    (2, 2),
    (3, 7),
    (9, 3),
    (19, 4),
    (20, 5),
    (33, 9),
    (59, 14),
    (60, 15),
    (80, 22),
    (96, 24),
    (120, 38),
    (160, 48),
    (200, 60),
];

#[test]
fn every_pane_draws_at_every_size_inside_its_area() {
    let room = Room::new(snapshot(), mono(), false);
    for def in panes::ALL {
        for target in targets() {
            for (width, height) in SIZES {
                let screen = Rect::new(0, 0, width + 4, height + 4);
                let area = Rect::new(2, 2, width, height);
                let pane = room.open(def, &target, screen, area);
                let buffer = room.draw(def, &*pane, &target, screen, area);
                for position in screen.positions().filter(|p| !area.contains(*p)) {
                    assert_eq!(
                        buffer[position].symbol(),
                        "#",
                        "{} {target:?} wrote at {position} of {width}x{height}",
                        def.id
                    );
                }
            }
        }
    }
}

#[test]
fn drawing_twice_is_identical() {
    let room = Room::new(snapshot(), mono(), false);
    let screen = Rect::new(0, 0, 80, 24);
    for def in panes::ALL {
        for target in targets() {
            let pane = room.open(def, &target, screen, screen);
            let first = room.draw(def, &*pane, &target, screen, screen);
            assert_eq!(
                first,
                room.draw(def, &*pane, &target, screen, screen),
                "{}",
                def.id
            );
        }
    }
}

#[test]
fn ascii_mode_writes_only_ascii_and_mono_no_colour() {
    let room = Room::new(snapshot(), mono(), true);
    for def in panes::ALL {
        for (width, height) in [(80, 24), (120, 40)] {
            let screen = Rect::new(0, 0, width, height);
            for target in targets() {
                let pane = room.open(def, &target, screen, screen);
                let buffer = room.draw(def, &*pane, &target, screen, screen);
                for (at, cell) in buffer.content.iter().enumerate() {
                    assert!(
                        cell.symbol().is_ascii(),
                        "{} {:?} wrote {:?}",
                        def.id,
                        buffer.pos_of(at),
                        cell.symbol()
                    );
                    assert_eq!(
                        (cell.fg, cell.bg),
                        (Color::Reset, Color::Reset),
                        "{}",
                        def.id
                    );
                }
            }
        }
    }
}

/// Nothing is known yet: no pane may claim anything, and none may fall over.
#[test]
fn every_pane_draws_before_the_first_fact() {
    let room = Room::new(Snapshot::default(), mono(), true);
    let screen = Rect::new(0, 0, 80, 24);
    for def in panes::ALL {
        for target in targets() {
            let pane = room.open(def, &target, screen, screen);
            let buffer = room.draw(def, &*pane, &target, screen, screen);
            let text: String = buffer
                .content
                .iter()
                .map(ratatui::buffer::Cell::symbol)
                .collect();
            for claim in [
                "HELD",
                "GUARDED",
                "UNSURE",
                "all 0 controls hold",
                "no story works",
            ] {
                assert!(!text.contains(claim), "{} claims {claim:?}: {text}", def.id);
            }
        }
    }
}

#[test]
fn every_command_has_an_id_a_help_and_keys_that_can_be_read() {
    let mut ids = BTreeSet::new();
    for listed in command::commands() {
        assert!(ids.insert(listed.id), "{} twice", listed.id);
        assert!(
            !listed.help.is_empty() && listed.help.len() <= 44,
            "{}: {:?}",
            listed.id,
            listed.help
        );
        assert!(listed.help.is_ascii());
        for key in listed.keys.split_whitespace() {
            let parsed: bartizan::term::Key = key.parse().unwrap();
            assert_eq!(
                parsed.to_string(),
                key,
                "{} spells its key otherwise",
                listed.id
            );
        }
    }
}

#[test]
fn every_bar_names_commands_that_exist_and_every_pane_says_what_it_is() {
    for def in panes::ALL {
        assert!(
            !def.about.is_empty() && def.about.ends_with('.'),
            "{}",
            def.id
        );
        for id in def.bar {
            let command =
                command::find(id).unwrap_or_else(|| panic!("{}: no command {id}", def.id));
            assert!(
                !command.keys.is_empty(),
                "{}: {id} has no key for the bar",
                def.id
            );
        }
        if let Slot::Over { width, height } = def.slot {
            assert!(width >= 20 && height >= 5, "{}", def.id);
        }
    }
}
