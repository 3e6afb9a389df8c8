//! Edits of what the Pod Security Standards read, and of what goes with them, printed and applied.

use bartizan::fix::apply::{Objects, run};
use bartizan::fix::{Action, Delivery, Remedy, plan, style::style};
use bartizan::model::change::{Change, ContainerEdit, Edit, PodEdit};
use bartizan::model::objects::access::ServiceAccount;
use bartizan::model::objects::container::SeLinux;
use bartizan::model::{Kind, Meta, Object, ObjectKey};
use bartizan::view::{View, World};

use crate::fix_edit::{check, facts, planned, text, yaml};

const CRON: &str = "apiVersion: batch/v1
kind: CronJob
metadata: {name: sweep, namespace: shop}
spec:
  schedule: '@daily'
  jobTemplate:
    spec:
      template:
        metadata:
          annotations: {container.apparmor.security.beta.kubernetes.io/web: unconfined, note: kept}
        spec:
          restartPolicy: Never
          priorityClassName: system-node-critical
          serviceAccountName: old
          serviceAccount: old
          shareProcessNamespace: true
          hostAliases: [{ip: 10.0.0.9, hostnames: [a.example, b]}]
          securityContext:
            appArmorProfile: {type: Localhost, localhostProfile: mine}
            seLinuxOptions: {type: spc_t, user: root, level: 's0:c1'}
            windowsOptions: {hostProcess: true, runAsUserName: me}
            sysctls: [{name: kernel.msgmax, value: '1'}, {name: net.ipv4.tcp_syncookies, value: '0'}, {name: fs.mqueue.msg_max, value: '2'}]
          containers:
          - name: web
            image: web:1
            imagePullPolicy: IfNotPresent
            securityContext:
              appArmorProfile: {type: Unconfined}
              seLinuxOptions: {role: r, type: container_t}
              procMount: Unmasked
              windowsOptions: {hostProcess: true}
            livenessProbe: {httpGet: {host: 10.0.0.1, path: /, port: 80}, periodSeconds: 3}
            lifecycle: {preStop: {tcpSocket: {host: h, port: 1}}}
            volumeMounts: [{name: d, mountPath: /d, subPath: s}, {name: e, mountPath: /e}]
          - {name: side, image: 'side:1'}
          volumes: [{name: d, configMap: {name: c}}, {name: e, emptyDir: {sizeLimit: 1Gi}}]
";

#[test]
fn what_the_standards_read_is_taken_away_and_the_rest_stays() {
    let web = |edit| Edit::Container(text("web"), edit);
    let pod = Edit::Pod;
    let plan = check(
        CRON,
        &[
            pod(PodEdit::AppArmor(Some(text("RuntimeDefault")))),
            pod(PodEdit::SeLinux(SeLinux::default())),
            pod(PodEdit::RemoveHostProcess),
            pod(PodEdit::RemoveSysctl(text("kernel.msgmax"))),
            pod(PodEdit::RemoveSysctl(text("fs.mqueue.msg_max"))),
            pod(PodEdit::RemoveAnnotation(text(
                "container.apparmor.security.beta.kubernetes.io/web",
            ))),
            pod(PodEdit::RemovePriority),
            pod(PodEdit::Account(text("own"))),
            pod(PodEdit::ShareProcesses(false)),
            pod(PodEdit::ServiceLinks(false)),
            pod(PodEdit::RemoveHostAliases),
            web(ContainerEdit::AppArmor(None)),
            web(ContainerEdit::SeLinux(SeLinux {
                kind: text("container_t"),
                ..SeLinux::default()
            })),
            web(ContainerEdit::RemoveProcMount),
            web(ContainerEdit::RemoveHostProcess),
            web(ContainerEdit::RemoveProbeHost(text("livenessProbe.httpGet.host"))),
            web(ContainerEdit::RemoveProbeHost(text("lifecycle.preStop.tcpSocket.host"))),
            web(ContainerEdit::PullPolicy(text("Always"))),
            web(ContainerEdit::ReadOnlyMount(text("/e"))),
        ],
        "apiVersion: batch/v1
kind: CronJob
metadata:
  name: sweep
  namespace: shop
spec:
  jobTemplate:
    spec:
      template:
        spec:
          securityContext:
            appArmorProfile:
              localhostProfile: null
              type: RuntimeDefault
            seLinuxOptions:
              type: null
              user: null
            windowsOptions:
              hostProcess: null
            sysctls:
            - name: net.ipv4.tcp_syncookies
              value: \"0\"
          priorityClassName: null
          serviceAccountName: own
          shareProcessNamespace: false
          enableServiceLinks: false
          hostAliases: null
          containers:
          - name: web
            securityContext:
              appArmorProfile: null
              seLinuxOptions:
                role: null
              procMount: null
              windowsOptions:
                hostProcess: null
            livenessProbe:
              httpGet:
                host: null
            lifecycle:
              preStop:
                tcpSocket:
                  host: null
            imagePullPolicy: Always
            volumeMounts:
            - mountPath: /e
              readOnly: true
        metadata:
          annotations:
            container.apparmor.security.beta.kubernetes.io/web: null
",
        "apiVersion: batch/v1
kind: CronJob
metadata: {name: sweep, namespace: shop}
spec:
  schedule: '@daily'
  jobTemplate:
    spec:
      template:
        metadata: {annotations: {note: kept}}
        spec:
          restartPolicy: Never
          serviceAccountName: own
          serviceAccount: old
          shareProcessNamespace: false
          enableServiceLinks: false
          securityContext:
            appArmorProfile: {type: RuntimeDefault}
            seLinuxOptions: {level: 's0:c1'}
            windowsOptions: {runAsUserName: me}
            sysctls: [{name: net.ipv4.tcp_syncookies, value: '0'}]
          containers:
          - name: web
            image: web:1
            imagePullPolicy: Always
            securityContext: {seLinuxOptions: {type: container_t}, windowsOptions: {}}
            livenessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 3}
            lifecycle: {preStop: {tcpSocket: {port: 1}}}
            volumeMounts: [{name: d, mountPath: /d, subPath: s}, {name: e, mountPath: /e, readOnly: true}]
          - {name: side, image: 'side:1'}
          volumes: [{name: d, configMap: {name: c}}, {name: e, emptyDir: {sizeLimit: 1Gi}}]
",
    );
    // The localhost profile's name is not among the facts: a copy is what brings it back.
    assert!(
        plan.steps[0].way_back.starts_with("first keep it: "),
        "{}",
        plan.steps[0].way_back
    );
}

