//! The ways to mend one finding, and the next of them.

use crate::engine::FixAnswer;
use crate::theme::Meaning;
use crate::ui::canvas::owned;
use crate::ui::context::Context;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// The answer whose finding has more than one way.
fn several<'a>(answers: &[&'a FixAnswer]) -> Option<&'a FixAnswer> {
    let mut all = answers.iter().filter(|answer| answer.choices.len() > 1);
    all.next().copied()
}

/// The way after the one that is shown, round about; `None` where there is no other.
pub fn next(answers: &[&FixAnswer]) -> Option<usize> {
    let answer = several(answers)?;
    Some((answer.choice + 1) % answer.choices.len())
}

/// Every way in a line, the one that is shown marked, with the key that leads to the next.
pub fn sheet(cx: &Context<'_>, answers: &[&FixAnswer], sheet: &mut Sheet) {
    let Some(answer) = several(answers) else {
        return;
    };
    let key = cx.keymap.spelled("fix.way");
    for (at, says) in answer.choices.iter().enumerate() {
        let label = if at == 0 { "ways" } else { "" };
        let shown = at == answer.choice;
        let (mark, meaning) = if shown {
            ("> ", Meaning::Text)
        } else {
            ("  ", Meaning::Muted)
        };
        let mut line = vec![
            Piece::new(format!("{label:<11}{mark}{} ", at + 1), Meaning::Muted),
            owned(&**says, meaning),
        ];
        let is_next = (answer.choice + 1) % answer.choices.len() == at;
        if is_next && !key.is_empty() {
            line.push(Piece::new("; ", Meaning::Muted));
            line.push(owned(key.clone(), Meaning::Key));
            line.push(Piece::new(" shows it", Meaning::Muted));
        }
        sheet.hanging(15, line);
    }
}
