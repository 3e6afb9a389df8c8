//! What runs: the pods of a workload that are of one form, with what each of their containers holds.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::change::{Change, Edit, PodEdit};
use crate::model::objects::environment::ValueClass;
use crate::model::objects::volume::VolumeSource;
use crate::model::{Evidence, Kind, ObjectKey, Origin, Str, Subject};
use crate::semantics::capabilities::{Reach, held};
use crate::semantics::effective::may_be_root;
use crate::semantics::escape::host_path::{Carries, is_alone, ways};
use crate::semantics::escape::privileged::power;
use crate::semantics::host_path::{Shows, host_volumes, shows};
use crate::semantics::isolation::{has_user_namespace, is_mirror, is_windows, sandbox};
use crate::semantics::running;
use crate::semantics::token::{How, tokens};
use crate::view::{Look, PodLike, View};

/// Pods of one form, or a template that will have pods.
#[derive(Debug)]
pub(super) struct Crowd {
    /// The workload, and which of its forms.
    pub(super) workload: ObjectKey,
    pub(super) form: usize,
    /// Names of the pods; none of a template.
    pub(super) pods: Vec<Str>,
    /// Nodes on which they run, each with one of them.
    pub(super) machines: BTreeMap<Str, ObjectKey>,
    /// The account that they run as.
    pub(super) account: Subject,
    /// Made by a kubelet from a file: the API cannot change them.
    pub(super) mirror: bool,
    /// A container with capabilities of its own would be root on the node.
    pub(super) shares_users: bool,
    /// The token of the account is in a container.
    pub(super) token: Option<Found>,
    /// What keeps it out, where that is visible.
    pub(super) tokenless: Option<Evidence>,
    /// A container taken over is root on the node.
    pub(super) escape: Option<Found>,
    /// Credentials in files of the node that a container reads though it does not own the node.
    pub(super) reads: Vec<(Shows, Found)>,
    /// Secrets that a container holds.
    pub(super) secrets: Vec<HeldSecret>,
}

/// A Secret that a container holds.
#[derive(Clone, Debug)]
pub(super) struct HeldSecret {
    pub(super) name: Str,
    pub(super) evidence: Evidence,
    /// In a volume: the kubelet writes it to the node's disk, or into its memory as a file.
    pub(super) in_files: bool,
}

/// Something that holds, or may.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) says: String,
    pub(super) evidence: Vec<Evidence>,
    pub(super) unsure: Option<String>,
    pub(super) cuts: Vec<Change>,
}

/// Everything that runs in a namespace. Pods whose names rules mention stand alone: a right to one of them is none to the
/// others.
pub(super) fn crowds(view: &View<'_>, namespace: &str, mentioned: &BTreeSet<Str>) -> Vec<Crowd> {
    let wanted: BTreeSet<&ObjectKey> = running::wanted(view, namespace)
        .into_iter()
        .map(|running| running.holder)
        .collect();
    let mut crowds = Vec::new();
    for workload in running::workloads(view, namespace) {
        let live = !workload.pods.is_empty();
        let mut form = 0;
        for (like, pods) in workload.pod_likes() {
            let template = like.pod.is_none();
            // Where pods are seen they tell, not the template.
            if template && (live || !wanted.contains(&workload.key)) {
                continue;
            }
            let (alone, together): (Vec<_>, Vec<_>) = pods
                .iter()
                .copied()
                .partition(|pod| mentioned.contains(&pod.meta.key.name));
            let mut parts: Vec<Vec<_>> = alone.into_iter().map(|pod| vec![pod]).collect();
            if template || !together.is_empty() {
                parts.push(together);
            }
            let one = Crowd::of(view, &like);
            for pods in parts {
                let machines = pods.iter().rev();
                let machines =
                    machines.filter_map(|pod| Some((pod.node.clone()?, pod.meta.key.clone())));
                crowds.push(Crowd {
                    form,
                    machines: machines.collect(),
                    pods: pods.iter().map(|pod| pod.meta.key.name.clone()).collect(),
                    ..one.clone_form()
                });
                form += 1;
            }
        }
    }
    crowds
}

