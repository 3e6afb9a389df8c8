//! Steps of stories in which the token of a pod's account is taken: it is mounted, and the account may do something with it.

use crate::model::objects::container::Container;
use crate::semantics::rbac::power::Power;
use crate::semantics::rbac::{Clause, Identity};
use crate::semantics::token::{How, MountedToken};
use crate::threats::Instance;
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::remedies::single_cuts;

/// The token is mounted in a container. One that the pod asks for by a volume of its own is there on purpose: only the
/// automatic one has a cut.
pub(crate) fn mounted(
    instance: &mut Instance,
    pod: &PodLike<'_>,
    (container, token): (&Container, MountedToken),
    cut_by: &'static [&'static str],
) {
    let account = pod.spec.account_name();
    let says = format!("the token of {account} is mounted in {}", container.name);
    instance.step(says, cut_by, token.evidence);
    if token.how == How::Automatic {
        instance.cut(Change::pod(pod.workload, PodEdit::Automount(false)));
    }
}

/// The account holds these powers: every rule that gives one of them, once, and the single changes that end them.
pub(crate) fn holds(
    instance: &mut Instance,
    pod: &PodLike<'_>,
    powers: &[Power<'_>],
    says: String,
    cut_by: &'static [&'static str],
) {
    let mut cited: Vec<Evidence> = Vec::new();
    for item in powers.iter().flat_map(|p| &p.by).flat_map(Clause::evidence) {
        if !cited.contains(&item) {
            cited.push(item);
        }
    }
    instance.step(says, cut_by, cited);
    let who = Identity::account(pod.namespace(), pod.spec.account_name());
    for change in single_cuts(&who, powers) {
        instance.cut(change);
    }
}
