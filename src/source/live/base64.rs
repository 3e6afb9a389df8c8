//! Base64 as kubeconfig and PEM hold it, through the one decoder that the client libraries bring already.

use k8s_openapi::ByteString;

/// Standard base64; white space is skipped, as Go's decoder does with newlines.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let text: String = text.split_whitespace().collect();
    serde_json::from_value::<ByteString>(serde_json::Value::String(text))
        .ok()
        .map(|bytes| bytes.0)
}

/// Base64url without padding, as JSON web tokens use it.
pub(super) fn decode_url(text: &str) -> Option<Vec<u8>> {
    let mut text = text.replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    decode(&text)
}

/// The certificates of a PEM bundle, as DER.
pub(super) fn certificates(pem: &str) -> Option<Vec<Vec<u8>>> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let blocks = pem.split(BEGIN).skip(1);
    let found: Option<Vec<_>> = blocks
        .map(|block| decode(block.split_once(END)?.0))
        .collect();
    found.filter(|list| !list.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_kubeconfigs_hold() {
        assert_eq!(decode("aGVs\n bG8="), Some(b"hello".to_vec()));
        assert_eq!(decode("a*b"), None);
        assert_eq!(
            decode_url("eyJhIjoiPz8-In0"),
            Some(br#"{"a":"??>"}"#.to_vec())
        );
    }

    #[test]
    fn a_bundle_holds_several_certificates() {
        let pem = "comment\n-----BEGIN CERTIFICATE-----\naGVs\nbG8=\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\naGk=\n-----END CERTIFICATE-----\n";
        assert_eq!(
            certificates(pem),
            Some(vec![b"hello".to_vec(), b"hi".to_vec()])
        );
        assert_eq!(certificates("no certificate"), None);
        assert_eq!(certificates("-----BEGIN CERTIFICATE-----\naGk="), None);
    }
}
