//! A workload is given an account of its own.
//!
//! What the workload does with the API server is not visible. Without rights of its own it loses what bindings give to the
//! account that it leaves, and each of these is named; with them, bindings of the same roles are made for the new account,
//! where those give nothing that matters to an attacker.

use crate::model::Meta;
use crate::model::objects::access::{Binding, ServiceAccount};
use crate::semantics::editable::editable;
use crate::semantics::isolation::is_mirror;
use crate::semantics::rbac::{Grant, Identity, held, role_of};
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::binding_power::strongest;

/// Bindings that are named; more are counted.
const NAMED: usize = 4;

/// Makes an account named like the workload of a finding, and runs it as that: without rights, or with copies of harmless
/// ones.
pub(crate) fn own_account(finding: &Finding, view: &View<'_>) -> Vec<Remedy> {
    if editable(finding, view).is_none() {
        return Vec::new();
    }
    let Some(moved) = Move::of(&finding.id.object, "default", view) else {
        return Vec::new();
    };
    let grants = view.context(|view| own_grants(view, &moved.old));
    let named = names(&grants);
    let plain = Remedy::review(moved.changes(), moved.cares(view));
    let title = format!("run it as {}, an account of its own", moved.new);
    if grants.is_empty() {
        return vec![plain.called(title)];
    }
    let lost = format!("what it does with the rights of {}: {named}", moved.old);
    let mut ways = vec![
        plain
            .called(format!("{title}, without rights"))
            .may_break(lost),
    ];
    let harmless =
        |grant: &Grant<'_>| strongest(view, grant.binding, grant.role, grant.subject).is_none();
    if grants.iter().all(harmless) {
        let copies: Vec<Change> = grants
            .iter()
            .filter_map(|grant| moved.copy(view, grant.binding))
            .collect();
        if copies.len() == grants.len() {
            let all = moved.changes().into_iter().chain(copies);
            let remedy = Remedy::review(all, moved.cares(view));
            ways.push(remedy.called(format!("{title}, bound to the same roles: {named}")));
        }
    }
    ways
}

/// For a finding on a binding of `default`: the one workload that runs as it goes on with the same rights as an account of its
/// own, and `default` loses them. `None` where several workloads do, or none (then nobody needs the binding), where pods are
/// not visible, and where the rights are worth something to an attacker: those are to be narrowed first.
pub(crate) fn instead_of_default(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let (binding, subject) = super::bound(finding, view)?;
    let Subject::ServiceAccount { namespace, name } = &subject else {
        return None;
    };
    view.list(Kind::Pod, namespace).next();
    let world = view.world();
    if world.sight().blind(Kind::Pod, Some(namespace)).is_some() {
        return None;
    }
    let runs = |workload: &Workload<'_>| {
        let pods = workload.pod_likes();
        pods.iter()
            .any(|(pod, _)| pod.spec.account_name() == &**name)
    };
    let all = Workload::all(world, namespace);
    let mut users = all.iter().filter(|workload| runs(workload));
    let (one, None) = (users.next()?, users.next()) else {
        return None;
    };
    // A workload whose owner is not read has no template to change.
    let spec = match one.object.map(|object| &**object)? {
        Object::Workload(workload) => &workload.template.spec,
        Object::Pod(pod) if !is_mirror(&pod.meta) => &pod.spec,
        _ => return None,
    };
    if spec.account_name() != &**name {
        return None;
    }
    let at = binding.subjects.iter().position(|s| *s == subject)?;
    let role = role_of(view, binding).seen()?;
    if strongest(view, binding, role, at).is_some() {
        return None;
    }
    let moved = Move::of(&one.key, name, view)?;
    let copy = moved.copy(view, binding)?;
    let remove = Change::new(&binding.meta.key, Edit::RemoveSubject(subject.clone()));
    let all = moved.changes().into_iter().chain([copy, remove]);
    let title = format!(
        "run {} as {}, bound to the same {}, in place of {subject}",
        one.key, moved.new, role.meta.key
    );
    let others = names(&others(view, &subject, binding));
    let remedy = Remedy::review(all, moved.cares(view)).called(title);
    Some(if others.is_empty() {
        remedy
    } else {
        remedy.may_break(format!(
            "what it does with the other rights of {subject}: {others}"
        ))
    })
}

/// What else is bound to the account by its own name.
fn others<'a>(view: &View<'a>, account: &Subject, but: &Binding) -> Vec<Grant<'a>> {
    let mut grants = view.context(|view| own_grants(view, account));
    grants.retain(|grant| grant.binding.meta.key != but.meta.key);
    grants
}

