//! The ways to mend one finding or to end one story, and the next of them.

use super::Wish;
use crate::engine::FixAnswer;
use crate::theme::Meaning;
use crate::ui::canvas::owned;
use crate::ui::context::Context;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// More than one way, each in a few words, and the one that is shown.
#[derive(Debug)]
pub struct Ways<'a> {
    says: Vec<&'a str>,
    shown: usize,
}

impl<'a> Ways<'a> {
    /// Those of the story that the wish is about, `choice` the one asked for; else those of an answer's finding. `None`
    /// where there is no other way.
    pub fn of(wish: &'a Wish, choice: usize, answers: &[&'a FixAnswer]) -> Option<Ways<'a>> {
        if wish.ways().len() > 1 {
            let says = wish.ways().iter().map(|way| &*way.says).collect();
            return Some(Ways {
                says,
                shown: choice,
            });
        }
        let answer = answers.iter().find(|answer| answer.choices.len() > 1)?;
        Some(Ways {
            says: answer.choices.iter().map(|says| &**says).collect(),
            shown: answer.choice,
        })
    }

    /// The way after the one that is shown, round about.
    pub fn next(&self) -> usize {
        (self.shown + 1) % self.says.len()
    }

    /// Every way in a line, the one that is shown marked, with the key that leads to the next.
    fn sheet(&self, cx: &Context<'_>, sheet: &mut Sheet) {
        let key = cx.keymap.spelled("fix.way");
        for (at, says) in self.says.iter().enumerate() {
            let label = if at == 0 { "ways" } else { "" };
            let (mark, meaning) = if at == self.shown {
                ("> ", Meaning::Text)
            } else {
                ("  ", Meaning::Muted)
            };
            let mut line = vec![
                Piece::new(format!("{label:<11}{mark}{} ", at + 1), Meaning::Muted),
                owned(*says, meaning),
            ];
            if self.next() == at && !key.is_empty() {
                line.push(Piece::new("; ", Meaning::Muted));
                line.push(owned(key.clone(), Meaning::Key));
                line.push(Piece::new(" shows it", Meaning::Muted));
            }
            sheet.hanging(15, line);
        }
    }
}

/// What stands above a fix: what it is, or the ways that there are.
pub fn head(cx: &Context<'_>, wish: &Wish, ways: Option<&Ways<'_>>, sheet: &mut Sheet) {
    for says in wish.titles() {
        sheet.text(vec![owned(&**says, Meaning::Title)]);
    }
    if let Some(ways) = ways {
        ways.sheet(cx, sheet);
    }
}
