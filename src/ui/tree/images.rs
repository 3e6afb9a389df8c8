//! The images of the cluster as a tree: repository, tag, digest, workload.
//!
//! A digest is what is pinned, else what runs. What a filter leaves is counted, nothing else. Which digests may be compared:
//! `semantics/images/image_id.rs`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Node, Tree};
use crate::engine::images::{ImageRow, ImageUse, Place, Ran};
use crate::model::objects::container::List;
use crate::model::{Kind, ObjectKey, Part, Severity, Str, ThreatId};
use crate::ui::filter::Found;
use crate::ui::prefs::Sort;

/// Repositories with their tags, digests and workloads, each level in one list, in the order of the screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Images {
    /// Repositories.
    pub repositories: Vec<Branch>,
    /// Tags, those of a repository together.
    pub tags: Vec<Branch>,
    /// Digests, those of a tag together.
    pub digests: Vec<Branch>,
    /// Workloads, those of a digest together.
    pub runners: Vec<Runner>,
}

/// A repository, a tag or a digest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Branch {
    /// Index of the branch above it.
    pub above: u32,
    /// Its name: `docker.io/library/nginx`, `1.27`, `sha256:...`.
    pub name: Str,
    /// What a word says of it beside its name.
    pub says: Says,
    /// Where what stands below it begins in its list.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// What it reaches.
    pub reach: Reach,
}

/// What is to be said of a branch in a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Says {
    /// Nothing.
    #[default]
    Nothing,
    /// A tag that moves by intent.
    Moves,
    /// A digest that is pinned; a tag beside which a digest always stands.
    Pinned,
    /// An image that no registry is named for.
    Local,
    /// A digest under another repository's name.
    Elsewhere,
    /// Nothing runs it now.
    NotRunning,
}

/// How far a branch reaches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reach {
    /// Namespaces.
    pub namespaces: usize,
    /// Workloads.
    pub workloads: usize,
    /// Live pods; a pod that runs an image in two containers counts once.
    pub pods: usize,
    /// Most digests that pods report of one tag without a pin.
    pub drift: usize,
    /// The worst listed finding of its containers.
    pub worst: Option<Severity>,
}

/// A workload that runs an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Runner {
    /// Its digest's index.
    pub above: u32,
    /// The workload.
    pub key: ObjectKey,
    /// Live pods that run it.
    pub pods: usize,
    /// Live pods of the workload.
    pub live: usize,
    /// The container, where it is no ordinary one.
    pub place: Place,
    /// Only live pods run it, the template asks for another.
    pub pods_only: bool,
    /// Listed findings of these containers: namespace, row.
    pub findings: Vec<(u32, u32)>,
}

/// What runs under one digest.
#[derive(Default)]
struct Content<'a> {
    says: Says,
    runners: BTreeMap<&'a ObjectKey, Runner>,
}

/// What is asked for by one tag.
#[derive(Default)]
struct Tag<'a> {
    moves: bool,
    /// Something asks for it without a digest.
    loose: bool,
    drift: BTreeSet<&'a Str>,
    digests: BTreeMap<Str, Content<'a>>,
}

impl Tree {
    /// The images that the filter leaves.
    pub(super) fn gather_images(&self) -> Images {
        let mut all: BTreeMap<&Str, BTreeMap<&Str, Tag<'_>>> = BTreeMap::new();
        for (at, space) in self.spaces.iter().enumerate() {
            for row in &space.table.images {
                for use_ in &row.uses {
                    let findings = self.findings_of_use(at as u32, use_);
                    if findings.is_empty() && !self.use_is_listed(row, use_) {
                        continue;
                    }
                    let tags = all.entry(&row.name).or_default();
                    tags.entry(&row.tag).or_default().add(row, use_, &findings);
                }
            }
        }
        let mut images = Images::default();
        for (name, tags) in all {
            self.add_repository(&mut images, name, tags);
        }
        images.order(
            self.prefs.sort,
            self.threat == ThreatId::VulnerableApplications,
        )
    }

