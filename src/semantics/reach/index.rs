//! Which classes a selector selects, without asking every class.

use rustc_hash::FxHashMap;

use super::class::{Class, ClassId, Classes, PlaceId};
use super::names::NameId;
use super::place::{Crowd, Places};
use super::selector::{Chosen, Operator, Wanted};

type Pair = (NameId, NameId);

/// Classes by namespace and by what they are labelled with, each list in order.
#[derive(Clone, Debug, Default)]
pub struct Index {
    places: Vec<Vec<ClassId>>,
    here: FxHashMap<(PlaceId, Pair), Vec<ClassId>>,
    anywhere: FxHashMap<Pair, Vec<ClassId>>,
}

impl Index {
    /// Of these classes, in so many namespaces.
    pub fn new(classes: &Classes, places: usize) -> Index {
        let mut index = Index {
            places: vec![Vec::new(); places],
            ..Index::default()
        };
        for (id, class) in classes.iter() {
            index.add(id, class);
        }
        index
    }

    /// Classes of one namespace, by its index.
    pub fn of(&self, place: usize) -> &[ClassId] {
        self.places.get(place).map_or(&[], Vec::as_slice)
    }

    /// Adds a class that is newer than all others.
    pub fn add(&mut self, id: ClassId, class: &Class) {
        if let Some(place) = self.places.get_mut(class.place as usize) {
            place.push(id);
        }
        for pair in &class.labels {
            self.here.entry((class.place, *pair)).or_default().push(id);
            self.anywhere.entry(*pair).or_default().push(id);
        }
    }

    /// Classes of these namespaces that a selector selects.
    pub fn crowd(&self, classes: &Classes, places: &Places, chosen: &Chosen) -> Crowd {
        Crowd {
            sure: self.in_places(classes, &places.sure, chosen),
            maybe: self.in_places(classes, &places.maybe, chosen),
        }
    }

    /// Classes of one namespace that a selector selects, in order.
    pub fn in_place(&self, classes: &Classes, place: PlaceId, chosen: &Chosen) -> Vec<ClassId> {
        let postings = |pair: Pair| self.here.get(&(place, pair)).map_or(&[][..], Vec::as_slice);
        let all = self
            .places
            .get(place as usize)
            .map_or(&[][..], Vec::as_slice);
        select(classes, chosen, &postings).unwrap_or_else(|| scan(classes, all, chosen))
    }

    /// Classes of these namespaces (in order) that a selector selects, in order.
    pub fn in_places(
        &self,
        classes: &Classes,
        places: &[PlaceId],
        chosen: &Chosen,
    ) -> Vec<ClassId> {
        if let [one] = places {
            return self.in_place(classes, *one, chosen);
        }
        let postings = |pair: Pair| self.anywhere.get(&pair).map_or(&[][..], Vec::as_slice);
        if let Some(mut found) = select(classes, chosen, &postings) {
            let inside = |id: &ClassId| {
                let place = classes.get(*id).map(|class| class.place);
                place.is_some_and(|place| places.binary_search(&place).is_ok())
            };
            found.retain(inside);
            return found;
        }
        let lists = places.iter().filter_map(|p| self.places.get(*p as usize));
        let mut found: Vec<ClassId> = lists.flat_map(|all| scan(classes, all, chosen)).collect();
        found.sort_unstable();
        found
    }
}

fn pairs(wanted: &Wanted) -> impl Iterator<Item = Pair> {
    wanted.values.iter().map(|value| (wanted.key, *value))
}

/// By the shortest lists of a requirement that names values; `None` when no requirement does.
fn select<'a>(
    classes: &Classes,
    chosen: &Chosen,
    postings: &impl Fn(Pair) -> &'a [ClassId],
) -> Option<Vec<ClassId>> {
    let cost = |wanted: &&Wanted| pairs(wanted).map(|p| postings(p).len()).sum::<usize>();
    let listed = chosen
        .wanted()
        .iter()
        .filter(|w| w.operator == Operator::In);
    let driver = listed.min_by_key(cost)?;
    let mut found: Vec<ClassId> = pairs(driver)
        .flat_map(|pair| scan(classes, postings(pair), chosen))
        .collect();
    found.sort_unstable();
    Some(found)
}

fn scan(classes: &Classes, among: &[ClassId], chosen: &Chosen) -> Vec<ClassId> {
    let matching = |id: &&ClassId| {
        classes
            .get(**id)
            .is_some_and(|class| chosen.matches(&class.labels))
    };
    among.iter().filter(matching).copied().collect()
}
