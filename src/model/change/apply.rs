//! Applying edits to facts. Pure: the object given is never altered.

use std::sync::Arc;

use super::{Applied, Change, ContainerEdit, Edit, IngressEdit, PodEdit, RuleEdit, ServiceEdit};
use crate::model::objects::container::{Container, Seccomp};
use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::service::{Service, ServiceKind};
use crate::model::objects::volume::VolumeSource;
use crate::model::{Object, Str};

impl Change {
    /// What this change makes of the object as it is now (`None`: it does not exist).
    pub fn apply(&self, now: Option<&Arc<Object>>) -> Applied {
        match (&self.edit, now) {
            (Edit::CreatePolicy(policy), None) => {
                Applied::Now(Arc::new(Object::NetworkPolicy((**policy).clone())))
            }
            (Edit::CreatePolicy(_), Some(_)) | (_, None) => Applied::Misfit,
            (Edit::Delete, Some(_)) => Applied::Gone,
            (edit, Some(object)) => {
                let mut object = (**object).clone();
                if alter(edit, &mut object).is_some() {
                    Applied::Now(Arc::new(object))
                } else {
                    Applied::Misfit
                }
            }
        }
    }
}

/// Edits in place; `None` when the edit does not fit.
fn alter(edit: &Edit, object: &mut Object) -> Option<()> {
    match (edit, object) {
        (Edit::Label(key, value), object) => {
            let meta = object.meta_mut();
            meta.labels = meta.labels.with(key, value.as_deref());
        }
        (Edit::Pod(edit), Object::Pod(pod)) => pod_edit(edit, Arc::make_mut(&mut pod.spec))?,
        (Edit::Pod(edit), Object::Workload(w)) => {
            pod_edit(edit, Arc::make_mut(&mut w.template.spec))?
        }
        (Edit::Container(name, edit), Object::Pod(pod)) => {
            in_container(name, edit, Arc::make_mut(&mut pod.spec))?
        }
        (Edit::Container(name, edit), Object::Workload(w)) => {
            in_container(name, edit, Arc::make_mut(&mut w.template.spec))?;
        }
        (Edit::AccountAutomount(value), Object::ServiceAccount(account)) => {
            account.automount = Some(*value)
        }
        (Edit::Service(edit), Object::Service(service)) => service_edit(edit, service),
        (Edit::Ingress(IngressEdit::AddTls(_, hosts)), Object::Ingress(ingress)) => {
            ingress.tls = ingress.tls.iter().cloned().chain([hosts.clone()]).collect();
        }
        (Edit::Ingress(IngressEdit::Host(at, host)), Object::Ingress(ingress)) => {
            ingress.rules.get_mut(*at)?.host = Some(host.clone());
        }
        (Edit::RemoveSubject(subject), Object::Binding(binding)) => {
            let before = binding.subjects.len();
            binding.subjects = binding
                .subjects
                .iter()
                .filter(|s| *s != subject)
                .cloned()
                .collect();
            (binding.subjects.len() < before).then_some(())?;
        }
        (Edit::Rule(hint, edit), Object::Role(role)) => {
            let (RuleEdit::Remove(now) | RuleEdit::Replace(now, _)) = edit;
            let at = role.place(*hint, now)?;
            let mut rules = role.rules.to_vec();
            match edit {
                RuleEdit::Remove(_) => drop(rules.remove(at)),
                RuleEdit::Replace(_, then) => rules[at] = (**then).clone(),
            }
            role.rules = rules.into_boxed_slice();
        }
        (Edit::WebhookIgnore(name, ignore), Object::Webhooks(config)) => {
            config.webhooks.iter_mut().find(|w| w.name == *name)?.ignore = Some(*ignore);
        }
        _ => return None,
    }
    Some(())
}