/// Undoing a patch is a patch too: it must bring the facts back as they were.
#[test]
fn the_way_back_leads_back() {
    let edits = [
        Edit::Pod(PodEdit::SeLinux(SeLinux::default())),
        Edit::Pod(PodEdit::RemoveHostProcess),
        Edit::Pod(PodEdit::RemoveSysctl(text("kernel.msgmax"))),
        Edit::Pod(PodEdit::RemoveSysctl(text("net.ipv4.tcp_syncookies"))),
        Edit::Pod(PodEdit::RemoveSysctl(text("fs.mqueue.msg_max"))),
        Edit::Pod(PodEdit::Account(text("own"))),
        Edit::Pod(PodEdit::AddEmptyDir(text("tmp"))),
        Edit::Container(text("web"), ContainerEdit::Mount(text("tmp"), text("/tmp"))),
        Edit::Container(
            text("side"),
            ContainerEdit::Mount(text("tmp"), text("/tmp")),
        ),
        Edit::Container(text("web"), ContainerEdit::RemoveProcMount),
        Edit::Container(
            text("web"),
            ContainerEdit::RemoveProbeHost(text("livenessProbe.httpGet.host")),
        ),
    ];
    let plan = planned(CRON, &edits);
    let step = &plan.steps[0];
    assert!(step.yaml.contains("sysctls: null\n"), "{}", step.yaml);
    let mut objects = Objects::from([(step.target.clone(), yaml(CRON))]);
    run(&plan.steps, &mut objects).unwrap();
    assert_ne!(facts(&objects[&step.target]), facts(&yaml(CRON)));
    let mut back = step.clone();
    let (_, undo) = step.way_back.split_once(" -p '").unwrap();
    back.yaml = undo.strip_suffix('\'').unwrap().to_owned();
    run(&[back], &mut objects).unwrap();
    assert_eq!(facts(&objects[&step.target]), facts(&yaml(CRON)));
}

#[test]
fn room_to_write_stands_after_what_is_mounted() {
    let mount = |to: &str, path: &str| {
        Edit::Container(text(to), ContainerEdit::Mount(text("tmp"), text(path)))
    };
    let edits = [
        Edit::Pod(PodEdit::EmptyDir(text("d"))),
        Edit::Pod(PodEdit::AddEmptyDir(text("tmp"))),
        mount("web", "/tmp"),
        mount("web", "/var/cache"),
        mount("side", "/tmp"),
    ];
    check(
        CRON,
        &edits,
        "apiVersion: batch/v1
kind: CronJob
metadata:
  name: sweep
  namespace: shop
spec:
  jobTemplate:
    spec:
      template:
        spec:
          volumes:
          - name: d
            configMap: null
            emptyDir: {}
          - name: e
          - name: tmp
            emptyDir: {}
          containers:
          - name: web
            volumeMounts:
            - mountPath: /e
            - mountPath: /tmp
              name: tmp
            - mountPath: /var/cache
              name: tmp
          - name: side
            volumeMounts:
            - mountPath: /tmp
              name: tmp
",
        &CRON
            .replace("{name: e, mountPath: /e}]", "{name: e, mountPath: /e}, {name: tmp, mountPath: /tmp}, {name: tmp, mountPath: /var/cache}]")
            .replace("{name: side, image: 'side:1'}", "{name: side, image: 'side:1', volumeMounts: [{name: tmp, mountPath: /tmp}]}")
            .replace("configMap: {name: c}", "emptyDir: {}")
            .replace("{sizeLimit: 1Gi}}]", "{sizeLimit: 1Gi}}, {name: tmp, emptyDir: {}}]"),
    );
}

