//! Every trial. One file, one subject.

mod applications;
mod audit_log;
mod faults;
mod nodes;
mod start;
mod users;

use libtest_mimic::Trial;

/// All of them, in the order of their files.
pub fn all() -> Vec<Trial> {
    [
        applications::trials,
        audit_log::trials,
        faults::trials,
        nodes::trials,
        start::trials,
        users::trials,
    ]
    .into_iter()
    .flat_map(|trials| trials())
    .collect()
}
