//! What somebody may do, in two forms: as a matrix of verbs and resources, and as a list.

pub(super) mod around;
pub(super) mod list;
pub(super) mod matrix;
mod paint;

use crate::engine::RightKey;

/// Whether somebody may do something, in a sentence: `sa:shop/cart may get, list secrets in shop`.
fn title(subject: &str, verbs: &str, key: &RightKey) -> String {
    let place = match &key.scope {
        None => "everywhere".to_owned(),
        Some(namespace) => format!("in {namespace}"),
    };
    format!("{subject} may {verbs} {} {place}", key.what)
}
