//! Edits of pods and of small objects, printed and applied.

use bartizan::fix::apply::{Objects, run};
use bartizan::fix::{Action, PatchKind};
use bartizan::model::change::{ContainerEdit, Edit, PodEdit};

use crate::fix_edit::{check, planned, text, yaml};

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop, labels: {app: cart}, annotations: {note: kept}}
spec:
  replicas: 2
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      hostPID: true
      tolerations: [{key: a, operator: Exists}]
      initContainers:
      - {name: prepare, image: 'busybox:1.36', securityContext: {privileged: true}}
      containers:
      - name: web
        image: web:1
        env: [{name: A, value: b}]
        securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN], drop: [MKNOD]}, runAsUser: 0}
        ports: [{containerPort: 80, hostPort: 80, hostIP: 10.0.0.1, name: http}]
        volumeMounts: [{name: docker, mountPath: /docker}, {name: tmp, mountPath: /tmp}]
      - {name: side, image: 'side:1', volumeMounts: [{name: docker, mountPath: /d, readOnly: true}]}
      volumes:
      - {name: docker, hostPath: {path: /var/run/docker.sock, type: Socket}}
      - {name: tmp, emptyDir: {sizeLimit: 1Gi}}
";

#[test]
fn edits_of_many_parts_stand_in_one_document() {
    let container = |name: &str, edit| Edit::Container(text(name), edit);
    let plan = check(
        DEPLOYMENT,
        &[
            container("web", ContainerEdit::Privileged(false)),
            container("prepare", ContainerEdit::Privileged(false)),
            container("web", ContainerEdit::Capabilities(Box::default(), Box::new([text("ALL")]))),
            container("web", ContainerEdit::User(None)),
            container("web", ContainerEdit::Escalation(false)),
            container("web", ContainerEdit::NonRoot(Some(true))),
            container("web", ContainerEdit::ReadOnlyRoot(true)),
            container("web", ContainerEdit::Seccomp(Some(text("RuntimeDefault")))),
            container("side", ContainerEdit::Image(text("side@sha256:1"))),
            container("web", ContainerEdit::RemoveHostPort(80, text("TCP"), 80, text("10.0.0.1"))),
            Edit::Pod(PodEdit::HostPid(false)),
            Edit::Pod(PodEdit::Automount(false)),
            Edit::Pod(PodEdit::NonRoot(true)),
            Edit::Pod(PodEdit::Seccomp(text("RuntimeDefault"))),
            Edit::Label(text("tier"), Some(text("front"))),
        ],
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
  labels:
    tier: front
spec:
  template:
    spec:
      hostPID: false
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
      - name: web
        securityContext:
          privileged: false
          capabilities:
            add: null
            drop:
            - ALL
          runAsUser: null
          allowPrivilegeEscalation: false
          runAsNonRoot: true
          readOnlyRootFilesystem: true
          seccompProfile:
            type: RuntimeDefault
        ports:
        - containerPort: 80
          hostPort: null
          hostIP: null
      - name: side
        image: side@sha256:1
      initContainers:
      - name: prepare
        securityContext:
          privileged: false
",
        "apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop, labels: {app: cart, tier: front}, annotations: {note: kept}}
spec:
  replicas: 2
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      hostPID: false
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      tolerations: [{key: a, operator: Exists}]
      initContainers:
      - {name: prepare, image: 'busybox:1.36', securityContext: {privileged: false}}
      containers:
      - name: web
        image: web:1
        env: [{name: A, value: b}]
        securityContext: {privileged: false, capabilities: {drop: [ALL]}, allowPrivilegeEscalation: false,
          runAsNonRoot: true, readOnlyRootFilesystem: true, seccompProfile: {type: RuntimeDefault}}
        ports: [{containerPort: 80, name: http}]
        volumeMounts: [{name: docker, mountPath: /docker}, {name: tmp, mountPath: /tmp}]
      - {name: side, image: 'side@sha256:1', volumeMounts: [{name: docker, mountPath: /d, readOnly: true}]}
      volumes:
      - {name: docker, hostPath: {path: /var/run/docker.sock, type: Socket}}
      - {name: tmp, emptyDir: {sizeLimit: 1Gi}}
",
    );
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(
        plan.steps[0].command,
        "kubectl patch deploy cart -n shop --type strategic --patch-file fix.yaml"
    );
    assert!(plan.steps[0].way_back.starts_with(r#"kubectl patch deploy cart -n shop --type strategic -p '{"spec":{"template":{"spec":{"hostPID":true,"#), "{}", plan.steps[0].way_back);
}

#[test]
fn a_volume_goes_with_every_mount_of_it() {
    let plan = check(
        DEPLOYMENT,
        &[Edit::Pod(PodEdit::RemoveVolume(text("docker")))],
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
spec:
  template:
    spec:
      volumes:
      - name: docker
        $patch: delete
      containers:
      - name: web
        volumeMounts:
        - mountPath: /docker
          $patch: delete
      - name: side
        volumeMounts:
        - mountPath: /d
          $patch: delete
",
        &DEPLOYMENT
            .replace(
                "[{name: docker, mountPath: /docker}, {name: tmp, mountPath: /tmp}]",
                "[{name: tmp, mountPath: /tmp}]",
            )
            .replace("[{name: docker, mountPath: /d, readOnly: true}]", "[]")
            .replace(
                "      - {name: docker, hostPath: {path: /var/run/docker.sock, type: Socket}}\n",
                "",
            ),
    );
    assert_eq!(
        plan.steps[0].way_back,
        "kubectl rollout undo deploy cart -n shop"
    );
}

#[test]
fn a_volume_becomes_an_empty_dir() {
    let plan = check(
        DEPLOYMENT,
        &[Edit::Pod(PodEdit::EmptyDir(text("docker")))],
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
spec:
  template:
    spec:
      volumes:
      - name: docker
        hostPath: null
        emptyDir: {}
",
        &DEPLOYMENT.replace(
            "hostPath: {path: /var/run/docker.sock, type: Socket}",
            "emptyDir: {}",
        ),
    );
    assert!(
        plan.steps[0].way_back.contains(
            r#""hostPath":{"path":"/var/run/docker.sock","type":"Socket"},"emptyDir":null"#
        ),
        "{}",
        plan.steps[0].way_back
    );
}

const PORTS: &str = "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: dns, namespace: kube-system}
spec:
  selector: {matchLabels: {app: dns}}
  template:
    metadata: {labels: {app: dns}}
    spec:
      hostNetwork: false
      containers:
      - name: dns
        image: dns:1
        ports:
        - {containerPort: 53, protocol: TCP, hostPort: 53}
        - {containerPort: 53, protocol: UDP, hostPort: 53, hostIP: 10.0.0.1}
";

#[test]
fn a_repeated_port_is_named_by_its_place() {
    let edit = ContainerEdit::RemoveHostPort(53, text("UDP"), 53, text("10.0.0.1"));
    let plan = check(
        PORTS,
        &[Edit::Container(text("dns"), edit)],
        "- op: test
  path: /spec/template/spec/containers/0/name
  value: dns
- op: test
  path: /spec/template/spec/containers/0/ports/0/containerPort
  value: 53
- op: test
  path: /spec/template/spec/containers/0/ports/1/containerPort
  value: 53
- op: test
  path: /spec/template/spec/containers/0/ports/1/protocol
  value: UDP
- op: test
  path: /spec/template/spec/containers/0/ports/1/hostPort
  value: 53
- op: remove
  path: /spec/template/spec/containers/0/ports/1/hostPort
- op: remove
  path: /spec/template/spec/containers/0/ports/1/hostIP
",
        &PORTS.replace(
            "protocol: UDP, hostPort: 53, hostIP: 10.0.0.1",
            "protocol: UDP",
        ),
    );
    assert_eq!(plan.steps[0].action, Action::Patch(PatchKind::Json));
    assert_eq!(
        plan.steps[0].way_back,
        r#"kubectl patch ds dns -n kube-system --type json -p '[{"op":"add","path":"/spec/template/spec/containers/0/ports/1/hostIP","value":"10.0.0.1"},{"op":"add","path":"/spec/template/spec/containers/0/ports/1/hostPort","value":53}]'"#
    );
}

#[test]
fn what_one_patch_cannot_hold_takes_two_files() {
    let off = |protocol: &str, ip: &str| {
        Edit::Container(
            text("dns"),
            ContainerEdit::RemoveHostPort(53, text(protocol), 53, text(ip)),
        )
    };
    let edits = [
        off("UDP", "10.0.0.1"),
        Edit::Pod(PodEdit::HostUsers(false)),
        off("TCP", ""),
    ];
    let plan = planned(PORTS, &edits);
    let files: Vec<&str> = plan.steps.iter().map(|s| &*s.file).collect();
    assert_eq!(files, ["fix.yaml", "fix-json.yaml"]);
    let mut objects = Objects::from([(plan.steps[0].target.clone(), yaml(PORTS))]);
    run(&plan.steps, &mut objects).unwrap();
    let spec = &objects[&plan.steps[0].target]["spec"]["template"]["spec"];
    assert_eq!(spec["hostUsers"], false);
    assert_eq!(
        spec["containers"][0]["ports"],
        yaml("[{containerPort: 53, protocol: TCP}, {containerPort: 53, protocol: UDP}]")
    );
}

#[test]
fn a_profile_that_no_longer_fits_goes() {
    const POD: &str = "apiVersion: v1
kind: ReplicationController
metadata: {name: a, namespace: b}
spec: {template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i, securityContext: {seccompProfile: {type: Localhost, localhostProfile: x.json}}}]}}}
";
    let edit = |kind: Option<&str>| {
        [Edit::Container(
            text("c"),
            ContainerEdit::Seccomp(kind.map(text)),
        )]
    };
    let head = "apiVersion: v1
