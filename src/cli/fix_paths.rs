//! What a fix does to the ways of attack, as JSON.

use serde_json::{Value, json};

use crate::engine::{FixPaths, GoalPaths, PathWay, StartPaths};
use crate::model::{Missing, ObjectKey};

/// The field `paths` of the document.
pub(in crate::cli) fn document(paths: &FixPaths) -> Value {
    let starts: Vec<Value> = paths.starts.iter().map(start).collect();
    let losers: Vec<String> = paths.losers.iter().map(ToString::to_string).collect();
    let workloads: Vec<Value> = paths.workloads.iter().map(object).collect();
    let missing: Vec<String> = paths.missing.iter().map(Missing::sentence).collect();
    json!({
        "from": starts,
        "unasked": paths.unasked,
        "loses": losers,
        "mounted_in": workloads,
        "not_visible": missing,
    })
}

fn start(start: &StartPaths) -> Value {
    let goals: Vec<Value> = start.goals.iter().map(goal).collect();
    json!({"who": start.who, "goals": goals})
}

fn goal(goal: &GoalPaths) -> Value {
    let survives: Vec<Value> = goal.survives.iter().map(way).collect();
    json!({
        "goal": goal.goal.to_string(),
        "before": goal.before,
        "ends": goal.ends,
        "opens": goal.opens,
        "survives": survives,
        "unsure": goal.unsure,
        "more": goal.more,
    })
}

fn way(way: &PathWay) -> Value {
    let steps: Vec<&str> = way.steps.iter().map(|step| &*step.says).collect();
    json!({"cost": way.cost, "steps": steps})
}

fn object(key: &ObjectKey) -> Value {
    json!({
        "apiVersion": key.kind.api_version(),
        "kind": key.kind.name(),
        "namespace": key.namespace,
        "name": key.name,
    })
}
