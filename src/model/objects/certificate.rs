//! CertificateSigningRequest: who asked for a client certificate, and whether it was given.

use crate::model::{Meta, Str};

/// A certificate signing request. The request itself and the certificate are not kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct CertificateRequest {
    /// Metadata.
    pub meta: Meta,
    /// `signerName`.
    pub signer: Str,
    /// `username` that asked.
    pub requester: Str,
    /// Groups of the requester.
    pub groups: Box<[Str]>,
    /// An `Approved` condition is true.
    pub approved: bool,
    /// A `Denied` condition is true.
    pub denied: bool,
    /// `expirationSeconds`.
    pub expires: Option<i32>,
}
