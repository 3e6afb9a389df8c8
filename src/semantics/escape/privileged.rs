//! Containers that are privileged, or have a capability that is as good.
//!
//! Source: Linux `capabilities(7)`, `ptrace(2)`; Pod Security Standards, Baseline, "Privileged Containers" and "Capabilities".

use crate::model::Evidence;
use crate::model::change::{Change, ContainerEdit};
use crate::model::objects::container::Container;
use crate::semantics::capabilities::{Reach, as_dangerous, held};
use crate::semantics::effective::{confined_by_apparmor, is_privileged};
use crate::view::PodLike;

/// What makes a container as good as the node.
#[derive(Clone, Debug)]
pub struct Power<'a> {
    /// The container.
    pub container: &'a Container,
    /// In words: `agent is privileged`.
    pub says: String,
    /// The fields that say so.
    pub evidence: Vec<Evidence>,
    /// The change that takes it away.
    pub cut: Change,
}

/// What makes a container as good as its node, if anything does: `privileged`, or a capability. Whether its root is root on
/// the node (user namespaces, a process that never is root) is another question.
pub fn power<'a>(pod: &PodLike<'_>, c: &'a Container) -> Option<Power<'a>> {
    let object = pod.workload;
    if is_privileged(c) {
        let path = pod.in_container(c, "securityContext.privileged");
        return Some(Power {
            container: c,
            says: format!("{} is privileged", c.name),
            evidence: vec![Evidence::explicit(pod.holder, path, true)],
            cut: Change::container(object, &c.name, ContainerEdit::Privileged(false)),
        });
    }
    let confined = confined_by_apparmor(pod, c);
    let held = held(&c.security);
    let (name, found) = held.iter().find(|(_, d)| match (d.name, d.reach) {
        ("ALL" | "SYS_MODULE", _) => true,
        (_, Reach::Node) => !confined,
        (_, Reach::Processes) => pod.spec.host_pid && !confined,
        _ => false,
    })?;
    let path = pod.in_container(c, "securityContext.capabilities.add");
    let mut evidence = vec![Evidence::explicit(pod.holder, path, (*name).to_owned())];
    let mut lets = found.lets;
    if found.reach == Reach::Processes {
        evidence.push(Evidence::explicit(pod.holder, pod.path("hostPID"), true));
        lets = "take over processes of the node";
    }
    let harmless = c.security.add.iter().filter(|n| as_dangerous(n).is_none());
    let lists = ContainerEdit::Capabilities(harmless.cloned().collect(), c.security.drop.clone());
    Some(Power {
        container: c,
        says: format!("{} has {name} and so may {lets}", c.name),
        evidence,
        cut: Change::container(object, &c.name, lists),
    })
}
