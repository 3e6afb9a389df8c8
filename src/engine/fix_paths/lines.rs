//! What a fix does to the ways of attack, in lines.

use super::{FixPaths, GoalPaths, StartPaths};
use crate::model::Missing;
use crate::semantics::paths::Way;

impl FixPaths {
    /// In lines: a word that says what it is about, and a sentence. Not cleaned.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = Vec::new();
        for start in &self.starts {
            start.lines(&mut lines, self.missing.first());
        }
        let named = |names: Vec<String>| {
            let more = names.len().saturating_sub(NAMED);
            let mut all = names.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
            if more > 0 {
                all += &format!(" and {more} more");
            }
            all
        };
        if self.unasked > 0 {
            let says = format!(
                "those of {} more whom it is about were not looked at",
                self.unasked
            );
            lines.push(("ways", says));
        }
        if !self.losers.is_empty() {
            let names = self.losers.iter().map(ToString::to_string).collect();
            lines.push((
                "loses",
                format!(
                    "{} too: the same change takes rights from them",
                    named(names)
                ),
            ));
        }
        if !self.workloads.is_empty() {
            let names = self.workloads.iter().map(ToString::to_string).collect();
            lines.push((
                "mounted in",
                format!(
                    "{}: a token of who loses rights is in their pods",
                    named(names)
                ),
            ));
        }
        lines
    }
}

/// Subjects and workloads that are named in a line; more are counted.
const NAMED: usize = 4;

impl StartPaths {
    /// The cheapest way that is left, to the worst goal of those that are as cheap, and the goal.
    pub fn cheapest(&self) -> Option<(&GoalPaths, &Way)> {
        let first = |goal: &'_ GoalPaths| goal.survives.first().map(|way| way.cost);
        let reached = self.goals.iter().filter(|goal| !goal.survives.is_empty());
        let goal = reached.min_by_key(|goal| first(goal))?;
        Some((goal, goal.survives.first()?))
    }

    fn lines(&self, lines: &mut Vec<(&'static str, String)>, missing: Option<&Missing>) {
        let who = &self.who;
        let sight = missing.map_or_else(String::new, |missing| {
            format!(" (not all is visible: {})", missing.sentence())
        });
        if self.goals.is_empty() {
            let says = format!(
                "{who} has no way to admin, nodes, Secrets or the cloud, with or without this{sight}"
            );
            lines.push(("ways", says));
            return;
        }
        let ended: Vec<String> = self.goals.iter().filter_map(GoalPaths::ended).collect();
        if ended.is_empty() {
            lines.push(("ends", format!("no way of {who}")));
        } else {
            lines.push(("ends", format!("ways of {who}: {}", ended.join(", "))));
        }
        let opened = self.goals.iter().filter(|goal| goal.opens > 0);
        for goal in opened {
            lines.push((
                "opens",
                format!("{} to {}", ways(goal.opens, false), goal.says),
            ));
        }
        let left: usize = self.goals.iter().map(|goal| goal.survives.len()).sum();
        let more = self.goals.iter().any(|goal| goal.more);
        match self.cheapest() {
            Some((goal, way)) => {
                let mut reached = self.goals.iter().filter(|goal| !goal.survives.is_empty());
                let worst = reached.next().filter(|worst| worst.says != goal.says);
                let up_to = worst.map_or_else(String::new, |w| format!(", up to {}", w.says));
                let rest = if left > 1 {
                    format!("; and {} more{up_to}", ways(left - 1, more))
                } else {
                    String::new()
                };
                lines.push((
                    "survives",
                    format!("to {}: {}{rest}", goal.says, in_words(way)),
                ));
            }
            None => lines.push((
                "survives",
                format!("no way of {who} that is visible{sight}"),
            )),
        }
        let unsure: usize = self.goals.iter().map(|goal| goal.unsure).sum();
        if unsure > 0 {
            let says = format!("what is not visible decides of {}", ways(unsure, false));
            lines.push(("unsure", says));
        }
    }
}

impl GoalPaths {
    /// `a Secret (1 of 3 ways)`; `None` where no way ends.
    fn ended(&self) -> Option<String> {
        let says = self.says;
        match (self.ends, self.survives.len()) {
            (0, _) => None,
            (1, 0) => Some(format!("{says} (the one there is)")),
            (_, 0) if self.more => Some(format!("{says} (all of them)")),
            (n, 0) => Some(format!("{says} (all {n})")),
            (n, _) if self.more => Some(format!("{says} ({n} of many)")),
            (n, _) => Some(format!("{says} ({n} of {})", self.before)),
        }
    }
}

fn ways(n: usize, more: bool) -> String {
    let at_least = if more { "at least " } else { "" };
    let s = if n == 1 { "" } else { "s" };
    format!("{at_least}{n} way{s}")
}

/// The steps of a way in a sentence.
fn in_words(way: &Way) -> String {
    if way.steps.is_empty() {
        return "there already".to_owned();
    }
    let steps: Vec<&str> = way.steps.iter().map(|step| &*step.says).collect();
    steps.join("; then ")
}
