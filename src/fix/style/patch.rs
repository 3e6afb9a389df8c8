//! Patches and commands for kubectl: the default.

use super::{Printed, Style};
use crate::fix::command::Delivery;
use crate::fix::draft::Draft;
use crate::fix::steps::steps;

/// The style.
pub static STYLE: Style = Style {
    id: "patch",
    title: "patches for kubectl",
    print,
};

fn print(drafts: &[Draft], delivery: &Delivery) -> Printed {
    let mut printed = Printed::default();
    for draft in drafts {
        match steps(draft, delivery) {
            Ok(steps) => printed.steps.extend(steps),
            Err(why) => printed.cannot.push(why),
        }
    }
    printed
}
