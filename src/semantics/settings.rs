//! The settings in force in every container of a workload, each with where it comes from.
//!
//! A template is told first. Its live pods follow where they hold something else: a webhook changed them, somebody left a
//! debug container, or they are of an older revision. What is the same in all of them is told once. The rules behind a
//! value are those of [`super::effective`] and [`super::token`]; nothing is judged here.

use super::effective::{self, Effective};
use super::isolation::is_windows;
use super::running;
use super::token::{How, token};
use crate::model::objects::container::{Container, List};
use crate::model::{Evidence, ObjectKey, Origin, Str};
use crate::view::{Look, PodLike, View};

/// One setting in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The field, as Kubernetes names it.
    pub field: &'static str,
    /// The value in force; `unset` where the default has no name of its own.
    pub value: String,
    /// Where it comes from. `Live`: the template says otherwise, or nothing.
    pub origin: Origin,
    /// Path of the field that decides, in the object that holds it.
    pub path: String,
    /// What the template has in its place, where that is something else.
    pub template: Option<String>,
}

/// A container with its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerSettings {
    /// Its name.
    pub name: Str,
    /// The list it stands in.
    pub list: List,
    /// Image as written.
    pub image: Str,
    /// Names of the live pods that hold this; empty for the template.
    pub pods: Vec<Str>,
    /// A live pod has the container and the template has not.
    pub only_live: bool,
    /// The settings, in a fixed order. Of live pods only those that the template has otherwise, unless it is `only_live`.
    pub settings: Vec<Setting>,
}

/// Every container of a workload; empty where neither template nor pods are there.
pub fn of_workload(view: &View<'_>, key: &ObjectKey) -> Vec<ContainerSettings> {
    let Some(workload) = running::workload(view, key) else {
        return Vec::new();
    };
    let likes = workload.pod_likes();
    let template = likes.iter().find(|(like, _)| like.pod.is_none());
    let mut all: Vec<ContainerSettings> = Vec::new();
    for (like, pods) in &likes {
        let compared = template.filter(|(template, _)| template.holder != like.holder);
        for container in &like.spec.containers {
            let mut settings = settings(like, container, view);
            let planned = compared.map(|(plan, _)| {
                let same = plan.spec.container(&container.name);
                same.map(|same| self::settings(plan, same, view))
            });
            let only_live = matches!(planned, Some(None));
            match planned {
                Some(Some(planned)) => settings = differences(settings, &planned),
                Some(None) => settings.iter_mut().for_each(|s| s.origin = Origin::Live),
                None => {}
            }
            if compared.is_some() && settings.is_empty() {
                continue;
            }
            let names = pods.iter().map(|pod| pod.meta.key.name.clone());
            all.push(ContainerSettings {
                name: container.name.clone(),
                list: container.list,
                image: container.image.clone(),
                pods: names.collect(),
                only_live,
                settings,
            });
        }
    }
    all
}

/// What a live pod has otherwise than its template.
fn differences(live: Vec<Setting>, planned: &[Setting]) -> Vec<Setting> {
    let other = live.into_iter().filter_map(|setting| {
        let plan = planned.iter().find(|p| p.field == setting.field)?;
        (plan.value != setting.value).then(|| Setting {
            origin: Origin::Live,
            template: Some(plan.value.clone()),
            ..setting
        })
    });
    other.collect()
}

/// The settings of one container, in the order of the sheet.
fn settings(pod: &PodLike<'_>, container: &Container, view: &View<'_>) -> Vec<Setting> {
    let mut sheet = Sheet {
        pod,
        container,
        all: Vec::new(),
    };
    sheet.own("image", "image", Some(container.image.to_string()), "unset");
    if is_windows(pod.spec) {
        sheet.windows();
    } else {
        sheet.users();
        sheet.kernel();
    }
    sheet.node();
    sheet.account(view);
    sheet.all
}

struct Sheet<'a> {
    pod: &'a PodLike<'a>,
    container: &'a Container,
    all: Vec<Setting>,
}