#[test]
fn an_edit_of_what_is_not_there_is_no_edit() {
    let lean = "apiVersion: apps/v1
kind: Deployment
metadata: {name: a, namespace: b}
spec: {template: {spec: {containers: [{name: c, volumeMounts: [{name: v, mountPath: /v}]}], volumes: [{name: v, emptyDir: {}}]}}}
";
    let c = |edit| Edit::Container(text("c"), edit);
    for edit in [
        Edit::Pod(PodEdit::SeLinux(SeLinux::default())),
        Edit::Pod(PodEdit::RemoveHostProcess),
        Edit::Pod(PodEdit::RemoveSysctl(text("a"))),
        Edit::Pod(PodEdit::RemoveAnnotation(text("a"))),
        Edit::Pod(PodEdit::RemovePriority),
        Edit::Pod(PodEdit::RemoveHostAliases),
        Edit::Pod(PodEdit::Account(text("default"))),
        Edit::Pod(PodEdit::AddEmptyDir(text("v"))),
        c(ContainerEdit::SeLinux(SeLinux::default())),
        c(ContainerEdit::RemoveProcMount),
        c(ContainerEdit::RemoveHostProcess),
        c(ContainerEdit::RemoveProbeHost(text(
            "livenessProbe.httpGet.host",
        ))),
        c(ContainerEdit::Mount(text("v"), text("/v"))),
        c(ContainerEdit::Mount(text("w"), text("/w"))),
        c(ContainerEdit::ReadOnlyMount(text("/w"))),
    ] {
        let plan = planned(lean, std::slice::from_ref(&edit));
        assert!(plan.steps.is_empty() && plan.cannot.len() == 1, "{edit:?}");
    }
}

/// The API server lets nobody change this annotation of a pod that runs.
#[test]
fn an_annotation_of_a_bare_pod_takes_a_new_pod() {
    let pod = "apiVersion: v1
kind: Pod
metadata: {name: a, namespace: b, annotations: {container.apparmor.security.beta.kubernetes.io/c: unconfined}}
spec: {containers: [{name: c, image: i}], priorityClassName: high, priority: 7}
";
    let key = "container.apparmor.security.beta.kubernetes.io/c";
    let plan = planned(pod, &[Edit::Pod(PodEdit::RemoveAnnotation(text(key)))]);
    let done: Vec<Action> = plan.steps.iter().map(|s| s.action).collect();
    assert!(
        matches!(
            *done,
            [
                Action::Command,
                Action::Patch(_),
                Action::Delete,
                Action::Create
            ]
        ),
        "{done:?}"
    );
    assert!(
        plan.steps[0].command.contains(r#""priority":null"#),
        "{}",
        plan.steps[0].command
    );
}

#[test]
fn a_new_account_is_a_manifest() {
    let key = ObjectKey::namespaced(Kind::ServiceAccount, "shop", "cart");
    let account = ServiceAccount {
        meta: Meta::bare(key.clone()),
        automount: Some(false),
        secrets: Box::default(),
        pull_secrets: Box::default(),
        assumed: false,
    };
    let create = Edit::CreateAccount(Box::new(account.clone()));
    let world = World::closed([facts(&yaml(CRON))]);
    let delivery = Delivery::file("fix.yaml");
    for name in ["patch", "manifest", "kustomize"] {
        let plan = plan(
            &Remedy::safe([Change::new(&key, create.clone())]),
            &View::new(&world),
            style(name).unwrap(),
            &delivery,
        );
        assert_eq!(
            plan.steps[0].yaml,
            "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: cart\n  namespace: shop\nautomountServiceAccountToken: false\n"
        );
        let mut objects = Objects::new();
        run(&plan.steps, &mut objects).unwrap();
        assert_eq!(
            facts(&objects[&key]),
            Object::ServiceAccount(account.clone())
        );
    }
    let world = World::closed([Object::ServiceAccount(account)]);
    let plan = plan(
        &Remedy::safe([Change::new(&key, create)]),
        &View::new(&world),
        style("patch").unwrap(),
        &delivery,
    );
    assert!(plan.steps.is_empty() && plan.cannot.len() == 1);
}
