//! What a report holds, before it is a format: plain, owned, in stable order.

mod build;
mod filter;
mod rows;

pub use build::{Clear, build};
pub use filter::Filter;
pub use rows::{
    ClusterRow, ControlCount, EvidenceRow, InstanceRow, MissingRow, NotAssessedRow, NotVisibleRow,
    ObjectRow, Report, StandingRow, StepRow, StoryRow, VerdictRow,
};

/// Name of the schema.
pub const SCHEMA: &str = "bartizan.report/1";
