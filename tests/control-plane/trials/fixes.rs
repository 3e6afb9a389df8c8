//! Every fix, applied: the example stands on the real server, the printed commands run as printed, and the finding is
//! gone; the way back brings it back.
//!
//! Each step is first sent as a dry run, then for real, so that a step that depends on an earlier one finds it done.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context as _, anyhow, ensure};
use bartizan::engine::Engine;
use bartizan::fix::style::style;
use bartizan::fix::{Action, Delivery, Plan, Step, plan};
use bartizan::model::kind::{KINDS, KindInfo};
use bartizan::model::{Finding, FindingId, Object, ObjectKey, ObjectKind};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::threats::{self, Check, Example};
use bartizan::view::{View, World};
use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{Cluster, Needs, Proxy, Result, User, eventually, trial};

const WAIT: Duration = Duration::from_secs(60);

/// What some examples show is only in files: a server does not keep it.
enum Kept {
    /// It writes the modern field next to the old one, so that the check has nothing to say.
    Completed,
    /// It refuses the object with these words.
    Refused(&'static str),
}

const NOT_KEPT: &[(&str, Kept)] = &[
    ("account-field-deprecated", Kept::Completed),
    (
        "pod-security-label-invalid",
        Kept::Refused("must be one of privileged, baseline, restricted"),
    ),
    (
        "pod-security-label-invalid",
        Kept::Refused("must be \"latest\" or \"v1.x\""),
    ),
];

pub fn trials() -> Vec<Trial> {
    vec![trial::own(
        "fixes/each_clears_its_finding",
        Needs::Nodes,
        &[],
        each_clears_its_finding,
    )]
}

fn each_clears_its_finding(cluster: &Cluster) -> Result {
    let mut failures = Vec::new();
    let mut tally = Tally::default();
    let proxy = Proxy::start(cluster)?;
    for entry in threats::checks() {
        if !entry.rule.fix.is_offered() {
            continue;
        }
        let firing = entry.rule.examples.iter().filter(|e| e.fires);
        for (at, example) in firing.enumerate() {
            let attempt = Attempt {
                cluster,
                proxy: &proxy,
                first: at == 0,
                check: entry.rule,
                example,
            };
            let tried = attempt.run(&mut tally);
            if let Err(error) = tried {
                let failure = format!("{} firing example {at}: {error:#}", entry.rule.id);
                eprintln!("{failure}");
                failures.push(failure);
            }
        }
    }
    eprintln!("{tally:?}");
    ensure!(
        failures.is_empty(),
        "{} failed\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    ensure!(tally.cleared > 0);
    Ok(())
}

/// What was shown, for the log.
#[derive(Debug, Default)]
struct Tally {
    cleared: usize,
    led_back: usize,
    /// Examples without a finding that has a fix on the server.
    without: Vec<&'static str>,
    /// Examples that the server was seen to mend or to refuse.
    not_kept: Vec<&'static str>,
}

const DOES_NOT_FIRE: &str = "the example does not fire on the server";

impl Kept {
    fn explains(&self, error: &anyhow::Error) -> bool {
        let told = format!("{error:#}");
        match self {
            Kept::Completed => told == DOES_NOT_FIRE,
            Kept::Refused(words) => told.contains(words),
        }
    }
}

struct Attempt<'a> {
    cluster: &'a Cluster,
    proxy: &'a Proxy,
    first: bool,
    check: &'static Check,
    example: &'static Example,
}

impl Attempt<'_> {
    fn run(&self, tally: &mut Tally) -> Result {
        let before = self.findings()?.1;
        let set_up = self.set_up().and_then(|()| self.await_findings(&before));
        let mut kept = NOT_KEPT.iter().filter(|(id, _)| *id == self.check.id);
        let result = match set_up {
            Err(error) if kept.any(|(_, kept)| kept.explains(&error)) => {
                tally.not_kept.push(self.check.id);
                Ok(())
            }
            Ok(findings) if findings.is_empty() => {
                tally.without.push(self.check.id);
                Ok(())
            }
            Ok(findings) => findings
                .into_iter()
                .try_for_each(|f| self.mend_all(&f, tally)),
            Err(error) => Err(error),
        };
        self.clean_up()?;
        result
    }

