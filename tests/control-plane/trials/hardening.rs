//! Up the Pod Security ladder as printed: a workload is patched to a level, pods of its new template are admitted where the
//! level is enforced, and when all of a namespace are, its label is taken without a warning.

use std::time::Duration;

use anyhow::{Context as _, anyhow, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Cluster, Result, User, eventually, run, trial};

pub fn trials() -> Vec<Trial> {
    vec![
        trial::own(
            "hardening/a_namespace_reaches_each_level_with_its_workloads",
            crate::harness::Needs::Nodes,
            &[],
            reaches_each_level,
        ),
        trial::with_corpora(
            "hardening/the_goat_reaches_restricted_where_no_person_has_to_decide",
            the_goat,
        ),
    ]
}

const WAIT: Duration = Duration::from_secs(90);

/// Where a level is enforced and pods of the new templates are made.
fn stage(level: &str) -> String {
    format!("stage-{level}")
}

/// Everything that the standards refuse and the API accepts, in the kinds that own pods.
const SHOP: &str = r"
apiVersion: apps/v1
kind: Deployment
metadata: {name: health-check, namespace: ladder}
spec:
  replicas: 2
  selector: {matchLabels: {app: health-check}}
  template:
    metadata: {labels: {app: health-check}}
    spec:
      hostPID: true
      hostIPC: true
      initContainers:
      - {name: prepare, image: 'busybox:1.36', securityContext: {runAsUser: 0, seccompProfile: {type: Unconfined}}}
      - {name: proxy, image: 'proxy:1', restartPolicy: Always, securityContext: {capabilities: {add: [NET_ADMIN, NET_RAW]}}}
      containers:
      - name: web
        image: health-check:1
        ports: [{containerPort: 80}, {containerPort: 53, protocol: UDP, hostPort: 5353}, {containerPort: 53, protocol: TCP}]
        securityContext: {privileged: true}
        volumeMounts:
        - {name: socket, mountPath: /custom/docker.sock}
        - {name: data, mountPath: /data}
        - {name: shared, mountPath: /shared, mountPropagation: Bidirectional}
      volumes:
      - {name: socket, hostPath: {path: /var/run/docker.sock, type: Socket}}
      - {name: data, hostPath: {path: /srv/data}}
      - {name: shared, hostPath: {path: /var/lib/kubelet}}
      - {name: unused, hostPath: {path: /}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: queue, namespace: ladder}
spec:
  serviceName: queue
  replicas: 1
  selector: {matchLabels: {app: queue}}
  template:
    metadata: {labels: {app: queue}}
    spec:
      securityContext:
        runAsUser: 0
        runAsNonRoot: false
        seLinuxOptions: {type: spc_t, user: system_u, level: 's0:c123,c456'}
        appArmorProfile: {type: Unconfined}
        sysctls: [{name: kernel.msgmax, value: '65536'}, {name: net.ipv4.tcp_syncookies, value: '1'}]
      containers:
      - name: queue
        image: queue:1
        securityContext: {appArmorProfile: {type: Unconfined}, seLinuxOptions: {role: r}}
        livenessProbe: {tcpSocket: {host: 127.0.0.1, port: 80}}
        lifecycle: {postStart: {httpGet: {host: metadata, port: 80, path: /}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: ladder}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      hostNetwork: true
      containers:
      - {name: agent, image: 'agent:1', ports: [{containerPort: 9100, hostPort: 9100}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: sweep, namespace: ladder}
spec:
  schedule: '0 0 1 1 *'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          hostUsers: false
          containers:
          - {name: sweep, image: 'sweep:1', securityContext: {procMount: Unmasked}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: load, namespace: ladder}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: load, image: 'load:1', securityContext: {privileged: true}}]
---
apiVersion: v1
kind: Pod
metadata: {name: debug, namespace: ladder}
spec:
  terminationGracePeriodSeconds: 0
  priorityClassName: system-cluster-critical
  containers: [{name: debug, image: 'debug:1', securityContext: {runAsUser: 0}}]
";

const WORKLOADS: [&str; 6] = [
    "deploy/ladder/health-check",
    "sts/ladder/queue",
    "ds/ladder/agent",
    "cj/ladder/sweep",
    "job/ladder/load",
    "pod/ladder/debug",
];

fn reaches_each_level(cluster: &Cluster) -> Result {
    cluster.add_nodes(2)?;
    cluster.add_namespace("ladder")?;
    cluster.apply(SHOP)?;
    for level in ["baseline", "restricted"] {
        make_stage(cluster, level)?;
        for workload in WORKLOADS {
            let answer = harden(cluster, level, workload)?;
            ensure!(
                answer["left"] == json!([]),
                "{workload}: {}",
                answer["left"]
            );
            admitted(cluster, level, workload)
                .with_context(|| format!("{workload}\n{answer:#}"))?;
        }
        raise(cluster, level, "ladder")?;
    }
    Ok(())
}

