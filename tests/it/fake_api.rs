//! An API server in memory, spoken to through `kube::Client` without a port: lists in pages, watches, discovery and
//! reviews as the real one answers them, and a hook for everything that can go wrong.
#![allow(dead_code, reason = "each group uses a part of it")]

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use bartizan::source::live::{self, Options};
use bytes::Bytes;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use http::{Method, Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use kube::client::Body;
use serde_json::{Value, json};

use crate::api_world::World;
use crate::fake_api_answers::{Answer, broken_answer, ok, partial, status, text_answer};
use crate::fake_api_paths::{SERVED, collection, covers, parse};

type Piece = Result<Frame<Bytes>, io::Error>;

/// What a hook may answer in place of the server.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A `Status` of a code, a reason and a message.
    Status(u16, &'static str, &'static str),
    /// Any text with a content type.
    Text(u16, &'static str, String),
    /// A watch that says this and then ends.
    Lines(Vec<String>),
    /// A watch that says this and then breaks.
    Break(String),
    /// Nothing, ever.
    Hang,
    /// The connection fails.
    Refuse,
}

/// A request as hooks see it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub accept: String,
    /// How many requests with this method, path and watch flag came before.
    pub nth: usize,
}

impl Asked {
    pub fn is_watch(&self) -> bool {
        self.query.contains_key("watch")
    }

    pub fn is_list(&self, plural: &str) -> bool {
        self.method == "GET" && !self.is_watch() && self.path.ends_with(&format!("/{plural}"))
    }

    pub fn watches(&self, plural: &str) -> bool {
        self.is_watch() && self.path.ends_with(&format!("/{plural}"))
    }
}

type Hook = Box<dyn Fn(&Asked) -> Option<Reply> + Send>;
type Allow = Box<dyn Fn(&str, &str, Option<&str>) -> bool + Send>;

struct Watcher {
    path: String,
    metadata: bool,
    pieces: UnboundedSender<Piece>,
}

struct State {
    /// Collection path with namespace, then name.
    objects: BTreeMap<(String, String), Value>,
    version: u64,
    watchers: Vec<Watcher>,
    log: Vec<String>,
    seen: BTreeMap<String, usize>,
    hooks: Vec<Hook>,
    allow: Allow,
    absent: BTreeSet<&'static str>,
    aggregated: bool,
    user: String,
}

/// The server.
#[derive(Clone)]
pub struct FakeApi {
    state: Arc<Mutex<State>>,
}

impl FakeApi {
    /// A server with the namespaces `kube-system` and `shop`, where everything is allowed.
    pub fn new() -> FakeApi {
        let state = State {
            objects: BTreeMap::new(),
            version: 100,
            watchers: Vec::new(),
            log: Vec::new(),
            seen: BTreeMap::new(),
            hooks: Vec::new(),
            allow: Box::new(|_, _, _| true),
            absent: BTreeSet::new(),
            aggregated: true,
            user: "sre-readonly".to_owned(),
        };
        let fake = FakeApi {
            state: Arc::new(Mutex::new(state)),
        };
        fake.put(
            "namespaces",
            json!({"metadata": {"name": "kube-system", "uid": "uid-of-the-cluster"}}),
        );
        fake.put("namespaces", json!({"metadata": {"name": "shop"}}));
        fake
    }

    /// The live source on it.
    pub fn watch(&self) -> World {
        self.watch_with(&Options::default())
    }