    /// The world as the server shows it, and the ids of what this check finds in it.
    fn findings(&self) -> Result<(Engine, BTreeSet<FindingId>)> {
        let engine = Engine::of(world(self.proxy)?);
        let ids = engine
            .findings(self.check.id)
            .into_iter()
            .map(|f| f.id)
            .collect();
        Ok((engine, ids))
    }

    fn set_up(&self) -> Result {
        for namespace in self.namespaces()? {
            if self.cluster.get(&["namespace", &namespace]).is_err() {
                self.cluster.add_namespace(&namespace)?;
            }
        }
        let objects = documents(self.example.manifests)?;
        for object in &objects {
            if let Some(class) = runtime_class(object) {
                let yaml = format!(
                    "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {{name: {class}}}\nhandler: {class}\n"
                );
                self.cluster.apply(&yaml)?;
            }
        }
        // A controller of the example may be quicker to make its pods than we are: those are as good.
        match self.cluster.apply(self.example.manifests) {
            Err(error) if !is_made_already(&error) => return Err(error),
            _ => {}
        }
        for status in documents(self.example.status)? {
            let patch = serde_json::json!({"status": status["status"]}).to_string();
            let (kind, name) = (text(&status["kind"]), text(&status["metadata"]["name"]));
            let namespace = text(&status["metadata"]["namespace"]);
            let mut arguments = vec![
                "patch",
                &kind,
                &name,
                "--subresource=status",
                "--type=merge",
                "-p",
                &patch,
            ];
            if !namespace.is_empty() {
                arguments.extend(["-n", &namespace]);
            }
            self.cluster.admin(&arguments)?;
        }
        Ok(())
    }

    /// What the example adds, once its pods have been made. Some findings of some checks have no fix; then there is
    /// nothing to try.
    fn await_findings(&self, before: &BTreeSet<FindingId>) -> Result<Vec<Finding>> {
        let mut seen = Vec::new();
        let own: Vec<ObjectKey> = documents(self.example.manifests)?.iter().map(key).collect();
        let fixable = eventually("a finding with a fix", Duration::from_secs(5), || {
            let (engine, now) = self.findings()?;
            let added = now
                .iter()
                .filter(|id| own.contains(&id.object) || !before.contains(id));
            seen = added.filter_map(|id| engine.finding(id).cloned()).collect();
            let view = View::new(engine.world());
            Ok(seen
                .iter()
                .any(|f| !self.check.fix.remedies(f, &view).is_empty())
                .then_some(()))
        });
        ensure!(
            !seen.is_empty() || !self.example.status.is_empty(),
            "{DOES_NOT_FIRE}"
        );
        Ok(if fixable.is_ok() { seen } else { Vec::new() })
    }

    /// Mends it in each of the ways that there are, the best last; in between each leads back.
    fn mend_all(&self, finding: &Finding, tally: &mut Tally) -> Result {
        let (engine, _) = self.findings()?;
        let Some(now) = engine.finding(&finding.id) else {
            return Ok(()); // an earlier fix of the example ended this one too
        };
        let ways = self
            .check
            .fix
            .remedies(now, &View::new(engine.world()))
            .len();
        (0..ways)
            .rev()
            .try_for_each(|way| self.mend(finding, way, tally))
    }

