//! Plans beyond one patch: what cannot be patched, what has to be rolled, what something else manages, hostile names.

use bartizan::fix::apply::{Objects, read, run};
use bartizan::fix::style::{ALL, style};
use bartizan::fix::{Action, Confidence, Delivery, PatchKind, Plan, Proof, Remedy, plan};
use bartizan::model::change::{Change, ContainerEdit, Edit, PodEdit, RuleEdit};
use bartizan::model::objects::network_policy::{
    NetworkPolicy, Peer, PolicyPort, PolicyRule, PortRef,
};
use bartizan::model::objects::selector::Selector;
use bartizan::model::text::is_hostile;
use bartizan::model::{Kind, Labels, Meta, Object, ObjectKey, Str, Subject};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::view::{View, World};
use serde_json::{Value, json};

use crate::engine_world::kind;

fn facts(yaml: &str) -> Object {
    decoded(&read(yaml).unwrap_or_else(|e| panic!("{e}\n{yaml}")))
}

fn decoded(value: &Value) -> Object {
    decode_value(kind(value), value, &mut Pool::new()).unwrap()
}

fn planned(objects: &[Object], changes: &[Change], style_id: &str, delivery: &Delivery) -> Plan {
    let world = World::closed(objects.iter().cloned());
    let remedy = Remedy::safe(changes.iter().cloned());
    plan(
        &remedy,
        &View::new(&world),
        style(style_id).unwrap(),
        delivery,
    )
}

fn patch(objects: &[Object], changes: &[Change]) -> Plan {
    planned(
        objects,
        changes,
        "patch",
        &Delivery::file("/tmp/b/fix.yaml"),
    )
}

fn commands(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|s| &*s.command).collect()
}

const JOB: &str = "apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: shop}
spec:
  selector: {matchLabels: {batch.kubernetes.io/controller-uid: 4f}}
  template:
    metadata: {labels: {batch.kubernetes.io/controller-uid: 4f, job-name: migrate}}
    spec: {restartPolicy: Never, containers: [{name: run, image: 'run:1', securityContext: {privileged: true}}]}
";

#[test]
fn a_job_is_deleted_and_created_again() {
    let job = facts(JOB);
    let off = Change::container(job.key(), &"run".into(), ContainerEdit::Privileged(false));
    let plan = patch(&[job], &[off]);
    assert_eq!(
        commands(&plan),
        [
            "kubectl get job migrate -n shop -o json | kubectl patch --local -f - --type merge -p '{\"metadata\":{\"uid\":null,\"resourceVersion\":null,\"creationTimestamp\":null},\"spec\":{\"selector\":null,\"template\":{\"metadata\":{\"labels\":{\"batch.kubernetes.io/controller-uid\":null,\"batch.kubernetes.io/job-name\":null,\"controller-uid\":null,\"job-name\":null}}}},\"status\":null}' -o json > /tmp/b/fix-before.json",
            "kubectl patch --local -f /tmp/b/fix-before.json --type strategic --patch-file /tmp/b/fix.yaml -o json > /tmp/b/fix-after.json",
            "kubectl delete job migrate -n shop",
            "kubectl create -f /tmp/b/fix-after.json",
        ]
    );
    let actions: Vec<Action> = plan.steps.iter().map(|s| s.action).collect();
    assert_eq!(
        actions,
        [
            Action::Command,
            Action::Patch(PatchKind::Strategic),
            Action::Delete,
            Action::Create
        ]
    );
    assert_eq!(
        plan.steps[3].way_back,
        "kubectl delete job migrate -n shop && kubectl create -f /tmp/b/fix-before.json"
    );
    assert_eq!(
        (plan.confidence, plan.breaks.len()),
        (Confidence::Review, 1)
    );
}

#[test]
fn a_selector_that_a_person_wrote_is_kept() {
    let job = facts(&JOB.replace("{batch.kubernetes.io/controller-uid: 4f}", "{app: mine}"));
    let off = Change::container(job.key(), &"run".into(), ContainerEdit::Privileged(false));
    let plan = patch(&[job], &[off]);
    assert!(
        !plan.steps[0].command.contains("selector"),
        "{}",
        plan.steps[0].command
    );
}

