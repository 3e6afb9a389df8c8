//! Who calls whom, as far as objects declare it, and the policies that let exactly that pass.
//!
//! A declaration is a field: a variable that names a Service, an Ingress and its controller, a webhook, a token with rights.
//! What is only seen on the network is not in the API and is never guessed: a host whose addresses nobody declares is
//! a question. Ports are those of the called pods, never those of a Service. One file a kind of declaration.

mod api_server;
mod call;
mod doors;
mod host;
mod judge;
mod names;
mod peers;
mod plan;
mod policy;
mod resolution;
mod scrapes;
mod selector;
#[cfg(test)]
mod tests;
mod variables;
mod webhooks;

pub use call::{Call, Side, Why};
pub use names::free_name;
pub use plan::{Plan, plan};

use std::collections::BTreeSet;

use crate::model::Kind;
use crate::semantics::network::Direction;
use crate::semantics::running;
use crate::view::View;

/// What is declared of the pods of a namespace in one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// Calls, in order of their ends.
    pub calls: Vec<Call>,
    /// What is declared and names nobody that a policy could let through, each in a sentence.
    pub questions: Vec<String>,
    /// Kinds that declare calls too and are not visible everywhere: there may be more of them.
    pub hidden: BTreeSet<Kind>,
}

/// Kinds that declare calls.
const DECLARING: [Kind; 4] = [Kind::Service, Kind::EndpointSlice, Kind::Ingress, Kind::Pod];

/// Those that count for one direction alone.
fn of_direction(direction: Direction) -> &'static [Kind] {
    match direction {
        Direction::Ingress => &[
            Kind::ValidatingWebhookConfiguration,
            Kind::MutatingWebhookConfiguration,
        ],
        Direction::Egress => &[
            Kind::ServiceAccount,
            Kind::RoleBinding,
            Kind::ClusterRoleBinding,
        ],
    }
}

/// Calls into the pods of a namespace, or out of them. Blindness is noted.
pub fn declared(view: &View<'_>, namespace: &str, direction: Direction) -> Declared {
    let mut found = Declared::default();
    match direction {
        Direction::Ingress => {
            for home in view.namespaces() {
                for workload in running::workloads(view, &home) {
                    let said = variables::of(view, &workload);
                    let here = |call: &Call| call.to.home() == Some(namespace);
                    found.calls.extend(said.calls.into_iter().filter(here));
                }
            }
            found.calls.extend(peers::of(view, namespace));
            found.calls.extend(doors::into(view, namespace));
            found.calls.extend(webhooks::into(view, namespace));
            found.calls.extend(resolution::into(view, namespace));
            found.add(scrapes::into(view, namespace));
        }
        Direction::Egress => {
            for workload in running::workloads(view, namespace) {
                found.add(variables::of(view, &workload));
                found.add(api_server::of(view, &workload));
            }
            found.calls.extend(peers::of(view, namespace));
            found.calls.extend(doors::out_of(view, namespace));
            found.calls.extend(resolution::out_of(view, namespace));
            found.calls.extend(scrapes::out_of(view, namespace));
        }
    }
    let blind = view.world().sight().all_blind().into_iter();
    let declares = |kind: &Kind| {
        DECLARING.contains(kind)
            || Kind::TEMPLATED.contains(kind)
            || of_direction(direction).contains(kind)
    };
    found.hidden = blind.map(|missing| missing.kind).filter(declares).collect();
    found.calls = call::merged(found.calls);
    found.questions.sort();
    found.questions.dedup();
    found
}

impl Declared {
    fn add(&mut self, other: Declared) {
        self.calls.extend(other.calls);
        self.questions.extend(other.questions);
    }
}
