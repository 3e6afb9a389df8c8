//! Answers as a sheet and as the text that is copied.

use crate::engine::FixAnswer;
use crate::fix::{Confidence, Plan, Step};
use crate::model::{Finding, FindingId, Severity};
use crate::theme::Meaning;
use crate::ui::canvas::owned;
use crate::ui::context::Context;
use crate::ui::fixing::{Proofs, Proving};
use crate::ui::say;
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;
use crate::ui::yaml;

/// Findings that are named; the rest is counted.
const NAMED: usize = 4;

/// The text to copy; `None` while no answer has a step.
pub fn text(answers: &[&FixAnswer]) -> Option<String> {
    let plans = answers.iter().filter_map(|answer| answer.plan.as_ref());
    let plans: Vec<String> = plans
        .filter(|plan| !plan.steps.is_empty())
        .map(Plan::text)
        .collect();
    (!plans.is_empty()).then(|| plans.join("---\n"))
}

/// The steps of all answers.
pub fn steps(answers: &[&FixAnswer]) -> Vec<Step> {
    let plans = answers.iter().filter_map(|answer| answer.plan.as_ref());
    plans.flat_map(|plan| plan.steps.clone()).collect()
}

/// One answer, told whole: what it is for, what it does, what it may break, then each step as it is copied.
pub fn sheet(cx: &Context<'_>, answer: &FixAnswer, proofs: &Proofs, sheet: &mut Sheet) {
    findings(cx, &answer.findings, sheet);
    if let Some(why) = &answer.why_none {
        sheet.blank();
        sheet.text(vec![
            Piece::new("no fix: ", Meaning::Warning),
            owned(&**why, Meaning::Text),
        ]);
    }
    let Some(plan) = &answer.plan else {
        return;
    };
    proof(cx, answer, plan, sheet);
    ways(plan, sheet);
    proven(answer, proofs, sheet);
    care(plan, sheet);
    let many = plan.steps.len() > 1;
    for (at, step) in plan.steps.iter().enumerate() {
        sheet.blank();
        let place = if many {
            format!("step {} of {}: ", at + 1, plan.steps.len())
        } else {
            String::new()
        };
        yaml::lines(sheet, &step.text(&place));
    }
}

fn findings(cx: &Context<'_>, findings: &[Finding], sheet: &mut Sheet) {
    for finding in findings.iter().take(NAMED) {
        let severity = finding.severity;
        let mut line = vec![
            Piece::new(format!("{:<9}", severity.word()), say::severity(severity)),
            owned(cx.catalogue.check_title(finding.id.check), Meaning::Title),
            owned(format!("  {}", finding.id.object), Meaning::Text),
        ];
        let part = finding.id.part.to_string();
        if !part.is_empty() {
            line.push(owned(format!("  {part}"), Meaning::Muted));
        }
        sheet.hanging(9, line);
    }
    if findings.len() > NAMED {
        let more = format!("{:9}and {} more", "", findings.len() - NAMED);
        sheet.text(vec![Piece::new(more, Meaning::Muted)]);
    }
}

fn proof(cx: &Context<'_>, answer: &FixAnswer, plan: &Plan, sheet: &mut Sheet) {
    if let Some(proof) = &plan.proof {
        let meaning = if proof.adds == proof.moves {
            Meaning::Better
        } else {
            Meaning::Warning
        };
        field(sheet, "proof", proof.says(), meaning);
    }
    if answer.misfits > 0 {
        let n = counted(answer.misfits, "change does", "changes do");
        let says = format!("{n} not fit the facts as they are: nothing is claimed of the result");
        field(sheet, "care", says, Meaning::Warning);
    }
    for (id, severity) in answer.proof.opened.iter().take(NAMED) {
        let (word, meaning) = if answer.proof.has_moved(id, *severity) {
            ("moves", Meaning::Text)
        } else {
            ("adds", Meaning::Worse)
        };
        field(sheet, word, opened(cx, id, *severity), meaning);
    }
    for begun in answer.proof.begun.iter().take(NAMED) {
        let title = cx.catalogue.story_title(begun.story);
        field(
            sheet,
            "begins",
            format!("{title}: {}", begun.actor),
            Meaning::Worse,
        );
    }
}

/// What it does to the ways of attack.
fn ways(plan: &Plan, sheet: &mut Sheet) {
    for (word, says) in &plan.ways {
        let meaning = match *word {
            "ends" => Meaning::Better,
            "survives" | "opens" | "unsure" => Meaning::Warning,
            _ => Meaning::Text,
        };
        field(sheet, word, &**says, meaning);
    }
}

/// What the comparison with the live objects says.
fn proven(answer: &FixAnswer, proofs: &Proofs, sheet: &mut Sheet) {
    let Some(proof) = Proving::of(answer).and_then(|proving| proofs.of(&proving)) else {
        return;
    };
    match proof {
        None => {
            let says = "being compared with the live objects ...";
            field(sheet, "proven", says, Meaning::Loading);
        }
        Some(Ok(())) => {
            let says = "on the live objects: these steps make of them what was recomputed";
            field(sheet, "proven", says, Meaning::Better);
        }
        Some(Err(why)) => field(sheet, "not proven", &**why, Meaning::Warning),
    }
}

fn opened(cx: &Context<'_>, id: &FindingId, severity: Severity) -> String {
    let title = cx.catalogue.check_title(id.check);
    format!("{} {title} in {}", severity.word(), id.object)
}

/// What a person has to know before pasting.
fn care(plan: &Plan, sheet: &mut Sheet) {
    if let Some(asks) = &plan.asks {
        field(sheet, "decide", &**asks, Meaning::Warning);
    }
    for by in &plan.managed_by {
        field(sheet, "managed", &**by, Meaning::Warning);
    }
    for breaks in &plan.breaks {
        field(sheet, "may break", &**breaks, Meaning::Text);
    }
    if plan.breaks.is_empty() && plan.confidence == Confidence::Safe && !plan.steps.is_empty() {
        field(
            sheet,
            "may break",
            "nothing, by the rules of Kubernetes",
            Meaning::Text,
        );
    }
    for cannot in &plan.cannot {
        field(sheet, "cannot", &**cannot, Meaning::Warning);
    }
    for says in &plan.notes {
        field(sheet, "note", &**says, Meaning::Text);
    }
}

fn field(sheet: &mut Sheet, label: &'static str, text: impl Into<String>, meaning: Meaning) {
    let label = Piece::new(format!("{label:<11}"), Meaning::Muted);
    sheet.hanging(11, vec![label, owned(text, meaning)]);
}
