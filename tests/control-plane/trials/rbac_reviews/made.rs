//! Roles, bindings and requests from a seed, such as the server's validation lets through.

use bartizan::model::objects::access::Binding;
use bartizan::model::{Object, Subject};
use bartizan::semantics::rbac::role_key;
use bartizan::view::World;
use serde_json::{Value, json};

pub const NAMESPACES: [&str; 2] = ["rbac-shop", "rbac-pay"];
/// The ClusterRole that a controller fills with the rules of others.
pub const GATHERED: &str = "made-gathered";

const GROUP: &str = "rbac.authorization.k8s.io";
const USERS: &[&str] = &[
    "jo",
    "al",
    "quo\"te",
    "j\u{f6}",
    "system:anonymous",
    "system:serviceaccount:rbac-shop:cart",
    "system:serviceaccount:rbac-pay:cart",
];
const GROUPS: &[&str] = &[
    "dev",
    "ops",
    "system:authenticated",
    "system:unauthenticated",
    "system:serviceaccounts",
    "system:serviceaccounts:rbac-shop",
];
const VERBS: &[&str] = &[
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "bind",
    "escalate",
    "impersonate",
    "approve",
    "use",
    "*",
];
const API_GROUPS: &[&str] = &["", "apps", GROUP, "authentication.k8s.io", "*"];
const RESOURCES: &[&str] = &[
    "pods",
    "secrets",
    "deployments",
    "roles",
    "clusterroles",
    "nodes",
    "namespaces",
    "users",
    "pods/exec",
    "pods/*",
    "*/exec",
    "*/scale",
    "deployments/scale",
    "*",
];
const NAMES: &[&str] = &["a", "b", "*", "made-0", "made-1", "made-2"];
const URLS: &[&str] = &[
    "*",
    "/*",
    "/healthz",
    "/healthz/*",
    "/metrics",
    "/api*",
    "/logs/*",
];
const PATHS: &[&str] = &[
    "/",
    "/healthz",
    "/healthz/etcd",
    "/metrics",
    "/api",
    "/apis",
    "/logs/",
];

/// Numbers from a seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        let mut dice = Dice(seed ^ 0x9e37_79b9_7f4a_7c15);
        for _ in 0..8 {
            dice.roll(2); // neighbouring seeds begin alike
        }
        dice
    }

    pub fn roll(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(0x5851_f42d_4c95_7f2d)
            .wrapping_add(0x1405_7b7e_f767_814f);
        ((self.0 >> 33) as usize) % most.max(1)
    }

    pub fn of<'a, T: ?Sized>(&mut self, words: &[&'a T]) -> &'a T {
        words[self.roll(words.len())]
    }

    fn some<'a>(&mut self, words: &[&'a str], least: usize, most: usize) -> Vec<&'a str> {
        let count = least + self.roll(most - least + 1);
        (0..count).map(|_| self.of(words)).collect()
    }
}

fn rule(dice: &mut Dice, cluster: bool) -> Value {
    if cluster && dice.roll(5) == 0 {
        return json!({"verbs": dice.some(VERBS, 1, 2), "nonResourceURLs": dice.some(URLS, 1, 2)});
    }
    let mut rule = json!({"verbs": dice.some(VERBS, 1, 3), "apiGroups": dice.some(API_GROUPS, 1, 2), "resources": dice.some(RESOURCES, 1, 3)});
    if dice.roll(4) == 0 {
        rule["resourceNames"] = json!(dice.some(NAMES, 1, 2));
    }
    rule
}

fn rules(dice: &mut Dice, cluster: bool) -> Vec<Value> {
    (0..dice.roll(4)).map(|_| rule(dice, cluster)).collect()
}

fn role(dice: &mut Dice, namespace: Option<&str>, name: &str) -> Value {
    let kind = if namespace.is_some() {
        "Role"
    } else {
        "ClusterRole"
    };
    let mut role = json!({"apiVersion": format!("{GROUP}/v1"), "kind": kind,
        "metadata": {"name": name}, "rules": rules(dice, namespace.is_none())});
    if let Some(namespace) = namespace {
        role["metadata"]["namespace"] = json!(namespace);
    }
    role
}

