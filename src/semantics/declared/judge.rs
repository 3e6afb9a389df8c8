//! Whether declared calls pass, by the policies of a cluster before and after: as the network engine judges them.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::call::{Call, Side};
use crate::model::ObjectKey;
use crate::semantics::reach::{End, Network, Passes, Pieces, PortSet, Verdict};
use crate::semantics::running;
use crate::view::View;

/// Judges calls by two networks of the same pods.
#[derive(Debug)]
pub(super) struct Judge<'n> {
    before: &'n Network,
    after: &'n Network,
    /// Workloads in the network of their nodes.
    hosts: &'n BTreeSet<ObjectKey>,
    /// The address space, cut where either network cuts it.
    cuts: Vec<IpNet>,
}

/// One end as it is judged.
#[derive(Clone, Copy, Debug)]
enum Unit<'n> {
    Workload(&'n ObjectKey),
    Block(IpNet),
}

impl<'n> Judge<'n> {
    /// On two networks.
    pub fn new(before: &'n Network, after: &'n Network, hosts: &'n BTreeSet<ObjectKey>) -> Self {
        let both = [before, after].into_iter();
        let cuts: Vec<IpNet> = both
            .flat_map(|network| network.pieces().iter().map(|(_, net)| *net))
            .collect();
        let cuts = Pieces::around(&cuts).iter().map(|(_, net)| *net).collect();
        Judge {
            before,
            after,
            hosts,
            cuts,
        }
    }

    /// Ports of a call on which somebody whom it means passes before and not after, or only perhaps. `None` where no pod of
    /// one end is there to be judged.
    pub fn lost(&self, call: &Call) -> Option<PortSet> {
        let mut lost = None;
        for from in self.units(&call.from, true) {
            for to in self.units(&call.to, false) {
                let passes = |network| self.passes(network, call, from, to);
                if let (Some(before), Some(after)) = (passes(self.before), passes(self.after)) {
                    let sure = before.sure.without(&after.sure);
                    let gone = sure.or(&before.any().without(&after.any()));
                    let all: &mut PortSet = lost.get_or_insert_default();
                    *all = all.or(&gone);
                }
            }
        }
        lost
    }

    /// Certain is what passes from every pod of one end to every pod of the other.
    fn passes(
        &self,
        network: &Network,
        call: &Call,
        from: Unit<'_>,
        to: Unit<'_>,
    ) -> Option<Passes> {
        // Of an unknown caller only what the called let in is known.
        let unknown = !is_named(&call.from, self.hosts);
        let mut sure: Option<PortSet> = None;
        let mut any = PortSet::default();
        for source in ends(network, from) {
            for target in ends(network, to) {
                let rows = match target {
                    End::Class(class) if unknown => network.enters(source, class, &call.ports),
                    _ => network.judge(source, target, &call.ports),
                };
                let allowed = rows.iter().filter(|row| row.verdict == Verdict::Allow);
                let allowed = allowed.fold(PortSet::default(), |all, row| all.or(&row.ports));
                sure = Some(sure.map_or(allowed.clone(), |all| all.and(&allowed)));
                any = any.or(&Passes::of(&rows).any());
            }
        }
        let sure = sure?;
        Some(Passes {
            maybe: any.without(&sure),
            sure,
        })
    }

    fn units<'s>(&'s self, side: &'s Side, calls: bool) -> Vec<Unit<'s>> {
        let blocks = |is_meant: &dyn Fn(&IpNet) -> bool| {
            let meant = self.cuts.iter().filter(|net| is_meant(net));
            meant.copied().map(Unit::Block).collect::<Vec<_>>()
        };
        match side {
            Side::Workload(key) if !self.hosts.contains(key) => vec![Unit::Workload(key)],
            Side::Blocks(nets) => {
                blocks(&|net| nets.iter().any(|n| n.contains(net) || net.contains(n)))
            }
            Side::Workload(_) | Side::Anybody(_) => {
                let mut all = blocks(&|_| true);
                if calls {
                    let pods = self.before.workloads().map(|(key, _)| key);
                    let pods = pods.filter(|key| !self.hosts.contains(key));
                    all.extend(pods.map(Unit::Workload));
                }
                all
            }
        }
    }
}

fn ends(network: &Network, unit: Unit<'_>) -> Vec<End> {
    match unit {
        Unit::Workload(key) => {
            let classes = network.classes_of(key).iter();
            classes.map(|class| End::Class(*class)).collect()
        }
        Unit::Block(net) => {
            let piece = network.pieces().of(net.network());
            piece.map(End::Piece).into_iter().collect()
        }
    }
}

/// A policy can name it.
pub(super) fn is_named(side: &Side, hosts: &BTreeSet<ObjectKey>) -> bool {
    match side {
        Side::Workload(key) => !hosts.contains(key),
        Side::Blocks(_) => true,
        Side::Anybody(_) => false,
    }
}

/// Workloads whose pods share the network of their nodes: no selector finds them there.
pub(super) fn hosts(view: &View<'_>) -> BTreeSet<ObjectKey> {
    let mut hosts = BTreeSet::new();
    for namespace in view.namespaces() {
        for workload in running::workloads(view, &namespace) {
            let live = workload.pods.iter().map(|pod| &pod.spec);
            let mut specs = live.chain(workload.template.map(|t| &t.spec));
            if specs.any(|spec| spec.host_network) {
                hosts.insert(workload.key);
            }
        }
    }
    hosts
}
