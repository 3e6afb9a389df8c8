//! The API server decides requests too: its SubjectAccessReviews, and whether it lets somebody write a role or a binding,
//! must be ours, reasons included, on roles and bindings made from a seed beside those of four real applications.
//!
//! `BARTIZAN_REVIEWS=20000` asks more, `BARTIZAN_WRITES=2000` writes more, `BARTIZAN_SEED` makes others.

pub(super) mod made;

use std::collections::BTreeMap;
use std::env;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, ensure};
use bartizan::model::objects::access::Binding;
use bartizan::model::{Kind, Object, ObjectKey, Str};
use bartizan::semantics::rbac::{
    Action, Answer, Draft, Identity, Request, Target, allowed, may_bind, may_write,
};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::view::{View, World};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::fixes::world;
use crate::harness::{APPLICATIONS, Cluster, Proxy, Result, eventually, trial};
use made::{Dice, Request as Made};

pub fn trials() -> Vec<Trial> {
    vec![trial::with_corpora(
        "rbac_reviews/the_server_says_the_same",
        the_server_says_the_same,
    )]
}

fn the_server_says_the_same(cluster: &Cluster) -> Result {
    for name in APPLICATIONS {
        cluster.apply_corpus(name)?;
    }
    for namespace in made::NAMESPACES {
        cluster.add_namespace(namespace)?;
    }
    let today = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() / 86_400;
    let seed = number("BARTIZAN_SEED")?.unwrap_or(today);
    let mut dice = Dice::new(seed);
    let list = json!({"apiVersion": "v1", "kind": "List", "items": made::objects(&mut dice)});
    cluster.apply(&list.to_string())?;
    let proxy = Proxy::start(cluster)?;
    let world = eventually("roles to be gathered", Duration::from_secs(30), || {
        let world = world(&proxy)?;
        let key = ObjectKey::cluster(Kind::ClusterRole, made::GATHERED);
        let gathered = world.get(&key).map(|object| &**object);
        let filled = matches!(gathered, Some(Object::Role(role)) if !role.rules.is_empty());
        Ok(filled.then_some(world))
    })?;
    let asked = reviews(&proxy, &world, &mut dice).with_context(|| format!("seed {seed}"))?;
    let written = writes(&proxy, &world, &mut dice).with_context(|| format!("seed {seed}"))?;
    eprintln!("rbac_reviews: seed {seed}: {asked:?} reviews, {written:?} writes");
    Ok(())
}

pub(super) fn number(variable: &str) -> Result<Option<u64>> {
    match env::var(variable) {
        Ok(text) => Ok(Some(text.parse().with_context(|| variable.to_owned())?)),
        Err(_) => Ok(None),
    }
}

/// How often each answer was given.
type Tally = BTreeMap<&'static str, usize>;

fn reviews(proxy: &Proxy, world: &World, dice: &mut Dice) -> Result<Tally> {
    let view = View::new(world);
    let bindings = bindings(world);
    let mut tally = Tally::new();
    for _ in 0..number("BARTIZAN_REVIEWS")?.unwrap_or(2_000) {
        let made = made::request(dice, world, &bindings);
        let status = review(proxy, &made)?;
        let decided = allowed(&view, &request(&made));
        let told = || format!("{made:?}: the server {status}, we {decided:?}");
        let server = status["allowed"] == true;
        let reason = status["reason"].as_str().unwrap_or_default();
        ensure!(
            decided.answer != Answer::Unknown && decided.allowed() == server,
            told()
        );
        ensure!(is_true(reason, &decided.reason, world, &made)?, told());
        let kind = match (server, reason.is_empty()) {
            (true, false) => "allowed",
            (true, true) => "masters",
            (false, true) => "refused",
            (false, false) => "refused with errors",
        };
        *tally.entry(kind).or_default() += 1;
    }
    ensure!(tally.len() == 4, "{tally:?}");
    Ok(tally)
}

pub(super) fn review(proxy: &Proxy, made: &Made) -> Result<Value> {
    let mut spec = json!({"user": made.user, "groups": made.groups});
    if made.path.is_empty() {
        spec["resourceAttributes"] = json!({"verb": made.verb, "group": made.group, "resource": made.resource,
            "subresource": made.subresource, "namespace": made.namespace, "name": made.name});
    } else {
        spec["nonResourceAttributes"] = json!({"verb": made.verb, "path": made.path});
    }
    let review = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec});
    let path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    let (code, answer) = proxy.post(path, &[], &review)?;
    ensure!(code == 201, "{review}: {answer}");
    Ok(answer["status"].clone())
}

pub(super) fn request(made: &Made) -> Request {
    let who = Identity::new(&made.user, made.groups.iter().map(|g| Str::from(&**g)));
    if !made.path.is_empty() {
        return Request::url(who, &made.verb, &made.path);
    }
    let target = Target {
        verb: (&*made.verb).into(),
        group: (&*made.group).into(),
        resource: (&*made.resource).into(),
        subresource: (&*made.subresource).into(),
        namespace: (&*made.namespace).into(),
        name: (&*made.name).into(),
    };
    Request {
        who,
        what: Action::Resource(target),
    }
}