fn subjects(dice: &mut Dice) -> Vec<Value> {
    (0..dice.roll(4))
        .map(|_| match dice.roll(3) {
            0 => json!({"apiGroup": GROUP, "kind": "User", "name": dice.of(USERS)}),
            1 => json!({"apiGroup": GROUP, "kind": "Group", "name": dice.of(GROUPS)}),
            _ => json!({"kind": "ServiceAccount", "name": dice.of(&["cart", "default"]), "namespace": dice.of(&NAMESPACES)}),
        })
        .collect()
}

fn binding(dice: &mut Dice, namespace: Option<&str>, name: &str) -> Value {
    let (kind, role) = match namespace {
        Some(_) => ("RoleBinding", dice.of(&["Role", "ClusterRole"])),
        None => ("ClusterRoleBinding", "ClusterRole"),
    };
    // There are ten of each; the others are missing.
    let to = format!("made-{}", dice.roll(12));
    let mut binding = json!({"apiVersion": format!("{GROUP}/v1"), "kind": kind, "metadata": {"name": name},
        "roleRef": {"apiGroup": GROUP, "kind": role, "name": to}, "subjects": subjects(dice)});
    if let Some(namespace) = namespace {
        binding["metadata"]["namespace"] = json!(namespace);
    }
    binding
}

