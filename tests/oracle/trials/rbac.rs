//! Our RBAC against upstream's on clusters made from a seed: every answer with its reason, whom the subject locator names,
//! and what Covers says of two lists of rules. `BARTIZAN_CLUSTERS=2000` makes more of them, `BARTIZAN_SEED` others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use bartizan::model::objects::access::Role;
use bartizan::model::{Object, ObjectKind, Str};
use bartizan::semantics::rbac::{
    Action, Answer, Identity, Request, Reviewer, Target, Wish, allowed, covers, who_can,
};
use bartizan::source::wire::{Pool, decode_json};
use bartizan::view::{View, World};
use libtest_mimic::Trial;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::judge::{Judge, lines};
use crate::seed::{number, seed};

const JUDGE: Judge = Judge("rbac");

/// Requests of each cluster.
const REQUESTS: usize = 500;

pub fn trials() -> Vec<Trial> {
    vec![
        JUDGE.trial("rbac::random_clusters", random_clusters),
        JUDGE.trial("rbac::covers", random_rules),
    ]
}

#[derive(Deserialize)]
struct Judged<'a> {
    #[serde(borrow)]
    objects: Vec<&'a RawValue>,
    requests: Vec<Asked>,
    answers: Vec<Said>,
}

#[derive(Debug, Deserialize)]
struct Asked {
    user: String,
    groups: Vec<String>,
    verb: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    resource: String,
    #[serde(default)]
    subresource: String,
    #[serde(default)]
    namespace: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    path: String,
}

#[derive(Debug, Deserialize)]
struct Said {
    allowed: bool,
    reason: String,
    who: Option<Vec<String>>,
}

fn random_clusters(program: &Path) -> Result<()> {
    let count = number("BARTIZAN_CLUSTERS")?.unwrap_or(30).to_string();
    let seed = seed()?;
    let (mut answers, mut located) = (0, 0);
    let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
    let arguments = ["random", &seed, &count, &REQUESTS.to_string()];
    let clusters = lines(program, &arguments, |line| {
        let judged: Judged<'_> = serde_json::from_str(line)?;
        let world = world(&judged)?;
        let view = View::new(&world);
        let mut reviewer = Reviewer::new(&world);
        for (asked, said) in judged.requests.iter().zip(&judged.answers) {
            let told = || format!("seed {seed}: {asked:?}, upstream {said:?}");
            let request = request(asked);
            one(&view, &mut reviewer, &request, said).with_context(told)?;
            answers += 1;
            *tally.entry(kind_of(said)).or_default() += 1;
            if let Some(named) = &said.who {
                let found: BTreeSet<String> = who_can(&view, &request.what)
                    .into_iter()
                    .map(|who| who.subject.to_string())
                    .collect();
                let named: BTreeSet<String> = named.iter().cloned().collect();
                ensure!(found == named, "{}: we name {found:?}", told());
                located += 1;
            }
        }
        Ok(())
    })?;
    eprintln!(
        "seed {seed}: {clusters} clusters, {answers} answers with reasons and {located} lists of subjects agree; {tally:?}"
    );
    ensure!(clusters.to_string() == count, "{clusters} clusters");
    for kind in ["allowed", "refused", "refused with errors", "masters"] {
        ensure!(tally.contains_key(kind), "never {kind}");
    }
    Ok(())
}

fn kind_of(said: &Said) -> &'static str {
    match (said.allowed, said.reason.is_empty()) {
        (true, false) => "allowed",
        (true, true) => "masters",
        (false, true) => "refused",
        (false, false) => "refused with errors",
    }
}

/// Both of our ways to answer say what upstream says.
fn one(view: &View<'_>, reviewer: &mut Reviewer<'_>, request: &Request, said: &Said) -> Result<()> {
    let decided = allowed(view, request);
    ensure!(
        decided.allowed() == said.allowed
            && decided.reason == said.reason
            && decided.answer != Answer::Unknown,
        "we say {decided:?}"
    );
    let caller = reviewer.caller(&request.who);
    let review = reviewer.review(caller, &Wish::from(&request.what));
    ensure!(
        review.allowed == said.allowed && review.reason == said.reason && review.unseen.is_empty(),
        "in a batch we say {review:?}"
    );
    Ok(())
}

fn request(asked: &Asked) -> Request {
    let who = Identity::new(&asked.user, asked.groups.iter().map(|g| Str::from(&**g)));
    let what = if asked.path.is_empty() {
        Action::Resource(Target {
            verb: asked.verb.as_str().into(),
            group: asked.group.as_str().into(),
            resource: asked.resource.as_str().into(),
            subresource: asked.subresource.as_str().into(),
            namespace: asked.namespace.as_str().into(),
            name: asked.name.as_str().into(),
        })
    } else {
        Action::Url {
            verb: asked.verb.as_str().into(),
            path: asked.path.as_str().into(),
        }
    };
    Request { who, what }
}

#[derive(Deserialize)]
struct Typed<'a> {
    #[serde(rename = "apiVersion")]
    version: &'a str,
    kind: &'a str,
}

fn object(raw: &RawValue, pool: &mut Pool) -> Result<Object> {
    let typed: Typed<'_> = serde_json::from_str(raw.get())?;
    let kind = ObjectKind::from_manifest(typed.version, typed.kind);
    let kind = kind.known().context("a known kind")?;
    Ok(decode_json(kind, raw.get(), pool)?)
}

fn world(judged: &Judged<'_>) -> Result<World> {
    let mut pool = Pool::new();
    let objects = judged.objects.iter().map(|raw| object(raw, &mut pool));
    Ok(World::closed(objects.collect::<Result<Vec<_>>>()?))
}

#[derive(Deserialize)]
struct Covered<'a> {
    #[serde(borrow)]
    owner: &'a RawValue,
    #[serde(borrow)]
    servant: &'a RawValue,
    covers: bool,
}

fn random_rules(program: &Path) -> Result<()> {
    let count = number("BARTIZAN_RULES")?.unwrap_or(20_000).to_string();
    let seed = seed()?;
    let mut pool = Pool::new();
    let mut tally: BTreeMap<bool, usize> = BTreeMap::new();
    let compared = lines(program, &["covers", &seed, &count], |line| {
        let judged: Covered<'_> = serde_json::from_str(line)?;
        let owner = role(judged.owner, &mut pool)?;
        let servant = role(judged.servant, &mut pool)?;
        let mut servants = servant.rules.iter();
        let ours = servants.all(|rule| covers(&owner.rules, rule));
        ensure!(ours == judged.covers, "seed {seed}: {line}");
        *tally.entry(ours).or_default() += 1;
        pool.sweep();
        Ok(())
    })?;
    eprintln!("seed {seed}: {compared} pairs of rule lists agree; covered or not: {tally:?}");
    ensure!(tally.len() == 2, "{tally:?}");
    Ok(())
}

fn role(raw: &RawValue, pool: &mut Pool) -> Result<Role> {
    match object(raw, pool)? {
        Object::Role(role) => Ok(role),
        other => anyhow::bail!("{:?}", other.key()),
    }
}
