//! Reads files into facts, once.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::assumed::assumed;
use super::document::documents;
use super::paths::files;
use super::saved::{self, SCHEMA, Saved};
use crate::model::cluster::SourceName;
use crate::model::sight::State;
use crate::model::{ClusterInfo, Kind, Object, ObjectKey, ObjectKind, Sight, Str};
use crate::source::wire::{Pool, decode_value};

/// Largest file that is read: a saved cluster of 100,000 pods stays below.
const LARGEST: u64 = 2 << 30;

/// Something that could not be used. The rest was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// File, as it was named; `-` is standard input.
    pub file: String,
    /// Line at which the document begins; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong, and of which object when that much could be read.
    pub why: String,
    /// The object, when its identity could be read: it becomes a "not assessed" row.
    pub object: Option<ObjectKey>,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.why),
            line => write!(f, "{}:{line}: {}", self.file, self.why),
        }
    }
}

/// What the files hold.
#[derive(Debug)]
pub struct Loaded {
    /// Facts; of two objects with one identity the later one, as `kubectl apply` would leave it.
    pub objects: Vec<Object>,
    /// What could not be used.
    pub problems: Vec<Problem>,
    /// What is visible: everything, or what a saved snapshot says.
    pub sight: Sight,
    /// The cluster.
    pub cluster: ClusterInfo,
    /// Kinds that are not read, with how many objects of each.
    pub unread: BTreeMap<String, usize>,
}

/// Adds to manifests what every cluster has, and fills in what its controllers write: semantics, which the caller hands in.
pub type Complete = fn(&mut Vec<Object>);

/// Reads files and folders; `namespace` is where manifests without one go. A saved snapshot is complete as it is.
pub fn load(paths: &[PathBuf], namespace: &str, complete: Complete) -> Loaded {
    let mut pool = Pool::new();
    let mut found = Found::default();
    for (path, trouble) in files(paths) {
        let name = path.display().to_string();
        match trouble.map_or_else(|| read(&path), Err) {
            Ok(text) => file(&name, &text, namespace, &mut pool, &mut found),
            Err(why) => found.problem(&name, 0, why, None),
        }
    }
    let names: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
    let mut objects: Vec<Object> = found.objects.into_values().collect();
    let (sight, mut cluster) = found
        .saved
        .unwrap_or_else(|| (Sight::complete(), ClusterInfo::default()));
    if cluster.name.is_empty() {
        complete(&mut objects);
        objects.extend(assumed(&objects));
    }
    cluster.source = SourceName::Files;
    cluster.name = names.join(" ");
    Loaded {
        objects,
        problems: found.problems,
        sight,
        cluster,
        unread: found.unread,
    }
}

#[derive(Default)]
struct Found {
    objects: BTreeMap<ObjectKey, Object>,
    problems: Vec<Problem>,
    saved: Option<(Sight, ClusterInfo)>,
    unread: BTreeMap<String, usize>,
}

impl Found {
    fn problem(
        &mut self,
        file: &str,
        line: usize,
        why: impl Into<String>,
        object: Option<ObjectKey>,
    ) {
        self.problems.push(Problem {
            file: file.to_owned(),
            line,
            why: why.into(),
            object,
        });
    }
}

fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(LARGEST)
            .read_to_end(&mut bytes)
            .map_err(|e| e.to_string())?;
    } else {
        let size = fs::metadata(path).map_err(|e| e.to_string())?.len();
        if size > LARGEST {
            return Err("larger than 2 GiB: save a snapshot of the cluster instead".to_owned());
        }
        bytes = fs::read(path).map_err(|e| e.to_string())?;
    }
    String::from_utf8(bytes)
        .map_err(|e| format!("is not UTF-8 text (byte {})", e.utf8_error().valid_up_to()))
}

fn file(name: &str, text: &str, namespace: &str, pool: &mut Pool, found: &mut Found) {
    if let Some(schema) = saved::schema_of(text) {
        if schema != SCHEMA {
            let says = format!("{schema} was written by another version: take the snapshot again");
            return found.problem(name, 1, says, None);
        }
        match serde_json::from_str::<Saved>(text) {
            Ok(saved) => return take_saved(saved, found),
            Err(error) => {
                return found.problem(
                    name,
                    error.line(),
                    format!("a broken snapshot: {error}"),
                    None,
                );
            }
        }
    }
    for document in documents(text) {
        match document.value {
            Ok(value) => items(value, &mut |value| {
                object(name, document.line, value, namespace, pool, found)
            }),
            Err(why) => found.problem(name, document.line, why, None),
        }
    }
}

fn take_saved(saved: Saved, found: &mut Found) {
    let mut sight = Sight::all(&State::Live);
    for (kind, namespace, state) in saved.sight {
        sight.set(kind, namespace.as_deref(), state);
    }
    found
        .objects
        .extend(saved.objects.into_iter().map(|o| (o.key().clone(), o)));
    found.saved = Some((sight, saved.cluster));
}

/// The documents of a text as facts, for embedded manifests. The first error ends it.
pub fn decode_documents(
    text: &str,
    namespace: &str,
    pool: &mut Pool,
) -> Result<Vec<Object>, Problem> {
    let mut found = Found::default();
    file("manifest", text, namespace, pool, &mut found);
    match found.problems.into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(found.objects.into_values().collect()),
    }
}

