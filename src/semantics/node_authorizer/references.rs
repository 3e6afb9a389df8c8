//! What the pods of each node refer to. Finished pods count until they are deleted, and pods that a kubelet made from a file
//! refer to nothing: no node may make a pod that gives it more.
//!
//! Source: `AddPod` and `AddPV` in kubernetes/kubernetes `plugin/pkg/auth/authorizer/node/graph.go`,
//! `VisitPodSecretNames` and `VisitPodConfigmapNames` in `pkg/api/v1/pod/util.go`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::objects::environment::ValueClass;
use crate::model::objects::pod::Pod;
use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::volume::VolumeSource;
use crate::model::{Kind, Object, Str};
use crate::semantics::isolation::is_mirror;
use crate::semantics::token::is_api_audience;
use crate::view::View;

/// Objects of namespaces, by namespace and name.
pub type Names = BTreeSet<(Str, Str)>;

/// What the pods of one node refer to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// The pods themselves.
    pub pods: Names,
    /// Accounts that they run as.
    pub accounts: Names,
    /// Those of them whose pod, as it is written, has a volume with a token for the API server.
    pub tokens: Names,
    /// Secrets of their containers, volumes and pulls, and those of the volumes that their claims are bound to.
    pub secrets: Names,
    /// ConfigMaps.
    pub maps: Names,
    /// Claims of volumes.
    pub claims: Names,
    /// PersistentVolumes that claims of theirs are bound to.
    pub volumes: BTreeSet<Str>,
}

/// Names that a pod spec holds, whatever its namespace.
#[derive(Debug, Default)]
struct Named {
    secrets: BTreeSet<Str>,
    maps: BTreeSet<Str>,
    claims: BTreeSet<Str>,
    /// Volumes whose claim is made with the pod.
    own_claims: BTreeSet<Str>,
    /// A volume asks for a token that the API server takes.
    token: bool,
}

impl References {
    /// Those of each node on which a pod stands, by name of the node.
    pub fn all(view: &View<'_>) -> BTreeMap<Str, References> {
        References::on(view, |_| true)
    }

    /// The same of some nodes.
    pub fn on(view: &View<'_>, wanted: impl Fn(&Str) -> bool) -> BTreeMap<Str, References> {
        let mut known: HashMap<*const PodSpec, Named> = HashMap::new();
        let mut all: BTreeMap<Str, References> = BTreeMap::new();
        for object in view.list_all(Kind::Pod) {
            if let Object::Pod(pod) = &**object
                && let Some(node) = pod
                    .node
                    .as_ref()
                    .filter(|name| !name.is_empty() && wanted(name))
            {
                let spec = std::ptr::from_ref(&*pod.spec);
                let named = known.entry(spec).or_insert_with(|| Named::of(&pod.spec));
                all.entry(node.clone()).or_default().add(pod, named);
            }
        }
        let mut claimed: HashMap<(Str, Str), Vec<Str>> = HashMap::new();
        for (node, references) in &all {
            for claim in &references.claims {
                claimed.entry(claim.clone()).or_default().push(node.clone());
            }
        }
        for object in view.list(Kind::PersistentVolume, "") {
            let Object::PersistentVolume(volume) = &**object else {
                continue;
            };
            let claim = volume.claim.as_ref();
            for node in claim
                .and_then(|claim| claimed.get(claim))
                .into_iter()
                .flatten()
            {
                if let Some(references) = all.get_mut(node) {
                    references.volumes.insert(volume.meta.key.name.clone());
                    references.secrets.extend(volume.secrets.iter().cloned());
                }
            }
        }
        all
    }

    fn add(&mut self, pod: &Pod, named: &Named) {
        let key = &pod.meta.key;
        let Some(home) = &key.namespace else { return };
        self.pods.insert((home.clone(), key.name.clone()));
        if is_mirror(&pod.meta) {
            return;
        }
        let here = |name: &Str| (home.clone(), name.clone());
        let account = (home.clone(), Str::from(pod.spec.account_name()));
        if named.token {
            self.tokens.insert(account.clone());
        }
        self.accounts.insert(account);
        self.secrets.extend(named.secrets.iter().map(here));
        self.maps.extend(named.maps.iter().map(here));
        self.claims.extend(named.claims.iter().map(here));
        let own = named.own_claims.iter();
        let own = own.map(|volume| (home.clone(), format!("{}-{volume}", key.name).into()));
        self.claims.extend(own);
    }
}

impl Named {
    fn of(spec: &PodSpec) -> Named {
        let mut named = Named::default();
        named.secrets.extend(spec.pull_secrets.iter().cloned());
        named.secrets.extend(spec.driver_secrets.iter().cloned());
        named.maps.extend(spec.projected_maps.iter().cloned());
        for container in &spec.containers {
            if container.token {
                named.maps.insert("kube-root-ca.crt".into());
                named.token = true;
            }
            for variable in &container.env {
                match &variable.value {
                    ValueClass::Secret(name) => drop(named.secrets.insert(name.clone())),
                    ValueClass::ConfigMap(name) => drop(named.maps.insert(name.clone())),
                    _ => {}
                }
            }
        }
        for volume in &spec.volumes {
            match &volume.source {
                VolumeSource::Secret(name) => drop(named.secrets.insert(name.clone())),
                VolumeSource::ConfigMap(name) => drop(named.maps.insert(name.clone())),
                VolumeSource::Claim(name) => drop(named.claims.insert(name.clone())),
                VolumeSource::Projected { secrets, tokens } => {
                    named.secrets.extend(secrets.iter().cloned());
                    named.token |= tokens.iter().any(|token| is_api_audience(&token.audience));
                }
                VolumeSource::Other(kind) if &**kind == "ephemeral" => {
                    named.own_claims.insert(volume.name.clone());
                }
                _ => {}
            }
        }
        for names in [&mut named.secrets, &mut named.maps, &mut named.claims] {
            names.remove("");
        }
        named
    }
}