    /// Applies the fix as printed and sees the finding go, then the way back and sees it come again.
    fn mend(&self, finding: &Finding, way: usize, tally: &mut Tally) -> Result {
        let (engine, _) = self.findings()?;
        let now = engine
            .finding(&finding.id)
            .ok_or_else(|| anyhow!("the finding is not back"))?;
        let view = View::new(engine.world());
        let ways = self.check.fix.remedies(now, &view);
        let remedy = ways.get(way).ok_or_else(|| anyhow!("way {way} is gone"))?;
        let directory = tempfile::tempdir()?;
        let delivery = Delivery::file(directory.path().join("fix.yaml").to_string_lossy());
        let patch = style("patch").ok_or_else(|| anyhow!("no style patch"))?;
        let plan = plan(remedy, &view, patch, &delivery);
        let told = || format!("{}: {}\n{}", finding.id.object, remedy.says(), plan.text());
        ensure!(
            plan.cannot.is_empty() && !plan.steps.is_empty(),
            "{}",
            told()
        );
        take(self.cluster, &plan).with_context(told)?;
        eventually("the finding to be gone, or less", WAIT, || {
            let (engine, _) = self.findings()?;
            let left = engine.finding(&finding.id);
            let stays = left.is_some_and(|left| way == 0 || left.severity >= now.severity);
            Ok((!stays).then_some(()))
        })
        .with_context(told)?;
        tally.cleared += 1;
        // What rests on a status (two digests behind one tag) does not come back with the object alone.
        if (self.first || way > 0)
            && self.example.status.is_empty()
            && self.lead_back(&plan).with_context(told)?
        {
            eventually("the finding to be back", WAIT, || {
                let (engine, _) = self.findings()?;
                let back = engine.finding(&finding.id);
                Ok(back.filter(|f| f.severity == now.severity).map(drop))
            })
            .with_context(told)?;
            tally.led_back += 1;
        }
        Ok(())
    }

    /// True when every step has a command that leads back.
    fn lead_back(&self, plan: &Plan) -> Result<bool> {
        let changing = plan.steps.iter().filter(|s| s.action != Action::Command);
        let ways: Vec<&str> = changing
            .map(|s| &*s.way_back)
            .filter(|way| !way.is_empty())
            .collect();
        if ways.is_empty()
            || ways
                .iter()
                .any(|way| !way.starts_with("kubectl ") || way.contains("  (but not"))
        {
            return Ok(false);
        }
        for way in ways.into_iter().rev() {
            self.cluster.paste(way)?;
        }
        Ok(true)
    }

    /// Namespaces that the example's objects live in, but for those that it makes itself.
    fn namespaces(&self) -> Result<BTreeSet<String>> {
        let objects = documents(self.example.manifests)?;
        let own: BTreeSet<String> = objects
            .iter()
            .filter(|o| o["kind"] == "Namespace")
            .map(|o| text(&o["metadata"]["name"]))
            .collect();
        let named = objects.iter().map(|o| text(&o["metadata"]["namespace"]));
        Ok(named
            .filter(|n| !n.is_empty() && !own.contains(n))
            .collect())
    }

    /// Takes the example away again; a namespace is only made plain, since its end takes long.
    fn clean_up(&self) -> Result {
        let mut rest = Vec::new();
        for object in documents(self.example.manifests)? {
            if object["kind"] == "Namespace" {
                let name = text(&object["metadata"]["name"]);
                let plain =
                    format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}}}\n");
                self.cluster
                    .kubectl_stdin(User::Admin, &["replace", "-f", "-"], &plain)?
                    .success()?;
            } else {
                rest.push(object);
            }
        }
        if !rest.is_empty() {
            let list =
                serde_json::json!({"apiVersion": "v1", "kind": "List", "items": rest}).to_string();
            let delete = [
                "delete",
                "--ignore-not-found",
                "--cascade=foreground",
                "-f",
                "-",
            ];
            self.cluster
                .kubectl_stdin(User::Admin, &delete, &list)?
                .success()?;
        }
        // What the fixes themselves have made.
        for namespace in self.namespaces()? {
            self.cluster
                .admin(&["delete", "networkpolicies", "--all", "-n", &namespace])?;
            // Those of kube-system are the controllers' own; nothing of ours is made there.
            if namespace != "kube-system" {
                let ours = [
                    "--field-selector",
                    "metadata.name!=default",
                    "-n",
                    &namespace,
                ];
                let accounts = [&["delete", "serviceaccounts"][..], &ours].concat();
                self.cluster.admin(&accounts)?;
                self.cluster
                    .admin(&["delete", "rolebindings", "--all", "-n", &namespace])?;
            }
            let plain = r#"{"automountServiceAccountToken":null}"#;
            self.cluster.admin(&[
                "patch",
                "serviceaccount",
                "default",
                "-n",
                &namespace,
                "-p",
                plain,
            ])?;
        }
        Ok(())
    }
}

