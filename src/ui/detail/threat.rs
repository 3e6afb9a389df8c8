//! A threat: who that is, what works, what fails, what it asks.

use super::field;
use crate::engine::controls::Holds;
use crate::engine::stories::State;
use crate::model::ThreatId;
use crate::theme::Meaning;
use crate::ui::canvas::owned;
use crate::ui::context::Context;
use crate::ui::facts;
use crate::ui::say;
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// Lines of a list at most: the pane itself has them all.
const SHOWN: usize = 6;

pub(super) fn threat(cx: &Context<'_>, id: ThreatId, sheet: &mut Sheet) {
    let Some(threat) = say::threat(id) else {
        return;
    };
    sheet.text(vec![Piece::new(threat.title, Meaning::Title)]);
    if let Some(standing) = facts::standing(cx.snapshot, id) {
        let (word, meaning) = say::standing(standing, cx.is_loading());
        let tally = say::tally(standing, cx.is_loading());
        let what = if id.is_attacker() {
            " stories work"
        } else {
            ""
        };
        sheet.text(vec![
            Piece::new(word, meaning),
            owned(format!("  {tally}{what}"), Meaning::Text),
        ]);
    }
    sheet.blank();
    sheet.text(vec![Piece::new(threat.text, Meaning::Text)]);
    works(cx, id, sheet);
    fails(cx, id, sheet);
    sheet.heading("what decides it");
    for question in threat.questions {
        sheet.hanging(
            5,
            vec![
                Piece::new(format!("{:<5}", question.id), Meaning::Muted),
                Piece::new(question.text, Meaning::Text),
            ],
        );
    }
}

fn works(cx: &Context<'_>, id: ThreatId, sheet: &mut Sheet) {
    let stories = cx.snapshot.stories.iter();
    let working: Vec<_> = stories
        .filter(|s| s.story.threat == id && s.state == State::Works)
        .collect();
    if working.is_empty() {
        return;
    }
    sheet.heading("works now");
    for state in working.iter().take(SHOWN) {
        let n = state.working().count();
        let title = Piece::new(cx.catalogue.story_title(state.story.id), Meaning::Text);
        let right = vec![owned(counted(n, "way", "ways"), Meaning::Number)];
        sheet.row(2, title, right);
    }
    more(working.len(), sheet);
}

fn fails(cx: &Context<'_>, id: ThreatId, sheet: &mut Sheet) {
    let controls = cx.snapshot.controls.iter();
    let failing: Vec<_> = controls
        .filter(|c| c.threat == id && matches!(c.holds, Holds::Fails(_)))
        .collect();
    if failing.is_empty() {
        return;
    }
    sheet.heading("fails now");
    for control in failing.iter().take(SHOWN) {
        let Holds::Fails(n) = control.holds else {
            continue;
        };
        let right = vec![owned(counted(n, "finding", "findings"), Meaning::Number)];
        sheet.row(2, Piece::new(control.control.title, Meaning::Text), right);
    }
    more(failing.len(), sheet);
}

fn more(n: usize, sheet: &mut Sheet) {
    if n > SHOWN {
        field(sheet, "", format!("and {} more", n - SHOWN), Meaning::Muted);
    }
}