impl Crowd {
    fn of(view: &View<'_>, pod: &PodLike<'_>) -> Crowd {
        Crowd {
            workload: pod.workload.clone(),
            form: 0,
            pods: Vec::new(),
            machines: BTreeMap::new(),
            account: pod.account(),
            mirror: pod.pod.is_some_and(|pod| is_mirror(&pod.meta)),
            shares_users: !has_user_namespace(pod.spec)
                && !is_windows(pod.spec)
                && sandbox(pod.spec).is_none(),
            token: token(view, pod),
            tokenless: tokenless(view, pod),
            escape: escape(pod),
            reads: reads(pod),
            secrets: secrets(pod),
        }
    }

    /// The same form, of other pods.
    fn clone_form(&self) -> Crowd {
        Crowd {
            workload: self.workload.clone(),
            form: self.form,
            pods: Vec::new(),
            machines: BTreeMap::new(),
            account: self.account.clone(),
            mirror: self.mirror,
            shares_users: self.shares_users,
            token: self.token.clone(),
            tokenless: self.tokenless.clone(),
            escape: self.escape.clone(),
            reads: self.reads.clone(),
            secrets: self.secrets.clone(),
        }
    }
}

fn token(view: &View<'_>, pod: &PodLike<'_>) -> Option<Found> {
    let cuts = unmount(pod);
    match view.context(|view| tokens(pod, view)) {
        Look::Seen(mut mounted) => {
            // One that the pod asks for by a volume of its own is there on purpose, and stays.
            let asked = mounted.iter().any(|(_, token)| token.how != How::Automatic);
            let fixed = asked || pod.pod.is_some_and(|pod| is_mirror(&pod.meta));
            let (container, token) = mounted.swap_remove(0);
            Some(Found {
                says: format!("the token is mounted in {}", container.name),
                evidence: token.evidence,
                unsure: None,
                cuts: if fixed { Vec::new() } else { cuts },
            })
        }
        Look::Absent => None,
        Look::Blind(missing) => Some(Found {
            says: "the token may be mounted".to_owned(),
            evidence: Vec::new(),
            unsure: Some(missing.sentence()),
            cuts,
        }),
    }
}

/// Ways to keep the token out: of this workload, and where the account decides of all that run as it.
fn unmount(pod: &PodLike<'_>) -> Vec<Change> {
    let mut cuts = vec![Change::pod(pod.workload, PodEdit::Automount(false))];
    if pod.spec.automount.is_none() {
        let name = pod.spec.account_name();
        let account = ObjectKey::namespaced(Kind::ServiceAccount, pod.namespace(), name);
        cuts.push(Change::new(&account, Edit::AccountAutomount(false)));
    }
    cuts
}

/// The change, where nothing else gives the same.
fn alone(alone: bool, cut: Change) -> Vec<Change> {
    alone.then_some(cut).into_iter().collect()
}

fn tokenless(view: &View<'_>, pod: &PodLike<'_>) -> Option<Evidence> {
    let Look::Absent = view.context(|view| tokens(pod, view)) else {
        return None;
    };
    let path = pod.path("automountServiceAccountToken");
    Some(match pod.spec.automount {
        Some(on) => Evidence::explicit(pod.holder, path, on),
        None => Evidence::new(pod.holder, path, "unset", Origin::Default),
    })
}

/// How a container of the pod is root on its node.
fn escape(pod: &PodLike<'_>) -> Option<Found> {
    if is_windows(pod.spec) {
        return None;
    }
    let powers = || pod.spec.containers.iter().filter_map(|c| power(pod, c));
    if !has_user_namespace(pod.spec)
        && let Some(found) = powers().find(|p| may_be_root(pod.spec, p.container))
    {
        let class = sandbox(pod.spec);
        return Some(Found {
            says: found.says,
            evidence: found.evidence,
            unsure: class.map(|class| {
                format!("runtime class {class} is named like a sandbox: what it is, is not visible")
            }),
            cuts: alone(powers().count() == 1, found.cut),
        });
    }
    let ways = ways(pod);
    let way = ways.iter().find(|way| way.carries == Carries::Through)?;
    let remove = || PodEdit::RemoveVolume(way.volume.name.clone());
    Some(Found {
        says: format!(
            "{} mounts {}: {}",
            way.mount.container.name, way.mount.path, way.holds
        ),
        evidence: vec![way.path.clone(), way.mount.mode(pod)],
        unsure: None,
        cuts: alone(is_alone(&ways, way), Change::pod(pod.workload, remove())),
    })
}

