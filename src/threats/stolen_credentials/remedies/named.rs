//! Limits a right on Secrets to those that the account's own workloads are given anyway.
//!
//! Which Secrets an account reads through the API is not visible. Those that its pods mount or take variables from are no
//! secret to it: to go on reading them takes nothing from anybody and gives nothing new.

use std::collections::BTreeSet;

use super::narrow::{Narrowed, narrow};
use crate::model::objects::environment::ValueClass;
use crate::semantics::rbac::split::named;
use crate::threats::prelude::*;

/// The right in the role, limited to names; `None` where no name is known, or names would say another thing: a name in a
/// ClusterRoleBinding is a name in every namespace.
pub(crate) fn by_name(
    finding: &Finding,
    view: &View<'_>,
    narrowed: impl Fn(&crate::model::objects::access::Rule) -> Narrowed,
) -> Option<Remedy> {
    let (binding, subject) = super::bound(finding, view)?;
    let Subject::ServiceAccount { namespace, name } = &subject else {
        return None;
    };
    if binding.meta.key.namespace.as_ref() != Some(namespace) {
        return None;
    }
    let names: Vec<Str> = given(view, namespace, name).into_iter().collect();
    let limited = |rule: &_| match narrowed(rule) {
        Narrowed::To(mut rest, gone) => {
            let before = rest.len();
            rest.extend(gone.iter().filter_map(|gone| named(gone, &names)));
            if rest.len() == before {
                Narrowed::Inseparable
            } else {
                Narrowed::To(rest, gone)
            }
        }
        other => other,
    };
    let remedy = narrow(finding, view, limited)?;
    let all = names.join(", ");
    let title = format!("let {subject} read only the Secrets that its pods are given: {all}");
    Some(
        remedy
            .called(title)
            .may_break("listing and watching them: such requests name no object, so no name can limit them")
            .ask("which Secrets it reads through the API is not visible: add the names that it needs besides"),
    )
}

/// Secrets that pods of the account mount or take variables from.
fn given(view: &View<'_>, namespace: &str, account: &str) -> BTreeSet<Str> {
    let mut names = BTreeSet::new();
    for workload in Workload::all(view.world(), namespace) {
        for (pod, _) in workload.pod_likes() {
            if pod.spec.account_name() == account {
                collect(pod.spec, &mut names);
            }
        }
    }
    names
}

fn collect(spec: &PodSpec, names: &mut BTreeSet<Str>) {
    for volume in &spec.volumes {
        match &volume.source {
            VolumeSource::Secret(name) => drop(names.insert(name.clone())),
            VolumeSource::Projected { secrets, .. } => names.extend(secrets.iter().cloned()),
            _ => {}
        }
    }
    for variable in spec.containers.iter().flat_map(|c| &c.env) {
        if let ValueClass::Secret(name) = &variable.value {
            names.insert(name.clone());
        }
    }
}
