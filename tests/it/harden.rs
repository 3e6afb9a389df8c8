//! A workload made to meet a level: the evaluator accepts it, or what it still refuses is named; the printed patch does to
//! the whole object what the changes do to its facts.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bartizan::fix::apply::{Objects, run};
use bartizan::fix::harden::{Hardened, harden};
use bartizan::fix::style::style;
use bartizan::fix::{Action, Confidence, Delivery, Plan, plan};
use bartizan::model::change::Applied;
use bartizan::model::{Kind, Object, ObjectKind};
use bartizan::semantics::pod_security::{
    Level, PodFacts, Violation, highest_level, newest, violations,
};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::view::{View, World};
use proptest::prelude::*;
use serde_json::Value;

use crate::fix_edit::{facts, yaml};
use crate::harden_pods::{Choices, workload};

const MINORS: [u32; 4] = [18, 24, 34, 37];

fn of(object: &Object) -> PodFacts<'_> {
    match object {
        Object::Pod(pod) => pod.into(),
        Object::Workload(workload) => (&workload.template).into(),
        other => panic!("{:?}", other.key()),
    }
}

fn applied(object: &Arc<Object>, hardened: &Hardened) -> Arc<Object> {
    hardened.changes.iter().fold(object.clone(), |now, change| {
        match change.apply(Some(&now)) {
            Applied::Now(after) => after,
            other => panic!("{change:?}: {other:?}"),
        }
    })
}

fn printed(object: &Object, hardened: &Hardened, id: &str) -> Option<Plan> {
    let world = World::closed([object.clone()]);
    let remedy = hardened.remedy()?;
    Some(plan(
        &remedy,
        &View::new(&world),
        style(id).unwrap(),
        &Delivery::file("fix.yaml"),
    ))
}

/// All that must hold of any workload, level and version.
fn holds(full: &Value, object: &Arc<Object>, level: Level, minor: u32) -> Result<(), String> {
    let hardened = harden(object, level, minor).ok_or("no pod spec")?;
    let after = applied(object, &hardened);
    let refused: Vec<Violation> = violations(level, minor, of(&after)).collect();
    let mut named: Vec<&str> = hardened.left.iter().map(|l| l.control).collect();
    named.sort_unstable();
    named.dedup();
    let mut left: Vec<&str> = refused.iter().map(|v| v.control).collect();
    left.sort_unstable();
    let fail = |what: &str| {
        Err(format!(
            "{what} at {level:?} v1.{minor}: {hardened:#?}\n{refused:#?}\n{full:#}"
        ))
    };
    if named != left {
        return fail("what is left is not what is named");
    }
    if highest_level(minor, of(&after)) < highest_level(minor, of(object)) {
        return fail("weaker than before");
    }
    if violations(level, minor, of(object)).next().is_none() != hardened.changes.is_empty()
        && hardened.left.is_empty()
    {
        return fail("changes without need");
    }
    let again = harden(&after, level, minor).ok_or("no pod spec")?;
    if !again.changes.is_empty() || again.left != hardened.left {
        return fail(&format!("not done at once: {again:#?}"));
    }
    let styles = ["patch", "kustomize"];
    for plan in styles
        .map(|id| printed(object, &hardened, id))
        .into_iter()
        .flatten()
    {
        if !plan.cannot.is_empty() {
            return fail(&format!("not printed: {:?}", plan.cannot));
        }
        let mut objects = Objects::from([(object.key().clone(), full.clone())]);
        run(&plan.steps, &mut objects).map_err(|e| e.to_string())?;
        let patched = facts(&objects[object.key()]);
        if patched != *after {
            let told = plan.text();
            return fail(&format!(
                "the patch does something else: {told}\n{patched:#?}\n{after:#?}"
            ));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn any_workload_meets_the_level_or_says_why_not(bytes in prop::collection::vec(any::<u8>(), 0..160)) {
        let full = workload(&mut Choices::new(&bytes));
        let object = Arc::new(facts(&full));
        for level in [Level::Baseline, Level::Restricted] {
            for minor in MINORS {
                holds(&full, &object, level, minor).map_err(TestCaseError::fail)?;
            }
        }
    }
}

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "yaml" || e == "yml") {
            files.push(path);
        }
    }
}

fn has_names(object: &Object) -> bool {
    let spec = of(object).spec;
    let mut names: Vec<&str> = spec.containers.iter().map(|c| &*c.name).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    names.len() == all && !names.contains(&"")
}

/// Manifests that people wrote, where the corpora lie beside the clone.
#[test]
fn workloads_of_the_corpora_meet_the_level_or_say_why_not() {
    if !corpora().is_dir() {
        return;
    }
    let mut files = Vec::new();
    collect(&corpora(), &mut files);
    files.sort();
    let (mut count, mut whole) = (0, 0);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let Ok(documents) = serde_saphyr::from_multiple::<Value>(&text) else {
            continue; // templates
        };
        for document in documents {
            let word = |field: &str| document[field].as_str();
            let Some(kind) = word("apiVersion")
                .zip(word("kind"))
                .and_then(|(version, kind)| ObjectKind::from_manifest(version, kind).known())
            else {
                continue;
            };
            if kind != Kind::Pod && !Kind::TEMPLATED.contains(&kind) {
                continue;
            }
            let Ok(object) = decode_value(kind, &document, &mut Pool::new()) else {
                continue;
            };
            if !has_names(&object) {
                continue; // no server takes it: test data of a linter
            }
            let object = Arc::new(object);
            for level in [Level::Baseline, Level::Restricted] {
                if let Err(why) = holds(&document, &object, level, newest()) {
                    panic!("{}: {why}", file.display());
                }
                count += 1;
                whole += usize::from(harden(&object, level, newest()).unwrap().left.is_empty());
            }
        }
    }
    eprintln!("{whole} of {count} workloads and levels are met by changes alone");
    assert!(count > 500 && whole * 10 > count * 8, "{whole} of {count}");
}

