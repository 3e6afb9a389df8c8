//! Which content the pods run, from the image ids that the runtimes report in `status`.

use std::collections::BTreeSet;

use super::image_id::ImageId;
use super::reference::ImageRef;
use crate::model::objects::pod::Pod;

/// What the live pods of a workload report of one container.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Running {
    /// Digests of the registry's manifest, each once, in order.
    pub digests: BTreeSet<String>,
    /// Pods whose runtime names no digest of the registry for it (not started yet, or an image built on the node).
    pub silent: usize,
}

impl Running {
    /// The one digest that every pod reports, if there is at least one pod and all agree.
    pub fn agreed(&self) -> Option<&str> {
        match (self.digests.len(), self.silent) {
            (1, 0) => self.digests.first().map(String::as_str),
            _ => None,
        }
    }
}

/// What these pods report of a container, as far as they run the image that is asked for.
pub fn running<'a>(
    pods: impl IntoIterator<Item = &'a Pod>,
    container: &str,
    image: &str,
) -> Running {
    let mut all = Running::default();
    let wanted = ImageRef::parse(image);
    for pod in pods {
        if pod
            .spec
            .container(container)
            .is_none_or(|c| *c.image != *image)
        {
            continue;
        }
        let id = pod.images.iter().find(|(name, _, _)| **name == *container);
        match id.and_then(|(_, _, id)| ImageId::parse(id).digest_of(&wanted)) {
            Some(digest) => drop(all.digests.insert(digest.to_owned())),
            None => all.silent += 1,
        }
    }
    all
}
