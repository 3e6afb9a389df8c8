//! From kubeconfig files, flags and the environment to one connection, with kubectl's own meanings.
//!
//! The client library's own inference is not used: stray variables could change the identity, a missing file in
//! `$KUBECONFIG` would be an error, and it would run credential plugins by itself. `exec` is taken out here and run by
//! [`super::plugin`]; the proxy is chosen by [`super::proxy`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kube::config::{AuthInfo, Cluster, Context, Kubeconfig};
use thiserror::Error;

use super::options::Options;
use super::plugin::Plugin;
use super::{base64, proxy};

/// Why there is no connection to try. Each message says what, where and what to do.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A kubeconfig could not be read or is not one.
    #[error("cannot use the kubeconfig {}: {why}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing says where the cluster is.
    #[error(
        "no cluster to connect to: {looked} holds none; give --kubeconfig FILE, --context NAME or --server URL, or try --demo"
    )]
    NoCluster {
        /// Where it was looked for.
        looked: String,
    },
    /// No context was chosen.
    #[error("no context is chosen; give --context with one of: {}", names.join(", "))]
    NoContext {
        /// The contexts that exist.
        names: Vec<String>,
    },
    /// A context, cluster or user that the kubeconfig does not have.
    #[error("the kubeconfig has no {what} {name:?}; it has: {}", names.join(", "))]
    Unknown {
        /// `context`, `cluster` or `user`.
        what: &'static str,
        /// The name that was asked for.
        name: String,
        /// The names that exist.
        names: Vec<String>,
    },
    /// The server's address is not a URL.
    #[error("the server address {url:?} is not a URL: {why}")]
    Server {
        /// The address.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// A certificate could not be read.
    #[error("cannot read the certificate authority of {place}: {why}")]
    Certificate {
        /// The file or the cluster's name.
        place: String,
        /// What is wrong with it.
        why: String,
    },
    /// The way to log in is not supported, or has ended.
    #[error("the user {user:?} cannot log in: {why}")]
    Login {
        /// Name of the user.
        user: String,
        /// Why, and what to do.
        why: String,
    },
    /// The pod's own service account cannot be used.
    #[error("running in a cluster, but its service account cannot be used: {0}")]
    InCluster(String),
    /// A namespace that cannot exist.
    #[error("{0:?} is no name of a namespace")]
    Namespace(String),
}

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

/// A context of the kubeconfig, for the picker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextEntry {
    /// Its name.
    pub name: String,
    /// Name of its cluster.
    pub cluster: String,
    /// Name of its user; empty without.
    pub user: String,
    /// Its namespace; empty without.
    pub namespace: String,
    /// The one that would be used now.
    pub current: bool,
}

/// Environment variables, read once.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment(BTreeMap<String, String>);

impl Environment {
    pub(super) fn read() -> Environment {
        let all = std::env::vars_os();
        Environment(
            all.filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
                .collect(),
        )
    }

    #[cfg(test)]
    pub(super) fn of(pairs: &[(&str, &str)]) -> Environment {
        Environment(
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
        )
    }

    /// The first of the variables that is set and not empty.
    pub(super) fn first(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .find_map(|name| self.0.get(*name))
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }
}

