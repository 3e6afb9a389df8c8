//! Policies that let declared calls pass before a namespace is closed, proven by the network engine.
//!
//! Only calls that the closing alone would cut need a policy: what other policies let pass already stays theirs. Each
//! policy is complete for its workload, names included, so the work may stop after any of them without a loss.

use std::collections::{BTreeMap, BTreeSet};

use super::call::{Call, Side, Why};
use super::judge::{Judge, hosts};
use super::names::free_name;
use super::policy::Writer;
use super::{Declared, declared};
use crate::model::change::{Change, Edit};
use crate::model::objects::network_policy::NetworkPolicy;
use crate::model::{ObjectKey, Str};
use crate::semantics::exposure;
use crate::semantics::network::{Direction, dns_rule};
use crate::semantics::reach::{Network, PairChange, PortSet, Sort, Who, diff};
use crate::view::View;

/// What closes a namespace and keeps what is declared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Policies that allow, one a workload, to be made before the closing.
    pub allows: Vec<Change>,
    /// What is declared in that direction.
    pub declared: Declared,
    /// Calls that the closing alone cuts, with the ports.
    pub cut: Vec<(Call, PortSet)>,
    /// Calls that are cut in spite of the policies, with the ports: none, where every workload has labels.
    pub lost: Vec<(Call, PortSet)>,
    /// Pairs of workloads that talk now, by nobody's declaration, and no longer will.
    pub closed: usize,
    /// For ingress: Services of the namespace with pods behind them that no object declares a caller of.
    pub uncalled: Vec<Str>,
    /// What else to know, each in a sentence.
    pub notes: Vec<String>,
}

/// Plans the closing of a namespace in a direction, where `closing` is what closes it. Blindness is noted.
pub fn plan(view: &View<'_>, namespace: &str, direction: Direction, closing: &[Change]) -> Plan {
    let mut declared = declared(view, namespace, direction);
    let hosts = hosts(view);
    // What policies do to the network of a node is not theirs to say.
    let is_ours = |call: &Call| subject(call, direction).is_some_and(|key| !hosts.contains(key));
    declared.calls.retain(is_ours);
    let before = Network::new(view);
    let lost = |after: &Network| lost(&Judge::new(&before, after, &hosts), &declared);
    let mut cut = lost(&after(view, closing));
    let mut writer = Writer {
        view,
        namespace,
        direction,
        hosts: &hosts,
        notes: BTreeSet::new(),
    };
    let allows = allows(&mut writer, &cut);
    let all: Vec<Change> = allows.iter().chain(closing).cloned().collect();
    let after = after(view, &all);
    let mut lost = lost(&after);
    // A call between pods that are not there cannot be lost, nor can it be said to be kept.
    lost.retain(|(_, ports)| !ports.is_empty());
    cut.retain(|(_, ports)| !ports.is_empty());
    Plan {
        allows,
        cut,
        lost,
        closed: pairs_closed(&before, &after, &declared, (namespace, direction)),
        uncalled: match direction {
            Direction::Ingress => uncalled(view, namespace, &declared),
            Direction::Egress => Vec::new(),
        },
        notes: writer.notes.into_iter().collect(),
        declared,
    }
}

fn after(view: &View<'_>, changes: &[Change]) -> Network {
    let (world, _) = view.world().with(changes);
    Network::new(&View::new(&world))
}

/// Calls that pass before and not after; those of which no pod is there too, without ports.
fn lost(judge: &Judge<'_>, declared: &Declared) -> Vec<(Call, PortSet)> {
    let mut found = Vec::new();
    for call in &declared.calls {
        match judge.lost(call) {
            Some(ports) if ports.is_empty() => {}
            ports => found.push((call.clone(), ports.unwrap_or_default())),
        }
    }
    found
}

/// The end that is in the namespace.
fn subject(call: &Call, direction: Direction) -> Option<&ObjectKey> {
    match direction {
        Direction::Ingress => call.to.workload(),
        Direction::Egress => call.from.workload(),
    }
}

fn allows(writer: &mut Writer<'_, '_>, cut: &[(Call, PortSet)]) -> Vec<Change> {
    let direction = writer.direction;
    let mut by_workload: BTreeMap<&ObjectKey, Vec<&Call>> = BTreeMap::new();
    for (call, _) in cut {
        // Every policy that isolates for egress lets names be resolved, the closing one too.
        if call.why == Why::Dns && direction == Direction::Egress {
            continue;
        }
        if let Some(workload) = subject(call, direction) {
            by_workload.entry(workload).or_default().push(call);
        }
    }
    let mut taken = BTreeSet::new();
    let mut changes = Vec::new();
    for (workload, calls) in by_workload {
        let wanted = match direction {
            Direction::Ingress => format!("allow-ingress-to-{}", workload.name),
            Direction::Egress => format!("allow-egress-from-{}", workload.name),
        };
        let name = free_name(writer.view, writer.namespace, &wanted, &taken);
        if let Some(mut policy) = writer.policy(workload, &calls, &name) {
            resolves(writer.view, &mut policy);
            taken.insert(name);
            let key = policy.meta.key.clone();
            changes.push(Change::new(&key, Edit::CreatePolicy(Box::new(policy))));
        } else {
            writer.notes.insert(format!(
                "{workload} has no label to go by: no policy can be for it alone"
            ));
        }
    }
    changes
}

fn resolves(view: &View<'_>, policy: &mut NetworkPolicy) {
    if let Some(rules) = &mut policy.egress {
        let mut all = std::mem::take(rules).into_vec();
        all.push(dns_rule(view));
        *rules = all.into();
    }
}

fn uncalled(view: &View<'_>, namespace: &str, declared: &Declared) -> Vec<Str> {
    let mut names = Vec::new();
    for service in exposure::services(view, namespace) {
        let behind = exposure::backends(view, service).workloads;
        let calls = declared.calls.iter().filter_map(|c| c.to.workload());
        let called = calls.filter(|to| behind.contains_key(*to)).count() > 0;
        if !behind.is_empty() && !called {
            names.push(service.meta.key.name.clone());
        }
    }
    names
}

/// Pairs of workloads of which something passes before and nothing after, and that no call joins.
fn pairs_closed(
    before: &Network,
    after: &Network,
    declared: &Declared,
    (namespace, direction): (&str, Direction),
) -> usize {
    let joined: BTreeSet<(&Side, &Side)> =
        declared.calls.iter().map(|c| (&c.from, &c.to)).collect();
    let changed = diff(before, after, Some(&BTreeSet::from([Str::from(namespace)])));
    let is_counted = |change: &&PairChange| {
        let (Who::Workload(from), Who::Workload(to)) = (&change.from, &change.to) else {
            return false;
        };
        let mine = match direction {
            Direction::Ingress => to,
            Direction::Egress => from,
        };
        let sides = [from, to].map(|key| Side::Workload(key.clone()));
        let [from, to] = &sides;
        change.sort() == Sort::Removed && mine.home() == namespace && !joined.contains(&(from, to))
    };
    changed.iter().filter(is_counted).count()
}