const SHOP: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      initContainers:
      - {name: proxy, image: 'proxy:1', restartPolicy: Always, securityContext: {runAsUser: 1337, runAsNonRoot: true, seccompProfile: {type: Localhost, localhostProfile: p.json}}}
      containers:
      - name: web
        image: web:1
        ports: [{containerPort: 80}]
        securityContext: {capabilities: {add: [NET_ADMIN, NET_BIND_SERVICE]}, allowPrivilegeEscalation: false}
      - {name: side, image: 'side:1', securityContext: {capabilities: {drop: [ALL]}, allowPrivilegeEscalation: false, runAsUser: 7}}
      volumes:
      - {name: data, persistentVolumeClaim: {claimName: d}}
";

#[test]
fn one_patch_touches_only_what_is_refused() {
    let object = Arc::new(facts(&yaml(SHOP)));
    let hardened = harden(&object, Level::Restricted, newest()).unwrap();
    let plan = printed(&object, &hardened, "patch").unwrap();
    let [step] = &*plan.steps else {
        panic!("{}", plan.text())
    };
    assert!(matches!(step.action, Action::Patch(_)) && plan.confidence == Confidence::Review);
    assert_eq!(
        step.yaml,
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
spec:
  template:
    spec:
      securityContext:
        seccompProfile:
          type: RuntimeDefault
        runAsNonRoot: true
      initContainers:
      - name: proxy
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
            - ALL
      containers:
      - name: web
        securityContext:
          capabilities:
            add:
            - NET_BIND_SERVICE
            drop:
            - ALL
"
    );
    let said = hardened.breaks.join("\n");
    for part in [
        "web loses NET_ADMIN",
        "web listens on port 80: without root",
        "volume data so far",
        "in web, side: few programs",
        "gain nothing in proxy",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let [ask] = &*hardened.asks else {
        panic!("{:?}", hardened.asks)
    };
    assert!(
        ask.starts_with("which user the image of web runs as"),
        "{ask}"
    );
    assert!(hardened.left.is_empty());
}

fn spec(kind: &str, spec: &str) -> Arc<Object> {
    let text = format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: a, namespace: b}}\nspec: {{template: {{spec: {spec}}}}}\n"
    );
    Arc::new(facts(&yaml(&text)))
}

#[test]
fn what_looks_at_the_node_is_left_to_a_person() {
    let agent = "{hostPID: true, containers: [{name: c, image: i, securityContext: {privileged: true}, volumeMounts: [{name: v, mountPath: /v, mountPropagation: Bidirectional}]}], volumes: [{name: v, hostPath: {path: /}}]}";
    let hardened = harden(&spec("DaemonSet", agent), Level::Restricted, newest()).unwrap();
    let left: Vec<&str> = hardened.left.iter().map(|l| l.control).collect();
    assert_eq!(
        left,
        [
            "restrictedVolumes",
            "privileged",
            "allowPrivilegeEscalation"
        ]
    );
    assert!(
        hardened.left[0]
            .says
            .contains("c of every node writes / of that node")
    );
    let hardened = harden(&spec("Deployment", agent), Level::Restricted, newest()).unwrap();
    assert_eq!(hardened.left, []);
    assert!(
        hardened
            .breaks
            .iter()
            .any(|b| b.starts_with("c loses / of the node"))
    );
}

#[test]
fn a_port_is_open_where_the_pod_says_so_itself() {
    let with = |sysctls: &str| {
        let spec_text = format!(
            "{{securityContext: {{sysctls: [{sysctls}]}}, containers: [{{name: c, image: i, ports: [{{containerPort: 80}}]}}]}}"
        );
        let hardened =
            harden(&spec("Deployment", &spec_text), Level::Restricted, newest()).unwrap();
        hardened.breaks.iter().any(|b| b.contains("port 80"))
    };
    assert!(with(""));
    assert!(!with(
        "{name: net.ipv4.ip_unprivileged_port_start, value: '0'}"
    ));
    assert!(with(
        "{name: net.ipv4.ip_unprivileged_port_start, value: '443'}"
    ));
}

#[test]
fn nothing_is_asked_of_pods_that_the_standard_spares() {
    let windows = "{os: {name: windows}, containers: [{name: c, image: i}]}";
    let hardened = harden(&spec("Deployment", windows), Level::Restricted, newest()).unwrap();
    assert_eq!(
        hardened.changes.len(),
        1,
        "runAsNonRoot alone: {hardened:?}"
    );
    assert!(hardened.asks[0].contains("ContainerAdministrator"));
    let old = harden(&spec("Deployment", windows), Level::Restricted, 24).unwrap();
    assert_eq!(old.left.len(), 3, "{old:?}");
    let own_users = "{hostUsers: false, containers: [{name: c, image: i, ports: [{containerPort: 80}], securityContext: {runAsUser: 0}}]}";
    let hardened = harden(&spec("Deployment", own_users), Level::Restricted, newest()).unwrap();
    assert!(hardened.asks.is_empty());
    let said = format!("{:?}", hardened.changes);
    assert!(
        said.contains("NET_BIND_SERVICE") && !said.contains("NonRoot"),
        "{said}"
    );
}
