//! A namespace raised: warnings first, then the level; everybody who stands in the way is named; and both ways up the ladder
//! asked of the engine.

use bartizan::engine::{Answer, Engine, Level, Query, Version};
use bartizan::fix::apply::{Objects, run};
use bartizan::fix::raise::raise;
use bartizan::fix::style::style;
use bartizan::fix::{Delivery, Plan, plan};
use bartizan::model::{Kind, ObjectKey, Str};
use bartizan::view::{View, World};
use serde_json::Value;

use crate::fix_edit::{facts, yaml};

fn namespace(labels: &str) -> String {
    format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, labels: {{{labels}}}}}\n")
}

fn world(labels: &str, rest: &[&str]) -> (World, Value) {
    let full = yaml(&namespace(labels));
    let rest = rest.iter().map(|text| facts(&yaml(text)));
    (World::closed([facts(&full)].into_iter().chain(rest)), full)
}

fn planned(labels: &str, level: Level, version: Option<Version>) -> Result<(Plan, Value), String> {
    let (world, full) = world(labels, &[]);
    let view = View::new(&world);
    let raised = raise(&view, "shop", level, version)?;
    let plan = plan(
        &raised.remedy,
        &view,
        style("patch").unwrap(),
        &Delivery::file("fix.yaml"),
    );
    let key = ObjectKey::of_namespace("shop");
    let mut objects = Objects::from([(key.clone(), full)]);
    run(&plan.steps, &mut objects).unwrap();
    let labels = objects[&key]["metadata"]["labels"].clone();
    Ok((plan, labels))
}

const PRIVILEGED: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: web, image: 'web:1', securityContext: {privileged: true}}]}
";

#[test]
fn warnings_come_first() {
    let (plan, labels) = planned("a: b", Level::Baseline, None).unwrap();
    let [warn, enforce] = &*plan.steps else {
        panic!("{}", plan.text())
    };
    assert!(warn.yaml.ends_with("  labels:\n    pod-security.kubernetes.io/warn: baseline\n    pod-security.kubernetes.io/audit: baseline\n"), "{}", warn.yaml);
    assert!(
        enforce
            .yaml
            .ends_with("  labels:\n    pod-security.kubernetes.io/enforce: baseline\n"),
        "{}",
        enforce.yaml
    );
    assert!(enforce.note.contains("--dry-run=server"));
    assert_eq!((&*warn.file, &*enforce.file), ("fix-1.yaml", "fix-2.yaml"));
    assert!(
        warn.way_back
            .contains(r#""pod-security.kubernetes.io/warn":null"#)
    );
    assert_eq!(labels["a"], "b");
}

#[test]
fn only_what_asks_for_less_is_set() {
    let label = |name: &str, value: &str| format!("pod-security.kubernetes.io/{name}: {value}");
    let set = |of: &[(&str, &str)]| -> String {
        let all: Vec<String> = of.iter().map(|(n, v)| label(n, v)).collect();
        all.join(", ")
    };
    let labels = |of: &[(&str, &str)], level, version| {
        planned(&set(of), level, version).map(|(plan, labels)| {
            let labels: Vec<String> = labels
                .as_object()
                .unwrap()
                .iter()
                .map(|(k, v)| format!("{}={}", &k[27..], v.as_str().unwrap()))
                .collect();
            (plan.steps.len(), labels.join(" "))
        })
    };
    let raised = labels(
        &[("warn", "restricted"), ("audit", "privileged")],
        Level::Baseline,
        None,
    );
    assert_eq!(
        raised.unwrap(),
        (2, "warn=restricted audit=baseline enforce=baseline".into())
    );
    let pinned = labels(
        &[("enforce", "baseline")],
        Level::Restricted,
        Some(Version::Minor(31)),
    );
    assert_eq!(
        pinned.unwrap().1,
        "enforce=restricted warn=restricted warn-version=v1.31 audit=restricted audit-version=v1.31 enforce-version=v1.31"
    );
    let kept = labels(
        &[("enforce", "baseline"), ("enforce-version", "v1.29")],
        Level::Restricted,
        None,
    );
    assert!(kept.unwrap().1.contains("warn-version=v1.29"));
    let newer = labels(
        &[("enforce", "baseline"), ("enforce-version", "v1.29")],
        Level::Baseline,
        Some(Version::Latest),
    );
    assert!(newer.unwrap().1.contains("enforce-version=latest"));
    for already in [
        &[("enforce", "restricted")][..],
        &[("enforce", "baseline"), ("enforce-version", "v1.29")],
    ] {
        let why = labels(already, Level::Baseline, None).unwrap_err();
        assert!(why.contains("already"), "{why}");
    }
    let invalid = labels(&[("enforce", "Baseline")], Level::Restricted, None);
    assert!(invalid.unwrap().1.starts_with("enforce=restricted"));
}

#[test]
fn everybody_who_is_refused_is_named() {
    let pods: Vec<String> = (0..40)
        .map(|at| format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: p{at:02}, namespace: shop}}\nspec: {{hostPID: true, containers: [{{name: c, image: i}}]}}\n"))
        .collect();
    let mut rest: Vec<&str> = pods.iter().map(String::as_str).collect();
    rest.push(PRIVILEGED);
    let (world, _) = world("", &rest);
    let raised = raise(&View::new(&world), "shop", Level::Baseline, None).unwrap();
    assert_eq!(raised.rejected.len(), 41);
    assert_eq!(raised.remedy.breaks.len(), 42);
    assert!(
        raised
            .remedy
            .breaks
            .contains(&"refused from then on: Pod p39: host namespaces".to_owned())
    );
    assert!(
        raised.remedy.breaks.contains(
            &"refused from then on: Deployment cart (no pods now): privileged".to_owned()
        )
    );
}