/// The objects of a document: itself, the items of a List (or of any `...List`), or each of a JSON array.
fn items(value: Value, each: &mut impl FnMut(Value)) {
    match value {
        Value::Array(values) => values.into_iter().for_each(|v| items(v, each)),
        Value::Object(mut map) if is_list(&map) => {
            // Items of a typed list carry neither kind nor apiVersion.
            let kind = map
                .get("kind")
                .and_then(Value::as_str)
                .and_then(|k| k.strip_suffix("List"))
                .map(str::to_owned);
            let version = map.get("apiVersion").cloned();
            let Some(Value::Array(values)) = map.remove("items") else {
                return;
            };
            for mut item in values {
                if let (Some(fields), Some(kind)) = (
                    item.as_object_mut(),
                    kind.as_ref().filter(|k| !k.is_empty()),
                ) {
                    fields.entry("kind").or_insert_with(|| kind.clone().into());
                    fields
                        .entry("apiVersion")
                        .or_insert_with(|| version.clone().unwrap_or_default());
                }
                items(item, each);
            }
        }
        other => each(other),
    }
}

fn is_list(map: &serde_json::Map<String, Value>) -> bool {
    map.get("kind")
        .and_then(Value::as_str)
        .is_some_and(|k| k.ends_with("List"))
        && (map
            .get("items")
            .is_some_and(|i| i.is_array() || i.is_null()))
}

fn object(
    name: &str,
    line: usize,
    mut value: Value,
    namespace: &str,
    pool: &mut Pool,
    found: &mut Found,
) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (version, kind) = (text(&value["apiVersion"]), text(&value["kind"]));
    if version.is_empty() || kind.is_empty() {
        return found.problem(
            name,
            line,
            "is not a Kubernetes object: apiVersion or kind is absent",
            None,
        );
    }
    let Some(known) = ObjectKind::from_manifest(&version, &kind).known() else {
        if let Some(moved) = moved(&kind) {
            let now = moved.api_version();
            return found.problem(
                name,
                line,
                format!("{version} {kind} is not served any more: use {now}"),
                None,
            );
        }
        *found
            .unread
            .entry(format!("{kind} ({version})"))
            .or_default() += 1;
        return;
    };
    let placed = known.info().namespaced
        && value["metadata"]["namespace"]
            .as_str()
            .is_none_or(str::is_empty);
    if placed && let Some(meta) = value.get_mut("metadata").and_then(Value::as_object_mut) {
        meta.insert("namespace".to_owned(), namespace.into());
    }
    match decode_value(known, &value, pool) {
        Ok(object) => drop(found.objects.insert(object.key().clone(), object)),
        Err(error) => {
            let named = value["metadata"]["name"].as_str();
            let home = known
                .info()
                .namespaced
                .then(|| text(&value["metadata"]["namespace"]));
            let key = named.map(|name| ObjectKey {
                namespace: home.map(Str::from),
                kind: known.into(),
                name: name.into(),
            });
            let whose = key.as_ref().map_or(kind.clone(), ToString::to_string);
            found.problem(name, line, format!("{whose}: {error}"), key);
        }
    }
}

/// A watched kind that used to live in another API group (`extensions/v1beta1` Ingress).
fn moved(kind: &str) -> Option<Kind> {
    let of_old = [
        "Deployment",
        "DaemonSet",
        "ReplicaSet",
        "StatefulSet",
        "Ingress",
        "NetworkPolicy",
    ];
    of_old
        .contains(&kind)
        .then(|| Kind::all().find(|k| k.info().name == kind))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n";

    fn load_text(text: &str) -> Loaded {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        fs::write(&path, text).unwrap();
        load(&[folder.path().to_path_buf()], "default", |_| {})
    }

    #[test]
    fn the_rest_is_used_when_one_document_is_broken() {
        let loaded = load_text(&format!(
            "{GOOD}---\nkind: [\n---\napiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec: {{containers: 7}}\n"
        ));
        assert!(
            loaded
                .objects
                .iter()
                .any(|o| o.key().to_string() == "svc default/web")
        );
        assert_eq!(loaded.problems.len(), 2);
        assert_eq!((loaded.problems[0].line, loaded.problems[1].line), (6, 8));
        assert!(
            loaded.problems[1].why.contains("spec.containers"),
            "{}",
            loaded.problems[1].why
        );
    }

    #[test]
    fn lists_are_unwrapped_and_namespaces_assumed() {
        let loaded = load_text(
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: web, namespace: shop}\n  spec: {ports: [{port: 80}]}\n",
        );
        let keys: Vec<String> = loaded.objects.iter().map(|o| o.key().to_string()).collect();
        assert_eq!(keys, ["svc shop/web", "ns shop", "sa shop/default"]);
        assert!(loaded.sight.all_blind().is_empty());
    }

    #[test]
    fn an_old_api_group_is_named() {
        let loaded =
            load_text("apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: web}\n");
        assert!(
            loaded.problems[0].why.contains("networking.k8s.io/v1"),
            "{}",
            loaded.problems[0].why
        );
    }

    #[test]
    fn a_saved_snapshot_keeps_what_was_not_visible() {
        use crate::model::Reason;
        let loaded = load_text(GOOD);
        let mut sight = Sight::complete();
        sight.set(Kind::Pod, None, State::Blind(Reason::Forbidden));
        let cluster = ClusterInfo {
            name: "prod".to_owned(),
            ..ClusterInfo::default()
        };
        let saved = serde_json::to_string(&Saved::new(&cluster, &sight, &loaded.objects)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("s.json"), saved).unwrap();
        let again = load(&[folder.path().join("s.json")], "default", |_| {});
        assert_eq!(again.problems, []);
        assert_eq!(again.sight, sight);
        assert_eq!(again.objects.len(), loaded.objects.len());
    }
}
