//! The images of a namespace: what its workloads ask for, what their pods say they run, and where the two differ.
//!
//! No registry is asked, and nothing here tells the age of an image: only since when the oldest pod runs it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::objects::container::List;
use crate::model::objects::pod::Pod;
use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::volume::VolumeSource;
use crate::model::{Kind, Object, ObjectKey, Origin, Str};
use crate::semantics::images::{ImageId, ImageRef, Pull, pull_policy};
use crate::view::{Workload, World};

/// An image as it is asked for in one namespace.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageRow {
    /// Reference as written.
    pub image: Str,
    /// Repository in full: `docker.io/library/nginx`.
    pub name: Str,
    /// Tag in force; empty where a digest stands alone.
    pub tag: Str,
    /// The digest that is written.
    pub pin: Option<Str>,
    /// The tag moves by intent, and nothing pins it.
    pub moves: bool,
    /// Who uses it, in order of workload and place.
    pub uses: Vec<ImageUse>,
}

/// One container or image volume of a workload.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageUse {
    /// The top owner.
    pub workload: ObjectKey,
    /// Where in the pod.
    pub place: Place,
    /// Name of the container or volume.
    pub name: Str,
    /// Pull policy in force.
    pub pull: Pull,
    /// Where it comes from.
    pub origin: Origin,
    /// Pull secrets of the pod.
    pub secrets: Box<[Str]>,
    /// The template asks for it; else only live pods do (an older revision, an injected or an ephemeral container).
    pub template: bool,
    /// Live pods of the workload.
    pub live: usize,
    /// What live pods report, in order.
    pub runs: Vec<ImageRun>,
}

/// Where in a pod an image is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A container.
    Container(List),
    /// An image volume.
    Volume,
}

impl Place {
    /// The word for what is not an ordinary container.
    pub fn word(self) -> &'static str {
        match self {
            Place::Container(List::Regular) => "container",
            Place::Container(List::Init) => "init container",
            Place::Container(List::Sidecar) => "sidecar",
            Place::Container(List::Ephemeral) => "ephemeral container",
            Place::Volume => "image volume",
        }
    }
}

/// Live pods that report the same.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageRun {
    /// What they report.
    pub ran: Ran,
    /// How many.
    pub pods: usize,
    /// When the oldest was started, in seconds.
    pub oldest: Option<i64>,
}

/// What a pod reports of an image.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ran {
    /// A digest of the repository that is asked for.
    Digest(Str),
    /// A digest under another repository's name: the same content was pulled under that name before.
    Elsewhere(Str),
    /// A bare id: built or loaded on the node, no registry is named.
    Local(Str),
    /// Nothing yet.
    Nothing,
}

impl Ran {
    fn of(id: &Str, wanted: &ImageRef<'_>) -> Ran {
        let parsed = ImageId::parse(id);
        match (parsed.digest_of(wanted), parsed) {
            (Some(digest), _) => Ran::Digest(digest.into()),
            (None, ImageId::Local(local)) => Ran::Local(local.into()),
            (None, ImageId::Registry(name, digest)) => {
                Ran::Elsewhere(format!("{}@{digest}", name.name()).into())
            }
            (None, ImageId::None) => Ran::Nothing,
        }
    }
}

/// The images of workloads, gathered one workload after the other.
#[derive(Debug, Default)]
pub(super) struct Images(BTreeMap<Str, Vec<ImageUse>>);

/// Live pods of one spec that report the same.
struct Alike<'a> {
    pod: &'a Pod,
    pods: usize,
    oldest: Option<i64>,
}

impl Images {
    /// Adds what a workload's template asks for and what its live pods run.
    pub(super) fn add(&mut self, workload: &Workload<'_>) {
        if let Some(template) = workload.template {
            for_each(&template.spec, |image, place, name, pull| {
                self.slot(workload, &template.spec, (image, place, name, pull))
                    .template = true;
            });
        }
        for alike in alike(workload) {
            let spec = &alike.pod.spec;
            for_each(spec, |image, place, name, pull| {
                let reported = match place {
                    Place::Container(_) => {
                        let own = alike.pod.images.iter().find(|(own, ..)| own == name);
                        own.map(|(_, _, id)| id)
                    }
                    Place::Volume => {
                        let own = alike.pod.volume_images.iter().find(|(own, _)| own == name);
                        own.map(|(_, id)| id)
                    }
                };
                let wanted = ImageRef::parse(image);
                let ran = reported.map_or(Ran::Nothing, |id| Ran::of(id, &wanted));
                let slot = self.slot(workload, spec, (image, place, name, pull));
                slot.add(ran, &alike);
            });
        }
    }

