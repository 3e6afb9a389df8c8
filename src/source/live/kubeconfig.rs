//! Kubeconfig files as kubectl reads them: which files, which context, which cluster and user, and the flags on top.

use std::collections::BTreeMap;
use std::path::Path;

use kube::config::{AuthInfo, Cluster, Context, Kubeconfig};

use super::config_error::ConfigError;
use super::options::Options;

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

/// `--kubeconfig` alone, else the files of `$KUBECONFIG` that exist, else `~/.kube/config` if it exists.
pub(super) fn read(
    options: &Options,
    environment: &Environment,
) -> Result<Kubeconfig, ConfigError> {
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
pub(super) struct Chosen {
    pub(super) context: String,
    pub(super) namespace: Option<String>,
    pub(super) cluster_name: String,
    pub(super) cluster: Cluster,
    pub(super) user_name: String,
    pub(super) user: AuthInfo,
}

pub(super) fn choose(
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

pub(super) fn looked(options: &Options, environment: &Environment) -> String {
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

pub(super) fn apply_flags(user: &mut AuthInfo, options: &Options) {
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