const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: tool, namespace: shop, labels: {app: tool}}
spec:
  nodeName: n1
  containers: [{name: run, image: 'run:1', volumeMounts: [{name: kube-api-access-x7k2p, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}]}]
  volumes:
  - name: kube-api-access-x7k2p
    projected: {sources: [{serviceAccountToken: {path: token}}, {configMap: {name: kube-root-ca.crt}}, {downwardAPI: {}}]}
";

#[test]
fn a_pod_made_again_without_a_token_has_no_mount_of_it() {
    let pod = facts(POD);
    let change = Change::pod(pod.key(), PodEdit::Automount(false));
    let then = match change.apply(Some(&pod.clone().into())) {
        bartizan::model::change::Applied::Now(object) => (*object).clone(),
        other => panic!("{other:?}"),
    };
    let plan = patch(&[pod.clone()], &[change]);
    assert_eq!(plan.steps.len(), 4);
    let mut objects = Objects::from([(pod.key().clone(), read(POD).unwrap())]);
    run(&plan.steps, &mut objects).unwrap();
    assert_eq!(decoded(&objects[pod.key()]), then);
}

#[test]
fn labels_and_images_of_a_pod_are_patched_where_it_runs() {
    let pod = facts(POD);
    let label = Change::new(pod.key(), Edit::Label("a".into(), Some("b".into())));
    let image = Change::container(
        pod.key(),
        &"run".into(),
        ContainerEdit::Image("run:2".into()),
    );
    let plan = patch(&[pod], &[label, image]);
    assert_eq!(
        commands(&plan),
        ["kubectl patch po tool -n shop --type strategic --patch-file /tmp/b/fix.yaml"]
    );
}

fn deployment(name: &str, spec: &str) -> Object {
    facts(&format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop, uid: u}}
spec: {{selector: {{matchLabels: {{app: {name}}}}}, template: {{metadata: {{labels: {{app: {name}}}}}, spec: {{{spec} containers: [{{name: c, image: i}}]}}}}}}
"
    ))
}

fn pod(name: &str, owner: Option<(&str, &str)>, spec: &str) -> Object {
    let owners = owner.map_or_else(String::new, |(kind, owner)| {
        let version = if kind == "Node" { "v1" } else { "apps/v1" };
        format!(", ownerReferences: [{{apiVersion: {version}, kind: {kind}, name: {owner}, uid: u, controller: true}}]")
    });
    facts(&format!(
        "apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop{owners}}}
spec: {{{spec} containers: [{{name: c, image: i}}]}}
status: {{phase: Running}}
"
    ))
}

#[test]
fn an_account_fix_comes_with_the_restart_it_needs() {
    let account =
        facts("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: shop}\n");
    let change = Change::new(account.key(), Edit::AccountAutomount(false));
    let objects = [
        account,
        deployment("a", "serviceAccountName: web,"),
        pod("a-1", Some(("Deployment", "a")), "serviceAccountName: web,"),
        deployment(
            "b",
            "serviceAccountName: web, automountServiceAccountToken: true,",
        ),
        pod(
            "b-1",
            Some(("Deployment", "b")),
            "serviceAccountName: web, automountServiceAccountToken: true,",
        ),
        deployment("c", ""),
        pod("c-1", Some(("Deployment", "c")), ""),
        deployment("d", "serviceAccountName: web,"),
        pod("lone", None, "serviceAccountName: web,"),
    ];
    let plan = patch(&objects, &[change]);
    assert_eq!(
        commands(&plan),
        [
            "kubectl patch sa web -n shop --type strategic --patch-file /tmp/b/fix-1.yaml",
            "kubectl rollout restart deploy/a -n shop",
        ]
    );
    assert!(
        plan.steps[1].note.contains("by hand: po shop/lone"),
        "{}",
        plan.steps[1].note
    );
    assert!(
        plan.breaks.iter().any(|b| b.contains("one after another")),
        "{:?}",
        plan.breaks
    );
}

