//! The comparison with upstream notices every bent rule: each revision of each control that never refuses, always refuses,
//! comes a version early or late, is missing or overrides nothing, and each control that is missing or asked at the other
//! level. A mutant that no pod tells apart from the standard is a hole in the comparison.

use std::path::Path;

use anyhow::{Result, ensure};
use bartizan::model::objects::pod::Pod;
use bartizan::semantics::pod_security::{
    Control, Level, PodFacts, Refusal, Revision, Standard, controls,
};
use libtest_mimic::Trial;

use crate::samples::{differs, samples};
use crate::verdicts::JUDGE;

pub fn trials() -> Vec<Trial> {
    vec![JUDGE.trial("pod_security::bent_rules_are_noticed", rules)]
}

fn never(_: PodFacts<'_>) -> Option<Refusal> {
    None
}

fn always(_: PodFacts<'_>) -> Option<Refusal> {
    Some(Refusal {
        reason: "always",
        detail: String::new(),
    })
}

fn copy(revision: &Revision) -> Revision {
    Revision { ..*revision }
}

/// A control with one revision bent; `None` where it would be the same one or none at all.
type Bend = fn(&mut Vec<Revision>, usize) -> Option<()>;

const BENDS: &[(&str, Bend)] = &[
    ("never refuses", |all, at| {
        all.get_mut(at)?.refuses = never;
        Some(())
    }),
    ("always refuses", |all, at| {
        all.get_mut(at)?.refuses = always;
        Some(())
    }),
    ("comes a version late", |all, at| {
        all.get_mut(at)?.since += 1;
        Some(())
    }),
    ("comes a version early", |all, at| {
        let revision = all.get_mut(at)?;
        revision.since = revision.since.checked_sub(1)?;
        Some(())
    }),
    ("is missing", |all, at| {
        all.remove(at);
        (!all.is_empty()).then_some(())
    }),
    ("overrides nothing", |all, at| {
        let revision = all.get_mut(at)?;
        let had = !std::mem::take(&mut revision.overrides).is_empty();
        had.then_some(())
    }),
];

fn rules(program: &Path) -> Result<()> {
    let samples = samples(program)?;
    let (mut killed, mut alive) = (0, Vec::new());
    let mut judge = |name: String, control: &'static Control, mutant: Option<Control>| {
        let others = controls().iter().filter(|c| c.id != control.id).copied();
        let mutant: Option<&'static Control> = mutant.map(|m| &*Box::leak(Box::new(m)));
        let standard = Standard::of(others.chain(mutant).collect());
        if differs(&standard, &samples, &Pod::clone)? {
            killed += 1;
        } else {
            alive.push(name);
        }
        anyhow::Ok(())
    };
    for control in controls() {
        for (at, revision) in control.revisions.iter().enumerate() {
            for (what, bend) in BENDS {
                let mut revisions: Vec<Revision> = control.revisions.iter().map(copy).collect();
                if bend(&mut revisions, at).is_none() {
                    continue;
                }
                let mutant = Control {
                    id: control.id,
                    level: control.level,
                    revisions: Box::leak(revisions.into_boxed_slice()),
                };
                let name = format!("{} of 1.{} {what}", control.id, revision.since);
                judge(name, control, Some(mutant))?;
            }
        }
        judge(format!("{} is missing", control.id), control, None)?;
        let level = match control.level {
            Level::Baseline => Level::Restricted,
            _ => Level::Baseline,
        };
        let mutant = Control {
            id: control.id,
            level,
            revisions: control.revisions,
        };
        let name = format!("{} is asked at {}", control.id, level.word());
        judge(name, control, Some(mutant))?;
    }
    eprintln!("{killed} bent rules are noticed");
    ensure!(alive.is_empty(), "not noticed: {alive:#?}");
    Ok(())
}
