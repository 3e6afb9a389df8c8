//! From kubeconfig files, flags and the environment to one connection, with kubectl's own meanings.
//!
//! The client library's own inference is not used: stray variables could change the identity, a missing file in
//! `$KUBECONFIG` would be an error, and it would run credential plugins by itself. `exec` is taken out here and run by
//! [`super::plugin`]; the proxy is chosen by [`super::proxy`].

mod server;
#[cfg(test)]
mod tests;

use super::config_error::ConfigError;
use super::kubeconfig::{Chosen, Environment, apply_flags, choose, looked, read};
use super::options::Options;
use super::plugin::Plugin;
use super::proxy;
use server::{authority, server_url};

/// One connection, ready to be made.
#[derive(Debug)]
pub(super) struct Settings {
    /// For the client library, without `exec` and with the proxy decided.
    pub(super) client: kube::Config,
    /// The credential plugin.
    pub(super) plugin: Option<Plugin>,
    /// Name of the context, or what stands in for it.
    pub(super) context: String,
    /// Namespaces to look into when the whole cluster may not be listed: those of `-n`, else the context's.
    pub(super) namespaces: Vec<String>,
}

/// Everything needed to connect.
pub(super) fn load(options: &Options, environment: &Environment) -> Result<Settings, ConfigError> {
    for namespace in &options.namespaces {
        let label = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if namespace.is_empty() || namespace.len() > 63 || !namespace.chars().all(label) {
            return Err(ConfigError::Namespace(namespace.clone()));
        }
    }
    let kubeconfig = read(options, environment)?;
    let empty = kubeconfig.clusters.is_empty() && kubeconfig.contexts.is_empty();
    if empty && options.kubeconfig.is_none() && options.server.is_none() {
        return in_cluster(options, environment);
    }
    let chosen = choose(&kubeconfig, options, environment)?;
    settings(chosen, options, environment)
}

fn settings(
    mut chosen: Chosen,
    options: &Options,
    environment: &Environment,
) -> Result<Settings, ConfigError> {
    let url = server_url(&chosen)?;
    let bad_url = |url: &str, why: String| ConfigError::Server {
        url: url.to_owned(),
        why,
    };
    let uri: http::Uri = url
        .parse()
        .map_err(|e: http::uri::InvalidUri| bad_url(&url, e.to_string()))?;
    if uri.host().is_none_or(str::is_empty) {
        return Err(bad_url(&url, "it names no host".to_owned()));
    }
    let proxy = proxy::choose(&uri, chosen.cluster.proxy_url.as_deref(), environment);
    let mut client = kube::Config::new(uri);
    client.proxy_url = match proxy {
        Some(text) => Some(
            text.parse()
                .map_err(|e: http::uri::InvalidUri| bad_url(&text, e.to_string()))?,
        ),
        None => None,
    };
    authority(&mut client, &chosen)?;
    client.accept_invalid_certs = chosen.cluster.insecure_skip_tls_verify.unwrap_or(false);
    client.disable_compression = chosen.cluster.disable_compression.unwrap_or(false);
    client.tls_server_name = chosen
        .cluster
        .tls_server_name
        .clone()
        .filter(|name| !name.is_empty());
    let unconfirmed = options.kubeconfig.is_some();
    let plugin = chosen
        .user
        .exec
        .take()
        .map(|exec| Plugin::new(exec, &chosen.cluster, &chosen.user_name, unconfirmed));
    let plugin = plugin.transpose()?;
    super::login_provider::replace(&mut chosen.user, &chosen.user_name)?;
    client.auth_info = chosen.user;
    Ok(finish(
        client,
        plugin,
        chosen.context,
        chosen.namespace.as_deref(),
        options,
    ))
}

fn in_cluster(options: &Options, environment: &Environment) -> Result<Settings, ConfigError> {
    if environment.first(&["KUBERNETES_SERVICE_HOST"]).is_none() {
        return Err(ConfigError::NoCluster {
            looked: looked(options, environment),
        });
    }
    let mut client =
        kube::Config::incluster().map_err(|e| ConfigError::InCluster(e.to_string()))?;
    apply_flags(&mut client.auth_info, options);
    let namespace = client.default_namespace.clone();
    Ok(finish(
        client,
        None,
        "in-cluster".to_owned(),
        Some(&namespace),
        options,
    ))
}

fn finish(
    mut client: kube::Config,
    plugin: Option<Plugin>,
    context: String,
    namespace: Option<&str>,
    options: &Options,
) -> Settings {
    // With the library's own retries a 503 is tried 15 times in silence; ours are seen on screen.
    client.default_retry = false;
    client.connect_timeout = Some(std::time::Duration::from_secs(10));
    client.default_namespace = namespace.unwrap_or("default").to_owned();
    let context = if context.is_empty() {
        client.cluster_url.to_string()
    } else {
        context
    };
    let namespaces = if options.namespaces.is_empty() {
        vec![client.default_namespace.clone()]
    } else {
        options.namespaces.clone()
    };
    Settings {
        client,
        plugin,
        context,
        namespaces,
    }
}
