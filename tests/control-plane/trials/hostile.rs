//! Objects with hostile texts on a real API server: what it takes, and that nothing of it acts on a person: not in any
//! answer of the command line, not on the screen, not in what is copied; and a fix still changes the right object alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use bartizan::engine::Engine;
use bartizan::fix::Delivery;
use bartizan::model::{Finding, Kind, ObjectKey};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::fixes;
use crate::harness::{Cluster, Needs, Proxy, Result, User, eventually, pty, run, sequence, trial};

#[path = "../../it/hostile_objects.rs"]
mod hostile_objects;

use hostile_objects::{NAMES, NAMESPACE, act_in, acts, names};

pub fn trials() -> Vec<Trial> {
    vec![
        trial::shared("hostile/what_the_server_refuses", what_the_server_refuses),
        trial::own(
            "hostile/nothing_acts_in_answers_or_on_the_screen",
            Needs::Nodes,
            &[],
            |cluster| {
                set_up(cluster)?;
                nothing_acts_in_answers(cluster)?;
                nothing_acts_on_the_screen(cluster)
            },
        ),
        trial::own(
            "hostile/fixes_change_the_right_object_alone",
            Needs::Nodes,
            &[],
            fixes_change_the_right_object_alone,
        ),
    ]
}

/// The server takes every one of them: creating them is the test of that.
fn set_up(cluster: &Cluster) -> Result {
    cluster.add_namespace(NAMESPACE)?;
    let items = hostile_objects::objects().split_off(1);
    let list = json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string();
    cluster
        .kubectl_stdin(User::Admin, &["create", "-f", "-"], &list)?
        .success()?;
    let pods = ["pods", "-n", NAMESPACE, "-l", "app=loud"];
    eventually("the pod of a Deployment", Duration::from_secs(60), || {
        let pods = cluster.get(&pods)?;
        Ok(pods["items"]
            .as_array()
            .is_some_and(|p| !p.is_empty())
            .then_some(()))
    })
}

/// What stays out, so that nothing of ours need expect it: names that are DNS names, labels, environment names.
fn what_the_server_refuses(cluster: &Cluster) -> Result {
    let pod = |metadata: Value, container: Value| {
        let mut container = container;
        container["image"] = "registry.example.com/app:1".into();
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container]}})
    };
    let role = |name: &str| json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": []});
    let plain = json!({"name": "app", "namespace": "default"});
    let bad = NAMES[0];
    for (what, object) in [
        ("a role's name with a slash", role("a/b")),
        ("a role's name with a percent sign", role("a%0ab")),
        ("a role's name of two dots", role("..")),
        (
            "a pod's name",
            pod(
                json!({"name": bad, "namespace": "default"}),
                json!({"name": "app"}),
            ),
        ),
        (
            "a namespace's name",
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": bad}}),
        ),
        (
            "a label's value",
            pod(
                json!({"name": "app", "namespace": "default", "labels": {"a": bad}}),
                json!({"name": "app"}),
            ),
        ),
        (
            "an annotation's key",
            pod(
                json!({"name": "app", "namespace": "default", "annotations": {(bad): "a"}}),
                json!({"name": "app"}),
            ),
        ),
        (
            "a container's name",
            pod(plain.clone(), json!({"name": bad})),
        ),
        (
            "the name of a variable",
            pod(
                plain.clone(),
                json!({"name": "app", "env": [{"name": bad, "value": "a"}]}),
            ),
        ),
        (
            "the Secret of a variable",
            pod(
                plain,
                json!({"name": "app", "env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": bad, "key": "a"}}}]}),
            ),
        ),
    ] {
        let create = ["create", "--dry-run=server", "-f", "-"];
        let tried = cluster.kubectl_stdin(User::Admin, &create, &object.to_string())?;
        ensure!(
            tried.code == Some(1) && tried.stderr.contains("nvalid"),
            "{what}: {tried:?}"
        );
    }
    Ok(())
}

/// What a command says; both streams are looked at.
fn ask(cluster: &Cluster, user: User, arguments: &[&str]) -> Result<(Option<i32>, String)> {
    let mut command = cluster.bartizan(user);
    command.args(arguments);
    let output = run(command, "")?;
    for text in [&output.stdout, &output.stderr] {
        let act = act_in(text);
        ensure!(
            act.is_none(),
            "{arguments:?} prints {}",
            act.unwrap_or_default()
        );
    }
    ensure!(!output.stderr.contains("panicked"), "{}", output.stderr);
    Ok((output.code, output.stdout))
}

