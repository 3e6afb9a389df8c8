//! What is declared is allowed first, by one policy a workload, then the rest is denied: what a person is told of it.

use std::collections::BTreeSet;

use super::alone::listed;
use crate::semantics::declared::{Call, Plan, Why};
use crate::semantics::network::Direction;
use crate::semantics::reach::PortSet;
use crate::threats::prelude::{Change, Remedy};

/// Declared calls that are told one by one.
const TOLD: usize = 40;

/// The proposal.
pub(super) fn remedy(plan: &Plan, closing: Vec<Change>, direction: Direction) -> Remedy {
    let first = match direction {
        Direction::Ingress => {
            "every caller that no object declares; who else calls is not in the API, so look at the traffic first"
        }
        Direction::Egress => {
            "every connection that no object declares, but to the cluster's DNS; who else is called is not in the API, so look at the traffic first"
        }
    };
    let changes = plan.allows.iter().cloned().chain(closing);
    let remedy =
        Remedy::review(changes, first).called("allow what is declared, then deny the rest");
    told(remedy, plan)
}

/// The same with what is known: what would be lost, figures, what is kept by whose word, and what is asked.
pub(super) fn told(mut remedy: Remedy, plan: &Plan) -> Remedy {
    for (call, ports) in &plan.lost {
        remedy = remedy.may_break(cut(call, ports));
    }
    for question in &plan.declared.questions {
        remedy = remedy.may_break(format!(
            "what is declared and cannot be allowed yet: {question}"
        ));
    }
    if !plan.declared.hidden.is_empty() {
        let hidden = plan.declared.hidden.iter().map(|kind| kind.info().plural);
        remedy = remedy.may_break(format!(
            "what is declared where it is not visible: {}",
            listed(&hidden.collect::<Vec<_>>())
        ));
    }
    if !plan.uncalled.is_empty() {
        remedy = remedy.may_break(format!(
            "whoever calls these Services, of which no object declares a caller: {}",
            listed(&plan.uncalled)
        ));
    }
    let lost: Vec<&Call> = plan.lost.iter().map(|(call, _)| call).collect();
    let kept = plan.declared.calls.iter().filter(|c| !lost.contains(c));
    let (names, kept): (Vec<&Call>, Vec<&Call>) = kept.partition(|c| is_own_resolution(c));
    if names.len() + kept.len() + lost.len() == 0 {
        return remedy;
    }
    remedy = remedy.note(format!(
        "{} kept, {} lost; {} closed",
        counted(kept.len(), "declared dependency", "declared dependencies"),
        lost.len(),
        counted(
            plan.closed,
            "pair that nobody declared is",
            "pairs that nobody declared are"
        ),
    ));
    for call in kept.iter().take(TOLD) {
        remedy = remedy.note(format!("kept: {}", call.briefly()));
    }
    if kept.len() > TOLD {
        remedy = remedy.note(format!("kept: {} more", kept.len() - TOLD));
    }
    if !names.is_empty() {
        let askers: BTreeSet<_> = names.iter().map(|call| &call.from).collect();
        let askers = counted(askers.len(), "workload", "workloads");
        remedy = remedy.note(format!("kept: name resolution of {askers}"));
    }
    plan.notes.iter().fold(remedy, Remedy::note)
}

/// Every pod resolves names: that is no news.
fn is_own_resolution(call: &Call) -> bool {
    call.why == Why::Dns && call.from.workload().is_some()
}

fn cut(call: &Call, ports: &PortSet) -> String {
    let then = match call.why {
        Why::Webhook(true) => ": what it checks is then refused",
        Why::Webhook(false) => ": what it checks then goes in unchecked",
        _ => "",
    };
    format!("on {ports}: {}{then}", call.says())
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
