//! Ways of the graph as instances of stories: a step for each hop, with what it rests on and what would take that away.

use super::scenes::{Actor, Instance, Scenes};
use super::story::Story;
use crate::model::{Evidence, Kind};
use crate::semantics::paths::Way;

/// Kinds that the graph of ways is made from. (What only bars a way, admission webhooks and policies, is left out: hidden, it
/// makes a way unsure by itself.)
pub(crate) const WAYS: &[Kind] = &[
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::DaemonSet,
    Kind::Job,
    Kind::CronJob,
    Kind::ReplicationController,
    Kind::ReplicaSet,
    Kind::Pod,
    Kind::ServiceAccount,
    Kind::ClusterRoleBinding,
    Kind::RoleBinding,
    Kind::ClusterRole,
    Kind::Role,
    Kind::Namespace,
    Kind::Node,
];

/// How a way is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk {
    /// The story: its first step is the way's first hop, its last step all others.
    pub(crate) story: &'static Story,
    /// What is had at the end, after "in N more steps": `is root on a node`.
    pub(crate) ends: &'static str,
}

impl Walk {
    /// Puts a way into the scenes. `who` begins the sentence: `Whoever comes by the login of user:ann`.
    pub(crate) fn tell(self, who: &str, actor: Actor, way: &Way, out: &mut Scenes) {
        let instance = self.ending(0, who, actor, way, out);
        self.hops(0, way, instance);
    }

    /// The same after a step of its own that is no part of the way, with what that rests on.
    pub(crate) fn tell_after(
        self,
        (says, evidence): (String, Vec<Evidence>),
        who: &str,
        actor: Actor,
        way: &Way,
        out: &mut Scenes,
    ) {
        let instance = self.ending(1, who, actor, way, out);
        instance.step(says, self.cut_by(0), evidence);
        self.hops(1, way, instance);
    }

    fn ending<'o>(
        self,
        before: usize,
        who: &str,
        actor: Actor,
        way: &Way,
        out: &'o mut Scenes,
    ) -> &'o mut Instance {
        let says = self.sentence(who, way);
        let mut doubts = way.steps.iter().enumerate();
        let doubt = doubts.find_map(|(at, step)| Some((at, step.unsure.as_ref()?)));
        match doubt {
            Some((at, why)) => out.unsure(actor, at + before, why, says),
            None => out.works(actor, says),
        }
    }

    /// Controls that cut the step at a place.
    fn cut_by(self, at: usize) -> &'static [&'static str] {
        let steps = self.story.steps;
        let class = if at == 0 { steps.first() } else { steps.last() };
        class.map_or(&[], |class| class.cut_by)
    }

    fn hops(self, before: usize, way: &Way, instance: &mut Instance) {
        for (at, step) in way.steps.iter().enumerate() {
            let cut_by = self.cut_by(at + before);
            instance.step(step.says.clone(), cut_by, step.evidence.clone());
            for change in &step.cuts {
                instance.cut(change.clone());
            }
        }
    }

    fn sentence(self, who: &str, way: &Way) -> String {
        let does = |at: usize| way.steps.get(at).map(|step| step.does.as_str());
        let begins = does(0).unwrap_or_default();
        match (way.steps.len(), does(1)) {
            (2, Some(second)) => format!("{who} {begins}, which {second}."),
            (3.., _) => {
                let more = way.steps.len() - 1;
                format!("{who} {begins}, and in {more} more steps {}.", self.ends)
            }
            _ => format!("{who} {begins}."),
        }
    }
}