#[test]
fn pods_older_than_a_good_template_are_rolled() {
    let objects = [
        deployment("a", "hostPID: false,"),
        pod("a-1", Some(("Deployment", "a")), "hostPID: true,"),
    ];
    let change = Change::pod(objects[0].key(), PodEdit::HostPid(false));
    // The facts of unset and false are one here: nothing is left to patch.
    let plan = patch(
        &objects,
        &[
            Change::pod(objects[0].key(), PodEdit::Automount(false)),
            change.clone(),
        ],
    );
    assert_eq!(plan.steps.len(), 1, "{}", plan.text());
    let right = deployment("a", "automountServiceAccountToken: false,");
    let change = Change::pod(right.key(), PodEdit::Automount(false));
    let plan = patch(
        &[right.clone(), objects[1].clone()],
        std::slice::from_ref(&change),
    );
    assert_eq!(
        commands(&plan),
        ["kubectl rollout restart deploy/a -n shop"]
    );
    let plan = patch(&[right], &[change]);
    assert_eq!((plan.steps.len(), plan.cannot.len()), (0, 1));
}

#[test]
fn a_static_pod_is_a_file_on_its_node() {
    let pod = pod("etcd-n1", Some(("Node", "n1")), "hostPID: true,");
    let change = Change::pod(pod.key(), PodEdit::HostPid(false));
    let plan = patch(&[pod], &[change]);
    assert_eq!(commands(&plan), [""]);
    assert!(
        plan.steps[0].yaml.contains("hostPID: false")
            && plan.steps[0].note.contains("staticPodPath")
    );
    assert!(
        plan.managed_by[0].contains("kubelet of node n1"),
        "{:?}",
        plan.managed_by
    );
}

#[test]
fn an_ephemeral_container_goes_with_its_pod() {
    let owner = deployment("a", "");
    let mut live = pod(
        "a-1",
        Some(("Deployment", "a")),
        "ephemeralContainers: [{name: debug, image: b, securityContext: {privileged: true}}],",
    );
    let change = Change::container(
        owner.key(),
        &"debug".into(),
        ContainerEdit::Privileged(false),
    );
    let plan = patch(&[owner, live.clone()], &[change]);
    assert_eq!(commands(&plan), ["kubectl delete po a-1 -n shop"]);
    assert_eq!(plan.steps[0].action, Action::Delete);
    live.meta_mut().owners = Box::default();
    let change = Change::container(
        live.key(),
        &"debug".into(),
        ContainerEdit::Privileged(false),
    );
    let plan = patch(&[live], &[change]);
    assert_eq!(plan.steps.len(), 3, "{}", plan.text());
    assert!(
        plan.steps[0]
            .command
            .contains(r#""ephemeralContainers":null"#)
    );
    assert_eq!(
        plan.steps[2].command,
        "kubectl create -f /tmp/b/fix-before.json"
    );
}

fn policy() -> (ObjectKey, Change, NetworkPolicy) {
    let key = ObjectKey::namespaced(Kind::NetworkPolicy, "shop", "allow");
    let app = Selector {
        labels: Labels::of(&[("app", "cart")]),
        expressions: Box::default(),
    };
    let policy = NetworkPolicy {
        meta: Meta::bare(key.clone()),
        pods: app.clone(),
        types: Box::new(["Ingress".into(), "Egress".into()]),
        ingress: Some(Box::default()),
        egress: Some(Box::new([PolicyRule {
            peers: Box::new([
                Peer::Pods {
                    namespaces: Some(Selector::default()),
                    pods: None,
                },
                Peer::Pods {
                    namespaces: None,
                    pods: Some(app),
                },
                Peer::Block {
                    cidr: "10.0.0.0/8".into(),
                    except: Box::new(["10.1.0.0/16".into()]),
                },
            ]),
            ports: Box::new([
                PolicyPort {
                    protocol: Some("UDP".into()),
                    port: Some(PortRef::Number(53)),
                    end: Some(60),
                },
                PolicyPort {
                    protocol: None,
                    port: Some(PortRef::Name("http".into())),
                    end: None,
                },
            ]),
        }])),
    };
    (
        key.clone(),
        Change::new(&key, Edit::CreatePolicy(Box::new(policy.clone()))),
        policy,
    )
}

#[test]
fn a_new_policy_is_applied_whole_in_every_style() {
    let (key, change, policy) = policy();
    for style in ALL {
        let plan = planned(
            &[],
            std::slice::from_ref(&change),
            style.id,
            &Delivery::stdin(),
        );
        let mut objects = Objects::new();
        run(&plan.steps, &mut objects).unwrap();
        assert_eq!(
            decoded(&objects[&key]),
            Object::NetworkPolicy(policy.clone()),
            "{}",
            style.id
        );
    }
    let plan = planned(&[], &[change], "patch", &Delivery::stdin());
    assert_eq!(commands(&plan), ["kubectl apply -f -"]);
    assert_eq!(
        plan.steps[0].way_back,
        "kubectl delete netpol allow -n shop"
    );
}

#[test]
fn manifests_are_for_new_objects_only() {
    let owner = deployment("a", "hostPID: true,");
    let change = Change::pod(owner.key(), PodEdit::HostPid(false));
    let plan = planned(
        &[owner],
        &[change, policy().1],
        "manifest",
        &Delivery::file("f.yaml"),
    );
    assert_eq!((plan.steps.len(), plan.cannot.len()), (1, 1));
    assert!(plan.cannot[0].contains("deploy shop/a exists already"));
}

#[test]
fn what_is_deleted_is_kept_first() {
    let binding = facts(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: x, namespace: shop}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}\n",
    );
    let plan = patch(
        &[binding.clone()],
        &[Change::new(binding.key(), Edit::Delete)],
    );
    assert_eq!(
        commands(&plan),
        [
            "kubectl get rolebinding x -n shop -o json > /tmp/b/fix-before.json",
            "kubectl delete rolebinding x -n shop"
        ]
    );
    assert_eq!(
        plan.steps[1].way_back,
        "kubectl create -f /tmp/b/fix-before.json"
    );
}