/// A pod of this name was made by the example's own controller in the meantime: seen as it was created, or as it was patched.
fn is_made_already(error: &anyhow::Error) -> bool {
    let told = format!("{error:#}");
    told.contains("AlreadyExists")
        || told.contains("Only one reference can have Controller set to true")
}

/// The runtime class that a pod or a template names: pods of one that does not exist are refused.
fn runtime_class(value: &Value) -> Option<&str> {
    match value {
        Value::Object(map) => map.iter().find_map(|(key, inner)| match key.as_str() {
            "runtimeClassName" => inner.as_str(),
            _ => runtime_class(inner),
        }),
        _ => None,
    }
}

/// Takes a plan's steps as it prints them, each as a dry run first.
pub fn take(cluster: &Cluster, plan: &Plan) -> Result {
    for step in &plan.steps {
        if !step.yaml.is_empty() {
            std::fs::write(&step.file, step.text(""))?;
        }
        if let Some(dry) = dry_run(step) {
            cluster.paste(&dry)?;
        }
        cluster.paste(&step.command)?;
    }
    Ok(())
}

/// The command as a dry run on the server, where it has one.
fn dry_run(step: &Step) -> Option<String> {
    let local = step.command.contains("--local");
    // What a step before has taken away cannot be created in a dry run, and what it has yet to make cannot be read.
    let can = matches!(
        step.action,
        Action::Apply | Action::Patch(_) | Action::Create | Action::Delete
    );
    (can && !local).then(|| format!("{} --dry-run=server", step.command))
}

fn key(object: &Value) -> ObjectKey {
    let (metadata, namespace) = (&object["metadata"], text(&object["metadata"]["namespace"]));
    ObjectKey {
        namespace: (!namespace.is_empty()).then(|| namespace.into()),
        kind: ObjectKind::from_manifest(&text(&object["apiVersion"]), &text(&object["kind"])),
        name: text(&metadata["name"]).into(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn documents(yaml: &str) -> Result<Vec<Value>> {
    if yaml.trim().is_empty() {
        return Ok(Vec::new());
    }
    Ok(serde_saphyr::from_multiple::<Value>(yaml)?)
}

/// All that the server shows of watched kinds, as facts.
pub fn world(proxy: &Proxy) -> Result<World> {
    let mut pool = Pool::new();
    let mut facts: Vec<Object> = Vec::new();
    for (info, object) in objects(proxy)? {
        let fact = decode_value(info.kind, &object, &mut pool);
        facts.push(fact.map_err(|e| anyhow!("{}: {e}", info.name))?);
    }
    Ok(World::closed(facts))
}

/// All that the server shows of watched kinds.
pub fn objects(proxy: &Proxy) -> Result<Vec<(&'static KindInfo, Value)>> {
    let mut all = Vec::new();
    for info in KINDS.iter().filter(|k| !k.optional) {
        let root = match info.group {
            "" => "/api/v1".to_owned(),
            group => format!("/apis/{group}/{}", info.version),
        };
        let mut list = proxy.get(&format!("{root}/{}", info.plural))?;
        let items = list["items"].as_array_mut().map(std::mem::take);
        all.extend(items.into_iter().flatten().map(|object| (info, object)));
    }
    Ok(all)
}