impl Sheet<'_> {
    fn add(&mut self, field: &'static str, value: String, origin: Origin, path: String) {
        self.all.push(Setting {
            field,
            value,
            origin,
            path,
            template: None,
        });
    }

    /// A value that stands in the container alone.
    fn own(&mut self, field: &'static str, tail: &str, value: Option<String>, default: &str) {
        let path = self.pod.in_container(self.container, tail);
        let (value, origin) = match value {
            Some(value) => (value, Origin::Explicit),
            None => (default.to_owned(), Origin::Default),
        };
        self.add(field, value, origin, path);
    }

    /// A value that stands in the pod alone.
    fn shared(&mut self, field: &'static str, value: Option<String>, default: &str) {
        let path = self.pod.path(field);
        let (value, origin) = match value {
            Some(value) => (value, Origin::Inherited),
            None => (default.to_owned(), Origin::Default),
        };
        self.add(field, value, origin, path);
    }

    /// A value that the container has, else the pod.
    fn either<T>(&mut self, field: &'static str, value: &Effective<T>, shown: String) {
        let Evidence { path, .. } = value.evidence(self.pod, self.container, field, "");
        self.add(field, shown, value.origin, path.to_string());
    }

    fn users(&mut self) {
        let (spec, container) = (self.pod.spec, self.container);
        let non_root = effective::non_root(spec, container);
        self.either("runAsNonRoot", &non_root, non_root.value.to_string());
        for (field, id) in [
            ("runAsUser", effective::user(spec, container)),
            ("runAsGroup", effective::group(spec, container)),
        ] {
            let shown = id
                .value
                .map_or("the image decides".into(), |id| id.to_string());
            self.either(field, &id, shown);
        }
    }

    fn kernel(&mut self) {
        let (spec, container) = (self.pod.spec, self.container);
        let security = &container.security;
        let flag = |on: Option<bool>| on.map(|on| on.to_string());
        let of = "securityContext";
        self.own(
            "privileged",
            &format!("{of}.privileged"),
            flag(security.privileged),
            "false",
        );
        let escalation = effective::escalation(container);
        self.either(
            "allowPrivilegeEscalation",
            &escalation,
            escalation.value.to_string(),
        );
        let add = format!("{of}.capabilities.add");
        self.own("capabilities.add", &add, list(&security.add), "none");
        let drop = format!("{of}.capabilities.drop");
        self.own("capabilities.drop", &drop, list(&security.drop), "none");
        let seccomp = effective::seccomp(spec, container);
        let shown = seccomp
            .value
            .map_or("unset".into(), |s| match &s.localhost {
                Some(file) => format!("{} {file}", s.kind),
                None => s.kind.to_string(),
            });
        self.either("seccompProfile", &seccomp, shown);
        let apparmor = effective::apparmor(spec, container);
        self.either(
            "appArmorProfile",
            &apparmor,
            apparmor.value.unwrap_or("unset").to_owned(),
        );
        let selinux = effective::selinux(spec, container);
        let shown = selinux.value.map_or("unset".into(), |s| {
            let parts = [("type", &s.kind), ("user", &s.user), ("role", &s.role)];
            let set = parts.iter().filter(|(_, value)| !value.is_empty());
            let set: Vec<String> = set.map(|(name, value)| format!("{name} {value}")).collect();
            if set.is_empty() {
                "level only".to_owned()
            } else {
                set.join(", ")
            }
        });
        self.either("seLinuxOptions", &selinux, shown);
        let root = effective::read_only_root(container);
        self.either("readOnlyRootFilesystem", &root, root.value.to_string());
        let proc = security.proc_mount.as_ref().map(ToString::to_string);
        self.own("procMount", &format!("{of}.procMount"), proc, "Default");
    }

    fn windows(&mut self) {
        let own = self.container.security.host_process;
        let process = Effective::of(own, self.pod.spec.security.host_process, false);
        let field = "windowsOptions.hostProcess";
        self.either(field, &process, process.value.to_string());
    }

    fn node(&mut self) {
        let spec = self.pod.spec;
        let on = |on: bool| on.then(|| "true".to_owned());
        self.shared("hostNetwork", on(spec.host_network), "false");
        self.shared("hostPID", on(spec.host_pid), "false");
        self.shared("hostIPC", on(spec.host_ipc), "false");
        self.shared(
            "hostUsers",
            spec.host_users.map(|on| on.to_string()),
            "true",
        );
        let class = spec.runtime_class.as_ref().map(ToString::to_string);
        self.shared("runtimeClassName", class, "the node's own");
    }

    fn account(&mut self, view: &View<'_>) {
        let name = self.pod.spec.account.as_ref().map(ToString::to_string);
        self.shared("serviceAccountName", name, "default");
        let field = "automountServiceAccountToken";
        match token(self.pod, self.container, view) {
            Look::Seen(token) => {
                let shown = match &token.how {
                    How::Automatic => "token mounted".to_owned(),
                    How::Projected(volume) => format!("token mounted by volume {volume}"),
                    How::Secret(volume) => format!("lasting token mounted by volume {volume}"),
                };
                if let Some(decides) = token.evidence.last() {
                    let path = decides.path.to_string();
                    self.add("token", shown, decides.origin, path);
                }
            }
            Look::Absent => {
                let path = self.pod.path(field);
                let origin = match self.pod.spec.automount {
                    Some(false) => Origin::Explicit,
                    _ if self.pod.pod.is_some() => Origin::Live,
                    _ => Origin::Inherited,
                };
                self.add("token", "none mounted".to_owned(), origin, path);
            }
            Look::Blind(missing) => {
                let path = self.pod.path(field);
                self.add(
                    "token",
                    format!(
                        "not visible: {} of the namespace",
                        missing.kind.info().plural
                    ),
                    Origin::Default,
                    path,
                );
            }
        }
    }
}