fn nothing_acts_in_answers(cluster: &Cluster) -> Result {
    let (_, report) = ask(cluster, User::Admin, &["report", "--all", "-o", "json"])?;
    let report: Value = serde_json::from_str(&report)?;
    for user in [
        User::Admin,
        User::ViewOnly,
        User::OneNamespace,
        User::Nobody,
    ] {
        for format in ["table", "jsonl"] {
            ask(cluster, user, &["report", "--all", "-o", format])?;
        }
    }
    let saved = cluster.home().join("saved.json");
    let saved = saved.to_str().context("a path that is text")?;
    ask(cluster, User::Admin, &["snapshot", saved])?;
    ask(cluster, User::Admin, &["-f", saved, "report"])?;
    let kept = fs::read_to_string(saved)?;
    ensure!(
        act_in(&kept).is_none(),
        "the snapshot holds {:?}",
        act_in(&kept)
    );

    let rows: Vec<&Value> = report["verdicts"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|r| r["verdict"] == "fires")
        .collect();
    let told: BTreeSet<&str> = rows
        .iter()
        .filter_map(|r| r["object"]["name"].as_str())
        .collect();
    for name in names() {
        ensure!(told.contains(name.as_str()), "no row is about {name:?}");
    }
    let mut asked = BTreeSet::new();
    let mut documents = 0;
    for row in rows {
        let (check, object) = (text(&row["check"]), &row["object"]);
        let key = [
            text(&object["kind"]),
            text(&object["namespace"]),
            text(&object["name"]),
        ];
        // No word of a command line can hold NUL; each name of a binding once is enough, and each check and kind.
        let binding = key[0].ends_with("RoleBinding");
        let what = if binding {
            ("", key[2])
        } else {
            (check, key[0])
        };
        if key.iter().any(|part| part.contains('\0')) || !asked.insert(what) {
            continue;
        }
        let name = if key[1].is_empty() {
            format!("{}/{}", key[0], key[2])
        } else {
            key.join("/")
        };
        let format = ["yaml", "json"][asked.len() % 2];
        let style = ["patch", "kustomize", "manifest"][asked.len() / 2 % 3];
        let (code, printed) = ask(
            cluster,
            User::Viewer,
            &["fix", check, &name, "-o", format, "--style", style],
        )?;
        if code != Some(0) {
            continue;
        }
        documents += true_names(&printed, format, object).with_context(|| printed.clone())?;
    }
    ensure!(documents > 20, "only {documents} documents");
    // What is not there is named in the refusal.
    for name in NAMES.iter().filter(|name| !name.contains('\0')) {
        ask(
            cluster,
            User::Viewer,
            &["fix", "secrets-readable", &format!("role/{name}/{name}")],
        )?;
        ask(cluster, User::Viewer, &["why", &format!("x{name}")])?;
    }
    Ok(())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The documents of a printed fix, read by a parser of their language, name what they are about by its true name.
fn true_names(printed: &str, format: &str, object: &Value) -> Result<usize> {
    let texts: Vec<String> = if format == "json" {
        let answer: Value = serde_json::from_str(printed)?;
        let steps = answer["steps"].as_array().into_iter().flatten();
        steps
            .map(|step| text(&step["yaml"]).to_owned())
            .filter(|t| !t.is_empty())
            .collect()
    } else {
        vec![printed.to_owned()]
    };
    let mut read = Vec::new();
    for text in &texts {
        ensure!(
            act_in(text).is_none(),
            "a document holds {:?}",
            act_in(text)
        );
        read.extend(serde_saphyr::from_multiple::<Value>(text)?);
    }
    let about = |v: &&Value| v["kind"] == object["kind"];
    for document in read.iter().filter(about) {
        ensure!(document["metadata"]["name"] == object["name"], "{document}");
    }
    Ok(read.len())
}

/// Every place, in the real program in a terminal.
fn nothing_acts_on_the_screen(cluster: &Cluster) -> Result {
    for (cols, rows) in [(80, 24), (160, 50)] {
        let home = tempfile::tempdir()?;
        let kubeconfig = cluster.kubeconfig(User::Viewer);
        let mut command = pty::command(env!("CARGO_BIN_EXE_bartizan"), &[]);
        command.arg("--kubeconfig");
        command.arg(&kubeconfig);
        command.env("BARTIZAN_HOME", home.path());
        command.env("HOME", home.path());
        // So that what is copied goes to the terminal.
        command.env("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22");
        let mut terminal = pty::Pty::start(command, cols, rows);
        terminal.wait_until("the facts", |s| {
            s.contents().contains("OPEN") && s.contents().contains("reads every kind")
        });
        for (place, title) in [
            ("1", "External attacker"),
            ("2", "Malicious container"),
            ("3", "Stolen credentials"),
            ("4", "Misconfiguration"),
            ("5", "Vulnerable applications"),
            ("c", "controls"),
            ("x", "cuts"),
            ("t", "changes"),
            ("b", "not visible"),
        ] {
            terminal.send(place);
            terminal.wait_until(title, |s| first_line(s).contains(title));
            terminal.send("*");
            for _ in 0..6 {
                step(&mut terminal, "j");
            }
            for key in ["d", "y", "m", "C", "K"] {
                step(&mut terminal, key);
                step(&mut terminal, "\x1b");
                // Where the key opened nothing that has left the place.
                if !terminal.screen(|s| first_line(s).contains(title)) {
                    terminal.send(place);
                    terminal.wait_until(title, |s| first_line(s).contains(title));
                }
            }
            if ("1"..="5").contains(&place) {
                for view in 1..7 {
                    step(&mut terminal, "v");
                    step(&mut terminal, "g");
                    (0..view).for_each(|_| step(&mut terminal, "j"));
                    step(&mut terminal, "\r");
                    step(&mut terminal, "*");
                    step(&mut terminal, "G");
                }
                step(&mut terminal, "v");
                step(&mut terminal, "g");
                step(&mut terminal, "\r");
            }
        }
        for keys in ["/", "loud\r", "\x1b", ":", "ctx", "\x1b", "?", "\x1b", "0"] {
            step(&mut terminal, keys);
        }
        copy_one(&mut terminal);
        terminal.send("\x03");
        terminal.drain();
        judge_bytes(&terminal.bytes()).with_context(|| format!("{cols}x{rows}"))?;
        let mut copied = String::new();
        for file in fs::read_dir(home.path().join("state/fixes"))? {
            let text = fs::read_to_string(file?.path())?;
            ensure!(
                act_in(&text).is_none(),
                "a copied file holds {:?}",
                act_in(&text)
            );
            copied += &text;
        }
        // As JSON writes it and as YAML does.
        for name in [r"esc\u001b[31m", r"esc\e[31m"] {
            ensure!(copied.contains(name), "no {name} in\n{copied}");
        }
    }
    Ok(())
}

/// Copies the name of a binding with a hostile one, and the fix of what is found on it.
fn copy_one(terminal: &mut pty::Pty) {
    terminal.send("0");
    terminal.wait_for("WHO COULD HURT");
    terminal.send("3");
    terminal.wait_until("the place", |s| {
        first_line(s).contains("Stolen credentials")
    });
    terminal.send("/");
    terminal.send("check:secrets-readable 201~\r");
    terminal.wait_for("user:esc\u{241b}[31m");
    terminal.send("}");
    terminal.send("C");
    terminal.wait_for("sent to clipboard");
    terminal.send("y");
    terminal.wait_until("the fix", |s| {
        s.contents().contains("kubectl") && s.contents().contains("sent to clipboard")
    });
}

fn first_line(screen: &vt100::Screen) -> String {
    screen
        .contents()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Presses a key and lets what it draws come.
fn step(terminal: &mut pty::Pty, key: &str) {
    let before = terminal.bytes().len();
    terminal.send(key);
    let start = std::time::Instant::now();
    while terminal.bytes().len() == before && start.elapsed() < Duration::from_millis(150) {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(15));
}

/// Everything that the terminal was sent: known sequences of the program itself, and text in which nothing acts.
fn judge_bytes(bytes: &[u8]) -> Result {
    let sent = std::str::from_utf8(bytes).context("what is sent is UTF-8")?;
    for name in NAMES.iter().filter(|name| name.chars().any(acts)) {
        ensure!(!sent.contains(name), "{name:?} was sent as it is");
    }
    ensure!(
        sent.contains("esc\u{241b}[31m"),
        "no hostile name was ever on the screen"
    );
    let mut rest = sent;
    while let Some(at) = rest.find(acts) {
        let from = &rest[at..];
        let around = || {
            rest[at.saturating_sub(0)..]
                .chars()
                .take(40)
                .collect::<String>()
                .escape_debug()
                .to_string()
        };
        let length = sequence(from).with_context(around)?;
        rest = &from[length..];
    }
    Ok(())
}

/// Every object as the server shows it, without what the server and its controllers keep in it.
fn intents(proxy: &Proxy) -> Result<BTreeMap<ObjectKey, Value>> {
    let mut all = BTreeMap::new();
    for (info, mut object) in fixes::objects(proxy)? {
        // These follow from others.
        if matches!(
            info.kind,
            Kind::Pod | Kind::ReplicaSet | Kind::EndpointSlice | Kind::Node
        ) {
            continue;
        }
        let metadata = &object["metadata"];
        let name = text(&metadata["name"]).to_owned();
        let key = match metadata["namespace"].as_str() {
            Some(namespace) => ObjectKey::namespaced(info.kind, namespace, &name),
            None => ObjectKey::cluster(info.kind, &name),
        };
        for field in [
            "managedFields",
            "resourceVersion",
            "generation",
            "annotations",
        ] {
            if let Some(fields) = object["metadata"].as_object_mut() {
                fields.remove(field);
            }
        }
        if let Some(fields) = object.as_object_mut() {
            fields.remove("status");
        }
        all.insert(key, object);
    }
    Ok(all)
}

fn fixes_change_the_right_object_alone(cluster: &Cluster) -> Result {
    set_up(cluster)?;
    let proxy = Proxy::start(cluster)?;
    let ours = |key: &ObjectKey| {
        key.namespace.as_deref() == Some(NAMESPACE)
            || names().iter().any(|name| **name == *key.name)
    };
    let mut mended = 0;
    let mut without = BTreeSet::new();
    // One subject of each cluster-wide binding by itself.
    for name in names() {
        let engine = Engine::of(fixes::world(&proxy)?);
        let binding = ObjectKey::cluster(Kind::ClusterRoleBinding, &name);
        let finding = engine
            .findings("secrets-readable")
            .into_iter()
            .find(|f| f.id.object == binding);
        let finding = finding.with_context(|| format!("no finding on {name:?}"))?;
        mend(cluster, &proxy, &engine, &[finding])?;
        mended += 1;
    }
    // All bindings of the namespace at once, as one proposal.
    let engine = Engine::of(fixes::world(&proxy)?);
    let admins = engine.findings("cluster-admin-bound");
    let admins: Vec<Finding> = admins.into_iter().filter(|f| ours(&f.id.object)).collect();
    ensure!(
        admins.len() == 2 * names().len(),
        "{} are admin",
        admins.len()
    );
    mend(cluster, &proxy, &engine, &admins)?;
    mended += admins.len();
    // Whatever is left, one by one.
    for check in bartizan::threats::checks() {
        let id = check.rule.id;
        if ["secrets-readable", "escalate-bind-impersonate"].contains(&id) {
            continue; // on bindings that were tried above
        }
        let mut engine = Engine::of(fixes::world(&proxy)?);
        for finding in engine
            .findings(id)
            .into_iter()
            .filter(|f| ours(&f.id.object))
        {
            if engine.finding(&finding.id).is_none() {
                continue;
            }
            if mend(cluster, &proxy, &engine, &[finding])? {
                mended += 1;
                engine = Engine::of(fixes::world(&proxy)?);
            } else {
                without.insert(id);
            }
        }
    }
    eprintln!("hostile: {mended} findings mended; no fix is offered by {without:?}");
    ensure!(mended > 70, "only {mended}");
    Ok(())
}

/// Takes the fix as printed and sees the findings gone and nothing else changed; false where none is offered.
fn mend(cluster: &Cluster, proxy: &Proxy, engine: &Engine, findings: &[Finding]) -> Result<bool> {
    let folder = tempfile::Builder::new().prefix("it's $(here) ").tempdir()?;
    let delivery = Delivery::file(folder.path().join("fix.yaml").to_string_lossy());
    let ids: Vec<_> = findings.iter().map(|f| f.id.clone()).collect();
    let answer = engine.fix(&ids, "patch", &delivery);
    let Some(plan) = answer.plan.filter(|plan| !plan.steps.is_empty()) else {
        return Ok(false);
    };
    let told = || plan.text();
    ensure!(act_in(&told()).is_none(), "{:?}", act_in(&told()));
    for command in plan.steps.iter().flat_map(|s| [&s.command, &s.way_back]) {
        ensure!(!command.chars().any(acts), "{command:?}");
    }
    if plan.steps.iter().any(|s| s.command.is_empty()) {
        return Ok(false); // what no command can do is said in the plan
    }
    let before = intents(proxy)?;
    fixes::take(cluster, &plan).with_context(told)?;
    let after = intents(proxy)?;
    let targets: BTreeSet<&ObjectKey> = plan.steps.iter().map(|s| &s.target).collect();
    for key in before.keys().chain(after.keys()) {
        let changed = before.get(key) != after.get(key);
        ensure!(
            !changed || targets.contains(key),
            "{key} has changed too\n{}",
            told()
        );
    }
    let left = || -> Result<bool> {
        let engine = Engine::of(fixes::world(proxy)?);
        Ok(ids.iter().any(|id| engine.finding(id).is_some()))
    };
    eventually("the findings to be gone", Duration::from_secs(60), || {
        Ok((!left()?).then_some(()))
    })
    .with_context(told)?;
    Ok(true)
}