kind: ReplicationController
metadata:
  name: a
  namespace: b
spec:
  template:
    spec:
      containers:
      - name: c
        securityContext:
";
    let plan = check(
        POD,
        &edit(Some("RuntimeDefault")),
        &format!(
            "{head}          seccompProfile:\n            type: RuntimeDefault\n            localhostProfile: null\n"
        ),
        &POD.replace(
            "{type: Localhost, localhostProfile: x.json}",
            "{type: RuntimeDefault}",
        ),
    );
    assert!(
        plan.steps[0]
            .way_back
            .contains(r#""seccompProfile":{"type":"Localhost","localhostProfile":"x.json"}"#)
    );
    assert!(
        plan.steps[0].note.contains("when it is deleted"),
        "{}",
        plan.steps[0].note
    );
    check(
        POD,
        &edit(None),
        &format!("{head}          seccompProfile: null\n"),
        &POD.replace(
            "seccompProfile: {type: Localhost, localhostProfile: x.json}",
            "",
        ),
    );
}

#[test]
fn small_objects() {
    check(
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: cart, namespace: shop}\nimagePullSecrets: [{name: x}]\n",
        &[Edit::AccountAutomount(false)],
        "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: cart\n  namespace: shop\nautomountServiceAccountToken: false\n",
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: cart, namespace: shop}\nimagePullSecrets: [{name: x}]\nautomountServiceAccountToken: false\n",
    );
    check(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {a: b, c: d}}\n",
        &[
            Edit::Label(
                text("pod-security.kubernetes.io/enforce"),
                Some(text("baseline")),
            ),
            Edit::Label(text("a"), None),
        ],
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    pod-security.kubernetes.io/enforce: baseline\n    a: null\n",
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {c: d, pod-security.kubernetes.io/enforce: baseline}}\n",
    );
    let webhook = "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: guard}
webhooks:
- {name: a.example.com, failurePolicy: Ignore, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {url: 'https://a/'}}
- {name: b.example.com, failurePolicy: Ignore, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {url: 'https://b/'}}
";
    check(
        webhook,
        &[Edit::WebhookIgnore(text("b.example.com"), false)],
        "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: guard
webhooks:
- name: b.example.com
  failurePolicy: Fail
",
        &webhook.replace(
            "name: b.example.com, failurePolicy: Ignore",
            "name: b.example.com, failurePolicy: Fail",
        ),
    );
}

#[test]
fn a_label_of_a_custom_resource_is_a_merge_patch() {
    let gateway = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, namespace: shop}\nspec: {gatewayClassName: c, listeners: []}\n";
    let plan = check(
        gateway,
        &[Edit::Label(text("a"), Some(text("b")))],
        "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: g\n  namespace: shop\n  labels:\n    a: b\n",
        &gateway.replace("namespace: shop", "namespace: shop, labels: {a: b}"),
    );
    assert_eq!(
        plan.steps[0].command,
        "kubectl patch gateways.gateway.networking.k8s.io g -n shop --type merge --patch-file fix.yaml"
    );
}