/// Everything that is made. Whoever is in the group `writers` may write roles and bindings, as far as the server lets them.
pub fn objects(dice: &mut Dice) -> Vec<Value> {
    let mut all = Vec::new();
    for at in 0..10 {
        let mut role = role(dice, None, &format!("made-{at}"));
        if at < 3 {
            role["metadata"]["labels"] = json!({"made": "part"});
        }
        all.push(role);
    }
    all.push(json!({"apiVersion": format!("{GROUP}/v1"), "kind": "ClusterRole", "metadata": {"name": "made-part", "labels": {"made": "part"}},
        "rules": [{"apiGroups": [""], "resources": ["events"], "verbs": ["get"]}]}));
    all.push(json!({"apiVersion": format!("{GROUP}/v1"), "kind": "ClusterRole", "metadata": {"name": GATHERED},
        "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"made": "part"}}]}, "rules": []}));
    all.push(json!({"apiVersion": format!("{GROUP}/v1"), "kind": "ClusterRoleBinding", "metadata": {"name": "made-gathered"},
        "roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": GATHERED}, "subjects": [{"apiGroup": GROUP, "kind": "Group", "name": "ops"}]}));
    all.push(json!({"apiVersion": format!("{GROUP}/v1"), "kind": "ClusterRole", "metadata": {"name": "made-writer"},
        "rules": [{"apiGroups": [GROUP], "resources": ["roles", "rolebindings", "clusterroles", "clusterrolebindings"], "verbs": ["create", "update", "patch"]}]}));
    all.push(json!({"apiVersion": format!("{GROUP}/v1"), "kind": "ClusterRoleBinding", "metadata": {"name": "made-writers"},
        "roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": "made-writer"}, "subjects": [{"apiGroup": GROUP, "kind": "Group", "name": "writers"}]}));
    for at in 0..8 {
        all.push(binding(dice, None, &format!("made-{at}")));
    }
    for namespace in NAMESPACES {
        for at in 0..10 {
            all.push(role(dice, Some(namespace), &format!("made-{at}")));
            all.push(binding(dice, Some(namespace), &format!("made-{at}")));
        }
    }
    all
}

/// Somebody of the group `writers`, and their groups.
pub fn writer(dice: &mut Dice) -> (String, Vec<String>) {
    let mut groups = vec!["writers".to_owned(), "system:authenticated".to_owned()];
    groups.extend(dice.some(GROUPS, 0, 2).into_iter().map(str::to_owned));
    if dice.roll(30) == 0 {
        groups.push("system:masters".to_owned());
    }
    let user = dice.of(USERS).to_owned();
    if user == "system:anonymous" {
        groups.push("system:unauthenticated".to_owned()); // impersonation adds it
    }
    (user, groups)
}

/// A role or a binding that somebody wants to write: a new one, or a role that is there with other rules.
pub fn written(dice: &mut Dice, at: u64) -> (Value, bool) {
    let namespace = (dice.roll(3) > 0).then(|| dice.of(&NAMESPACES));
    if dice.roll(3) == 0 {
        let there = format!("made-{}", dice.roll(10));
        return (role(dice, namespace, &there), true);
    }
    (new(dice, namespace, &format!("wanted-{at}")), false)
}

fn new(dice: &mut Dice, namespace: Option<&str>, name: &str) -> Value {
    match dice.roll(5) {
        0 | 1 => role(dice, namespace, name),
        2 if namespace.is_none() => {
            let mut role = role(dice, None, name);
            role["aggregationRule"] =
                json!({"clusterRoleSelectors": [{"matchLabels": {"a": "b"}}]});
            role["rules"] = json!([]);
            role
        }
        _ => binding(dice, namespace, name),
    }
}

/// A request.
#[derive(Debug, Default)]
pub struct Request {
    pub user: String,
    pub groups: Vec<String>,
    pub verb: String,
    pub group: String,
    pub resource: String,
    pub subresource: String,
    pub namespace: String,
    pub name: String,
    pub path: String,
}

/// A request: half of them for what some binding of the cluster gives somebody whom it names.
pub fn request(dice: &mut Dice, world: &World, bindings: &[&Binding]) -> Request {
    let mut made = Request {
        user: dice.of(USERS).to_owned(),
        groups: dice
            .some(GROUPS, 0, 3)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        verb: dice.of(VERBS).to_owned(),
        ..Request::default()
    };
    if dice.roll(40) == 0 {
        made.groups.push("system:masters".to_owned());
    }
    if dice.roll(8) == 0 {
        made.path = dice.of(PATHS).to_owned();
    } else {
        made.group = dice.of(API_GROUPS).to_owned();
        let resource = dice.of(RESOURCES);
        let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        made.resource = resource.to_owned();
        made.subresource = subresource.to_owned();
        if dice.roll(4) > 0 {
            made.namespace = dice
                .of(&["rbac-shop", "rbac-pay", "kube-system", "elsewhere"])
                .to_owned();
        }
        if dice.roll(2) == 0 {
            made.name = dice.of(NAMES).to_owned();
        }
    }
    if dice.roll(2) == 0 && !bindings.is_empty() {
        let binding = bindings[dice.roll(bindings.len())];
        aim(dice, world, binding, &mut made);
    }
    made
}

fn aim(dice: &mut Dice, world: &World, binding: &Binding, made: &mut Request) {
    if !binding.subjects.is_empty() {
        match &binding.subjects[dice.roll(binding.subjects.len())] {
            Subject::User(name) => made.user = name.to_string(),
            Subject::Group(name) => made.groups.push(name.to_string()),
            Subject::ServiceAccount { namespace, name } => {
                made.user = format!("system:serviceaccount:{namespace}:{name}");
            }
        }
    }
    let Some(Object::Role(role)) = world.get(&role_key(binding)).map(|object| &**object) else {
        return;
    };
    if role.rules.is_empty() {
        return;
    }
    let rule = &role.rules[dice.roll(role.rules.len())];
    let pick = |dice: &mut Dice, words: &[bartizan::model::Str]| {
        (!words.is_empty()).then(|| words[dice.roll(words.len())].to_string())
    };
    if let Some(verb) = pick(dice, &rule.verbs) {
        made.verb = verb;
    }
    if let Some(url) = pick(dice, &rule.urls) {
        *made = Request {
            user: std::mem::take(&mut made.user),
            groups: std::mem::take(&mut made.groups),
            verb: std::mem::take(&mut made.verb),
            path: url,
            ..Request::default()
        };
        return;
    }
    made.path.clear();
    made.group = pick(dice, &rule.groups).unwrap_or_default();
    let resource = pick(dice, &rule.resources).unwrap_or_default();
    let (resource, subresource) = resource.split_once('/').unwrap_or((&resource, ""));
    made.resource = resource.to_owned();
    made.subresource = subresource.to_owned();
    if let Some(name) = pick(dice, &rule.names) {
        made.name = name;
    }
    if let Some(namespace) = &binding.meta.key.namespace {
        made.namespace = namespace.to_string();
    }
}