/// The contexts of the kubeconfig that the options name.
pub fn contexts(options: &Options) -> Result<Vec<ContextEntry>, ConfigError> {
    let kubeconfig = read(options, &Environment::read())?;
    let current = options
        .context
        .clone()
        .or(kubeconfig.current_context)
        .unwrap_or_default();
    let entries = kubeconfig.contexts.into_iter().map(|named| {
        let context = named.context.unwrap_or_default();
        ContextEntry {
            current: named.name == current,
            name: named.name,
            cluster: context.cluster,
            user: context.user.unwrap_or_default(),
            namespace: context.namespace.unwrap_or_default(),
        }
    });
    Ok(entries.collect())
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

/// `--kubeconfig` alone, else the files of `$KUBECONFIG` that exist, else `~/.kube/config` if it exists.
fn read(options: &Options, environment: &Environment) -> Result<Kubeconfig, ConfigError> {
    if let Some(path) = &options.kubeconfig {
        return read_file(path);
    }
    let listed = environment
        .first(&["KUBECONFIG"])
        .map(|list| std::env::split_paths(list).collect::<Vec<_>>());
    let paths = listed.unwrap_or_else(|| {
        environment
            .first(&["HOME"])
            .map(|home| Path::new(home).join(".kube/config"))
            .into_iter()
            .collect()
    });
    let mut merged = Kubeconfig::default();
    for path in paths
        .iter()
        .filter(|path| !path.as_os_str().is_empty() && path.exists())
    {
        merged = merged
            .merge(read_file(path)?)
            .map_err(|e| file_error(path, &e))?;
    }
    Ok(merged)
}

fn read_file(path: &Path) -> Result<Kubeconfig, ConfigError> {
    Kubeconfig::read_from(path).map_err(|e| file_error(path, &e))
}

fn file_error(path: &Path, error: &kube::config::KubeconfigError) -> ConfigError {
    let why = match error {
        kube::config::KubeconfigError::ReadConfig(io, _) => io.to_string(),
        // The parser quotes the lines around the fault, and those can hold a token: its first line says enough.
        other => other
            .to_string()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned(),
    };
    ConfigError::File {
        path: path.to_owned(),
        why,
    }
}

/// What a context comes to.
struct Chosen {
    context: String,
    namespace: Option<String>,
    cluster_name: String,
    cluster: Cluster,
    user_name: String,
    user: AuthInfo,
}

fn choose(
    kubeconfig: &Kubeconfig,
    options: &Options,
    environment: &Environment,
) -> Result<Chosen, ConfigError> {
    let names: Vec<String> = kubeconfig.contexts.iter().map(|c| c.name.clone()).collect();
    let wanted = options
        .context
        .as_ref()
        .or(kubeconfig.current_context.as_ref())
        .filter(|name| !name.is_empty());
    let context = match wanted {
        Some(name) => {
            let found = kubeconfig.contexts.iter().find(|c| c.name == *name);
            let unknown = || ConfigError::Unknown {
                what: "context",
                name: name.clone(),
                names: names.clone(),
            };
            found
                .ok_or_else(unknown)?
                .context
                .clone()
                .unwrap_or_default()
        }
        None if options.server.is_some() || options.cluster.is_some() => Context::default(),
        None if names.is_empty() => {
            return Err(ConfigError::NoCluster {
                looked: looked(options, environment),
            });
        }
        None => return Err(ConfigError::NoContext { names }),
    };
    let cluster_name = options
        .cluster
        .clone()
        .unwrap_or_else(|| context.cluster.clone());
    let user_name = options
        .user
        .clone()
        .or_else(|| context.user.clone())
        .unwrap_or_default();
    Ok(Chosen {
        context: wanted.cloned().unwrap_or_default(),
        namespace: context.namespace.filter(|namespace| !namespace.is_empty()),
        cluster: cluster_of(kubeconfig, &cluster_name, options)?,
        user: user_of(kubeconfig, &user_name, options)?,
        cluster_name,
        user_name,
    })
}

fn looked(options: &Options, environment: &Environment) -> String {
    match (&options.kubeconfig, environment.first(&["KUBECONFIG"])) {
        (Some(path), _) => path.display().to_string(),
        (None, Some(list)) => format!("KUBECONFIG={list}"),
        (None, None) => "~/.kube/config".to_owned(),
    }
}

fn cluster_of(
    kubeconfig: &Kubeconfig,
    name: &str,
    options: &Options,
) -> Result<Cluster, ConfigError> {
    let found = kubeconfig.clusters.iter().find(|c| c.name == name);
    let names = || kubeconfig.clusters.iter().map(|c| c.name.clone()).collect();
    let mut cluster = match found {
        Some(named) => named.cluster.clone().unwrap_or_default(),
        None if options.server.is_some() && options.cluster.is_none() => Cluster::default(),
        None => {
            return Err(ConfigError::Unknown {
                what: "cluster",
                name: name.to_owned(),
                names: names(),
            });
        }
    };
    if let Some(server) = &options.server {
        cluster.server = Some(server.clone());
    }
    if let Some(authority) = &options.certificate_authority {
        cluster.certificate_authority = Some(authority.display().to_string());
        cluster.certificate_authority_data = None;
    }
    if options.insecure_skip_tls_verify {
        cluster.insecure_skip_tls_verify = Some(true);
        cluster.certificate_authority = None;
        cluster.certificate_authority_data = None;
    }
    if let Some(name) = &options.tls_server_name {
        cluster.tls_server_name = Some(name.clone());
    }
    Ok(cluster)
}

/// A context may name a user that does not exist: kubectl then goes on without a login. One named by `--user` must exist.
fn user_of(
    kubeconfig: &Kubeconfig,
    name: &str,
    options: &Options,
) -> Result<AuthInfo, ConfigError> {
    let found = kubeconfig
        .auth_infos
        .iter()
        .find(|u| u.name == name)
        .and_then(|u| u.auth_info.clone());
    if found.is_none() && options.user.is_some() {
        let names = kubeconfig
            .auth_infos
            .iter()
            .map(|u| u.name.clone())
            .collect();
        return Err(ConfigError::Unknown {
            what: "user",
            name: name.to_owned(),
            names,
        });
    }
    let mut user = found.unwrap_or_default();
    apply_flags(&mut user, options);
    Ok(user)
}

fn apply_flags(user: &mut AuthInfo, options: &Options) {
    if let Some(token) = &options.token {
        // As in client-go: a token that is given is used, and no plugin runs.
        user.token = Some(token.clone().into());
        user.token_file = None;
        user.exec = None;
        user.auth_provider = None;
        (user.username, user.password) = (None, None);
    }
    if let Some(path) = &options.client_certificate {
        (user.client_certificate, user.client_certificate_data) =
            (Some(path.display().to_string()), None);
    }
    if let Some(path) = &options.client_key {
        (user.client_key, user.client_key_data) = (Some(path.display().to_string()), None);
    }
    if let Some(name) = &options.impersonate {
        user.impersonate = Some(name.clone());
    }
    if !options.impersonate_groups.is_empty() {
        user.impersonate_groups = Some(options.impersonate_groups.clone());
    }
    if let Some(uid) = &options.impersonate_uid {
        user.impersonate_uid = Some(uid.clone());
    }
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

fn server_url(chosen: &Chosen) -> Result<String, ConfigError> {
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

fn authority(client: &mut kube::Config, chosen: &Chosen) -> Result<(), ConfigError> {
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