    fn slot(
        &mut self,
        workload: &Workload<'_>,
        spec: &PodSpec,
        (image, place, name, pull): (&Str, Place, &Str, Option<&Str>),
    ) -> &mut ImageUse {
        let uses = self.0.entry(image.clone()).or_default();
        // Workloads come one after the other: this one's own stand at the end.
        let own = uses.iter().rev();
        let mut own = own.take_while(|u| u.workload == workload.key);
        let known = own.position(|u| u.place == place && u.name == *name);
        let known = known.map(|back| uses.len() - 1 - back);
        let at = known.unwrap_or_else(|| {
            let (pull, origin) = pull_policy(image, pull.map(|p| &**p));
            uses.push(ImageUse {
                workload: workload.key.clone(),
                place,
                name: name.clone(),
                pull,
                origin,
                secrets: spec.pull_secrets.clone(),
                template: false,
                live: workload.pods.len(),
                runs: Vec::new(),
            });
            uses.len() - 1
        });
        &mut uses[at]
    }

    /// The rows, by reference.
    pub(super) fn rows(self) -> Vec<ImageRow> {
        let rows = self.0.into_iter().map(|(image, mut uses)| {
            let parsed = ImageRef::parse(&image);
            let (name, tag) = (parsed.name(), parsed.effective_tag().unwrap_or_default());
            uses.sort_by(|a, b| {
                (&a.workload, a.place, &a.name).cmp(&(&b.workload, b.place, &b.name))
            });
            ImageRow {
                name: name.into(),
                tag: tag.into(),
                pin: parsed.digest.filter(|_| parsed.is_pinned()).map(Str::from),
                moves: parsed.is_moving(),
                uses,
                image,
            }
        });
        rows.collect()
    }
}

impl ImageUse {
    fn add(&mut self, ran: Ran, alike: &Alike<'_>) {
        let at = self.runs.binary_search_by(|run| run.ran.cmp(&ran));
        match at {
            Ok(at) => {
                let run = &mut self.runs[at];
                run.pods += alike.pods;
                run.oldest = older(run.oldest, alike.oldest);
            }
            Err(at) => self.runs.insert(
                at,
                ImageRun {
                    ran,
                    pods: alike.pods,
                    oldest: alike.oldest,
                },
            ),
        }
    }
}

/// Sixty replicas are one: pods that share their spec and report the same images.
fn alike<'a>(workload: &Workload<'a>) -> Vec<Alike<'a>> {
    let mut all: Vec<Alike<'a>> = Vec::new();
    for pod in &workload.pods {
        let same = |known: &&mut Alike<'a>| {
            Arc::ptr_eq(&known.pod.spec, &pod.spec)
                && Arc::ptr_eq(&known.pod.images, &pod.images)
                && known.pod.volume_images == pod.volume_images
        };
        match all.iter_mut().find(same) {
            Some(known) => {
                known.pods += 1;
                known.oldest = older(known.oldest, pod.started);
            }
            None => all.push(Alike {
                pod,
                pods: 1,
                oldest: pod.started,
            }),
        }
    }
    all
}

fn older(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// How many kinds of container runtime the nodes run.
pub(super) fn runtimes(world: &World) -> usize {
    let nodes = world.space("").into_iter();
    let nodes = nodes.flat_map(|s| s.table(Kind::Node).values());
    let names = nodes.filter_map(|node| match &**node {
        Object::Node(node) => node.runtime.split("://").next(),
        _ => None,
    });
    names.collect::<BTreeSet<&str>>().len()
}

/// Every image of a pod spec: its containers', then its image volumes'.
fn for_each(spec: &PodSpec, mut visit: impl FnMut(&Str, Place, &Str, Option<&Str>)) {
    for container in &spec.containers {
        let place = Place::Container(container.list);
        visit(
            &container.image,
            place,
            &container.name,
            container.pull.as_ref(),
        );
    }
    for volume in &spec.volumes {
        if let VolumeSource::Image { reference, pull } = &volume.source {
            visit(reference, Place::Volume, &volume.name, pull.as_ref());
        }
    }
}
