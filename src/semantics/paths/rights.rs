//! What somebody holds, as bits: which of the rights that paths are made of, in which place, by which rule.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::node::Place;
use crate::model::objects::access::{Role, Rule};
use crate::model::{Evidence, Origin, Str};
use crate::semantics::rbac::rule::{Ask, allows, allows_some, describe, is_everything};
use crate::semantics::rbac::{Clause, Grant};

/// Declares the rights: name, verbs, group, resource.
macro_rules! acts {
    ($($act:ident [$($verb:literal)*] $group:literal $resource:literal;)*) => {
        /// A right that paths are made of. Any of its verbs will do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "the table says what each means")]
        pub enum Act { Everything, $($act),* }

        /// Each with its verbs, group and resource.
        pub(super) const ROWS: &[(Act, &[&str], &str, &str)] = &[$((Act::$act, &[$($verb),*], $group, $resource)),*];
    };
}

acts! {
    CreatePods ["create"] "" "pods";
    PatchPods ["update" "patch"] "" "pods";
    Exec ["create"] "" "pods/exec";
    ExecByGet ["get"] "" "pods/exec";
    Attach ["create"] "" "pods/attach";
    AttachByGet ["get"] "" "pods/attach";
    DebugPods ["update" "patch"] "" "pods/ephemeralcontainers";
    CreateDeployments ["create"] "apps" "deployments";
    CreateDaemonSets ["create"] "apps" "daemonsets";
    CreateStatefulSets ["create"] "apps" "statefulsets";
    CreateReplicaSets ["create"] "apps" "replicasets";
    CreateJobs ["create"] "batch" "jobs";
    CreateCronJobs ["create"] "batch" "cronjobs";
    CreateControllers ["create"] "" "replicationcontrollers";
    WriteDeployments ["update" "patch"] "apps" "deployments";
    WriteDaemonSets ["update" "patch"] "apps" "daemonsets";
    WriteStatefulSets ["update" "patch"] "apps" "statefulsets";
    WriteReplicaSets ["update" "patch"] "apps" "replicasets";
    WriteCronJobs ["update" "patch"] "batch" "cronjobs";
    WriteControllers ["update" "patch"] "" "replicationcontrollers";
    ReadSecrets ["get" "list" "watch"] "" "secrets";
    PatchSecrets ["patch"] "" "secrets";
    DumpSecrets ["deletecollection"] "" "secrets";
    CreateSecrets ["create"] "" "secrets";
    IssueTokens ["create"] "" "serviceaccounts/token";
    CreateAccounts ["create"] "" "serviceaccounts";
    ActAsUsers ["impersonate"] "" "users";
    ActAsGroups ["impersonate"] "" "groups";
    ActAsAccounts ["impersonate"] "" "serviceaccounts";
    EscalateClusterRoles ["escalate"] "rbac.authorization.k8s.io" "clusterroles";
    EscalateRoles ["escalate"] "rbac.authorization.k8s.io" "roles";
    WriteClusterRoles ["update" "patch"] "rbac.authorization.k8s.io" "clusterroles";
    WriteRoles ["update" "patch"] "rbac.authorization.k8s.io" "roles";
    BindClusterRoles ["bind"] "rbac.authorization.k8s.io" "clusterroles";
    BindRoles ["bind"] "rbac.authorization.k8s.io" "roles";
    CreateClusterBindings ["create"] "rbac.authorization.k8s.io" "clusterrolebindings";
    WriteClusterBindings ["update" "patch"] "rbac.authorization.k8s.io" "clusterrolebindings";
    CreateBindings ["create"] "rbac.authorization.k8s.io" "rolebindings";
    WriteBindings ["update" "patch"] "rbac.authorization.k8s.io" "rolebindings";
    CreateRequests ["create"] "certificates.k8s.io" "certificatesigningrequests";
    ApproveRequests ["update" "patch"] "certificates.k8s.io" "certificatesigningrequests/approval";
    ApproveSigners ["approve"] "certificates.k8s.io" "signers";
    ReachKubelets ["get" "create"] "" "nodes/proxy";
    CreateMutators ["create"] "admissionregistration.k8s.io" "mutatingwebhookconfigurations";
    WriteMutators ["update" "patch"] "admissionregistration.k8s.io" "mutatingwebhookconfigurations";
    WriteNamespaces ["update" "patch"] "" "namespaces";
    CreateNamespaces ["create"] "" "namespaces";
    CreateVolumes ["create"] "" "persistentvolumes";
    CreateClaims ["create"] "" "persistentvolumeclaims";
}

impl Act {
    fn bit(self) -> u64 {
        1 << self as u64
    }
}

/// Which rights the rules of one role give.
#[derive(Debug, Default)]
pub(super) struct RoleActs {
    /// For every name.
    any: u64,
    /// For some names.
    named: u64,
    /// The same by rule: its index, for every name or for some, and the bits.
    rules: Vec<(usize, bool, u64)>,
}

