//! What an inventory lists across namespaces: images, and users and groups that anything names.

use std::collections::BTreeMap;

use super::Tree;
use super::images::Images;
use crate::model::{Part, Severity, Str};
use crate::ui::prefs::Sort;

/// A user or group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SubjectGroup {
    /// As the command line writes it.
    pub name: Str,
    /// Listed findings about it: namespace, row.
    pub findings: Vec<(u32, u32)>,
    /// The worst of them.
    pub worst: Option<Severity>,
}

impl Tree {
    /// Gathers what the view lists; nothing for views that need neither.
    pub(super) fn gather(&mut self) {
        self.images = Images::default();
        self.subjects = Vec::new();
        match self.inventory() {
            "images" => self.images = self.gather_images(),
            "accounts" => self.subjects = self.gather_subjects(),
            _ => {}
        }
    }

    /// Listed findings by the name in their part.
    fn by_part(&self, of: impl Fn(&Part) -> Option<&Str>) -> BTreeMap<Str, Vec<(u32, u32)>> {
        let mut all: BTreeMap<Str, Vec<(u32, u32)>> = BTreeMap::new();
        for (at, space) in self.spaces.iter().enumerate() {
            for row in space.kept() {
                let finding = space.row(*row).and_then(|row| row.finding());
                if let Some(name) = finding.and_then(|finding| of(&finding.id.part)) {
                    all.entry(name.clone()).or_default().push((at as u32, *row));
                }
            }
        }
        all
    }

    pub(super) fn worst(&self, rows: &[(u32, u32)]) -> Option<Severity> {
        let finding = |(at, row): &(u32, u32)| {
            let space = self.spaces.get(*at as usize)?;
            Some(space.row(*row)?.finding()?.severity)
        };
        rows.iter().filter_map(finding).max()
    }

    /// Users and groups that a finding or a working story names; accounts stand in their namespaces.
    fn gather_subjects(&self) -> Vec<SubjectGroup> {
        let mut findings = self.by_part(|part| match part {
            Part::Subject(name) if !name.starts_with("sa:") => Some(name),
            _ => None,
        });
        for name in self
            .acting
            .subjects()
            .filter(|name| !name.starts_with("sa:"))
        {
            findings.entry(name.clone()).or_default();
        }
        let mut subjects: Vec<SubjectGroup> = findings
            .into_iter()
            .map(|(name, findings)| SubjectGroup {
                worst: self.worst(&findings),
                name,
                findings,
            })
            .collect();
        if self.prefs.sort == Sort::Severity {
            subjects.sort_by_key(|group| std::cmp::Reverse(group.worst));
        }
        subjects
    }
}
