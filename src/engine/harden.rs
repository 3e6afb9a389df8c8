//! The way up the Pod Security ladder: a workload made to meet a level, a namespace raised to it, each proven in an overlay.

use super::query::{FixAnswer, HardenAnswer, RaiseAnswer};
use super::state::Engine;
use crate::fix::Delivery;
use crate::fix::harden::harden;
use crate::fix::raise::raise;
use crate::model::{ObjectKey, Str};
use crate::semantics::pod_security::standing::{in_force, of_namespace, of_workload};
use crate::semantics::pod_security::{Level, Version};
use crate::view::{View, top_owner};

impl Engine {
    /// What it takes for a workload to meet a level, at a version (`None`: the one that its namespace enforces). A pod
    /// stands for the workload that owns it.
    pub fn harden(
        &self,
        object: &ObjectKey,
        level: Level,
        version: Option<Version>,
        style: &str,
        delivery: &Delivery,
    ) -> HardenAnswer {
        let view = View::new(self.world());
        let owner = self.world().get(object);
        let workload = owner.map_or_else(|| object.clone(), |o| top_owner(self.world(), o));
        let minor = match version {
            Some(version) => version.applied(self.world().cluster().version.as_ref()),
            None => in_force(&view, workload.home()).1,
        };
        let found = self.world().get(&workload);
        let hardened = found.and_then(|object| harden(object, level, minor));
        let word = level.word();
        let why_none = match &hardened {
            None => format!("{workload} is not visible, or has no pod template to change"),
            Some(hardened) if hardened.left.is_empty() => {
                format!("{workload} meets {word} already")
            }
            Some(_) => format!("no change of ours brings {workload} nearer to {word}"),
        };
        let remedy = hardened
            .as_ref()
            .and_then(crate::fix::harden::Hardened::remedy);
        let mut fix = self.answer(Vec::new(), remedy, Some(why_none), style, delivery);
        let left = hardened.map(|h| h.left).unwrap_or_default();
        if let Some(plan) = &mut fix.plan {
            let left = left.iter().map(|l| format!("{}: {}", l.control, l.says));
            plan.cannot.extend(left);
        }
        HardenAnswer {
            standing: of_workload(&view, &workload),
            workload,
            level,
            minor,
            left,
            fix,
        }
    }

    /// What raising a namespace to a level means, at a version (`None`: the one that its labels name).
    pub fn raise(
        &self,
        namespace: &str,
        level: Level,
        version: Option<Version>,
        style: &str,
        delivery: &Delivery,
    ) -> RaiseAnswer {
        let view = View::new(self.world());
        let standing = of_namespace(&view, namespace);
        let (remedy, rejected, why_none) = match raise(&view, namespace, level, version) {
            Ok(raised) => (Some(raised.remedy), raised.rejected, None),
            Err(why) => (None, Vec::new(), Some(why)),
        };
        let fix: FixAnswer = self.answer(Vec::new(), remedy, why_none, style, delivery);
        RaiseAnswer {
            namespace: Str::from(namespace),
            level,
            standing,
            rejected,
            fix,
        }
    }
}