fn list(names: &[Str]) -> Option<String> {
    let all: Vec<&str> = names.iter().map(|name| &**name).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;
    use crate::semantics::testing::world;

    const SHOP: &str = "apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: shop}
automountServiceAccountToken: false
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: cart, namespace: shop, uid: u}
spec:
  template:
    spec:
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
      - {name: c, image: 'c:1', securityContext: {runAsUser: 5, seccompProfile: {type: Localhost, localhostProfile: p}, capabilities: {drop: [ALL]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: cart-0, namespace: shop, creationTimestamp: '2026-01-01T00:00:00Z', ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: cart, uid: u, controller: true}]}
spec:
  hostNetwork: true
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers:
  - {name: c, image: 'c:0', securityContext: {runAsUser: 5, seccompProfile: {type: Localhost, localhostProfile: p}, capabilities: {drop: [ALL]}}}
  - {name: proxy, image: 'proxy:1'}
";

    fn found() -> Vec<ContainerSettings> {
        let world = world(SHOP);
        let key = ObjectKey::namespaced(Kind::StatefulSet, "shop", "cart");
        of_workload(&View::new(&world), &key)
    }

    #[test]
    fn every_value_has_its_origin_and_the_field_that_decides() {
        let all = found();
        let said = |field: &str| {
            let setting = all[0].settings.iter().find(|s| s.field == field).unwrap();
            (setting.value.clone(), setting.origin, setting.path.clone())
        };
        let here = |tail: &str| format!("spec.template.spec.{tail}");
        let own = |field: &str| here(&format!("containers[0].securityContext.{field}"));
        assert_eq!(
            said("runAsNonRoot"),
            (
                "true".into(),
                Origin::Inherited,
                here("securityContext.runAsNonRoot")
            )
        );
        assert_eq!(
            said("runAsUser"),
            ("5".into(), Origin::Explicit, own("runAsUser"))
        );
        assert_eq!(
            said("seccompProfile"),
            (
                "Localhost p".into(),
                Origin::Explicit,
                own("seccompProfile")
            )
        );
        assert_eq!(
            said("allowPrivilegeEscalation"),
            (
                "true".into(),
                Origin::Default,
                own("allowPrivilegeEscalation")
            )
        );
        assert_eq!(
            said("capabilities.drop"),
            ("ALL".into(), Origin::Explicit, own("capabilities.drop"))
        );
        let token = said("token");
        assert_eq!(
            (token.0.as_str(), token.1),
            ("none mounted", Origin::Inherited)
        );
    }

    #[test]
    fn of_live_pods_only_what_differs_is_told() {
        let all = found();
        let told: Vec<(&str, bool, usize)> = all
            .iter()
            .map(|c| (&*c.name, c.only_live, c.pods.len()))
            .collect();
        assert_eq!(told, [("c", false, 0), ("c", false, 1), ("proxy", true, 1)]);
        let differs: Vec<(&str, &str, Option<&str>)> = all[1]
            .settings
            .iter()
            .map(|s| (s.field, &*s.value, s.template.as_deref()))
            .collect();
        assert_eq!(
            differs,
            [
                ("image", "c:0", Some("c:1")),
                ("hostNetwork", "true", Some("false"))
            ]
        );
        assert!(all[2].settings.iter().all(|s| s.origin == Origin::Live));
    }
}
