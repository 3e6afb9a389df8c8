//! `fix LEVEL OBJECT`: a workload made to meet a level of the Pod Security Standards, or a namespace raised to it.

use serde_json::{Value, json};

use super::Failure;
use super::exit::Exit;
use crate::engine::{Engine, FixAnswer, Level, RejectedWorkload, Version};
use crate::fix::Delivery;
use crate::fix::harden::Left;
use crate::model::{Kind, ObjectKey};

/// What is asked for.
pub(in crate::cli) struct Wanted<'a> {
    /// The level.
    pub(in crate::cli) level: Level,
    /// The version, where it is not the namespace's.
    pub(in crate::cli) version: Option<Version>,
    /// A workload, a pod or a namespace.
    pub(in crate::cli) object: &'a ObjectKey,
    /// Name of the style.
    pub(in crate::cli) style: &'a str,
}

/// The fix, and what the document holds beside it.
pub(in crate::cli) struct Found {
    /// The fix.
    pub(in crate::cli) fix: FixAnswer,
    /// Further fields of the document.
    pub(in crate::cli) fields: Vec<(&'static str, Value)>,
    /// There is nothing to do: the level is met.
    pub(in crate::cli) met: bool,
}

/// A level's word, where one stands in place of a check; privileged asks nothing of anybody.
pub(in crate::cli) fn level(word: &str) -> Option<Level> {
    Level::parse(word).filter(|level| *level > Level::Privileged)
}

/// `v1.N` or `latest`.
pub(in crate::cli) fn version(text: Option<&str>) -> Result<Option<Version>, Failure> {
    let Some(text) = text else {
        return Ok(None);
    };
    match Version::parse(text) {
        Some(version) => Ok(Some(version)),
        None => Err(Failure::usage(format!(
            "--version {text}: write v1.N, or latest"
        ))),
    }
}

/// Asks the engine.
pub(in crate::cli) fn find(
    engine: &Engine,
    wanted: &Wanted<'_>,
    delivery: &Delivery,
) -> Result<Found, Failure> {
    let Wanted {
        level,
        version,
        object,
        style,
    } = *wanted;
    let word = ("level", json!(level.word()));
    if object.known() == Some(Kind::Namespace) {
        let answer = engine.raise(&object.name, level, version, style, delivery);
        let rejected: Vec<Value> = answer.rejected.iter().map(rejected).collect();
        return Ok(Found {
            met: answer.fix.plan.is_none() && answer.standing.enforced.is_some(),
            fields: vec![word, ("rejected", json!(rejected))],
            fix: answer.fix,
        });
    }
    let pods = object.known() == Some(Kind::Pod);
    if !pods && !object.known().is_some_and(|k| Kind::TEMPLATED.contains(&k)) {
        return Err(Failure {
            exit: Exit::Usage,
            message: format!("{object}: a level is for workloads, pods and namespaces"),
        });
    }
    let answer = engine.harden(object, level, version, style, delivery);
    let left: Vec<Value> = answer.left.iter().map(one_left).collect();
    Ok(Found {
        met: answer.fix.plan.is_none() && answer.standing.is_some() && left.is_empty(),
        fields: vec![word, ("left", json!(left))],
        fix: answer.fix,
    })
}

fn one_left(left: &Left) -> Value {
    json!({"control": left.control, "says": left.says})
}

fn rejected(one: &RejectedWorkload) -> Value {
    let violations: Vec<Value> = one
        .violations
        .iter()
        .map(|v| json!({"control": v.control, "reason": v.refusal.reason, "detail": v.refusal.detail}))
        .collect();
    let key = &one.workload;
    json!({
        "object": {
            "apiVersion": key.kind.api_version(),
            "kind": key.kind.name(),
            "namespace": key.namespace,
            "name": key.name,
        },
        "template": one.template,
        "pods": one.pods,
        "violations": violations,
    })
}
