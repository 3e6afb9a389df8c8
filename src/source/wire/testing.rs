//! What the unit tests of the wire files share.
#![allow(clippy::panic, reason = "tests")]

use super::{DecodeError, Pool, decode_json, decode_value};
use crate::model::{Kind, Object};

/// Decodes by both ways in, which must agree.
pub(super) fn decoded(kind: Kind, json: &str) -> Object {
    let object =
        decode_json(kind, json, &mut Pool::new()).unwrap_or_else(|e| panic!("{kind}: {e}"));
    let value: serde_json::Value =
        serde_json::from_str(json).unwrap_or_else(|e| panic!("{kind}: {e}"));
    assert_eq!(
        decode_value(kind, &value, &mut Pool::new()).as_ref(),
        Ok(&object)
    );
    assert_eq!(object.kind(), kind);
    object
}

/// The error of an object that must not decode.
pub(super) fn refused(kind: Kind, json: &str) -> DecodeError {
    match decode_json(kind, json, &mut Pool::new()) {
        Ok(object) => panic!("decoded: {object:?}"),
        Err(error) => error,
    }
}
