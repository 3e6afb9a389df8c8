//! A small cluster written by hand, with a catalogue of its own: screens drawn from it never change with a new check.

use std::sync::Arc;

use bartizan::engine::controls::Holds;
use bartizan::engine::diff::{Diff, InstanceId};
use bartizan::engine::images::{ImageRow, ImageRun, ImageUse, Place, Ran};
use bartizan::engine::inventory::{AccountRow, PolicyRow, ServiceRow, WorkloadRow};
use bartizan::engine::snapshot::{NotVisible, Says};
use bartizan::engine::standing::{Standing, Word};
use bartizan::engine::stories::{State, StoryState};
use bartizan::engine::{ChangeEntry, ControlState, Cut, Ladder, Level, Row, Snapshot, SpaceTable};
use bartizan::model::change::{Change, Edit, PodEdit};
use bartizan::model::cluster::SourceName;
use bartizan::model::objects::container::List;
use bartizan::model::sight::State as Seen;
use bartizan::model::{
    ClusterInfo, Evidence, Finding, FindingId, Kind, Missing, ObjectKey, Origin, Part, Pods,
    Reason, ServerVersion, Severity, Sight, Str, Subject, ThreatId,
};
use bartizan::semantics::images::{ImageRef, Pull};
use bartizan::theme::{ColourLevel, Themes};
use bartizan::threats::{Actor, Control, Ending, Instance, Step};
use bartizan::ui::keys::Keymap;
use bartizan::ui::{App, Msg, Settings};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

pub use crate::ui_catalogue::catalogue;
use crate::ui_catalogue::stories;

/// The moment at which everything is drawn.
pub fn now() -> Timestamp {
    "2026-11-20T04:12:30Z".parse().unwrap()
}

/// A Deployment.
pub fn deploy(namespace: &str, name: &str) -> ObjectKey {
    ObjectKey::namespaced(Kind::Deployment, namespace, name)
}

/// A finding.
pub fn finding(check: &'static str, object: &ObjectKey, part: Part, severity: Severity) -> Row {
    let path = "spec.template.spec.containers[0].securityContext.privileged";
    Row {
        check,
        object: Some(object.clone()),
        since: None,
        says: Says::Fires(Arc::new(Finding {
            id: FindingId {
                check,
                object: object.clone(),
                part,
            },
            severity,
            why: "one step from root on the node, and the node runs pods of pay".into(),
            evidence: [
                Evidence::explicit(object, path, true),
                Evidence::new(
                    &ObjectKey::namespaced(Kind::ServiceAccount, "shop", "default"),
                    "automountServiceAccountToken",
                    "unset",
                    Origin::Default,
                ),
            ]
            .into(),
            pods: Pods {
                live: 3,
                firing: 3,
                only_live: false,
            },
        })),
    }
}

fn workload(key: ObjectKey, pods: usize, rows: &[Row]) -> WorkloadRow {
    let own = || rows.iter().filter(|r| r.object.as_ref() == Some(&key));
    WorkloadRow {
        pods,
        replicas: i32::try_from(pods).ok(),
        account: "default".into(),
        images: vec![format!("registry.example.com/{}:1.4.2", key.name).into()],
        findings: own().count(),
        worst: own().filter_map(|r| r.finding().map(|f| f.severity)).max(),
        meets: Level::Privileged,
        key,
    }
}