    /// Listed findings of the containers of a use.
    fn findings_of_use(&self, at: u32, use_: &ImageUse) -> Vec<(u32, u32)> {
        let Some(space) = self.spaces.get(at as usize) else {
            return Vec::new();
        };
        let rows = space
            .item_of(&use_.workload)
            .map_or(&[][..], |item| space.rows_of(item));
        let own = rows.iter().filter(|row| {
            let finding = space.row(**row).and_then(|row| row.finding());
            finding.is_some_and(|finding| match (&finding.id.part, use_.place) {
                (Part::Container(name), Place::Container(_))
                | (Part::Volume(name), Place::Volume) => *name == use_.name,
                _ => false,
            })
        });
        own.map(|row| (at, *row)).collect()
    }

    fn use_is_listed(&self, row: &ImageRow, use_: &ImageUse) -> bool {
        if self.filter.is_empty() {
            return true;
        }
        let ran = use_.runs.iter().map(|run| match &run.ran {
            Ran::Digest(text) | Ran::Elsewhere(text) | Ran::Local(text) => &**text,
            Ran::Nothing => "",
        });
        let mut more = format!("{} {}:{}", row.image, row.name, row.tag);
        for text in ran {
            more.push(' ');
            more.push_str(text);
        }
        self.filter.holds(&Found {
            object: Some(&use_.workload),
            more: &more,
            ..Found::default()
        })
    }

    fn add_repository(&self, to: &mut Images, name: &Str, tags: BTreeMap<&Str, Tag<'_>>) {
        let above = to.repositories.len() as u32;
        let (from, first) = (to.tags.len(), to.runners.len());
        for (tag, found) in tags {
            self.add_tag(to, above, tag, found);
        }
        let drift = to.tags[from..].iter().map(|tag| tag.reach.drift).max();
        let reach = self.reach(&to.runners[first..], drift.unwrap_or_default());
        to.repositories.push(Branch {
            above,
            name: name.clone(),
            says: Says::Nothing,
            from: from as u32,
            to: to.tags.len() as u32,
            reach,
        });
    }

    fn add_tag(&self, to: &mut Images, above: u32, name: &Str, tag: Tag<'_>) {
        let own = to.tags.len() as u32;
        let (from, first) = (to.digests.len() as u32, to.runners.len());
        for (digest, content) in tag.digests {
            let (above, from) = (to.digests.len() as u32, to.runners.len());
            let runners = content.runners.into_values();
            to.runners
                .extend(runners.map(|runner| Runner { above, ..runner }));
            to.digests.push(Branch {
                above: own,
                name: digest,
                says: content.says,
                from: from as u32,
                to: to.runners.len() as u32,
                reach: self.reach(&to.runners[from..], 0),
            });
        }
        to.tags.push(Branch {
            above,
            name: name.clone(),
            says: match (tag.moves, tag.loose) {
                (true, _) => Says::Moves,
                (false, true) => Says::Nothing,
                (false, false) => Says::Pinned,
            },
            from,
            to: to.digests.len() as u32,
            reach: self.reach(&to.runners[first..], tag.drift.len()),
        });
    }

    fn reach(&self, runners: &[Runner], drift: usize) -> Reach {
        let mut pods: BTreeMap<&ObjectKey, usize> = BTreeMap::new();
        for runner in runners {
            let all = pods.entry(&runner.key).or_default();
            // An init container and its container may run two tags of one repository.
            *all = (*all + runner.pods).min(runner.live);
        }
        let homes: BTreeSet<&str> = pods.keys().map(|key| key.home()).collect();
        let worst = runners.iter().map(|r| self.worst(&r.findings)).max();
        Reach {
            namespaces: homes.len(),
            workloads: pods.len(),
            pods: pods.values().sum(),
            drift,
            worst: worst.flatten(),
        }
    }

    /// What stands below a node of the images.
    pub(super) fn of_image(&self, node: Node) -> Vec<Node> {
        let images = &self.images;
        let below = |list: &[Branch], at: u32, make: fn(u32) -> Node| {
            let branch = list.get(at as usize);
            branch.map_or_else(Vec::new, |b| (b.from..b.to).map(make).collect())
        };
        match node {
            Node::Repository(at) => below(&images.repositories, at, Node::Tag),
            Node::Tag(at) => below(&images.tags, at, Node::Digest),
            Node::Digest(at) => below(&images.digests, at, Node::Runner),
            Node::Runner(at) => images
                .runners
                .get(at as usize)
                .map_or_else(Vec::new, |runner| {
                    let rows = runner.findings.iter();
                    rows.map(|(at, row)| Node::Finding(*at, *row)).collect()
                }),
            _ => Vec::new(),
        }
    }
}