#[test]
fn what_is_not_seen_is_said() {
    let operator = ObjectKey::namespaced(
        bartizan::model::ObjectKind::from_manifest("x.io/v1", "Thing"),
        "shop",
        "t",
    );
    let hidden = ObjectKey::namespaced(Kind::Deployment, "shop", "gone");
    let changes = [
        Change::pod(&operator, PodEdit::HostPid(false)),
        Change::pod(&hidden, PodEdit::HostPid(false)),
    ];
    let plan = patch(&[], &changes);
    assert_eq!(
        (plan.steps.len(), plan.cannot.len()),
        (0, 2),
        "{:?}",
        plan.cannot
    );
}

/// Names of roles and bindings may hold anything but `/` and `%`.
const HOSTILE: [&str; 6] = [
    "a\u{1b}[31m\u{202e}b",
    "a\nkind: Secret\n---",
    "--all",
    "x'; rm -rf ~; '",
    "$(id)`id`\u{200b}",
    "\u{e0041}\u{85}\"",
];

#[test]
fn a_hostile_name_is_in_no_word_and_still_names_its_object() {
    for name in HOSTILE {
        let key = ObjectKey::cluster(Kind::ClusterRoleBinding, name);
        let full = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": name},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": name}, {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "dev"}]});
        let object = decoded(&full);
        for (edit, style) in [
            (Edit::RemoveSubject(Subject::User(name.into())), "patch"),
            (Edit::Label("a".into(), Some("b".into())), "patch"),
            (Edit::Label("a".into(), Some("b".into())), "kustomize"),
            (Edit::Delete, "patch"),
        ] {
            let change = Change::new(&key, edit);
            let plan = planned(
                &[object.clone()],
                std::slice::from_ref(&change),
                style,
                &Delivery::stdin(),
            );
            assert!(plan.cannot.is_empty(), "{name:?}: {:?}", plan.cannot);
            let mut objects = Objects::from([(key.clone(), full.clone())]);
            run(&plan.steps, &mut objects).unwrap();
            let now = objects.get(&key).map(decoded).map(std::sync::Arc::new);
            let then = match change.apply(Some(&object.clone().into())) {
                bartizan::model::change::Applied::Now(then) => Some(then),
                _ => None,
            };
            assert_eq!(now, then, "{name:?}");
            assert_harmless(&plan);
            for step in &plan.steps {
                let quoted = name.starts_with('x');
                assert!(quoted || !step.command.contains(name), "{}", step.command);
                if !quoted && style == "patch" {
                    assert!(step.command.contains(" -f fix"), "{}", step.command);
                }
            }
        }
    }
}