fn space(name: &str, rows: Vec<Row>, workloads: &[(&str, usize)]) -> SpaceTable {
    let workloads: Vec<WorkloadRow> = workloads
        .iter()
        .map(|(n, pods)| workload(deploy(name, n), *pods, &rows))
        .collect();
    SpaceTable {
        namespace: name.into(),
        system: name == "kube-system",
        accounts: vec![AccountRow {
            key: ObjectKey::namespaced(Kind::ServiceAccount, name, "default"),
            used_by: workloads.len(),
            bindings: usize::from(name == "shop"),
            automount_off: false,
            created: (name == "shop").then(|| "2026-01-02T03:04:05Z".parse().unwrap()),
        }],
        policies: (name == "pay")
            .then(|| PolicyRow {
                key: ObjectKey::namespaced(Kind::NetworkPolicy, name, "deny-all"),
                selects: Some(14),
                directions: "ingress",
            })
            .into_iter()
            .collect(),
        services: (name == "shop")
            .then(|| ServiceRow {
                key: ObjectKey::namespaced(Kind::Service, name, "web"),
                kind: "LoadBalancer",
                ports: "443/TCP".to_owned(),
                outside: "203.0.113.7".to_owned(),
            })
            .into_iter()
            .collect(),
        images: workloads.iter().map(image).collect(),
        pods: workloads.iter().map(|w| w.pods).sum(),
        ladder: (!name.is_empty()).then(|| Ladder {
            baseline: workloads.len(),
            restricted: workloads.len(),
            ..Ladder::default()
        }),
        workloads,
        rows,
    }
}

fn reads_secrets(name: &str) -> Instance {
    let key = deploy("shop", name);
    let binding = ObjectKey::namespaced(Kind::RoleBinding, "shop", "read-all");
    let role = ObjectKey::cluster(Kind::ClusterRole, "reader");
    let step = |says: &str, evidence: Evidence, cut: Option<Change>| Step {
        says: says.to_owned(),
        evidence: vec![evidence],
        cut_by: &["token-not-mounted"],
        cuts: cut.into_iter().collect(),
    };
    Instance {
        actor: Actor::Object(key.clone()),
        ending: Ending::Works,
        says: format!(
            "A container taken over in shop/{name} uses the token mounted in it to read every Secret of shop."
        ),
        steps: vec![
            step(
                "token is mounted",
                Evidence::new(
                    &key,
                    "spec.template.spec.automountServiceAccountToken",
                    "unset",
                    Origin::Default,
                ),
                Some(Change::pod(&key, PodEdit::Automount(false))),
            ),
            step(
                "the account is bound",
                Evidence::explicit(&binding, "roleRef.name", "reader"),
                Some(Change::new(&binding, Edit::Delete)),
            ),
            step(
                "reader allows list secrets",
                Evidence::explicit(&role, "rules[2]", "list secrets"),
                None,
            ),
        ],
    }
}

fn state(at: usize, state: State, instances: Vec<Instance>, unknown: Vec<Missing>) -> StoryState {
    StoryState {
        story: stories()[at],
        state,
        instances: instances.into(),
        hidden: !unknown.is_empty(),
        unknown: unknown.into(),
    }
}

fn simple(actor: Actor, says: &str, ending: Ending) -> Instance {
    Instance {
        actor,
        ending,
        says: says.to_owned(),
        steps: vec![Step {
            says: "the container is privileged".to_owned(),
            evidence: Vec::new(),
            cut_by: &["containers-unprivileged"],
            cuts: Vec::new(),
        }],
    }
}

fn controls() -> Vec<ControlState> {
    let control = |threat, slug, title, holds, checks: &[&'static str]| ControlState {
        threat,
        control: Box::leak(Box::new(Control {
            slug,
            title,
            seed: "McCune 2017, privileged containers",
            not_visible: None,
        })),
        holds,
        checks: checks.to_vec(),
    };
    let two = ThreatId::MaliciousContainer;
    vec![
        control(
            ThreatId::ExternalAttacker,
            "services-closed",
            "No service faces the outside that need not",
            Holds::NotVisible,
            &[],
        ),
        control(
            two,
            "containers-unprivileged",
            "No container is privileged",
            Holds::Fails(1),
            &["privileged"],
        ),
        control(
            two,
            "token-not-mounted",
            "Tokens are not mounted where unused",
            Holds::Fails(3),
            &["token"],
        ),
        control(
            two,
            "host-paths-closed",
            "No pod mounts paths of its node",
            Holds::Holds,
            &[],
        ),
        control(
            two,
            "policies-enforced",
            "The network plugin enforces policies",
            Holds::NotVisible,
            &[],
        ),
        control(
            ThreatId::StolenCredentials,
            "admins-few",
            "Nobody is admin who need not be",
            Holds::Fails(1),
            &["admin"],
        ),
        control(
            ThreatId::Misconfiguration,
            "ingress-denied-by-default",
            "Pods take no traffic that no policy allows",
            Holds::Fails(2),
            &["open-ingress"],
        ),
        control(
            ThreatId::VulnerableApplications,
            "tags-fixed",
            "Images are named by a tag that does not move",
            Holds::Fails(1),
            &["moving-tag"],
        ),
    ]
}