impl<'a> Tag<'a> {
    fn add(&mut self, row: &'a ImageRow, use_: &'a ImageUse, findings: &[(u32, u32)]) {
        self.moves |= row.moves;
        self.loose |= row.pin.is_none();
        let mut pods: BTreeMap<(Str, Says), usize> = BTreeMap::new();
        for run in &use_.runs {
            if let (Ran::Digest(digest), None) = (&run.ran, &row.pin) {
                self.drift.insert(digest);
            }
            *pods.entry(content(row, &run.ran)).or_default() += run.pods;
        }
        if pods.is_empty() {
            pods.insert(content(row, &Ran::Nothing), 0);
        }
        for ((name, says), pods) in pods {
            let found = self.digests.entry(name).or_default();
            found.says = says;
            found.add(use_, pods, findings);
        }
    }
}

/// The digest that a use stands under: what is pinned, else what runs.
pub(in crate::ui) fn content(row: &ImageRow, ran: &Ran) -> (Str, Says) {
    match (&row.pin, ran) {
        (Some(pin), _) => (pin.clone(), Says::Pinned),
        (None, Ran::Digest(digest)) => (digest.clone(), Says::Nothing),
        (None, Ran::Elsewhere(name)) => (name.clone(), Says::Elsewhere),
        (None, Ran::Local(id)) => (id.clone(), Says::Local),
        (None, Ran::Nothing) => (Str::from(""), Says::NotRunning),
    }
}

impl<'a> Content<'a> {
    fn add(&mut self, use_: &'a ImageUse, pods: usize, findings: &[(u32, u32)]) {
        let slot = self.runners.entry(&use_.workload);
        let runner = slot.or_insert_with(|| Runner {
            above: 0,
            key: use_.workload.clone(),
            pods: 0,
            live: use_.live,
            place: use_.place,
            pods_only: true,
            findings: Vec::new(),
        });
        // Two containers of one pod are one pod.
        runner.pods = runner.pods.max(pods);
        runner.pods_only &= !use_.template && use_.workload.known() != Some(Kind::Pod);
        if use_.place == Place::Container(List::Regular) {
            runner.place = use_.place;
        }
        for finding in findings {
            if !runner.findings.contains(finding) {
                runner.findings.push(*finding);
            }
        }
    }
}

impl Images {
    /// Puts the repositories in order: what drifts (where images are what it is about), the worst, what reaches most.
    fn order(mut self, sort: Sort, drift_first: bool) -> Images {
        if sort == Sort::Severity {
            let rank = |branch: &Branch| {
                let reach = &branch.reach;
                std::cmp::Reverse((drift_first && reach.drift > 1, reach.worst, reach.pods))
            };
            self.repositories.sort_by_key(rank);
            // Tags look up at a repository by its index.
            for (at, repository) in self.repositories.iter_mut().enumerate() {
                repository.above = at as u32;
                let own = repository.from as usize..repository.to as usize;
                for tag in self.tags.get_mut(own).into_iter().flatten() {
                    tag.above = at as u32;
                }
            }
        }
        self
    }

    /// The names that lead to a digest: repository, tag, digest.
    pub fn names(&self, digest: u32) -> Option<(&Str, &Str, &Str)> {
        let digest = self.digests.get(digest as usize)?;
        let (repository, tag) = self.tag_names(digest.above)?;
        Some((repository, tag, &digest.name))
    }

    /// The names that lead to a tag: repository, tag.
    pub fn tag_names(&self, tag: u32) -> Option<(&Str, &Str)> {
        let tag = self.tags.get(tag as usize)?;
        let repository = self.repositories.get(tag.above as usize)?;
        Some((&repository.name, &tag.name))
    }
}
