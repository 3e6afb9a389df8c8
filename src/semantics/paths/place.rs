//! What the graph needs to know of each namespace: its accounts, what runs there, and which pods it admits.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::model::objects::access::ServiceAccount;
use crate::model::objects::selector::Selector;
use crate::model::{Evidence, Kind, Object, ObjectKey, Origin, Str, Subject};
use crate::semantics::admission::{is_asked_about_new_pods, pod_policies};
use crate::semantics::pod_security::Level;
use crate::semantics::pod_security::labels::{Mode, effective};
use crate::semantics::selectors;
use crate::view::{Look, View};

/// A namespace.
#[derive(Clone, Debug, Default)]
pub(super) struct Space<'a> {
    /// Accounts that exist, by name.
    pub(super) accounts: BTreeMap<Str, &'a ServiceAccount>,
    /// Why there may be more.
    pub(super) more_accounts: Option<String>,
    /// Accounts that bindings name and that were not seen.
    pub(super) missing: BTreeSet<Str>,
    /// Workloads whose template can be rewritten, by kind.
    pub(super) templates: BTreeMap<Kind, BTreeSet<Str>>,
    /// What stands between a new pod and its node.
    pub(super) fence: Fence,
    /// Nothing new is admitted: it is being deleted.
    pub(super) closing: bool,
}

/// The level that a namespace enforces, as far as new pods are concerned.
#[derive(Clone, Debug, Default)]
pub(super) struct Fence {
    /// The level; `None` where no label says, which counts as privileged.
    pub(super) level: Option<Level>,
    /// The label as it is.
    pub(super) evidence: Option<Evidence>,
    /// Why it is not certain that privileged pods are admitted, where the level would.
    pub(super) doubt: Option<String>,
    /// The level itself is not visible.
    pub(super) hidden: bool,
}

impl Fence {
    /// The level admits privileged pods.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.level, None | Some(Level::Privileged))
    }

    /// What must be known of an open one without a label.
    pub(super) fn note(&self) -> Option<String> {
        let unset = self.level.is_none() && !self.hidden;
        unset.then(|| {
            "the namespace has no Pod Security label, and the default of the cluster is not visible: it counts as privileged"
                .to_owned()
        })
    }
}

/// What may refuse a pod besides Pod Security.
struct Engine<'a> {
    name: String,
    /// It is asked where all of these match.
    namespaces: Vec<&'a Selector>,
}

/// The namespaces, by name. They are shared with the graph after a change.
pub(super) type Spaces<'a> = BTreeMap<Str, Rc<Space<'a>>>;

/// Every namespace.
pub(super) fn spaces<'a>(view: &View<'a>, bound: &BTreeSet<Subject>) -> Spaces<'a> {
    let engines = engines(view);
    let mut spaces = BTreeMap::<Str, Space<'a>>::new();
    for name in view.namespaces() {
        view.widen_reads();
        let Some((fence, closing)) = fence(view, &name, &engines) else {
            continue;
        };
        let mut space = Space {
            fence,
            closing,
            ..Space::default()
        };
        for object in view.list(Kind::ServiceAccount, &name) {
            if let Object::ServiceAccount(account) = &**object {
                space
                    .accounts
                    .insert(account.meta.key.name.clone(), account);
            }
        }
        let blind = view
            .world()
            .sight()
            .blind(Kind::ServiceAccount, Some(&name));
        space.more_accounts = blind.map(|missing| missing.sentence());
        for kind in Kind::TEMPLATED {
            for object in view.list(kind, &name) {
                if let Object::Workload(workload) = &**object {
                    let names = space.templates.entry(kind).or_default();
                    names.insert(workload.meta.key.name.clone());
                }
            }
        }
        spaces.insert(name, space);
    }
    for subject in bound {
        if let Subject::ServiceAccount { namespace, name } = subject
            && let Some(space) = spaces.get_mut(namespace)
            && !space.accounts.contains_key(name)
        {
            space.missing.insert(name.clone());
        }
    }
    let shared = spaces.into_iter();
    shared.map(|(name, space)| (name, Rc::new(space))).collect()
}

/// What stands between a new pod of a namespace and its node; `None`: there is no such namespace.
pub(super) fn fence_of(view: &View<'_>, name: &str) -> Option<Fence> {
    fence(view, name, &engines(view)).map(|(fence, _)| fence)
}

fn fence(view: &View<'_>, name: &str, engines: &[Engine<'_>]) -> Option<(Fence, bool)> {
    let key = ObjectKey::of_namespace(name);
    let label = Mode::Enforce.label();
    let path = format!("metadata.labels['{label}']");
    let namespace = match view.namespace(name) {
        Look::Seen(namespace) => namespace,
        Look::Absent => return None,
        Look::Blind(missing) => {
            let fence = Fence {
                doubt: Some(missing.sentence()),
                hidden: true,
                ..Fence::default()
            };
            return Some((fence, false));
        }
    };
    let labels = &namespace.meta.labels;
    let evidence = match labels.get(label) {
        Some(value) => Evidence::explicit(&key, path, value),
        None => Evidence::new(&key, path, "unset", Origin::Default),
    };
    let asked = |engine: &&Engine<'_>| {
        let mut all = engine.namespaces.iter();
        all.all(|selector| match selectors::namespace_labels(view, name) {
            Look::Seen(labels) => selectors::matches(selector, &labels),
            _ => true,
        })
    };
    let doubt = engines.iter().find(asked);
    let fence = Fence {
        level: effective(labels, Mode::Enforce).level,
        evidence: Some(evidence),
        doubt: doubt.map(|engine| engine.name.clone()),
        hidden: false,
    };
    Some((fence, namespace.terminating))
}

/// Everything that was seen to judge new pods, and what hides that there is more.
fn engines<'a>(view: &View<'a>) -> Vec<Engine<'a>> {
    let mut engines = Vec::new();
    let sight = view.world().sight();
    for kind in [
        Kind::ValidatingWebhookConfiguration,
        Kind::MutatingWebhookConfiguration,
    ] {
        for object in view.list(kind, "") {
            let Object::Webhooks(config) = &**object else {
                continue;
            };
            let asked = config
                .webhooks
                .iter()
                .filter(|w| is_asked_about_new_pods(w));
            engines.extend(asked.map(|webhook| Engine {
                name: format!(
                    "webhook {} may refuse it: what it decides is not visible",
                    webhook.name
                ),
                namespaces: vec![&webhook.namespaces],
            }));
        }
        let hidden = sight.blind(kind, None);
        engines.extend(hidden.map(|missing| Engine {
            name: missing.sentence(),
            namespaces: Vec::new(),
        }));
    }
    let policies = pod_policies(view).into_iter();
    engines.extend(policies.map(|policy| Engine {
        name: format!(
            "validatingadmissionpolicy {} may refuse it: what it says is not read",
            policy.name
        ),
        namespaces: vec![policy.namespaces, &policy.binding.namespaces],
    }));
    engines
}
