//! What every check promises, proven for each registered file without a line written for it.

use std::collections::{BTreeMap, BTreeSet};

use bartizan::engine::{Engine, Evaluation};
use bartizan::fix::Delivery;
use bartizan::model::change::Applied;
use bartizan::model::{Finding, Kind, ObjectKey, Origin, Part};
use bartizan::threats::{self, Check, Entry, Example};
use bartizan::view::{View, World};

use crate::engine_world::documents;
use crate::example_world::{all_findings, findings, findings_of, without, world};

/// Ids that once named something else, or something that is gone. An id is never given a second meaning.
const RETIRED: &[&str] = &[];

/// Prefixes of ids in standards, with what follows them.
const STANDARDS: &[&str] = &[
    "attack:T",
    "cis:",
    "kubescape:C-",
    "nsa:",
    "owasp:2025/K",
    "pss:baseline/",
    "pss:restricted/",
    "trivy:KSV-",
];

fn checks() -> impl Iterator<Item = &'static Entry<Check>> {
    threats::checks().iter()
}

fn stem(file: &str) -> &str {
    file.rsplit('/').next().unwrap().trim_end_matches(".rs")
}

/// Runs `test` on every example of every check and collects what is wrong.
fn each(fires: bool, test: impl Fn(&'static Check, &'static Example, &World) -> Vec<String>) {
    let mut wrong = Vec::new();
    for entry in checks() {
        for (at, example) in entry.rule.examples.iter().enumerate() {
            if example.fires == fires {
                let found = test(entry.rule, example, &world(example));
                wrong.extend(
                    found
                        .into_iter()
                        .map(|w| format!("{} example {at}: {w}", entry.rule.id)),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The fixes of a finding, the best first.
fn remedies(check: &Check, finding: &Finding, world: &World) -> Vec<bartizan::fix::Remedy> {
    check.fix.remedies(finding, &View::new(world))
}

#[test]
fn an_id_is_the_name_of_its_file_and_used_once() {
    let mut seen = BTreeSet::new();
    for entry in checks() {
        let (id, file) = (entry.rule.id, entry.file);
        assert_eq!(id, stem(file).replace('_', "-"), "{file}");
        assert!(seen.insert(id), "{id} twice");
        assert!(!RETIRED.contains(&id), "{id} is retired");
        assert!(
            file.contains(&format!("/{}/", entry.rule.home().slug().replace('-', "_"))),
            "{file}: home"
        );
        assert!(threats::story(id).is_none(), "{id} is a story too");
    }
}

#[test]
fn its_control_exists_and_its_standards_are_written_alike() {
    for entry in checks() {
        let check = entry.rule;
        assert!(
            threats::control(check.control).is_some(),
            "{}: control {}",
            check.id,
            check.control
        );
        for standard in check.standards {
            let rest = STANDARDS
                .iter()
                .find_map(|prefix| standard.strip_prefix(prefix));
            let well = rest.is_some_and(|rest| {
                !rest.is_empty()
                    && rest
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "._/-".contains(c))
            });
            assert!(well, "{}: standard {standard}", check.id);
        }
        assert!(!check.needs.is_empty(), "{} needs nothing", check.id);
        let missing: Vec<_> = check
            .subject_kinds()
            .iter()
            .filter(|k| !check.needs.contains(k))
            .collect();
        assert!(
            missing.is_empty(),
            "{}: looks at {missing:?} and does not say that it needs them",
            check.id
        );
    }
}

#[test]
fn its_article_is_short() {
    for entry in checks() {
        let doc = &entry.doc;
        assert!(
            doc.title.chars().count() <= 60,
            "{}: title {:?}",
            entry.file,
            doc.title
        );
        assert!(!doc.title.ends_with('.'), "{}: title", entry.file);
        for (name, text) in [
            ("What", doc.what),
            ("Why", doc.why),
            ("Fix", doc.fix),
            ("References", doc.references),
        ] {
            let lines = text.lines().count();
            assert!(
                (1..=12).contains(&lines),
                "{}: {name} has {lines} lines",
                entry.file
            );
        }
    }
}

#[test]
fn it_is_shown_twice_firing_and_twice_silent() {
    let few: Vec<&str> = checks()
        .filter(|entry| {
            let fires = entry.rule.examples.iter().filter(|e| e.fires).count();
            fires < 2 || entry.rule.examples.len() - fires < 2
        })
        .map(|entry| entry.rule.id)
        .collect();
    assert!(few.is_empty(), "fewer than two examples of a kind: {few:?}");
}

#[test]
fn an_example_that_fires_does() {
    each(true, |check, _, world| {
        let found = findings(world, check.id);
        let mut wrong = Vec::new();
        if found.is_empty() {
            wrong.push("stays silent".to_owned());
        }
        for finding in &found {
            if finding.evidence.is_empty() {
                wrong.push(format!("{:?} has no evidence", finding.id.part));
            }
            if finding.why.is_empty() || finding.why.contains('\n') || finding.why.ends_with('.') {
                wrong.push(format!(
                    "not a sentence without a full stop: {:?}",
                    finding.why
                ));
            }
        }
        wrong
    });
}

#[test]
fn an_example_that_is_silent_is() {
    each(false, |check, _, world| {
        let found = findings(world, check.id);
        found
            .iter()
            .map(|f| format!("fires: {} {}: {}", f.id.object, f.id.part, f.why))
            .collect()
    });
}

#[test]
fn explicit_evidence_is_in_the_manifest() {
    each(true, |check, example, world| {
        let manifests = documents(example.manifests);
        let mut wrong = Vec::new();
        for finding in findings(world, check.id) {
            for e in finding
                .evidence
                .iter()
                .filter(|e| e.origin == Origin::Explicit && !e.path.is_empty())
            {
                let same = |v: &&serde_json::Value| {
                    v["kind"] == *e.object.kind.name()
                        && v["metadata"]["name"] == *e.object.name
                        && v["metadata"]["namespace"].as_str() == e.object.namespace.as_deref()
                };
                let value = manifests.iter().find(same).and_then(|v| at(v, &e.path));
                if value.is_none() {
                    wrong.push(format!("{} has no {}", e.object, e.path));
                }
            }
        }
        wrong
    });
}

/// The value at a path as evidence writes it: `spec.containers[0].image`, `metadata.labels['a/b']`.
fn at<'a>(value: &'a serde_json::Value, path: &str) -> Option<&'a serde_json::Value> {
    let mut value = value;
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("['") {
            let (key, after) = quoted.split_once("']")?;
            value = value.get(key)?;
            rest = after;
        } else if let Some(index) = rest.strip_prefix('[') {
            let (index, after) = index.split_once(']')?;
            value = value.get(index.parse::<usize>().ok()?)?;
            rest = after;
        } else {
            let key = rest.trim_start_matches('.');
            let end = key.find(['.', '[']).unwrap_or(key.len());
            value = value.get(&key[..end])?;
            rest = &key[end..];
        }
    }
    Some(value)
}

#[test]
fn a_fix_fits_silences_its_finding_and_adds_none_as_bad() {
    each(true, |check, _, world| {
        let before = all_findings(world);
        let mut wrong = Vec::new();
        for finding in before.iter().filter(|f| f.id.check == check.id) {
            let all = remedies(check, finding, world);
            for (at, remedy) in all.iter().enumerate() {
                let told = prove(finding, at == 0, remedy, &before, world);
                let way = remedy.says();
                wrong.extend(told.into_iter().map(|says| format!("{way}: {says}")));
                if all.iter().filter(|other| other.says() == way).count() > 1 {
                    wrong.push(format!("{way}: two ways read the same"));
                }
            }
        }
        wrong
    });
}

/// The best way ends the finding; another one ends it, or makes it less severe.
fn prove(
    finding: &Finding,
    best: bool,
    remedy: &bartizan::fix::Remedy,
    before: &[Finding],
    world: &World,
) -> Vec<String> {
    let part = format!("{} {}", finding.id.object, finding.id.part);
    let mut wrong = Vec::new();
    if remedy.changes.is_empty() {
        wrong.push(format!("{part}: a fix without a change"));
    }
    for change in &remedy.changes {
        if change.apply(world.get(&change.object)) == Applied::Misfit {
            wrong.push(format!("{part}: {change:?} does not fit"));
        }
    }
    let (fixed, misfits) = world.with(&remedy.changes);
    if !misfits.is_empty() {
        wrong.push(format!(
            "{part}: {misfits:?} do not fit one after the other"
        ));
    }
    let after = all_findings(&fixed);
    let left = after.iter().find(|f| f.id == finding.id);
    if left.is_some_and(|f| best || f.severity >= finding.severity) {
        wrong.push(format!("{part}: still fires after its fix"));
    }
    let new = after
        .iter()
        .filter(|f| !before.iter().any(|b| b.id == f.id));
    // What the same subject holds by another binding now was there before: it has moved.
    let moved = |new: &Finding| {
        let same = |b: &&Finding| b.id.check == new.id.check && b.id.part == new.id.part;
        let gone = |b: &&Finding| !after.iter().any(|f| f.id == b.id);
        let subject = matches!(new.id.part, Part::Subject(_)) && new.id.check != finding.id.check;
        let mut old = before.iter().filter(same).filter(gone);
        subject && old.any(|b| b.severity >= new.severity)
    };
    for added in new.filter(|f| f.severity >= finding.severity && !moved(f)) {
        let (id, severity) = (&added.id, added.severity);
        wrong.push(format!(
            "{part}: its fix adds {} on {} {} ({severity})",
            id.check, id.object, id.part
        ));
    }
    wrong
}

#[test]
fn fixes_of_everything_that_fires_work_together() {
    each(true, |check, _, world| {
        let engine = Engine::of(world.clone());
        let mendable: Vec<Finding> = all_findings(world)
            .into_iter()
            .filter(|f| {
                let check = threats::check(f.id.check).unwrap().rule;
                !f.pods.only_live && !remedies(check, f, world).is_empty()
            })
            .collect();
        let ids: Vec<_> = mendable.iter().map(|f| f.id.clone()).collect();
        let answer = engine.fix(&ids, "patch", &Delivery::stdin());
        let changes = answer.remedy.map(|r| r.changes).unwrap_or_default();
        let after = all_findings(&world.with(&changes).0);
        let mut wrong: Vec<String> = mendable
            .iter()
            .filter(|f| after.iter().any(|a| a.id == f.id))
            .map(|f| {
                format!(
                    "{} on {} {} still fires",
                    f.id.check, f.id.object, f.id.part
                )
            })
            .collect();
        if answer.misfits > 0 {
            wrong.push(format!("{} changes do not fit", answer.misfits));
        }
        if answer.plan.is_none() && !mendable.is_empty() {
            wrong.push(format!("{}: nothing is printed", check.id));
        }
        wrong
    });
}

#[test]
fn a_check_with_a_fix_has_one_for_an_example() {
    for entry in checks() {
        if !entry.rule.fix.is_offered() {
            continue;
        }
        let fixed = entry
            .rule
            .examples
            .iter()
            .filter(|e| e.fires)
            .any(|example| {
                let world = world(example);
                let found = findings(&world, entry.rule.id);
                found
                    .iter()
                    .any(|f| !remedies(entry.rule, f, &world).is_empty())
            });
        assert!(fixed, "{}: no example shows its fix", entry.rule.id);
    }
}

#[test]
fn what_is_hidden_never_reads_clear() {
    each(true, |check, _, world| {
        let fired = findings(world, check.id);
        let mut wrong = Vec::new();
        for kind in check.needs {
            let blind = without(world, &[*kind]);
            let lost = fired.iter().filter(|f| reads_clear(&blind, f));
            wrong.extend(lost.map(|f| format!("without {kind}: {} reads clear", f.id.object)));
        }
        wrong
    });
}

/// The object is in view, and nothing is said of it, of its namespace or of the cluster.
fn reads_clear(world: &World, fired: &Finding) -> bool {
    let (object, check) = (&fired.id.object, fired.id.check);
    if world.get(object).is_none() {
        return false; // its place is a row of its own: not visible
    }
    let at = threats::checks().iter().position(|e| e.rule.id == check);
    let evaluation = Evaluation::of_rule(world, check);
    let outcomes = evaluation.checks.of(at.unwrap());
    let mut outcomes = outcomes.flat_map(|(_, cell)| cell.outcomes.iter());
    let said = outcomes.any(|(subject, outcome)| {
        let about = match subject {
            None => true,
            Some(subject) => {
                subject == object || *subject == ObjectKey::of_namespace(object.home())
            }
        };
        outcome.items.iter().any(|f| f.id == fired.id) || (about && !outcome.unknown.is_empty())
    });
    !said
}

#[test]
fn what_it_does_not_need_changes_nothing() {
    for fires in [true, false] {
        each(fires, |check, _, world| {
            let others: Vec<Kind> = Kind::all()
                .filter(|kind| !check.needs.contains(kind))
                .collect();
            let (seen, hidden) = (
                findings(world, check.id),
                findings(&without(world, &others), check.id),
            );
            if seen == hidden {
                return Vec::new();
            }
            let names = |all: &[Finding]| {
                all.iter()
                    .map(|f| (f.id.object.to_string(), f.why.clone()))
                    .collect::<Vec<_>>()
            };
            vec![format!(
                "reads more than it needs: {:?} becomes {:?}",
                names(&seen),
                names(&hidden)
            )]
        });
    }
}

#[test]
fn two_evaluations_are_the_same() {
    each(true, |check, _, world| {
        let runs = [(); 2].map(|()| findings_of(&Evaluation::of_rule(world, check.id), check.id));
        if runs[0] == runs[1] {
            Vec::new()
        } else {
            vec!["differs from itself".to_owned()]
        }
    });
}

#[test]
fn the_shipped_role_covers_what_checks_and_stories_need() {
    let role = std::fs::read_to_string("assets/role.yaml").unwrap();
    let role = documents(&role)
        .into_iter()
        .find(|d| d["kind"] == "ClusterRole")
        .unwrap();
    let mut granted: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let words = |value: &serde_json::Value| -> Vec<String> {
        value
            .as_array()
            .into_iter()
            .flatten()
            .map(|v| v.as_str().unwrap().to_owned())
            .collect()
    };
    for rule in role["rules"].as_array().unwrap() {
        for group in words(&rule["apiGroups"]) {
            for resource in words(&rule["resources"]) {
                granted
                    .entry((group.clone(), resource))
                    .or_default()
                    .extend(words(&rule["verbs"]));
            }
        }
    }
    let needs = checks()
        .flat_map(|e| e.rule.needs)
        .chain(threats::stories().iter().flat_map(|e| e.rule.needs));
    for kind in needs {
        let info = kind.info();
        let verbs = granted.get(&(info.group.to_owned(), info.plural.to_owned()));
        let verbs = verbs.unwrap_or_else(|| panic!("the role does not name {}", info.plural));
        assert!(
            ["get", "list", "watch"].iter().all(|v| verbs.contains(*v)),
            "{kind}: {verbs:?}"
        );
    }
}
