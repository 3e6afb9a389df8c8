//! Random workloads in the API's own form, valid but for what the standards refuse: every field that a control reads, unset,
//! good or bad, at every level. Made from bytes, so that shrinking them shrinks the workload.

use serde_json::{Map, Value, json};

/// Bytes that decide; when they run out, everything is unset.
pub struct Choices<'a>(std::slice::Iter<'a, u8>);

impl<'a> Choices<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Choices(bytes.iter())
    }

    fn below(&mut self, count: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % count
    }

    /// One of these; the first is what shrinking ends at.
    fn of<'v, T>(&mut self, values: &'v [T]) -> &'v T {
        &values[self.below(values.len())]
    }

    fn flag(&mut self) -> Value {
        self.of(&[Value::Null, json!(true), json!(false)]).clone()
    }

    fn some(&mut self, values: &[&str]) -> Vec<String> {
        let wanted = self.below(4);
        let mut picked: Vec<String> = (0..wanted).map(|_| (*self.of(values)).to_owned()).collect();
        picked.dedup();
        picked
    }
}

fn put(map: &mut Map<String, Value>, field: &str, value: Value) {
    let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    if !empty {
        map.insert(field.to_owned(), value);
    }
}

/// A workload of one of the kinds, with its API version.
pub fn workload(choices: &mut Choices<'_>) -> Value {
    let kind = *choices.of(&[
        "Deployment",
        "DaemonSet",
        "CronJob",
        "Pod",
        "Job",
        "StatefulSet",
    ]);
    let annotations = annotations(choices);
    let spec = spec(choices);
    let meta = json!({"name": "cart", "namespace": "shop"});
    match kind {
        "Pod" => json!({"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "cart", "namespace": "shop", "annotations": annotations}, "spec": spec}),
        "CronJob" => json!({"apiVersion": "batch/v1", "kind": kind, "metadata": meta,
            "spec": {"schedule": "@daily", "jobTemplate": {"spec": {"template": {"metadata": {"annotations": annotations}, "spec": spec}}}}}),
        _ => {
            let version = if kind == "Job" { "batch/v1" } else { "apps/v1" };
            json!({"apiVersion": version, "kind": kind, "metadata": meta,
                "spec": {"template": {"metadata": {"annotations": annotations}, "spec": spec}}})
        }
    }
}

fn annotations(choices: &mut Choices<'_>) -> Value {
    let mut all = Map::new();
    let keys = [
        "container.apparmor.security.beta.kubernetes.io/web",
        "container.apparmor.security.beta.kubernetes.io/nobody",
        "seccomp.security.alpha.kubernetes.io/pod",
        "container.seccomp.security.alpha.kubernetes.io/side",
    ];
    for key in keys {
        let value = *choices.of(&["", "", "", "unconfined", "runtime/default", "localhost/x"]);
        if !value.is_empty() {
            all.insert(key.to_owned(), json!(value));
        }
    }
    Value::Object(all)
}

fn spec(choices: &mut Choices<'_>) -> Value {
    let mut spec = Map::new();
    let names = ["web", "side", "prepare"];
    let volumes: Vec<Value> = (0..choices.below(4))
        .map(|at| volume(choices, at))
        .collect();
    let mut containers: Vec<Value> = names
        .iter()
        .map(|name| container(choices, name, volumes.len()))
        .collect();
    containers.truncate(1 + choices.below(3));
    if containers.len() == 3 {
        put(&mut spec, "initContainers", json!([containers.pop()]));
    }
    put(&mut spec, "containers", json!(containers));
    put(&mut spec, "volumes", json!(volumes));
    for field in ["hostNetwork", "hostPID", "hostIPC", "hostUsers"] {
        let value = choices.flag();
        put(&mut spec, field, value);
    }
    if *choices.of(&[0, 0, 0, 0, 1]) == 1 {
        put(&mut spec, "os", json!({"name": "windows"}));
    }
    let mut security = common(choices);
    let sysctls = choices.some(&[
        "kernel.msgmax",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ip_unprivileged_port_start",
    ]);
    let sysctls: Vec<Value> = sysctls
        .iter()
        .map(|s| json!({"name": s, "value": "0"}))
        .collect();
    put(&mut security, "sysctls", json!(sysctls));
    put(&mut spec, "securityContext", Value::Object(security));
    Value::Object(spec)
}

/// What pods and containers both have.
fn common(choices: &mut Choices<'_>) -> Map<String, Value> {
    let mut all = Map::new();
    let value = choices.flag();
    put(&mut all, "runAsNonRoot", value);
    let value = choices.of(&[Value::Null, json!(0), json!(1000)]).clone();
    put(&mut all, "runAsUser", value);
    for field in ["seccompProfile", "appArmorProfile"] {
        let kinds = [
            Value::Null,
            json!({"type": "RuntimeDefault"}),
            json!({"type": "Unconfined"}),
            json!({"type": "Localhost", "localhostProfile": "x.json"}),
        ];
        let value = choices.of(&kinds).clone();
        put(&mut all, field, value);
    }
    let options = [
        Value::Null,
        json!({"level": "s0:c1"}),
        json!({"type": "spc_t", "level": "s0:c1"}),
        json!({"type": "container_t", "user": "root"}),
        json!({"type": "container_engine_t"}),
    ];
    let value = choices.of(&options).clone();
    put(&mut all, "seLinuxOptions", value);
    let windows = [
        Value::Null,
        Value::Null,
        json!({"hostProcess": true}),
        json!({"hostProcess": false}),
    ];
    let value = choices.of(&windows).clone();
    put(&mut all, "windowsOptions", value);
    all
}

fn container(choices: &mut Choices<'_>, name: &str, volumes: usize) -> Value {
    let mut security = common(choices);
    for field in ["privileged", "allowPrivilegeEscalation"] {
        let value = choices.flag();
        put(&mut security, field, value);
    }
    let add = choices.some(&[
        "NET_BIND_SERVICE",
        "CHOWN",
        "SYS_ADMIN",
        "NET_RAW",
        "ALL",
        "CAP_KILL",
    ]);
    let drop = choices.some(&["ALL", "NET_RAW", "all", "MKNOD"]);
    let mut lists = Map::new();
    put(&mut lists, "add", json!(add));
    put(&mut lists, "drop", json!(drop));
    if !lists.is_empty() {
        put(&mut security, "capabilities", Value::Object(lists));
    }
    let value = choices
        .of(&[Value::Null, json!("Default"), json!("Unmasked")])
        .clone();
    put(&mut security, "procMount", value);

    let mut container = Map::new();
    put(&mut container, "name", json!(name));
    put(&mut container, "image", json!("registry.example.com/web:1"));
    if !security.is_empty() {
        put(&mut container, "securityContext", Value::Object(security));
    }
    let ports = [
        json!([]),
        json!([{"containerPort": 80}]),
        json!([{"containerPort": 8080, "hostPort": 8080}]),
        json!([{"containerPort": 53, "protocol": "UDP", "hostPort": 53, "hostIP": "10.0.0.1"}, {"containerPort": 53, "hostPort": 53}]),
    ];
    let value = choices.of(&ports).clone();
    put(&mut container, "ports", value);
    let probe = json!({"httpGet": {"host": "10.0.0.1", "port": 80}, "periodSeconds": 3});
    let value = choices.of(&[Value::Null, probe]).clone();
    put(&mut container, "livenessProbe", value);
    let handler = json!({"preStop": {"tcpSocket": {"host": "db", "port": 80}}, "postStart": {"exec": {"command": ["true"]}}});
    let value = choices.of(&[Value::Null, Value::Null, handler]).clone();
    put(&mut container, "lifecycle", value);
    let mounts: Vec<Value> = (0..volumes).filter_map(|at| mount(choices, at)).collect();
    put(&mut container, "volumeMounts", json!(mounts));
    Value::Object(container)
}

fn mount(choices: &mut Choices<'_>, at: usize) -> Option<Value> {
    let path = format!("/v{at}");
    let forms = [
        Value::Null,
        json!({"name": format!("v{at}"), "mountPath": path}),
        json!({"name": format!("v{at}"), "mountPath": path, "readOnly": true, "subPath": "s"}),
        json!({"name": format!("v{at}"), "mountPath": path, "mountPropagation": "Bidirectional"}),
    ];
    let form = choices.of(&forms).clone();
    (!form.is_null()).then_some(form)
}

fn volume(choices: &mut Choices<'_>, at: usize) -> Value {
    let sources = [
        json!({"emptyDir": {"sizeLimit": "1Gi"}}),
        json!({"hostPath": {"path": "/var/run/docker.sock", "type": "Socket"}}),
        json!({"hostPath": {"path": "/srv/data"}}),
        json!({"hostPath": {"path": "/"}}),
        json!({"nfs": {"server": "nfs", "path": "/"}}),
        json!({"persistentVolumeClaim": {"claimName": "data"}}),
        json!({"gitRepo": {"repository": "x"}}),
        json!({"configMap": {"name": "c"}}),
    ];
    let mut volume = choices.of(&sources).clone();
    volume["name"] = json!(format!("v{at}"));
    volume
}