fn the_goat(cluster: &Cluster) -> Result {
    cluster.add_nodes(2)?;
    let loaded = cluster.apply_corpus("kubernetes-goat")?;
    eprintln!("{loaded:?}");
    make_stage(cluster, "restricted")?;
    let (mut whole, mut left) = (0, Vec::new());
    for kind in ["deploy", "ds", "sts", "cj", "job"] {
        let list = cluster.get(&[kind, "-A"])?;
        for object in list["items"].as_array().into_iter().flatten() {
            let meta = &object["metadata"];
            let name = format!(
                "{kind}/{}/{}",
                text(&meta["namespace"]),
                text(&meta["name"])
            );
            let answer = harden(cluster, "restricted", &name)?;
            let admitted = admitted(cluster, "restricted", &name);
            if answer["left"] == json!([]) {
                admitted.with_context(|| format!("{name}\n{answer:#}"))?;
                whole += 1;
            } else {
                ensure!(admitted.is_err(), "{name} was to be refused: {answer:#}");
                left.push(name);
            }
        }
    }
    eprintln!("{whole} meet restricted, left to a person: {left:?}");
    ensure!(whole >= 10, "only {whole}: {left:?}");
    for namespace in ["secure-middleware", "big-monolith"] {
        if cluster.get(&["namespace", namespace]).is_ok() {
            raise(cluster, "restricted", namespace)?;
        }
    }
    Ok(())
}

fn make_stage(cluster: &Cluster, level: &str) -> Result {
    let name = stage(level);
    cluster.add_namespace(&name)?;
    let label = format!("pod-security.kubernetes.io/enforce={level}");
    cluster.admin(&["label", "namespace", &name, &label])?;
    Ok(())
}

/// Takes what `bartizan fix LEVEL OBJECT` prints, step by step, each as a dry run first where it has one.
fn harden(cluster: &Cluster, level: &str, object: &str) -> Result<Value> {
    let answer = fix(cluster, level, object)?;
    let steps = answer["steps"].as_array().context("steps")?;
    let patches = steps.iter().filter(|s| s["do"] == "patch").count();
    ensure!(patches < 3, "{object}: {answer:#}");
    take(cluster, steps).with_context(|| format!("{object}\n{answer:#}"))?;
    let again = fix(cluster, level, object)?;
    ensure!(
        again["steps"] == json!([]),
        "{object} is not done at once: {again:#}"
    );
    Ok(answer)
}

/// Sets the labels when nothing stands in the way any more; the server has nothing to say about it.
fn raise(cluster: &Cluster, level: &str, namespace: &str) -> Result {
    let object = format!("ns/{namespace}");
    let answer = eventually("old pods to be gone", WAIT, || {
        let answer = fix(cluster, level, &object)?;
        ensure!(answer["rejected"] == json!([]), "{:#}", answer["rejected"]);
        Ok(Some(answer))
    })?;
    let steps = answer["steps"].as_array().context("steps")?;
    ensure!(steps.len() == 2, "{answer:#}");
    let said = take(cluster, steps)?;
    ensure!(!said.contains("Warning"), "{said}");
    let label = "pod-security.kubernetes.io/enforce";
    let found = cluster.get(&["namespace", namespace])?;
    ensure!(found["metadata"]["labels"][label] == level, "{found:#}");
    let again = fix(cluster, level, &object)?;
    ensure!(again["steps"] == json!([]), "{again:#}");
    Ok(())
}

fn fix(cluster: &Cluster, level: &str, object: &str) -> Result<Value> {
    let mut command = cluster.bartizan(User::Admin);
    command.args(["fix", level, object, "-o", "json"]);
    let output = run(command, "")?;
    // Where only a person can go on there is no document.
    if output.code == Some(2) && output.stderr.contains("no change of ours") {
        return Ok(json!({"steps": [], "left": [output.stderr]}));
    }
    let printed = output
        .success()
        .with_context(|| format!("fix {level} {object}"))?;
    serde_json::from_str(&printed).context("reading its answer")
}

/// What the commands said.
fn take(cluster: &Cluster, steps: &[Value]) -> Result<String> {
    let file = cluster.home().join("document.yaml");
    let mut said = String::new();
    for step in steps {
        let command = step["command"].as_str().context("a command")?;
        let yaml = step["yaml"].as_str().unwrap_or_default();
        std::fs::write(&file, yaml)?;
        let fed = |command: &str| format!("{command} 2>&1 < {}", file.display());
        if step["do"] == "patch" && !command.contains("--local") {
            said += &cluster.paste(&fed(&format!("{command} --dry-run=server")))?;
        }
        // A command that writes its output somewhere keeps it clean.
        let line = match (yaml.is_empty(), command.contains('>')) {
            (true, _) => command.to_owned(),
            (false, true) => format!("{command} < {}", file.display()),
            (false, false) => fed(command),
        };
        said += &cluster.paste(&line)?;
    }
    Ok(said)
}

/// Makes a pod of the object's template where the level is enforced.
fn admitted(cluster: &Cluster, level: &str, object: &str) -> Result {
    let mut parts = object.split('/');
    let mut part = || parts.next().ok_or_else(|| anyhow!("{object}"));
    let (kind, namespace, name) = (part()?, part()?, part()?);
    let found = cluster.get(&[kind, name, "-n", namespace])?;
    let template = match kind {
        "pod" => &found,
        "cj" => &found["spec"]["jobTemplate"]["spec"]["template"],
        _ => &found["spec"]["template"],
    };
    let mut spec = template["spec"].clone();
    let fields = spec.as_object_mut().context("a pod spec")?;
    // Accounts are of another namespace; nodes, numbers and tokens are what admission gave to the pod that runs.
    for field in [
        "serviceAccountName",
        "serviceAccount",
        "nodeName",
        "priority",
        "preemptionPolicy",
    ] {
        fields.remove(field);
    }
    let pod = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"generateName": format!("{name}-"), "namespace": stage(level), "labels": template["metadata"]["labels"]},
        "spec": spec,
    });
    let created = cluster.kubectl_stdin(User::Admin, &["create", "-f", "-"], &pod.to_string())?;
    let warned = created.stderr.contains("PodSecurity");
    ensure!(created.code != Some(0) || !warned, "{}", created.stderr);
    created.success().map(drop)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
