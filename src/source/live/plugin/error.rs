//! Why a credential plugin gave nothing.

use thiserror::Error;

/// Why a plugin gave nothing. Never holds what it wrote to stdout.
#[derive(Clone, Debug, Error)]
pub(in crate::source::live) enum PluginError {
    #[error("the credential plugin `{command}` cannot be started: {why}{hint}")]
    Start {
        command: String,
        why: String,
        hint: String,
    },
    #[error("the credential plugin `{command}` failed ({status}): {said}")]
    Failed {
        command: String,
        status: String,
        said: String,
    },
    #[error(
        "the credential plugin `{command}` gave no answer within {} seconds",
        seconds
    )]
    Slow { command: String, seconds: u64 },
    #[error("the credential plugin `{command}` gave no credential: {why}")]
    Answer { command: String, why: String },
    #[error(
        "the credential plugin `{command}` must ask; run `kubectl get ns` once in a terminal, then come back"
    )]
    MustAsk { command: String },
    #[error("the credential plugin `{command}` was not allowed to run")]
    NotAllowed { command: String },
}
