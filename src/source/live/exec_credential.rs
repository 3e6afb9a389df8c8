//! The two sides of the protocol with a credential plugin: what it is told, and what it answers
//! (`ExecCredential` of client.authentication.k8s.io).

use jiff::Timestamp;
use kube::config::Cluster;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

/// What a plugin gives.
#[derive(Clone, Debug)]
pub(super) struct Credential {
    pub(super) token: Option<SecretString>,
    /// Certificate and key, PEM.
    pub(super) identity: Option<(String, SecretString)>,
    pub(super) expires: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    api_version: Option<String>,
    kind: Option<String>,
    status: Option<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
    expiration_timestamp: Option<Timestamp>,
}

impl Credential {
    /// Reads a plugin's answer; why not, in words that hold nothing of it.
    pub(super) fn parse(answer: &[u8], api_version: &str) -> Result<Credential, String> {
        // The parser's message could quote the credential: only the place is told.
        let answer: Answer = serde_json::from_slice(answer).map_err(|e| {
            let (line, column) = (e.line(), e.column());
            format!("what it wrote is no ExecCredential (line {line}, column {column})")
        })?;
        let asked = answer.kind.as_deref() == Some("ExecCredential")
            && answer.api_version.as_deref() == Some(api_version);
        if !asked {
            return Err(format!("it did not answer as {api_version} ExecCredential"));
        }
        let status = answer.status.ok_or("its answer has no status")?;
        let token = status.token.filter(|token| !token.is_empty());
        let identity = match (status.client_certificate_data, status.client_key_data) {
            (Some(certificate), Some(key)) => Some((certificate, SecretString::from(key))),
            (None, None) => None,
            _ => return Err("a certificate needs its key, and a key its certificate".to_owned()),
        };
        if token.is_none() && identity.is_none() {
            return Err("its status has neither a token nor a certificate".to_owned());
        }
        Ok(Credential {
            token: token.map(SecretString::from),
            identity,
            expires: status.expiration_timestamp,
        })
    }
}

/// The value of `KUBERNETES_EXEC_INFO`.
pub(super) fn question(api_version: &str, interactive: bool, cluster: Option<&Value>) -> String {
    let mut spec = json!({ "interactive": interactive });
    if let (Some(cluster), Some(map)) = (cluster, spec.as_object_mut()) {
        map.insert("cluster".to_owned(), cluster.clone());
    }
    json!({ "apiVersion": api_version, "kind": "ExecCredential", "spec": spec }).to_string()
}

/// `spec.cluster` of an ExecCredential, for plugins with `provideClusterInfo`.
pub(super) fn cluster_info(cluster: &Cluster) -> Value {
    let mut info = json!({ "server": cluster.server.clone().unwrap_or_default() });
    let mut add = |key: &str, value: Option<Value>| {
        if let (Some(value), Some(map)) = (value, info.as_object_mut()) {
            map.insert(key.to_owned(), value);
        }
    };
    let file = || std::fs::read(cluster.certificate_authority.as_ref()?).ok();
    let encode = |bytes: Vec<u8>| serde_json::to_value(k8s_openapi::ByteString(bytes)).ok();
    let authority = cluster
        .certificate_authority_data
        .clone()
        .map(Value::from)
        .or_else(|| file().and_then(encode));
    add("certificate-authority-data", authority);
    add(
        "tls-server-name",
        cluster.tls_server_name.clone().map(Value::from),
    );
    add(
        "insecure-skip-tls-verify",
        cluster
            .insecure_skip_tls_verify
            .filter(|skip| *skip)
            .map(Value::from),
    );
    add("proxy-url", cluster.proxy_url.clone().map(Value::from));
    let extensions = cluster.extensions.iter().flatten();
    let config = extensions
        .into_iter()
        .find(|e| e.name == "client.authentication.k8s.io/exec");
    add("config", config.map(|e| e.extension.clone()));
    info
}
