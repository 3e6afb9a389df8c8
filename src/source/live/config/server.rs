//! Where the API server is, and which authority vouches for it.

use std::path::PathBuf;

use crate::source::live::base64;
use crate::source::live::config_error::ConfigError;
use crate::source::live::kubeconfig::Chosen;

/// The URL of the chosen cluster.
pub(super) fn server_url(chosen: &Chosen) -> Result<String, ConfigError> {
    let none = || ConfigError::Server {
        url: String::new(),
        why: format!("the cluster {:?} has none", chosen.cluster_name),
    };
    let server = chosen
        .cluster
        .server
        .as_deref()
        .filter(|url| !url.is_empty())
        .ok_or_else(none)?;
    if server.contains("://") {
        return Ok(server.to_owned());
    }
    // client-go's DefaultServerURL: without a scheme it is https where TLS is configured, else http.
    let cluster = &chosen.cluster;
    let secure = cluster.certificate_authority.is_some()
        || cluster.certificate_authority_data.is_some()
        || cluster.insecure_skip_tls_verify == Some(true)
        || chosen.user.client_certificate.is_some()
        || chosen.user.client_certificate_data.is_some();
    Ok(format!(
        "{}://{server}",
        if secure { "https" } else { "http" }
    ))
}

/// Takes over the certificates of the authority.
pub(super) fn authority(client: &mut kube::Config, chosen: &Chosen) -> Result<(), ConfigError> {
    let cluster = &chosen.cluster;
    let bad = |place: &str, why: &str| ConfigError::Certificate {
        place: place.to_owned(),
        why: why.to_owned(),
    };
    if let Some(data) = cluster
        .certificate_authority_data
        .as_deref()
        .filter(|data| !data.is_empty())
    {
        let pem = base64::decode(data).and_then(|bytes| String::from_utf8(bytes).ok());
        let certificates = pem.and_then(|pem| base64::certificates(&pem));
        client.root_cert = Some(certificates.ok_or_else(|| {
            bad(
                &chosen.cluster_name,
                "certificate-authority-data is no PEM certificate",
            )
        })?);
    } else if let Some(path) = cluster
        .certificate_authority
        .as_deref()
        .filter(|path| !path.is_empty())
    {
        let pem = std::fs::read_to_string(path).map_err(|e| bad(path, &e.to_string()))?;
        client.root_cert = Some(
            base64::certificates(&pem).ok_or_else(|| bad(path, "it holds no PEM certificate"))?,
        );
        // Read again by the client as it changes: authorities are rotated.
        client.root_cert_file = Some(PathBuf::from(path));
    }
    Ok(())
}
