//! Whole manifests, for objects that Bartizan makes and for no others.
//!
//! Facts do not hold what an existing object is made of (values of variables are never kept): a manifest of one would
//! silently drop the rest of it.

use super::{Printed, Style};
use crate::fix::command::Delivery;
use crate::fix::draft::{Draft, Way};
use crate::fix::steps::steps;

/// The style.
pub static STYLE: Style = Style {
    id: "manifest",
    title: "manifests of new objects",
    print,
};

fn print(drafts: &[Draft], delivery: &Delivery) -> Printed {
    let mut printed = Printed::default();
    for draft in drafts {
        let made = match draft.way {
            Way::Create => steps(draft, delivery),
            _ => Err(format!(
                "{} exists already: style manifest is for new objects, use patch",
                draft.key
            )),
        };
        match made {
            Ok(steps) => printed.steps.extend(steps),
            Err(why) => printed.cannot.push(why),
        }
    }
    printed
}
