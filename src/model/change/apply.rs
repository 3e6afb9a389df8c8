//! Applying edits to facts. Pure: the object given is never altered.

mod container;
mod pod;

use std::sync::Arc;

use super::{Applied, Change, Edit, IngressEdit, PodEdit, RuleEdit, ServiceEdit};
use crate::model::objects::service::{Service, ServiceKind};
use crate::model::{Labels, Object, Str};

impl Change {
    /// What this change makes of the object as it is now (`None`: it does not exist).
    pub fn apply(&self, now: Option<&Arc<Object>>) -> Applied {
        match (&self.edit, now) {
            (Edit::CreatePolicy(policy), None) => {
                Applied::Now(Arc::new(Object::NetworkPolicy((**policy).clone())))
            }
            (Edit::CreateAccount(account), None) => {
                Applied::Now(Arc::new(Object::ServiceAccount((**account).clone())))
            }
            (Edit::CreateRole(role), None) => {
                Applied::Now(Arc::new(Object::Role((**role).clone())))
            }
            (Edit::CreateBinding(binding), None) => {
                Applied::Now(Arc::new(Object::Binding((**binding).clone())))
            }
            (_, None) => Applied::Misfit,
            (edit, Some(_)) if edit.creates() => Applied::Misfit,
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
        (Edit::Pod(PodEdit::RemoveAnnotation(key)), Object::Pod(pod)) => {
            without(key, &mut pod.meta.annotations)?;
        }
        (Edit::Pod(PodEdit::RemoveAnnotation(key)), Object::Workload(w)) => {
            without(key, &mut w.template.annotations)?;
        }
        (Edit::Pod(edit), Object::Pod(pod)) => pod::edit(edit, Arc::make_mut(&mut pod.spec))?,
        (Edit::Pod(edit), Object::Workload(w)) => {
            pod::edit(edit, Arc::make_mut(&mut w.template.spec))?
        }
        (Edit::Container(name, edit), Object::Pod(pod)) => {
            container::edit(name, edit, Arc::make_mut(&mut pod.spec))?
        }
        (Edit::Container(name, edit), Object::Workload(w)) => {
            container::edit(name, edit, Arc::make_mut(&mut w.template.spec))?;
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
            let at = role.place(*hint, edit.now())?;
            let mut rules = role.rules.to_vec();
            match edit {
                RuleEdit::Remove(_) => drop(rules.remove(at)),
                RuleEdit::Replace(_, then) => rules[at] = (**then).clone(),
                RuleEdit::Split(_, then) => drop(rules.splice(at..=at, then.iter().cloned())),
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

/// Takes an annotation away that is there.
fn without(key: &Str, annotations: &mut Labels) -> Option<()> {
    annotations.get(key)?;
    *annotations = annotations.with(key, None);
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
