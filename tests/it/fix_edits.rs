//! Each kind of edit, printed and applied: the document reads as written here, and makes of a full manifest what is
//! written here. Manifests hold fields that facts never keep: they must survive.

use std::sync::Arc;

use bartizan::fix::apply::{Objects, read, run};
use bartizan::fix::style::style;
use bartizan::fix::{Action, Delivery, PatchKind, Plan, Remedy, plan};
use bartizan::model::change::{
    Applied, Change, ContainerEdit, Edit, IngressEdit, PodEdit, RuleEdit, ServiceEdit,
};
use bartizan::model::objects::access::Rule;
use bartizan::model::{Object, Str, Subject};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::view::{View, World};
use serde_json::Value;

use crate::engine_world::kind;

fn yaml(text: &str) -> Value {
    read(text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

fn facts(value: &Value) -> Object {
    decode_value(kind(value), value, &mut Pool::new()).unwrap()
}

/// The plan for these edits of one object, in the default style.
fn planned(manifest: &str, edits: &[Edit]) -> Plan {
    let object = facts(&yaml(manifest));
    let changes: Vec<Change> = edits
        .iter()
        .map(|edit| Change::new(object.key(), edit.clone()))
        .collect();
    let world = World::closed([object]);
    plan(
        &Remedy::safe(changes),
        &View::new(&world),
        style("patch").unwrap(),
        &Delivery::file("fix.yaml"),
    )
}

/// Plans the edits, compares the one document that is printed, applies it, compares the object, and then compares its
/// facts with those of the typed change.
fn check(manifest: &str, edits: &[Edit], document: &str, patched: &str) -> Plan {
    let plan = planned(manifest, edits);
    let documents: Vec<&str> = plan
        .steps
        .iter()
        .map(|s| &*s.yaml)
        .filter(|y| !y.is_empty())
        .collect();
    assert_eq!(documents, [document], "{}", plan.text());
    let full = yaml(manifest);
    let mut now = Some(Arc::new(facts(&full)));
    let key = now.as_ref().unwrap().key().clone();
    for edit in edits {
        now = match Change::new(&key, edit.clone()).apply(now.as_ref()) {
            Applied::Now(object) => Some(object),
            Applied::Gone => None,
            Applied::Misfit => panic!("misfit: {edit:?}"),
        };
    }
    let mut objects = Objects::from([(key.clone(), full)]);
    run(&plan.steps, &mut objects).unwrap();
    assert_eq!(objects[&key], yaml(patched), "{}", plan.text());
    assert_eq!(Some(facts(&objects[&key])), now.map(|o| (*o).clone()));
    plan
}

fn text(text: &str) -> Str {
    text.into()
}

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

const SERVICE: &str = "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  selector: {app: web}
  externalIPs: [203.0.113.7]
  externalTrafficPolicy: Local
  loadBalancerSourceRanges: [0.0.0.0/0]
  sessionAffinity: ClientIP
  ports: [{name: http, port: 80, nodePort: 30080, appProtocol: http}, {name: https, port: 443, nodePort: 30443}]
";

#[test]
fn a_service_is_closed() {
    let plan = check(
        SERVICE,
        &[
            Edit::Service(ServiceEdit::ClusterIp),
            Edit::Service(ServiceEdit::RemoveExternalIps),
        ],
        "apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  type: ClusterIP
  externalTrafficPolicy: null
  loadBalancerSourceRanges: null
  externalIPs: null
  ports:
  - port: 80
    nodePort: null
  - port: 443
    nodePort: null
",
        "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: ClusterIP
  selector: {app: web}
  sessionAffinity: ClientIP
  ports: [{name: http, port: 80, appProtocol: http}, {name: https, port: 443}]
",
    );
    assert!(plan.steps[0].way_back.contains(r#""type":"LoadBalancer","externalTrafficPolicy":"Local","loadBalancerSourceRanges":["0.0.0.0/0"],"externalIPs":["203.0.113.7"],"ports":[{"port":80,"nodePort":30080}"#), "{}", plan.steps[0].way_back);
}

#[test]
fn a_service_with_a_repeated_port_is_closed_by_place() {
    const DNS: &str = "apiVersion: v1
kind: Service
metadata: {name: dns, namespace: shop}
spec: {type: NodePort, ports: [{name: u, port: 53, protocol: UDP, nodePort: 30053}, {name: t, port: 53, protocol: TCP, nodePort: 30054}]}
";
    check(
        DNS,
        &[Edit::Service(ServiceEdit::ClusterIp)],
        "- op: test
  path: /spec/type
  value: NodePort
- op: test
  path: /spec/ports/0/nodePort
  value: 30053
- op: test
  path: /spec/ports/1/nodePort
  value: 30054
- op: replace
  path: /spec/type
  value: ClusterIP
- op: remove
  path: /spec/ports/0/nodePort
- op: remove
  path: /spec/ports/1/nodePort
",
        &DNS.replace("NodePort", "ClusterIP")
            .replace(", nodePort: 30053", "")
            .replace(", nodePort: 30054", ""),
    );
}

#[test]
fn source_ranges_are_replaced_as_a_whole() {
    let ranges: Box<[Str]> = Box::new([text("10.0.0.0/8"), text("192.0.2.0/24")]);
    check(
        SERVICE,
        &[Edit::Service(ServiceEdit::SourceRanges(ranges))],
        "apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  loadBalancerSourceRanges:
  - 10.0.0.0/8
  - 192.0.2.0/24
",
        &SERVICE.replace("[0.0.0.0/0]", "[10.0.0.0/8, 192.0.2.0/24]"),
    );
}

const INGRESS: &str = "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  tls: [{hosts: [a.example.com], secretName: a-tls}]
  rules:
  - host: a.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
  - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
";

#[test]
fn an_ingress_gets_a_host_and_tls_for_it() {
    let hosts: Box<[Str]> = Box::new([text("b.example.com")]);
    check(
        INGRESS,
        &[
            Edit::Ingress(IngressEdit::Host(1, text("b.example.com"))),
            Edit::Ingress(IngressEdit::AddTls(text("b-tls"), hosts.clone())),
        ],
        "- op: test
  path: /spec/rules/1/http/paths/0/backend/service/name
  value: web
- op: add
  path: /spec/rules/1/host
  value: b.example.com
- op: test
  path: /spec/tls/0/hosts
  value:
  - a.example.com
- op: add
  path: /spec/tls/-
  value:
    hosts:
    - b.example.com
    secretName: b-tls
",
        &INGRESS
            .replace(
                "a-tls}",
                "a-tls}, {hosts: [b.example.com], secretName: b-tls}",
            )
            .replace("  - http", "  - host: b.example.com\n    http"),
    );
    let bare = INGRESS.replace("  tls: [{hosts: [a.example.com], secretName: a-tls}]\n", "");
    check(
        &bare,
        &[Edit::Ingress(IngressEdit::AddTls(text("b-tls"), hosts))],
        "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
spec:
  tls:
  - hosts:
    - b.example.com
    secretName: b-tls
",
        &INGRESS.replace(
            "a.example.com], secretName: a-tls",
            "b.example.com], secretName: b-tls",
        ),
    );
}

const BINDING: &str = "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: runner, namespace: ci}
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: dev}
- {kind: ServiceAccount, name: runner, namespace: ci}
";

#[test]
fn every_entry_of_a_subject_goes() {
    let plan = check(
        BINDING,
        &[Edit::RemoveSubject(Subject::account("ci", "runner"))],
        "- op: test
  path: /subjects/2/kind
  value: ServiceAccount
- op: test
  path: /subjects/2/name
  value: runner
- op: test
  path: /subjects/2/namespace
  value: ci
- op: test
  path: /subjects/0/kind
  value: ServiceAccount
- op: test
  path: /subjects/0/name
  value: runner
- op: test
  path: /subjects/0/namespace
  value: ci
- op: remove
  path: /subjects/2
- op: remove
  path: /subjects/0
",
        &BINDING.replace(
            "- {kind: ServiceAccount, name: runner, namespace: ci}\n",
            "",
        ),
    );
    assert_eq!(
        plan.steps[0].command,
        "kubectl patch clusterrolebinding ci --type json --patch-file fix.yaml"
    );
    let both = planned(
        BINDING,
        &[
            Edit::RemoveSubject(Subject::account("ci", "runner")),
            Edit::RemoveSubject(Subject::Group(text("dev"))),
        ],
    );
    let mut objects = Objects::from([(both.steps[0].target.clone(), yaml(BINDING))]);
    run(&both.steps, &mut objects).unwrap();
    assert_eq!(objects[&both.steps[0].target]["subjects"], yaml("[]"));
    let changed = yaml(&BINDING.replace("name: dev", "name: ops"));
    let mut objects = Objects::from([(both.steps[0].target.clone(), changed)]);
    assert!(
        run(&both.steps, &mut objects).is_err(),
        "the object is another one now"
    );
}

const ROLE: &str = "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
- {apiGroups: [''], resources: [pods], verbs: [get, list]}
- {apiGroups: [''], resources: [secrets], verbs: ['*']}
- {apiGroups: [''], resources: [secrets], resourceNames: [a], verbs: [get]}
";

fn rule(resource: &str, verbs: &[&str], names: &[&str]) -> Box<Rule> {
    Box::new(Rule {
        verbs: verbs.iter().map(|v| text(v)).collect(),
        groups: Box::new([text("")]),
        resources: Box::new([text(resource)]),
        names: names.iter().map(|n| text(n)).collect(),
        urls: Box::default(),
    })
}

#[test]
fn rules_are_named_by_their_content() {
    let all = rule("secrets", &["*"], &[]);
    let named = rule("secrets", &["get"], &["a"]);
    check(
        ROLE,
        &[
            Edit::Rule(1, RuleEdit::Remove(all)),
            Edit::Rule(
                2,
                RuleEdit::Replace(named.clone(), rule("secrets", &["get"], &["b"])),
            ),
        ],
        "- op: test
  path: /rules/1
  value:
    apiGroups:
    - \"\"
    resources:
    - secrets
    verbs:
    - \"*\"
- op: remove
  path: /rules/1
- op: test
  path: /rules/1
  value:
    apiGroups:
    - \"\"
    resourceNames:
    - a
    resources:
    - secrets
    verbs:
    - get
- op: replace
  path: /rules/1
  value:
    apiGroups:
    - \"\"
    resourceNames:
    - b
    resources:
    - secrets
    verbs:
    - get
",
        &ROLE
            .replace(
                "- {apiGroups: [''], resources: [secrets], verbs: ['*']}\n",
                "",
            )
            .replace("[a]", "[b]"),
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