    /// The live source on it, with options.
    pub fn watch_with(&self, options: &Options) -> World {
        let (out, batches) = std::sync::mpsc::sync_channel(64);
        let fake = self.clone();
        let handle = live::attach(move || fake.client(), options, out).unwrap();
        World::reading(handle, batches)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Answers in place of the server where it gives an answer. Later hooks come first.
    pub fn hook(&self, hook: impl Fn(&Asked) -> Option<Reply> + Send + 'static) {
        self.state().hooks.insert(0, Box::new(hook));
    }

    /// Takes all hooks away.
    pub fn heal(&self) {
        self.state().hooks.clear();
    }

    /// Who may do what: verb, plural, namespace.
    pub fn allow(&self, allow: impl Fn(&str, &str, Option<&str>) -> bool + Send + 'static) {
        self.state().allow = Box::new(allow);
    }

    /// A kind that is not served.
    pub fn absent(&self, plural: &'static str) {
        self.state().absent.insert(plural);
    }

    /// Served after all.
    pub fn present(&self, plural: &str) {
        self.state().absent.remove(plural);
    }

    /// Discovery as before 1.26.
    pub fn without_aggregated_discovery(&self) {
        self.state().aggregated = false;
    }

    /// Creates or changes an object of a plural, in `metadata.namespace` if it has one.
    pub fn put(&self, plural: &str, mut object: Value) {
        let state = &mut *self.state();
        state.version += 1;
        object["metadata"]["resourceVersion"] = state.version.to_string().into();
        let path = collection(plural, object["metadata"]["namespace"].as_str());
        let name = object["metadata"]["name"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let old = state.objects.insert((path.clone(), name), object.clone());
        state.tell(
            &path,
            if old.is_some() { "MODIFIED" } else { "ADDED" },
            &object,
        );
    }

    /// Deletes an object.
    pub fn delete(&self, plural: &str, namespace: Option<&str>, name: &str) {
        let state = &mut *self.state();
        state.version += 1;
        let path = collection(plural, namespace);
        if let Some(mut object) = state.objects.remove(&(path.clone(), name.to_owned())) {
            object["metadata"]["resourceVersion"] = state.version.to_string().into();
            state.tell(&path, "DELETED", &object);
        }
    }

    /// Takes an object away without telling anybody: a watch that missed it.
    pub fn forget(&self, plural: &str, namespace: Option<&str>, name: &str) {
        self.state()
            .objects
            .remove(&(collection(plural, namespace), name.to_owned()));
    }

    /// Ends all watches of a plural in order.
    pub fn close_watches(&self, plural: &str) {
        self.state()
            .watchers
            .retain(|w| !w.path.ends_with(&format!("/{plural}")));
    }

    /// Sends a line to all watches of a plural.
    pub fn say(&self, plural: &str, line: &str) {
        for watcher in self
            .state()
            .watchers
            .iter()
            .filter(|w| w.path.ends_with(&format!("/{plural}")))
        {
            let _ = watcher
                .pieces
                .unbounded_send(Ok(Frame::data(Bytes::from(format!("{line}\n")))));
        }
    }

    /// Breaks all watches of a plural in the middle of a line.
    pub fn break_watches(&self, plural: &str) {
        let broken = |w: &Watcher| {
            let _ = w.pieces.unbounded_send(Ok(Frame::data(Bytes::from_static(
                b"{\"type\":\"ADDED\",\"obj",
            ))));
            let _ = w
                .pieces
                .unbounded_send(Err(io::Error::other("connection reset by peer")));
        };
        let mut state = self.state();
        state
            .watchers
            .iter()
            .filter(|w| w.path.ends_with(&format!("/{plural}")))
            .for_each(broken);
        state
            .watchers
            .retain(|w| !w.path.ends_with(&format!("/{plural}")));
    }

    /// All requests so far: `METHOD path?query [accept]`.
    pub fn log(&self) -> Vec<String> {
        self.state().log.clone()
    }

    /// Requests whose line holds all of these texts.
    pub fn count(&self, parts: &[&str]) -> usize {
        self.log()
            .iter()
            .filter(|line| parts.iter().all(|part| line.contains(part)))
            .count()
    }

    /// Watches that are open.
    pub fn open_watches(&self, plural: &str) -> usize {
        self.state()
            .watchers
            .iter()
            .filter(|w| w.path.ends_with(&format!("/{plural}")) && !w.pieces.is_closed())
            .count()
    }

    /// A client of it.
    pub fn client(&self) -> kube::Client {
        let fake = self.clone();
        let service = tower::service_fn(move |request: Request<Body>| {
            let fake = fake.clone();
            async move { fake.serve(request).await }
        });
        kube::Client::new(service, "shop")
    }

    async fn serve(&self, request: Request<Body>) -> Result<Answer, io::Error> {
        let (parts, body) = request.into_parts();
        let body = body.collect_bytes().await.unwrap_or_default();
        let mut asked = asked(&parts);
        let reply = {
            let mut state = self.state();
            let key = format!("{} {} {}", asked.method, asked.path, asked.is_watch());
            let seen = state.seen.entry(key).or_default();
            asked.nth = *seen;
            *seen += 1;
            state
                .log
                .push(format!("{} {} [{}]", parts.method, parts.uri, asked.accept));
            state.hooks.iter().find_map(|hook| hook(&asked))
        };
        match reply {
            Some(Reply::Hang) => std::future::pending().await,
            Some(Reply::Refuse) => Err(io::Error::new(
                io::ErrorKind::ConnectionRefused,
                "connection refused",
            )),
            Some(Reply::Status(code, reason, message)) => Ok(status(code, reason, message)),
            Some(Reply::Text(code, kind, text)) => Ok(text_answer(code, kind, text)),
            Some(Reply::Lines(lines)) => Ok(text_answer(
                200,
                "application/json",
                lines.iter().map(|l| format!("{l}\n")).collect(),
            )),
            Some(Reply::Break(text)) => Ok(broken_answer(text)),
            None => Ok(self.answer(&parts.method, &asked, &body)),
        }
    }

    fn answer(&self, method: &Method, asked: &Asked, body: &[u8]) -> Answer {
        let state = &mut *self.state();
        match (method.as_str(), asked.path.as_str()) {
            ("GET", "/version") => {
                ok(&json!({"major": "1", "minor": "36", "gitVersion": "v1.36.3"}))
            }
            ("GET", "/livez") => text_answer(200, "text/plain", "ok".to_owned()),
            ("GET", "/api" | "/apis") => state.discovery(asked),
            ("POST", path) => state.review(path, &serde_json::from_slice(body).unwrap_or_default()),
            ("GET", _) => state.read(asked),
            _ => status(405, "MethodNotAllowed", "no"),
        }
    }
}

fn asked(parts: &http::request::Parts) -> Asked {
    let query = parts.uri.query().unwrap_or_default();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    Asked {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: pairs
            .map(|(k, v)| (k.to_owned(), v.replace("%3D", "=").replace('+', " ")))
            .collect(),
        accept: parts
            .headers
            .get("accept")
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned(),
        nth: 0,
    }
}

impl State {
    /// One event to every watch that covers the path.
    fn tell(&mut self, path: &str, kind: &str, object: &Value) {
        self.watchers.retain(|w| !w.pieces.is_closed());
        for watcher in self.watchers.iter().filter(|w| covers(&w.path, path)) {
            let object = if watcher.metadata {
                partial(object)
            } else {
                object.clone()
            };
            let line = format!("{{\"type\":\"{kind}\",\"object\":{object}}}\n");
            let _ = watcher
                .pieces
                .unbounded_send(Ok(Frame::data(Bytes::from(line))));
        }
    }

    fn discovery(&self, asked: &Asked) -> Answer {
        if !self.aggregated || !asked.accept.contains("APIGroupDiscoveryList") {
            return ok(&json!({"kind": "APIGroupList", "groups": []}));
        }
        let mut groups: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for (group, _, plural, kind, _) in SERVED.iter().filter(|s| !self.absent.contains(s.2)) {
            let resource = json!({"resource": plural, "responseKind": {"kind": kind}, "verbs": ["get", "list", "watch"]});
            groups.entry(group).or_default().push(resource);
        }
        let core = asked.path == "/api";
        let items = groups.into_iter().filter(|(group, _)| group.is_empty() == core).map(|(group, resources)| {
            json!({"metadata": {"name": group}, "versions": [{"version": "v1", "resources": resources}]})
        });
        ok(
            &json!({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "items": items.collect::<Vec<_>>()}),
        )
    }

    fn review(&self, path: &str, question: &Value) -> Answer {
        let spec = &question["spec"];
        if path.ends_with("/selfsubjectreviews") {
            return ok(
                &json!({"kind": "SelfSubjectReview", "apiVersion": "authentication.k8s.io/v1", "status": {"userInfo": {"username": self.user}}}),
            );
        }
        if path.ends_with("/selfsubjectaccessreviews") {
            let wanted = &spec["resourceAttributes"];
            let text = |key: &str| wanted[key].as_str().filter(|t| !t.is_empty());
            let allowed = (self.allow)(
                text("verb").unwrap_or_default(),
                text("resource").unwrap_or_default(),
                text("namespace"),
            );
            return ok(
                &json!({"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "spec": spec, "status": {"allowed": allowed}}),
            );
        }
        if path.ends_with("/selfsubjectrulesreviews") {
            let namespace = spec["namespace"].as_str();
            let rules = SERVED.iter().map(|(group, _, plural, ..)| {
                let verbs: Vec<_> = ["get", "list", "watch"]
                    .into_iter()
                    .filter(|verb| (self.allow)(verb, plural, namespace))
                    .collect();
                json!({"verbs": verbs, "apiGroups": [group], "resources": [plural]})
            });
            let rules = rules
                .filter(|rule| rule["verbs"] != json!([]))
                .collect::<Vec<_>>();
            let status =
                json!({"resourceRules": rules, "nonResourceRules": [], "incomplete": false});
            return ok(
                &json!({"kind": "SelfSubjectRulesReview", "apiVersion": "authorization.k8s.io/v1", "spec": spec, "status": status}),
            );
        }
        status(404, "NotFound", "no such review")
    }

    fn read(&mut self, asked: &Asked) -> Answer {
        let Some((plural, namespace, name)) = parse(&asked.path) else {
            return self.group(asked);
        };
        if self.absent.contains(plural) {
            return text_answer(
                404,
                "text/plain; charset=utf-8",
                "404 page not found\n".to_owned(),
            );
        }
        let verb = if name.is_some() {
            "get"
        } else if asked.is_watch() {
            "watch"
        } else {
            "list"
        };
        let place = if plural == "namespaces" {
            name
        } else {
            namespace
        };
        if !(self.allow)(verb, plural, place) {
            return status(403, "Forbidden", "you may not");
        }
        match name {
            Some(name) => match self
                .objects
                .get(&(collection(plural, namespace), name.to_owned()))
            {
                Some(object) => ok(object),
                None => status(404, "NotFound", "not found"),
            },
            None if asked.is_watch() => self.watch(asked),
            None => self.list(asked),
        }
    }

    /// `/apis/GROUP/VERSION`.
    fn group(&self, asked: &Asked) -> Answer {
        let segments: Vec<&str> = asked.path.trim_start_matches('/').split('/').collect();
        let group = match segments.as_slice() {
            ["api", "v1"] => "",
            ["apis", group, _] => group,
            _ => return text_answer(404, "text/plain", "404 page not found\n".to_owned()),
        };
        let served = SERVED
            .iter()
            .filter(|s| s.0 == group && !self.absent.contains(s.2));
        let resources: Vec<_> = served.map(|s| json!({"name": s.2, "kind": s.3})).collect();
        if resources.is_empty() {
            status(404, "NotFound", "no such group")
        } else {
            ok(&json!({"kind": "APIResourceList", "resources": resources}))
        }
    }

    fn matching<'s>(&'s self, asked: &'s Asked) -> impl Iterator<Item = &'s Value> {
        let name = asked
            .query
            .get("fieldSelector")
            .and_then(|f| f.strip_prefix("metadata.name="));
        self.objects
            .iter()
            .filter(move |((path, n), _)| {
                covers(&asked.path, path) && name.is_none_or(|name| name == n)
            })
            .map(|(_, o)| o)
    }

    fn list(&self, asked: &Asked) -> Answer {
        let metadata = asked.accept.contains("as=PartialObjectMetadata");
        let all: Vec<Value> = self
            .matching(asked)
            .map(|o| if metadata { partial(o) } else { o.clone() })
            .collect();
        let from: usize = asked
            .query
            .get("continue")
            .and_then(|t| t.parse().ok())
            .unwrap_or(0);
        let limit: usize = asked
            .query
            .get("limit")
            .and_then(|t| t.parse().ok())
            .unwrap_or(usize::MAX);
        let page: Vec<String> = all
            .iter()
            .skip(from)
            .take(limit)
            .map(Value::to_string)
            .collect();
        let end = from + page.len();
        let next = if end < all.len() {
            end.to_string()
        } else {
            String::new()
        };
        // As the real server writes it: metadata before items.
        let text = format!(
            r#"{{"kind":"List","apiVersion":"v1","metadata":{{"resourceVersion":"{}","continue":"{next}"}},"items":[{}]}}"#,
            self.version,
            page.join(",")
        );
        text_answer(200, "application/json", text)
    }

    fn watch(&mut self, asked: &Asked) -> Answer {
        let metadata = asked.accept.contains("as=PartialObjectMetadata");
        let since: u64 = asked
            .query
            .get("resourceVersion")
            .and_then(|v| v.parse().ok())
            .unwrap_or(0);
        let (pieces, received) = unbounded::<Piece>();
        for object in self.matching(asked) {
            let version: u64 = object["metadata"]["resourceVersion"]
                .as_str()
                .and_then(|v| v.parse().ok())
                .unwrap_or(0);
            if version > since {
                let object = if metadata {
                    partial(object)
                } else {
                    object.clone()
                };
                let line = format!("{{\"type\":\"MODIFIED\",\"object\":{object}}}\n");
                let _ = pieces.unbounded_send(Ok(Frame::data(Bytes::from(line))));
            }
        }
        self.watchers.push(Watcher {
            path: asked.path.clone(),
            metadata,
            pieces,
        });
        Response::new(StreamBody::new(received).boxed())
    }
}