/// A workload on its way to an account of its own.
struct Move {
    workload: ObjectKey,
    old: Subject,
    new: Subject,
    account: ServiceAccount,
}

impl Move {
    fn of(workload: &ObjectKey, old: &str, view: &View<'_>) -> Option<Move> {
        let namespace = workload.namespace.as_deref()?;
        let name = free_name(view, namespace, &workload.name)?;
        let before = view.context(|view| view.account(namespace, old).seen());
        let key = ObjectKey::namespaced(Kind::ServiceAccount, namespace, &name);
        Some(Move {
            workload: workload.clone(),
            old: Subject::account(namespace, old),
            new: Subject::account(namespace, &name),
            account: ServiceAccount {
                meta: Meta::bare(key),
                automount: before.and_then(|account| account.automount),
                secrets: Box::default(),
                pull_secrets: before.map(|a| a.pull_secrets.clone()).unwrap_or_default(),
                assumed: false,
            },
        })
    }

    fn changes(&self) -> Vec<Change> {
        let key = &self.account.meta.key;
        let create = Edit::CreateAccount(Box::new(self.account.clone()));
        let run = PodEdit::Account(key.name.clone());
        vec![Change::new(key, create), Change::pod(&self.workload, run)]
    }

    /// A binding of the same role for the new account.
    fn copy(&self, view: &View<'_>, of: &Binding) -> Option<Change> {
        let name = format!("{}-{}", of.meta.key.name, self.account.meta.key.name);
        let key = ObjectKey {
            name: name.as_str().into(),
            ..of.meta.key.clone()
        };
        let binding = Binding {
            meta: Meta::bare(key.clone()),
            role: of.role.clone(),
            subjects: Box::new([self.new.clone()]),
            assumed: false,
        };
        let free = view.get(&key) == Look::Absent;
        free.then(|| Change::new(&key, Edit::CreateBinding(Box::new(binding))))
    }

    fn cares(&self, view: &View<'_>) -> String {
        let Subject::ServiceAccount { namespace, name } = &self.old else {
            return String::new();
        };
        let known = matches!(view.account(namespace, name), Look::Seen(_));
        let pulls = if known {
            ""
        } else {
            " Whether that account names Secrets to pull images with is not visible."
        };
        format!("whoever knows the pods by the account {name}: cloud roles, meshes, vaults.{pulls}")
    }
}

/// What is bound to the account by its own name: groups hold the new one too.
fn own_grants<'a>(view: &View<'a>, account: &Subject) -> Vec<Grant<'a>> {
    let mut grants = held(view, &Identity::of(account)).grants;
    grants.retain(|grant| grant.subject() == Some(account));
    grants
}

fn names(grants: &[Grant<'_>]) -> String {
    let mut names: Vec<String> = grants
        .iter()
        .map(|grant| format!("{} by {}", grant.role.meta.key, grant.binding.meta.key))
        .collect();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let named = names.join(", ");
    match more {
        0 => named,
        n => format!("{named} and {n} more"),
    }
}

/// The workload's own name where no account has it and no binding waits for it, or with a number.
fn free_name(view: &View<'_>, namespace: &str, name: &str) -> Option<Str> {
    let numbered = (2..10).map(|n| with_suffix(name, &format!("-{n}")));
    let mut all = std::iter::once(name.to_owned()).chain(numbered);
    let is_free = |name: &String| {
        let subject = Subject::account(namespace, name);
        let bound = view.context(|view| {
            let here = view.bindings(&subject, namespace).next().is_some();
            here || view.bindings(&subject, "").next().is_some()
        });
        !bound && view.account(namespace, name) == Look::Absent
    };
    all.find(is_free).map(|name| name.as_str().into())
}

/// A name with something behind it that is no longer than names may be (`ValidateServiceAccountName`, a DNS subdomain).
fn with_suffix(name: &str, suffix: &str) -> String {
    const LONGEST: usize = 253;
    let room = LONGEST.saturating_sub(suffix.len());
    let kept: String = name.chars().take(room).collect();
    let kept = kept.trim_end_matches(['-', '.']);
    format!("{kept}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_gives_way_to_what_is_put_behind_it() {
        assert_eq!(with_suffix("web", "-2"), "web-2");
        let long = with_suffix(&"x".repeat(253), "-2");
        assert_eq!((long.len(), long.ends_with("x-2")), (253, true));
        let dotted = format!("{}.{}", "x".repeat(250), "yy");
        assert_eq!(with_suffix(&dotted, "-2"), format!("{}-2", "x".repeat(250)));
    }
}