#[test]
fn hostile_contents_stay_in_their_place() {
    let bad: Str = "v\u{1b}]0;x\u{7}\n# \u{202e}".into();
    let rule = bartizan::model::objects::access::Rule {
        verbs: Box::new([bad.clone()]),
        ..Default::default()
    };
    let role = facts(&format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: r, annotations: {{meta.helm.sh/release-name: {b}}}}}\nrules: [{{verbs: [{b}]}}]\n",
        b = json!(&*bad)
    ));
    let change = Change::new(role.key(), Edit::Rule(0, RuleEdit::Remove(Box::new(rule))));
    let plan = patch(&[role], &[change]);
    assert_eq!((plan.steps.len(), plan.managed_by.len()), (1, 1));
    assert_harmless(&plan);
}

/// Every line is a comment or belongs to a document that reads, and nothing in it can act on a terminal.
fn assert_harmless(plan: &Plan) {
    let text = plan.text();
    assert!(
        !text.chars().any(|c| c != '\n' && is_hostile(c)),
        "{text:?}"
    );
    let documents: Vec<Value> =
        serde_saphyr::from_multiple(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let printed = plan.steps.iter().filter(|s| !s.yaml.is_empty()).count();
    assert_eq!(documents.len(), printed, "{text}");
    for step in &plan.steps {
        assert!(
            !step.command.chars().any(is_hostile) && !step.way_back.chars().any(is_hostile),
            "{step:?}"
        );
    }
}

#[test]
fn the_text_holds_all_that_a_person_must_know() {
    let owner = facts(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: shop, annotations: {meta.helm.sh/release-name: shop}}\nspec: {template: {spec: {hostPID: true, containers: [{name: c, image: i}]}}}\n",
    );
    let world = World::closed([owner.clone()]);
    let remedy = Remedy::review(
        [Change::pod(owner.key(), PodEdit::HostPid(false))],
        "what looks at processes of the node",
    )
    .ask("whether it must");
    let mut delivery = Delivery::file("/h/fix.yaml");
    delivery.context = Some("prod".into());
    let mut plan = plan(
        &remedy,
        &View::new(&world),
        style("patch").unwrap(),
        &delivery,
    );
    plan.proof = Some(Proof {
        silences: 1,
        stories_before: 11,
        stories_after: 4,
        old_pods: 12,
        adds: 0,
        moves: 0,
    });
    assert_eq!(
        plan.text(),
        "# first decide: whether it must
# managed: part of Helm release shop/shop: set it in the release's values, or the next upgrade puts it back
# may break: what looks at processes of the node
# proof: silences 1, adds 0; stories 11 -> 4; 12 pods still run the old template until rolled
# patch deploy shop/a
# kubectl --context prod patch deploy a -n shop --type strategic --patch-file /h/fix.yaml
# way back: kubectl --context prod patch deploy a -n shop --type strategic -p '{\"spec\":{\"template\":{\"spec\":{\"hostPID\":true}}}}'
apiVersion: apps/v1
kind: Deployment
metadata:
  name: a
  namespace: shop
spec:
  template:
    spec:
      hostPID: false
"
    );
}

/// Kustomize puts patched items first: those that run before them are named too.
#[test]
fn kustomize_keeps_the_order_of_containers() {
    let pod = "apiVersion: apps/v1
kind: Deployment
metadata: {name: a, namespace: shop}
spec: {template: {spec: {initContainers: [{name: one, image: i}, {name: two, image: i}, {name: three, image: i}], containers: [{name: c, image: i}]}}}
";
    let owner = facts(pod);
    let change = Change::container(owner.key(), &"two".into(), ContainerEdit::Privileged(false));
    let plan = planned(&[owner], &[change], "kustomize", &Delivery::file("f.yaml"));
    let names = "      - name: one\n          - name: two\n            securityContext:\n              privileged: false\n";
    assert!(plan.steps[0].yaml.contains(names), "{}", plan.steps[0].yaml);
    assert!(!plan.steps[0].yaml.contains("three"));
}
