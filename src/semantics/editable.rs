//! Where a change of a pod spec can be made: the template of a workload, or a bare pod.

use super::isolation::is_mirror;
use crate::model::objects::container::{Container, List};
use crate::model::objects::pod_spec::PodSpec;
use crate::model::{Finding, Object, Part};
use crate::view::View;

/// The pod spec that a change of a finding's object would edit.
///
/// `None` where nothing would change: the object is not in view (an operator's resource), the pod mirrors a file of its
/// node, or only pods of an older template fire and the template is already right.
pub fn editable<'a>(finding: &Finding, view: &View<'a>) -> Option<&'a PodSpec> {
    let object: &'a Object = view.get(&finding.id.object).seen()?;
    match object {
        Object::Workload(_) if finding.pods.only_live => None,
        Object::Workload(workload) => Some(&workload.template.spec),
        Object::Pod(pod) if !is_mirror(&pod.meta) => Some(&pod.spec),
        _ => None,
    }
}

/// The container of a finding's part, where it can be edited: an ephemeral one stays as it is until its pod goes
/// (`pkg/apis/core/validation`, `ValidatePodEphemeralContainersUpdate`).
pub fn editable_container<'a>(spec: &'a PodSpec, part: &Part) -> Option<&'a Container> {
    let Part::Container(name) = part else {
        return None;
    };
    spec.container(name).filter(|c| c.list != List::Ephemeral)
}