fn standing(
    threat: ThreatId,
    word: Word,
    stories: (usize, usize, usize),
    controls: (usize, usize, usize),
    line: &str,
) -> Standing {
    Standing {
        threat,
        inside: true,
        word,
        works: stories.0,
        stopped: stories.1,
        unsure: stories.2,
        instances: stories.0,
        fails: controls.0,
        unknown: controls.1,
        controls: controls.2,
        line: line.to_owned(),
    }
}

fn changes() -> Vec<Arc<ChangeEntry>> {
    let id = |name: &str| InstanceId {
        story: "privileged-owns-node",
        actor: Actor::Object(deploy("shop", name)),
    };
    vec![
        Arc::new(ChangeEntry {
            at: now() - SignedDuration::from_secs(615),
            objects: vec![(
                deploy("shop", "cart"),
                "changed template.spec.containers[0].security.privileged".to_owned(),
            )],
            note: None,
            diff: Diff {
                begun: vec![id("cart")],
                ..Diff::default()
            },
        }),
        Arc::new(ChangeEntry {
            at: now() - SignedDuration::from_secs(2000),
            objects: vec![(deploy("pay", "api"), "created".to_owned())],
            note: None,
            diff: Diff::default(),
        }),
    ]
}

fn hidden(what: &str, reason: &str, how: &str) -> NotVisible {
    NotVisible {
        what: what.to_owned(),
        reason: reason.to_owned(),
        how: how.to_owned(),
        missing: None,
    }
}

fn sight() -> Sight {
    let mut sight = Sight::complete();
    sight.set(
        Kind::CertificateSigningRequest,
        None,
        Seen::Blind(Reason::Forbidden),
    );
    sight.set(
        Kind::ValidatingWebhookConfiguration,
        None,
        Seen::Blind(Reason::Forbidden),
    );
    sight.set(
        Kind::MutatingWebhookConfiguration,
        None,
        Seen::Blind(Reason::Forbidden),
    );
    sight
}

fn spaces() -> Vec<SpaceTable> {
    let container = |name: &str| Part::Container(name.into());
    let binding = ObjectKey::cluster(Kind::ClusterRoleBinding, "ops-admin");
    let cluster = SpaceTable {
        rows: vec![finding(
            "admin",
            &binding,
            Part::Subject("group:ops".into()),
            Severity::High,
        )],
        ..SpaceTable::default()
    };
    let shop = vec![
        finding(
            "privileged",
            &deploy("shop", "cart"),
            container("cart"),
            Severity::Critical,
        ),
        finding(
            "token",
            &deploy("shop", "cart"),
            Part::Whole,
            Severity::High,
        ),
        finding(
            "token",
            &deploy("shop", "api"),
            Part::Whole,
            Severity::Medium,
        ),
        finding(
            "open-ingress",
            &ObjectKey::of_namespace("shop"),
            Part::Whole,
            Severity::Medium,
        ),
        finding(
            "moving-tag",
            &deploy("shop", "web"),
            Part::Image("registry.example.com/web:latest".into()),
            Severity::Low,
        ),
    ];
    let pay = vec![
        finding("token", &deploy("pay", "api"), Part::Whole, Severity::Low),
        Row {
            check: "privileged",
            object: Some(ObjectKey::of_namespace("pay")),
            since: None,
            says: Says::Unknown(
                [Missing {
                    kind: Kind::CronJob,
                    namespace: Some("pay".into()),
                    reason: Reason::Forbidden,
                }]
                .into(),
            ),
        },
    ];
    vec![
        cluster,
        space(
            "kube-system",
            vec![finding(
                "open-ingress",
                &ObjectKey::of_namespace("kube-system"),
                Part::Whole,
                Severity::Low,
            )],
            &[("coredns", 2)],
        ),
        space("pay", pay, &[("api", 14)]),
        space("shop", shop, &[("api", 2), ("cart", 3), ("web", 32)]),
    ]
}