/// The server takes bindings in the order of a hash table. What it says must be what we say of the one binding that it
/// names; of a refusal the same errors, in whatever order.
fn is_true(said: &str, ours: &str, world: &World, made: &Made) -> Result<bool> {
    if said == ours {
        return Ok(true);
    }
    let Some(rest) = said.strip_prefix("RBAC: allowed by ") else {
        return Ok(errors(said) == errors(ours));
    };
    let quoted = rest.split('"').nth(1).context("a name in quotes")?;
    let key = match quoted.split_once('/') {
        Some((name, namespace)) => ObjectKey::namespaced(Kind::RoleBinding, namespace, name),
        None => ObjectKey::cluster(Kind::ClusterRoleBinding, quoted),
    };
    let one = world
        .get(&key)
        .context("the binding that the server names")?;
    let roles = world.spaces().flat_map(|(_, space)| {
        let tables = [Kind::Role, Kind::ClusterRole].map(|kind| space.table(kind).values());
        tables.into_iter().flatten()
    });
    let alone = roles.chain([one]).map(|object| Object::clone(object));
    let alone = World::closed(alone.collect::<Vec<_>>());
    Ok(allowed(&View::new(&alone), &request(made)).reason == said)
}

fn errors(reason: &str) -> Vec<&str> {
    let list = reason.trim_start_matches("RBAC: ");
    let list = list.trim_start_matches('[').trim_end_matches(']');
    let mut errors: Vec<&str> = list.split(", ").collect();
    errors.sort_unstable();
    errors
}

fn bindings(world: &World) -> Vec<&Binding> {
    let tables = world.spaces().flat_map(|(_, space)| {
        let kinds = [Kind::ClusterRoleBinding, Kind::RoleBinding];
        kinds
            .into_iter()
            .flat_map(|kind| space.table(kind).values())
    });
    let bindings = tables.filter_map(|object| match &**object {
        Object::Binding(binding) => Some(binding),
        _ => None,
    });
    bindings.collect()
}

/// Roles and bindings written as somebody, as dry runs: let through exactly when we say so.
fn writes(proxy: &Proxy, world: &World, dice: &mut Dice) -> Result<Tally> {
    let view = View::new(world);
    let mut tally = Tally::new();
    for at in 0..number("BARTIZAN_WRITES")?.unwrap_or(300) {
        let (user, groups) = made::writer(dice);
        let who = Identity::new(&user, groups.iter().map(|g| Str::from(&**g)));
        let (object, there) = made::written(dice, at);
        let kind = object["kind"].as_str().unwrap_or_default().to_owned();
        let namespace = object["metadata"]["namespace"].as_str();
        let known = Kind::all()
            .find(|k| k.info().name == kind)
            .context("a kind")?;
        let fact = decode_value(known, &object, &mut Pool::new())?;
        let ours = match &fact {
            Object::Binding(binding) => may_bind(&view, &who, binding),
            Object::Role(role) => {
                let draft = Draft {
                    namespace,
                    name: object["metadata"]["name"].as_str().filter(|_| there),
                    rules: &role.rules,
                    aggregated: role.aggregation.is_some(),
                };
                may_write(&view, &who, &draft)
            }
            other => anyhow::bail!("{other:?}"),
        };
        let plural = known.info().plural;
        let place = namespace.map_or_else(String::new, |name| format!("namespaces/{name}/"));
        let (method, name) = match object["metadata"]["name"].as_str() {
            Some(name) if there => ("PUT", format!("/{name}")),
            _ => ("POST", String::new()),
        };
        let path = format!("/apis/rbac.authorization.k8s.io/v1/{place}{plural}{name}?dryRun=All");
        let mut headers = vec![("Impersonate-User", user.clone())];
        headers.extend(
            groups
                .iter()
                .map(|group| ("Impersonate-Group", group.clone())),
        );
        let (code, answer) = proxy.send(method, &path, &headers, &object.to_string())?;
        let said = answer["message"].as_str().unwrap_or_default();
        let server = match code {
            200 | 201 => Answer::Allowed,
            403 if said.contains("is attempting to grant") || said.contains("aggregationRule") => {
                Answer::Refused
            }
            404 if said.contains("not found") => Answer::Refused, // the role to be bound
            _ => anyhow::bail!("{user} {groups:?} {object}: {code} {answer}"),
        };
        ensure!(
            server == ours,
            "{user} {groups:?} {object}: the server {code} {said}, we {ours:?}"
        );
        let word = if server == Answer::Allowed {
            "let through"
        } else {
            "refused"
        };
        *tally.entry(word).or_default() += 1;
    }
    ensure!(tally.len() == 2, "{tally:?}");
    Ok(tally)
}