fn pod_edit(edit: &PodEdit, spec: &mut PodSpec) -> Option<()> {
    match edit {
        PodEdit::HostNetwork(on) => spec.host_network = *on,
        PodEdit::HostPid(on) => spec.host_pid = *on,
        PodEdit::HostIpc(on) => spec.host_ipc = *on,
        PodEdit::HostUsers(on) => spec.host_users = Some(*on),
        PodEdit::Automount(on) => {
            spec.automount = Some(*on);
            if !on {
                // Admission injects no token into the pods that come next.
                for container in &mut spec.containers {
                    container.token = false;
                }
            }
        }
        PodEdit::NonRoot(on) => spec.security.non_root = Some(*on),
        PodEdit::User(user) => spec.security.user = *user,
        PodEdit::Seccomp(kind) => {
            spec.security.seccomp = Some(Seccomp {
                kind: kind.clone(),
                localhost: None,
            })
        }
        PodEdit::EmptyDir(name) => {
            let volume = spec.volumes.iter_mut().find(|v| v.name == *name)?;
            volume.source = VolumeSource::EmptyDir(Str::from(""));
        }
        PodEdit::RemoveVolume(name) => remove_volume(name, spec)?,
    }
    Some(())
}

/// Takes a volume and its mounts away; later volumes move up, as in the patched list.
fn remove_volume(name: &Str, spec: &mut PodSpec) -> Option<()> {
    spec.volume(name)?;
    spec.volumes = spec
        .volumes
        .iter()
        .filter(|v| v.name != *name)
        .cloned()
        .collect();
    for (at, volume) in spec.volumes.iter_mut().enumerate() {
        volume.index = at as u16;
    }
    for container in &mut spec.containers {
        container.mounts = container
            .mounts
            .iter()
            .filter(|m| m.volume != *name)
            .cloned()
            .collect();
    }
    Some(())
}

fn in_container(name: &Str, edit: &ContainerEdit, spec: &mut PodSpec) -> Option<()> {
    let container = spec.containers.iter_mut().find(|c| c.name == *name)?;
    container_edit(edit, container)
}

fn container_edit(edit: &ContainerEdit, container: &mut Container) -> Option<()> {
    let security = &mut container.security;
    match edit {
        ContainerEdit::Privileged(on) => security.privileged = Some(*on),
        ContainerEdit::Escalation(on) => security.escalation = Some(*on),
        ContainerEdit::NonRoot(on) => security.non_root = *on,
        ContainerEdit::User(user) => security.user = *user,
        ContainerEdit::ReadOnlyRoot(on) => security.read_only_root = Some(*on),
        ContainerEdit::Capabilities(add, drop) => {
            security.add = add.clone();
            security.drop = drop.clone();
        }
        ContainerEdit::Seccomp(kind) => {
            security.seccomp = kind.clone().map(|kind| Seccomp {
                kind,
                localhost: None,
            });
        }
        ContainerEdit::Image(image) => container.image = image.clone(),
        ContainerEdit::RemoveHostPort(port, protocol, host_port, _) => {
            let found = container.ports.iter_mut().find(|p| {
                p.port == *port && p.protocol == *protocol && p.host_port == *host_port
            })?;
            found.host_port = 0;
            found.host_ip = Str::from("");
        }
    }
    Some(())
}

fn service_edit(edit: &ServiceEdit, service: &mut Service) {
    match edit {
        ServiceEdit::ClusterIp => {
            service.kind = ServiceKind::ClusterIp;
            service.source_ranges = Box::default();
            service.class = None;
            service.addresses = Box::default();
            service.local_only = false;
            service.node_ports = None;
            for port in &mut service.ports {
                port.node_port = 0;
            }
        }
        ServiceEdit::SourceRanges(ranges) => service.source_ranges = ranges.clone(),
        ServiceEdit::RemoveExternalIps => service.external_ips = Box::default(),
        ServiceEdit::NoNodePorts => {
            service.node_ports = Some(false);
            for port in &mut service.ports {
                port.node_port = 0;
            }
        }
    }
}
