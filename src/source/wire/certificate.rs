//! CertificateSigningRequest: the request and the certificate themselves are skipped.

use super::fields::wire;
use super::lenient::{List, Text};
use super::metadata::Metadata;
use super::node::Condition;
use super::pool::Pool;
use super::{DecodeError, Wire};
use crate::model::objects::certificate::CertificateRequest;
use crate::model::{Kind, Object};

wire! {
    pub(super) struct CertificateWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<Spec<'a>> = "spec",
        status: Option<Status<'a>> = "status",
    }
}

wire! {
    struct Spec<'a> {
        signer_name: Text<'a> = "signerName",
        username: Text<'a> = "username",
        groups: List<Text<'a>> = "groups",
        expiration_seconds: Option<i32> = "expirationSeconds",
    }
}

wire! {
    struct Status<'a> {
        conditions: List<Condition<'a>> = "conditions",
    }
}

impl<'de> Wire<'de> for CertificateWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let spec = self.spec.unwrap_or_default();
        let conditions = self.status.unwrap_or_default().conditions;
        Ok(Object::CertificateRequest(CertificateRequest {
            meta: self.metadata.fact(kind, pool)?,
            signer: pool.text(&spec.signer_name),
            requester: pool.text(&spec.username),
            groups: pool.texts(&spec.groups),
            approved: Condition::holds(&conditions, "Approved"),
            denied: Condition::holds(&conditions, "Denied"),
            expires: spec.expiration_seconds,
        }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]
    use super::super::testing::decoded;
    use super::*;

    #[test]
    fn decodes() {
        let json = r#"{"metadata":{"name":"csr-1"},"spec":{"request":"LS0t","signerName":"kubernetes.io/kube-apiserver-client","username":"jo",
            "groups":["ops"],"usages":["client auth"],"expirationSeconds":86400},
            "status":{"certificate":"LS0t","conditions":[{"type":"Approved","status":"True","reason":"ok"}]}}"#;
        let Object::CertificateRequest(request) = decoded(Kind::CertificateSigningRequest, json)
        else {
            panic!("another kind")
        };
        assert!(request.approved && !request.denied);
        assert_eq!(
            (&*request.signer, &*request.requester, request.expires),
            ("kubernetes.io/kube-apiserver-client", "jo", Some(86400))
        );
    }
}