impl RoleActs {
    fn of(role: &Role) -> RoleActs {
        let mut acts = RoleActs::default();
        for (at, rule) in role.rules.iter().enumerate() {
            let free = rule.names.is_empty();
            let bits = bits(rule, free);
            if bits != 0 {
                *(if free { &mut acts.any } else { &mut acts.named }) |= bits;
                acts.rules.push((at, free, bits));
            }
        }
        acts
    }

    /// The first rule that gives a right for every name.
    fn free(&self, act: Act) -> Option<usize> {
        let found = self
            .rules
            .iter()
            .find(|(_, free, bits)| *free && bits & act.bit() != 0);
        found.map(|(at, ..)| *at)
    }
}

/// Rows by the resource that they are about.
static ABOUT: LazyLock<FxHashMap<&str, Vec<usize>>> = LazyLock::new(|| {
    let mut about = FxHashMap::<&str, Vec<usize>>::default();
    for (at, (.., resource)) in ROWS.iter().enumerate() {
        about.entry(resource).or_default().push(at);
    }
    about
});

fn bits(rule: &Rule, free: bool) -> u64 {
    if rule.resources.is_empty() {
        return 0;
    }
    if is_everything(rule) {
        return u64::MAX;
    }
    // Only a wildcard is about a resource that it does not name.
    let wild = rule.resources.iter().any(|name| name.starts_with('*'));
    let named = rule.resources.iter();
    let named = named.filter_map(|name| ABOUT.get(&**name)).flatten();
    let rows: Vec<usize> = if wild {
        (0..ROWS.len()).collect()
    } else {
        named.copied().collect()
    };
    let mut bits = 0;
    for (act, verbs, group, resource) in rows.into_iter().filter_map(|at| ROWS.get(at)) {
        // A plain create carries no name; one of a subresource carries its parent's.
        let named = free || verbs != &["create"] || resource.contains('/');
        let asks = |verb: &&str| allows_some(rule, &Ask::any(verb, group, resource));
        if named && verbs.iter().any(asks) {
            bits |= act.bit();
        }
    }
    bits
}

/// Roles that were looked at.
pub(super) type Known<'a> = FxHashMap<*const Role, Rc<RoleActs>>;

/// One role that somebody holds, in a place.
#[derive(Clone, Debug)]
struct Hold<'a> {
    place: Place,
    role: &'a Role,
    acts: Rc<RoleActs>,
    /// None for a role that is bound on the way.
    grant: Option<Grant<'a>>,
}

/// A rule that gives a right.
#[derive(Clone, Copy, Debug)]
pub enum Right<'a> {
    /// Through a binding that is there.
    Held(Clause<'a>),
    /// Through one that is made on the way.
    Gained(&'a Role, usize),
}

impl Right<'_> {
    /// The chain from the subject to the rule.
    pub fn evidence(&self) -> Vec<Evidence> {
        match self {
            Right::Held(clause) => clause.evidence(),
            Right::Gained(role, at) => {
                let rule = role.rules.get(*at).map(describe).unwrap_or_default();
                let path = format!("rules[{at}]");
                vec![Evidence::new(&role.meta.key, path, rule, Origin::Explicit)]
            }
        }
    }
}

/// What makes a right: rules, or none where every right is held.
pub(super) type Proof<'a> = Vec<Right<'a>>;

/// Everything that somebody holds of such rights.
#[derive(Clone, Debug, Default)]
pub(super) struct Rights<'a> {
    holds: Vec<Hold<'a>>,
    /// Everything, without any rule: a goal that was reached.
    all: Option<Place>,
    any: BTreeMap<Place, u64>,
    named: BTreeMap<Place, u64>,
    /// Rights of others that are had by acting as them.
    lent: Vec<(Place, Act, Proof<'a>)>,
}