/// The image of a workload: its pods run one digest.
pub fn image(workload: &WorkloadRow) -> ImageRow {
    let image = &workload.images[0];
    let parsed = ImageRef::parse(image);
    ImageRow {
        image: image.clone(),
        name: parsed.name().into(),
        tag: parsed.effective_tag().unwrap_or_default().into(),
        pin: None,
        moves: parsed.is_moving(),
        uses: vec![ImageUse {
            workload: workload.key.clone(),
            place: Place::Container(List::Regular),
            name: workload.key.name.clone(),
            pull: Pull::IfNotPresent,
            origin: Origin::Default,
            secrets: Box::default(),
            template: true,
            live: workload.pods,
            runs: vec![ImageRun {
                ran: Ran::Digest(DIGEST.into()),
                pods: workload.pods,
                oldest: Some(1_780_000_000),
            }],
        }],
    }
}

const DIGEST: &str = "sha256:0c4a6b3d0a3f5c1e4f7d8b9a2c6e1f0d5b8a7c4e3f2d1b0a9c8e7f6d5c4b3a21";

/// The cluster.
pub fn snapshot() -> Snapshot {
    let ns = |name: &str| Some(Str::from(name));
    Snapshot {
        generation: 7,
        cluster: Arc::new(ClusterInfo {
            source: SourceName::Live,
            name: "prod-eu1".to_owned(),
            server: "https://192.0.2.1:6443".to_owned(),
            version: ServerVersion::parse("v1.36.3"),
            uid: "0c4a".to_owned(),
            identity: "sre-readonly".to_owned(),
            webhook_authorizer: false,
            trouble: String::new(),
        }),
        sight: Arc::new(sight()),
        loading: Vec::new(),
        spaces: spaces()
            .into_iter()
            .map(|table| (table.namespace.clone(), Arc::new(table)))
            .collect(),
        stories: [
            state(0, State::Unsure, Vec::new(), vec![Missing {
                kind: Kind::Service,
                namespace: ns("pay"),
                reason: Reason::Forbidden,
            }]),
            state(
                1,
                State::Works,
                vec![reads_secrets("api"), reads_secrets("cart")],
                Vec::new(),
            ),
            state(
                2,
                State::Works,
                vec![
                    simple(
                        Actor::Object(deploy("shop", "cart")),
                        "A container taken over in shop/cart is privileged and owns its node.",
                        Ending::Works,
                    ),
                    simple(
                        Actor::Object(deploy("pay", "api")),
                        "A container taken over in pay/api is not privileged.",
                        Ending::Stopped {
                            at: 0,
                            by: vec!["containers-unprivileged"],
                        },
                    ),
                ],
                Vec::new(),
            ),
            state(3, State::Stopped, Vec::new(), Vec::new()),
            state(
                4,
                State::Stopped,
                vec![simple(
                    Actor::Subject(Subject::Group("ops".into())),
                    "Group ops may bind any role.",
                    Ending::Stopped {
                        at: 0,
                        by: vec!["admins-few"],
                    },
                )],
                Vec::new(),
            ),
        ]
        .into(),
        controls: controls().into(),
        standing: vec![
            standing(ThreatId::ExternalAttacker, Word::Unsure, (0, 4, 1), (0, 1, 9),
                "not visible: no service faces the outside that need not"),
            standing(ThreatId::MaliciousContainer, Word::Open, (2, 1, 0), (2, 1, 9),
                "A container taken over in shop/api uses the token mounted in it to read every Secret of shop (and 1 more)"),
            standing(ThreatId::StolenCredentials, Word::Guarded, (0, 6, 0), (1, 0, 9),
                "Subject is bound to cluster-admin: 1 in the cluster"),
            standing(ThreatId::Misconfiguration, Word::Open, (0, 0, 0), (6, 2, 19),
                "Pods accept traffic from everywhere: 2 in 2 namespaces"),
            Standing {
                inside: false,
                ..standing(ThreatId::VulnerableApplications, Word::Open, (0, 0, 0), (1, 0, 7),
                    "Image tag moves: 1 in shop")
            },
        ],
        not_visible: [
            hidden("certificatesigningrequests", "may not list certificatesigningrequests",
                "ask for get, list and watch on certificatesigningrequests.certificates.k8s.io"),
            hidden("validatingwebhookconfigurations", "may not list validatingwebhookconfigurations",
                "ask for get, list and watch on validatingwebhookconfigurations.admissionregistration.k8s.io"),
            hidden("The network plugin enforces policies", "outside what the API tells",
                "the API does not show whether the network plugin enforces policies"),
            hidden("etcd takes client certificates only", "outside what the API tells",
                "look at the flags of etcd on its nodes"),
        ]
        .into(),
        not_assessed: Arc::from([]),
        changes: changes().into(),
        cuts: [
            Cut {
                changes: vec![Change::pod(&deploy("shop", "cart"), PodEdit::Automount(false))],
                says: "do not mount the token in shop (2 objects)".to_owned(),
                ends: vec![
                    InstanceId { story: "token-reads-secrets", actor: Actor::Object(deploy("shop", "api")) },
                    InstanceId { story: "token-reads-secrets", actor: Actor::Object(deploy("shop", "cart")) },
                ],
                of: 3,
                silences: 2,
            },
            Cut {
                changes: vec![Change::pod(&deploy("shop", "cart"), PodEdit::Automount(false))],
                says: "set privileged to false of container cart in deploy shop/cart".to_owned(),
                ends: vec![InstanceId { story: "privileged-owns-node", actor: Actor::Object(deploy("shop", "cart")) }],
                of: 3,
                silences: 1,
            },
        ]
        .into(),
        weighing: false,
        nodes: 12,
        runtimes: 1,
        pods: 51,
        namespaces: 3,
    }
}

/// Settings with a theme and colour level.
pub fn settings(theme: &str, level: ColourLevel, ascii: bool) -> Settings {
    let themes = Themes::built_in();
    Settings {
        theme: themes.get(theme, level).unwrap(),
        themes: themes.names().into_iter().map(str::to_owned).collect(),
        keymap: Keymap::default(),
        ascii,
        zone: TimeZone::UTC,
        now: now(),
        catalogue: catalogue(),
    }
}

/// The explorer on a snapshot, at a size.
pub fn app_on(snapshot: Snapshot, width: u16, height: u16) -> App {
    let mut app = App::new(settings("default16", ColourLevel::C16, false));
    let _ = app.update(Msg::Resize(width, height));
    let _ = app.update(Msg::Snapshot(Arc::new(snapshot)));
    app
}

/// The explorer on the small cluster.
pub fn app(width: u16, height: u16) -> App {
    app_on(snapshot(), width, height)
}

/// Presses keys, written with spaces between.
pub fn press(app: &mut App, keys: &str) {
    for key in keys.split_whitespace() {
        let _ = app.update(Msg::Key(key.parse().unwrap()));
    }
}
