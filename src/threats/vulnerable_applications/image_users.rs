//! Images of a pod with the containers that use them, and the change that names another one.

use crate::fix::Remedy;
use crate::model::change::{Change, ContainerEdit};
use crate::model::objects::container::{Container, List};
use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::volume::{Volume, VolumeSource};
use crate::model::{Finding, Str};
use crate::semantics::editable::{editable, editable_container};
use crate::semantics::images::ImageRef;
use crate::view::{View, Workload};

/// An image of a pod with the containers that use it.
#[derive(Clone, Debug)]
pub struct ImageUsers<'a> {
    /// The image as written.
    pub image: &'a Str,
    /// The same, taken apart.
    pub parsed: ImageRef<'a>,
    /// The first container that uses it.
    pub first: &'a Container,
    /// All of them, in order of the pod.
    pub all: Vec<&'a Container>,
}

/// The images of a pod that are wanted, in order.
pub fn image_users<'a>(
    spec: &'a PodSpec,
    wanted: impl Fn(&ImageRef<'a>) -> bool,
) -> Vec<ImageUsers<'a>> {
    let mut users: Vec<ImageUsers<'a>> = Vec::new();
    for container in &spec.containers {
        let image = &container.image;
        match users.binary_search_by(|known| known.image.cmp(image)) {
            Ok(at) => users[at].all.push(container),
            Err(at) => {
                let parsed = ImageRef::parse(image);
                if wanted(&parsed) {
                    let (first, all) = (container, vec![container]);
                    let new = ImageUsers {
                        image,
                        parsed,
                        first,
                        all,
                    };
                    users.insert(at, new);
                }
            }
        }
    }
    users
}

/// Image volumes of a pod: the volume, its reference, the pull policy that is written.
pub fn image_volumes(spec: &PodSpec) -> impl Iterator<Item = (&Volume, &Str, Option<&str>)> {
    spec.volumes
        .iter()
        .filter_map(|volume| match &volume.source {
            VolumeSource::Image { reference, pull } => Some((volume, reference, pull.as_deref())),
            _ => None,
        })
}

/// Field of an image volume below the pod spec.
pub fn in_volume(volume: &Volume, field: &str) -> String {
    format!("volumes[{}].image.{field}", volume.index)
}

/// Another image in the container of a finding and in all that name the same one. `None` where one of them cannot change.
pub fn change_image(
    finding: &Finding,
    spec: &PodSpec,
    image: impl Fn(&Container) -> Option<String>,
) -> Option<Vec<Change>> {
    let first = editable_container(spec, &finding.id.part)?;
    let new = Str::from(image(first)?);
    let same = spec.containers.iter().filter(|c| c.image == first.image);
    let edit = |c: &Container| {
        let edit = ContainerEdit::Image(new.clone());
        (c.list != List::Ephemeral).then(|| Change::container(&finding.id.object, &c.name, edit))
    };
    same.map(edit).collect()
}

/// Pins the image of a finding to the digest that this function finds for its container.
pub fn pin(
    finding: &Finding,
    view: &View<'_>,
    digest: impl Fn(&Workload<'_>, &Container) -> Option<String>,
) -> Option<Remedy> {
    let spec = editable(finding, view)?;
    let workload = Workload::one(view.world(), &finding.id.object)?;
    let changes = change_image(finding, spec, |c| {
        Some(ImageRef::parse(&c.image).with_digest(&digest(&workload, c)?))
    })?;
    let remedy = Remedy::safe(changes);
    Some(remedy.may_break(
        "updates: what pushes a new image under the same tag must now change the digest here",
    ))
}