impl<'a> Rights<'a> {
    /// Every right in a place.
    pub(super) fn all(place: Place) -> Rights<'a> {
        Rights {
            any: BTreeMap::from([(place.clone(), u64::MAX)]),
            all: Some(place),
            ..Rights::default()
        }
    }

    /// Adds what a grant gives.
    pub(super) fn add(&mut self, known: &mut Known<'a>, grant: Grant<'a>) {
        let place = match grant.scope().namespace() {
            "" => None,
            name => Some(Str::from(name)),
        };
        self.hold(known, place, grant.role, Some(grant));
    }

    /// Adds a role that is bound on the way.
    pub(super) fn gain(&mut self, known: &mut Known<'a>, place: Place, role: &'a Role) {
        self.hold(known, place, role, None);
    }

    fn hold(
        &mut self,
        known: &mut Known<'a>,
        place: Place,
        role: &'a Role,
        grant: Option<Grant<'a>>,
    ) {
        let acts = known
            .entry(std::ptr::from_ref(role))
            .or_insert_with(|| Rc::new(RoleActs::of(role)));
        let acts = Rc::clone(acts);
        if acts.any != 0 {
            *self.any.entry(place.clone()).or_default() |= acts.any;
        }
        if acts.named != 0 {
            *self.named.entry(place.clone()).or_default() |= acts.named;
        }
        self.holds.push(Hold {
            place,
            role,
            acts,
            grant,
        });
    }

    /// Adds a right that is had by acting as somebody who has it.
    pub(super) fn lend(&mut self, place: Place, act: Act, proof: Proof<'a>) {
        *self.any.entry(place.clone()).or_default() |= act.bit();
        self.lent.push((place, act, proof));
    }

    /// A rule holds a verb that starts like this.
    pub(super) fn mentions(&self, start: &str) -> bool {
        let rules = self.holds.iter().flat_map(|hold| &hold.role.rules);
        let mut verbs = rules.flat_map(|rule| &rule.verbs);
        verbs.any(|verb| verb.starts_with(start))
    }

    /// A rule that allows what is asked in a place: for every name, or for the one that is asked for.
    pub(super) fn rule(&self, place: &Place, ask: &Ask<'_>) -> Option<Proof<'a>> {
        self.reaching(place).find_map(|hold| {
            let mut rules = hold.role.rules.iter();
            let at = rules.position(|rule| allows(rule, ask))?;
            Some(vec![hold.right(at)?])
        })
    }

    /// The places in which anything is held, the cluster first.
    pub(super) fn places(&self) -> Vec<Place> {
        let mut places: Vec<Place> = vec![None];
        places.extend(self.holds.iter().map(|hold| hold.place.clone()));
        places.extend(self.all.clone());
        places.extend(self.lent.iter().map(|(place, ..)| place.clone()));
        places.sort();
        places.dedup();
        places
    }

    fn bits(map: &BTreeMap<Place, u64>, place: &Place) -> u64 {
        let at = |place: &Place| map.get(place).copied().unwrap_or_default();
        match place {
            None => at(&None),
            here => at(&None) | at(here),
        }
    }

    /// A right for every name in a place.
    pub(super) fn any(&self, act: Act, place: &Place) -> Option<Proof<'a>> {
        if Rights::bits(&self.any, place) & act.bit() == 0 {
            return None;
        }
        let held = self.reaching(place).find_map(|hold| {
            let at = hold.acts.free(act)?;
            hold.right(at)
        });
        let lent = || {
            let mut lent = self.lent.iter();
            let found = lent.find(|(at, other, _)| *other == act && (at.is_none() || at == place));
            found.map(|(.., proof)| proof.clone())
        };
        match held {
            Some(right) => Some(vec![right]),
            None => lent().or_else(|| self.all.is_some().then(Vec::new)),
        }
    }

    /// A right for one name.
    pub(super) fn one(&self, act: Act, place: &Place, name: &str) -> Option<Proof<'a>> {
        self.any(act, place).or_else(|| {
            let mut named = self.named_rules(act, place);
            let (_, right) = named.find(|(rule, _)| rule.names.iter().any(|n| **n == *name))?;
            Some(vec![right])
        })
    }

    /// Names for which a right is held, where it is not held for every name.
    pub(super) fn names(&self, act: Act, place: &Place) -> BTreeMap<Str, Proof<'a>> {
        let mut names = BTreeMap::new();
        if self.any(act, place).is_none() {
            for (rule, right) in self.named_rules(act, place) {
                for name in &rule.names {
                    names.entry(name.clone()).or_insert_with(|| vec![right]);
                }
            }
        }
        names
    }

    /// A right for every name, or for some.
    pub(super) fn some(&self, act: Act, place: &Place) -> Option<Proof<'a>> {
        self.any(act, place).or_else(|| {
            let (_, right) = self.named_rules(act, place).next()?;
            Some(vec![right])
        })
    }

    fn named_rules(
        &self,
        act: Act,
        place: &Place,
    ) -> impl Iterator<Item = (&'a Rule, Right<'a>)> + '_ {
        let none = Rights::bits(&self.named, place) & act.bit() == 0;
        let holds = self.reaching(place).filter(move |_| !none);
        holds.flat_map(move |hold| {
            let rules = hold.acts.rules.iter();
            let rules = rules.filter(move |(_, free, bits)| !free && bits & act.bit() != 0);
            rules.filter_map(|(at, ..)| Some((hold.role.rules.get(*at)?, hold.right(*at)?)))
        })
    }

    fn reaching<'s>(&'s self, place: &Place) -> impl Iterator<Item = &'s Hold<'a>> + use<'s, 'a> {
        let place = place.clone();
        let holds = self.holds.iter();
        holds.filter(move |hold| hold.place.is_none() || hold.place == place)
    }

    /// The roles that are held through bindings that are there, each with its place.
    pub(super) fn roles(&self) -> impl Iterator<Item = (&'a Role, &Place, Right<'a>)> {
        self.holds.iter().filter_map(|hold| {
            let grant = hold.grant?;
            let rule = hold.role.rules.first()?;
            let clause = Clause { grant, at: 0, rule };
            Some((hold.role, &hold.place, Right::Held(clause)))
        })
    }
}

impl<'a> Hold<'a> {
    fn right(&self, at: usize) -> Option<Right<'a>> {
        let rule = self.role.rules.get(at)?;
        Some(match self.grant {
            Some(grant) => Right::Held(Clause { grant, at, rule }),
            None => Right::Gained(self.role, at),
        })
    }
}