fn ask(engine: &Engine, query: Query) -> Answer {
    engine.ask(&query)
}

#[test]
fn a_workload_is_hardened_and_its_namespace_can_then_be_raised() {
    let (before, _) = world("", &[PRIVILEGED]);
    let cart = ObjectKey::namespaced(Kind::Deployment, "shop", "cart");
    let engine = Engine::of(before.clone());
    let harden = |level| Query::Harden {
        object: cart.clone(),
        level,
        version: None,
        style: "patch".into(),
        delivery: Delivery::stdin(),
    };
    let Answer::Harden(answer) = ask(&engine, harden(Level::Restricted)) else {
        panic!()
    };
    let standing = answer.standing.unwrap();
    assert_eq!(
        (standing.highest, standing.each.len()),
        (Level::Privileged, 1)
    );
    assert_eq!(standing.each[0].baseline[0].control, "privileged");
    assert_eq!(standing.each[0].restricted.len(), 5);
    let plan = answer.fix.plan.unwrap();
    assert!(answer.left.is_empty() && plan.cannot.is_empty() && plan.steps.len() == 1);
    assert!(plan.proof.unwrap().silences > 0);

    let standings = Query::NamespaceStandings(vec![Str::from("shop")]);
    let could = |engine: &Engine| match ask(engine, standings.clone()) {
        Answer::NamespaceStandings(all) => (all[0].could, all[0].baseline.len()),
        other => panic!("{other:?}"),
    };
    assert_eq!(could(&engine), (Level::Privileged, 1));
    let (after, misfits) = before.with(&answer.fix.remedy.unwrap().changes);
    assert!(misfits.is_empty());
    let engine = Engine::of(after);
    assert_eq!(could(&engine), (Level::Restricted, 0));
    let Answer::Harden(answer) = ask(&engine, harden(Level::Restricted)) else {
        panic!()
    };
    assert!(
        answer.fix.plan.is_none()
            && answer
                .fix
                .why_none
                .unwrap()
                .contains("meets restricted already")
    );
    let raise = Query::Raise {
        namespace: Str::from("shop"),
        level: Level::Restricted,
        version: None,
        style: "patch".into(),
        delivery: Delivery::stdin(),
    };
    let Answer::Raise(answer) = ask(&engine, raise) else {
        panic!()
    };
    assert!(answer.rejected.is_empty());
    assert_eq!(answer.fix.plan.unwrap().steps.len(), 2);
}

#[test]
fn what_is_not_visible_is_said() {
    let (closed, _) = world("", &[]);
    let engine = Engine::of(closed);
    let gone = ObjectKey::namespaced(Kind::Deployment, "shop", "gone");
    let answer = engine.harden(&gone, Level::Baseline, None, "patch", &Delivery::stdin());
    assert!(answer.standing.is_none() && answer.fix.why_none.unwrap().contains("not visible"));
    let answer = engine.raise(
        "nowhere",
        Level::Baseline,
        None,
        "patch",
        &Delivery::stdin(),
    );
    assert!(answer.fix.plan.is_none() && answer.standing.enforced.is_none());
}
