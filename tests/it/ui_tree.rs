//! The tree of a threat lists what its filter holds for, and finds every line again, in each view and order.

use std::collections::BTreeSet;
use std::sync::Arc;

use bartizan::engine::Snapshot;
use bartizan::model::{Part, Severity, ThreatId};
use bartizan::theme::{ColourLevel, Themes};
use bartizan::ui::filter::{Filter, Found};
use bartizan::ui::keys::Keymap;
use bartizan::ui::tree::{Expansion, Node, Tree};
use bartizan::ui::widgets::cursor::Rows as _;
use bartizan::ui::{Catalogue, Context, Glyphs, Path, Prefs, RowId, Sort, Target, view};
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use crate::ui_world::{catalogue, now, snapshot};

const FILTERS: [&str; 12] = [
    "",
    "shop",
    "cart",
    "!cart",
    "sev:critical,high",
    "!sev:low",
    "kind:deploy token",
    "check:privileged",
    "ns:shop !check:token",
    "shop/c",
    "app",
    "nothing-is-called-so",
];

struct World {
    snapshot: Arc<Snapshot>,
    catalogue: Arc<Catalogue>,
}

impl World {
    fn new() -> World {
        World {
            snapshot: Arc::new(snapshot()),
            catalogue: Arc::new(catalogue()),
        }
    }

    fn look(&self, tree: &mut Tree, filter: &Filter, prefs: &Prefs) {
        let theme = Themes::built_in().get("mono", ColourLevel::Mono).unwrap();
        let (keymap, zone, target) = (Keymap::default(), TimeZone::UTC, Target::Whole);
        let area = Rect::new(0, 0, 120, 40);
        tree.update(&Context {
            snapshot: &self.snapshot,
            catalogue: &self.catalogue,
            theme: &theme,
            glyphs: Glyphs::of(true),
            now: now(),
            zone: &zone,
            screen: area,
            area,
            prefs,
            marks: &BTreeSet::new(),
            filter,
            pane: "threat",
            target: &target,
            selected: None,
            filters: true,
            frozen: None,
            trouble: None,
            full: false,
            splits: false,
            keymap: &keymap,
            themes: &[],
            beneath: None,
        });
    }

    /// Findings of a threat that a filter and a floor leave, each judged by itself.
    fn findings(
        &self,
        threat: ThreatId,
        filter: &Filter,
        floor: Option<Severity>,
    ) -> BTreeSet<RowId> {
        let rows = self.snapshot.spaces.values().flat_map(|table| &table.rows);
        let own = rows.filter(|row| {
            let text = self.catalogue.check(row.check);
            text.is_some_and(|text| text.threats.contains(&threat))
        });
        let listed = own.filter_map(|row| {
            let finding = row.finding()?;
            let holds = filter.holds(&Found {
                object: row.object.as_ref(),
                namespace: None,
                severity: Some(finding.severity),
                check: row.check,
                title: self.catalogue.check_title(row.check),
                more: part(&finding.id.part),
            });
            let listed = holds && floor.is_none_or(|floor| finding.severity >= floor);
            listed.then(|| RowId::Finding(Box::new(finding.id.clone())))
        });
        listed.collect()
    }
}

fn paths(tree: &Tree) -> Vec<Path> {
    (0..tree.len()).map(|at| tree.id_at(at).unwrap()).collect()
}

fn part(part: &Part) -> &str {
    match part {
        Part::Container(name)
        | Part::Volume(name)
        | Part::Subject(name)
        | Part::Webhook(name)
        | Part::Host(name)
        | Part::Image(name) => name,
        Part::Whole | Part::Port(..) | Part::Rule(_) => "",
    }
}

fn looks(view: &'static str) -> impl Iterator<Item = Prefs> {
    let sorts = [Sort::Severity, Sort::Name, Sort::Newest].into_iter();
    sorts.flat_map(move |sort| {
        [None, Some(Severity::High)].map(|floor| Prefs {
            floor,
            sort,
            views: ThreatId::ALL.map(|threat| (threat, view)).into(),
            ..Prefs::default()
        })
    })
}

fn all_open() -> Expansion {
    let mut expansion = Expansion::default();
    expansion.toggle_all();
    expansion
}

#[test]
fn namespaces_list_the_findings_that_filter_and_floor_leave() {
    let world = World::new();
    let mut listed_any = 0;
    for threat in ThreatId::ALL {
        // One tree throughout: what it keeps from one filter to the next must not show.
        let mut tree = Tree::new(threat);
        for text in FILTERS {
            for prefs in looks("namespaces") {
                let filter = Filter::parse(text);
                world.look(&mut tree, &filter, &prefs);
                tree.build(&all_open());
                let listed: BTreeSet<RowId> = (0..tree.len())
                    .filter(|at| matches!(tree.line(*at).unwrap().node, Node::Finding(..)))
                    .map(|at| tree.row(at).unwrap())
                    .collect();
                let right = world.findings(threat, &filter, prefs.floor);
                assert_eq!(listed, right, "{threat} {text:?} {prefs:?}");
                listed_any += listed.len();
            }
        }
    }
    assert!(listed_any > 100, "{listed_any}");
}

#[test]
fn every_line_is_found_again_from_everywhere() {
    let world = World::new();
    for threat in ThreatId::ALL {
        let mut tree = Tree::new(threat);
        for view in view::NAMES {
            for prefs in looks(view) {
                world.look(&mut tree, &Filter::default(), &prefs);
                tree.build(&all_open());
                for (at, path) in paths(&tree).into_iter().enumerate() {
                    for from in [at, 0, tree.len() - 1, usize::MAX] {
                        let found = tree.find(&path, from).unwrap();
                        assert_eq!(
                            tree.id_at(found).unwrap(),
                            path,
                            "{threat} {view} {at} from {from}"
                        );
                    }
                    assert_eq!(tree.find(&path, at), Some(at), "{threat} {view} {path:?}");
                    let mut nowhere = path;
                    nowhere.push(RowId::Repository("nothing".into()));
                    assert_eq!(tree.find(&nowhere, at), None);
                }
            }
        }
    }
}

#[test]
fn a_branch_that_is_flipped_twice_is_as_it_was() {
    let world = World::new();
    for threat in ThreatId::ALL {
        let mut tree = Tree::new(threat);
        for prefs in looks(view::OVERVIEW) {
            world.look(&mut tree, &Filter::default(), &prefs);
            let mut expansion = all_open();
            tree.build(&expansion);
            let whole = paths(&tree);
            let branches = (0..tree.len()).filter(|at| !tree.line(*at).unwrap().node.is_leaf());
            for path in branches.map(|at| whole[at].clone()).collect::<Vec<_>>() {
                expansion.flip(&path, false);
                tree.build(&expansion);
                let left: Vec<Path> = whole
                    .iter()
                    .filter(|own| **own == path || !own.starts_with(&path))
                    .cloned()
                    .collect();
                assert_eq!(paths(&tree), left, "{path:?} closed");
                expansion.flip(&path, false);
                tree.build(&expansion);
                assert_eq!(paths(&tree), whole);
            }
        }
    }
}