/// Credentials in mounted files of the node, each kind by the first mount that shows it. They are root's: whoever is never
/// root in the container reads none, and a user namespace does not hide them (owners of files are mapped back).
fn reads(pod: &PodLike<'_>) -> Vec<(Shows, Found)> {
    let mut found: BTreeMap<Shows, (Found, BTreeSet<&Str>)> = BTreeMap::new();
    if is_windows(pod.spec) || escape(pod).is_some_and(|escape| escape.unsure.is_none()) {
        return Vec::new();
    }
    for host in host_volumes(pod.spec) {
        let path = host.path(pod);
        let mounts = host.mounts.iter();
        for mount in mounts.filter(|mount| may_be_root(pod.spec, mount.container)) {
            for shows in shows(&mount.path) {
                let first = || Found {
                    says: format!("{} mounts {}", mount.container.name, mount.path),
                    evidence: vec![path.clone(), mount.mode(pod)],
                    unsure: None,
                    cuts: Vec::new(),
                };
                let (_, volumes) = found
                    .entry(shows)
                    .or_insert_with(|| (first(), BTreeSet::new()));
                volumes.insert(&host.volume.name);
            }
        }
    }
    let mut handles = by_handle(pod);
    let all = found.into_iter();
    let all = all.map(|(shows, (mut found, volumes))| {
        let only = volumes.first().filter(|_| volumes.len() == 1);
        let cut = only.map(|name| {
            let edit = PodEdit::RemoveVolume((**name).clone());
            Change::pod(pod.workload, edit)
        });
        found.cuts.extend(cut);
        (shows, found)
    });
    let mut all: Vec<(Shows, Found)> = all.collect();
    handles.retain(|(shows, _)| all.iter().all(|(other, _)| other != shows));
    all.extend(handles);
    all
}

/// Any file of the node by its handle, with `DAC_READ_SEARCH` (`open_by_handle_at(2)`, which asks for the capability in the
/// first user namespace).
fn by_handle(pod: &PodLike<'_>) -> Vec<(Shows, Found)> {
    const MOUNTED: &str = "only files on a file system that the container has a mount of: which those are is not visible";
    if has_user_namespace(pod.spec) || sandbox(pod.spec).is_some() {
        return Vec::new();
    }
    let containers = pod.spec.containers.iter();
    let mut containers = containers.filter(|c| may_be_root(pod.spec, c));
    let found = containers.find_map(|c| {
        let held = held(&c.security);
        let (name, _) = held.iter().find(|(_, found)| found.reach == Reach::Files)?;
        let path = pod.in_container(c, "securityContext.capabilities.add");
        Some(Found {
            says: format!("{} has {name}", c.name),
            evidence: vec![Evidence::explicit(pod.holder, path, (*name).to_owned())],
            unsure: Some(MOUNTED.to_owned()),
            cuts: Vec::new(),
        })
    });
    let all = [Shows::Keys, Shows::Kubelet, Shows::Pods];
    let found = found.into_iter();
    found
        .flat_map(|found| all.map(|shows| (shows, found.clone())))
        .collect()
}

/// Secrets in variables and mounted volumes, each once.
fn secrets(pod: &PodLike<'_>) -> Vec<HeldSecret> {
    let mut found: Vec<HeldSecret> = Vec::new();
    let mut note = |name: &Str, in_files: bool, path: String| {
        if let Some(known) = found.iter_mut().find(|known| known.name == *name) {
            known.in_files |= in_files;
            return;
        }
        found.push(HeldSecret {
            name: name.clone(),
            evidence: Evidence::explicit(pod.holder, path, name),
            in_files,
        });
    };
    for container in &pod.spec.containers {
        let sets = container.env.iter().position(|v| v.from_set);
        let sets = sets.unwrap_or(container.env.len());
        for (at, variable) in container.env.iter().enumerate() {
            if let ValueClass::Secret(name) = &variable.value {
                let tail = if variable.from_set {
                    format!("envFrom[{}].secretRef.name", at.saturating_sub(sets))
                } else {
                    format!("env[{at}].valueFrom.secretKeyRef.name")
                };
                note(name, false, pod.in_container(container, &tail));
            }
        }
        for mount in &container.mounts {
            let Some(volume) = pod.spec.volume(&mount.volume) else {
                continue;
            };
            let names: &[Str] = match &volume.source {
                VolumeSource::Secret(name) => std::slice::from_ref(name),
                VolumeSource::Projected { secrets, .. } => secrets,
                _ => &[],
            };
            for name in names {
                note(name, true, pod.path(&format!("volumes[{}]", volume.index)));
            }
        }
    }
    found
}
