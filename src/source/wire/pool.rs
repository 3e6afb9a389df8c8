//! What decoding shares between objects: strings, label maps, pod specs, image lists, kinds of owners.
//!
//! Sixty replicas of a Deployment keep one pod spec; ten thousand pods keep one copy of each label. Each source owns one
//! pool; facts keep what they need alive after it is gone.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::lenient::{List, Pairs, Text};
use crate::model::objects::pod_spec::PodSpec;
use crate::model::{Interner, Labels, ObjectKind, Str};

/// Longest text that is kept of any field but a name. Annotations and arguments can be megabytes; no rule reads more.
pub const LONGEST_TEXT: usize = 4096;

/// Started containers of a pod: (container, image, imageID).
pub(super) type Images = Arc<[(Str, Str, Str)]>;

/// Shares equal parts of facts.
#[derive(Debug, Default)]
pub struct Pool {
    strings: Interner,
    specs: FxHashSet<Arc<PodSpec>>,
    labels: FxHashSet<Labels>,
    images: FxHashSet<Images>,
    owners: FxHashMap<String, ObjectKind>,
}

impl Pool {
    /// An empty pool.
    pub fn new() -> Pool {
        Pool::default()
    }

    /// The shared copy of a text; one longer than [`LONGEST_TEXT`] is cut and ends in an ellipsis.
    pub fn get(&mut self, text: &str) -> Str {
        self.strings.get(&cut(text))
    }

    /// The shared copy of a pod spec.
    pub fn spec(&mut self, spec: PodSpec) -> Arc<PodSpec> {
        if let Some(known) = self.specs.get(&spec) {
            return known.clone();
        }
        let new = Arc::new(spec);
        self.specs.insert(new.clone());
        new
    }

    /// Forgets what no fact holds any more. Call it now and then on a long watch.
    pub fn sweep(&mut self) {
        self.specs.retain(|spec| Arc::strong_count(spec) > 1);
        self.images.retain(|images| Arc::strong_count(images) > 1);
        // A label map does not show who shares it: forgetting all costs only sharing with objects of before.
        self.labels.clear();
        self.owners.clear();
        self.strings.sweep();
    }

    /// How many pod specs are shared.
    pub fn specs(&self) -> usize {
        self.specs.len()
    }

    /// How many strings are shared.
    pub fn strings(&self) -> usize {
        self.strings.len()
    }

    pub(super) fn text(&mut self, text: &Text<'_>) -> Str {
        self.get(text.as_str())
    }

    /// Empty means absent: what Go's `omitempty` would not have printed.
    pub(super) fn option(&mut self, text: Option<&Text<'_>>) -> Option<Str> {
        text.filter(|t| !t.is_empty()).map(|t| self.text(t))
    }

    pub(super) fn or(&mut self, text: Option<&Text<'_>>, otherwise: &str) -> Str {
        self.option(text).unwrap_or_else(|| self.get(otherwise))
    }

    pub(super) fn texts(&mut self, list: &List<Text<'_>>) -> Box<[Str]> {
        list.iter().map(|t| self.text(t)).collect()
    }

    pub(super) fn labels(&mut self, pairs: &Pairs<'_>, keep: impl Fn(&str) -> bool) -> Labels {
        let kept = pairs.0.iter().filter(|(key, _)| keep(key.as_str()));
        let labels = Labels::new(kept.map(|(k, v)| {
            (
                self.strings.get(&cut(k.as_str())),
                self.strings.get(&cut(v.as_str())),
            )
        }));
        if let Some(known) = self.labels.get(&labels) {
            return known.clone();
        }
        self.labels.insert(labels.clone());
        labels
    }

    pub(super) fn images(&mut self, images: Vec<(Str, Str, Str)>) -> Images {
        if let Some(known) = self.images.get(images.as_slice()) {
            return known.clone();
        }
        let new: Images = images.into();
        self.images.insert(new.clone());
        new
    }

    pub(super) fn owner(&mut self, api_version: &str, kind: &str) -> ObjectKind {
        let key = format!("{api_version} {kind}");
        if let Some(known) = self.owners.get(&key) {
            return known.clone();
        }
        let new = ObjectKind::from_manifest(&cut(api_version), &cut(kind));
        self.owners.insert(key, new.clone());
        new
    }
}

fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST_TEXT {
        return Cow::Borrowed(text);
    }
    let end = (0..=LONGEST_TEXT)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    Cow::Owned(format!("{}\u{2026}", text.get(..end).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_specs_are_one_and_are_forgotten_with_their_last_holder() {
        let mut pool = Pool::new();
        let (a, b) = (pool.spec(PodSpec::default()), pool.spec(PodSpec::default()));
        assert!(Arc::ptr_eq(&a, &b));
        pool.sweep();
        assert_eq!(pool.specs(), 1);
        drop((a, b));
        pool.sweep();
        assert_eq!(pool.specs(), 0);
    }

    #[test]
    fn megabytes_are_cut_at_a_character() {
        let mut pool = Pool::new();
        let text = "\u{e9}".repeat(1 << 20);
        let kept = pool.get(&text);
        assert!(
            kept.len() <= LONGEST_TEXT + 3 && kept.ends_with('\u{2026}'),
            "{}",
            kept.len()
        );
        assert_eq!(&*pool.get("short"), "short");
    }
}
