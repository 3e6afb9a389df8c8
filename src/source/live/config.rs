//! From kubeconfig files, flags and the environment to one connection, with kubectl's own meanings.
//!
//! The client library's own inference is not used: stray variables could change the identity, a missing file in
//! `$KUBECONFIG` would be an error, and it would run credential plugins by itself. `exec` is taken out here and run by
//! [`super::plugin`]; the proxy is chosen by [`super::proxy`].

use std::path::PathBuf;

use super::config_error::ConfigError;
use super::kubeconfig::{Chosen, Environment, apply_flags, choose, looked, read};
use super::options::Options;
use super::plugin::Plugin;
use super::{base64, proxy};

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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use secrecy::ExposeSecret;
    use tempfile::TempDir;

    use super::*;

    const FILE: &str = r#"
apiVersion: v1
kind: Config
current-context: one
contexts:
- {name: one, context: {cluster: c1, user: u1, namespace: shop}}
- {name: two, context: {cluster: c2, user: missing}}
clusters:
- {name: c1, cluster: {server: "https://one.example.com:6443", certificate-authority: ca.pem}}
- {name: c2, cluster: {server: "two.example.com:8080", proxy-url: "http://proxy.example.com:3128"}}
users:
- {name: u1, user: {token: t1}}
- name: u2
  user:
    exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login.sh, args: [a b], interactiveMode: Never, provideClusterInfo: true}
"#;

    const PEM: &str = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";

    fn folder() -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("config"), FILE).unwrap();
        fs::write(folder.path().join("ca.pem"), PEM).unwrap();
        folder
    }

    fn of(folder: &Path, options: &Options) -> Result<Settings, ConfigError> {
        let list = format!("{0}/absent::{0}/config", folder.display());
        load(options, &Environment::of(&[("KUBECONFIG", &list)]))
    }

    fn flags(change: impl FnOnce(&mut Options)) -> Options {
        let mut options = Options::default();
        change(&mut options);
        options
    }

    #[test]
    fn a_list_of_files_may_name_some_that_do_not_exist() {
        let folder = folder();
        let settings = of(folder.path(), &Options::default()).unwrap();
        assert_eq!(settings.context, "one");
        assert_eq!(
            settings.client.cluster_url.to_string(),
            "https://one.example.com:6443/"
        );
        assert_eq!(settings.namespaces, ["shop"]);
        assert_eq!(settings.client.root_cert, Some(vec![b"hello".to_vec()]));
        assert_eq!(
            settings.client.root_cert_file,
            Some(folder.path().join("ca.pem"))
        );
        assert_eq!(
            settings.client.auth_info.token.unwrap().expose_secret(),
            "t1"
        );
        assert!(!settings.client.default_retry && settings.client.proxy_url.is_none());
    }

    #[test]
    fn flags_win_as_they_do_in_kubectl() {
        let folder = folder();
        let settings = of(
            folder.path(),
            &flags(|o| {
                o.context = Some("two".into());
                o.user = Some("u2".into());
                o.token = Some("t2".into());
                o.impersonate = Some("jo".into());
                o.impersonate_groups = vec!["ops".into()];
                o.impersonate_uid = Some("7".into());
                o.tls_server_name = Some("name".into());
                o.insecure_skip_tls_verify = true;
                o.namespaces = vec!["pay".into(), "shop".into()];
            }),
        )
        .unwrap();
        let user = &settings.client.auth_info;
        assert_eq!(user.token.as_ref().unwrap().expose_secret(), "t2");
        assert!(
            settings.plugin.is_none(),
            "a token that is given runs no plugin"
        );
        assert_eq!(
            (user.impersonate.as_deref(), user.impersonate_uid.as_deref()),
            (Some("jo"), Some("7"))
        );
        assert_eq!(user.impersonate_groups, Some(vec!["ops".to_owned()]));
        assert!(settings.client.accept_invalid_certs);
        assert_eq!(settings.client.tls_server_name.as_deref(), Some("name"));
        assert_eq!(
            settings.client.cluster_url.scheme_str(),
            Some("https"),
            "TLS is configured, so the bare address is https"
        );
        assert_eq!(
            settings.client.proxy_url.unwrap().host(),
            Some("proxy.example.com")
        );
        assert_eq!(settings.namespaces, ["pay", "shop"]);
    }

    #[test]
    fn a_bare_address_without_tls_is_http_and_a_missing_user_is_nobody() {
        let folder = folder();
        let settings = of(folder.path(), &flags(|o| o.context = Some("two".into()))).unwrap();
        assert_eq!(
            settings.client.cluster_url.to_string(),
            "http://two.example.com:8080/"
        );
        assert!(settings.client.auth_info.token.is_none());
    }

    #[test]
    fn a_plugin_is_taken_out_and_its_path_is_relative_to_the_file() {
        let folder = folder();
        let settings = of(folder.path(), &flags(|o| o.user = Some("u2".into()))).unwrap();
        assert!(settings.client.auth_info.exec.is_none());
        let plugin = settings.plugin.unwrap();
        assert_eq!(
            plugin.command_line(),
            format!("{} a b", folder.path().join("./login.sh").display())
        );
        assert!(!plugin.unconfirmed);
        let given = flags(|o| {
            (o.user, o.kubeconfig) = (Some("u2".into()), Some(folder.path().join("config")))
        });
        assert!(
            load(&given, &Environment::default())
                .unwrap()
                .plugin
                .unwrap()
                .unconfirmed
        );
    }

    #[test]
    fn errors_say_what_where_and_what_to_do() {
        let folder = folder();
        let said = |options: &Options| of(folder.path(), options).unwrap_err().to_string();
        assert_eq!(
            said(&flags(|o| o.context = Some("three".into()))),
            r#"the kubeconfig has no context "three"; it has: one, two"#
        );
        assert_eq!(
            said(&flags(|o| o.cluster = Some("c9".into()))),
            r#"the kubeconfig has no cluster "c9"; it has: c1, c2"#
        );
        assert_eq!(
            said(&flags(|o| o.user = Some("u9".into()))),
            r#"the kubeconfig has no user "u9"; it has: u1, u2"#
        );
        assert_eq!(
            said(&flags(|o| o.namespaces = vec!["Shop/../x".into()])),
            r#""Shop/../x" is no name of a namespace"#
        );
        assert!(
            said(&flags(|o| o.kubeconfig = Some("/nowhere/config".into())))
                .starts_with("cannot use the kubeconfig /nowhere/config: No such file")
        );
        assert!(
            said(&flags(
                |o| o.certificate_authority = Some("/nowhere/ca".into())
            ))
            .starts_with("cannot read the certificate authority of /nowhere/ca")
        );
        assert!(said(&flags(|o| o.server = Some("http://a b".into()))).contains("is not a URL"));
        assert!(said(&flags(|o| o.server = Some("https://".into()))).contains("is not a URL"));
    }

    #[test]
    fn a_broken_file_is_named_and_what_is_in_it_is_not_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        fs::write(&path, "users:\n- name: u\n  user: {token: s3cr3t-value\n").unwrap();
        let error = load(
            &flags(|o| o.kubeconfig = Some(path.clone())),
            &Environment::default(),
        )
        .unwrap_err()
        .to_string();
        assert!(
            error.contains(&path.display().to_string()) && !error.contains("s3cr3t"),
            "{error}"
        );
    }

    #[test]
    fn without_anything_it_says_where_it_looked_and_a_server_alone_is_enough() {
        let none = load(&Options::default(), &Environment::default())
            .unwrap_err()
            .to_string();
        assert!(
            none.contains("~/.kube/config") && none.contains("--demo"),
            "{none}"
        );
        let listed = load(
            &Options::default(),
            &Environment::of(&[("KUBECONFIG", "/a:/b")]),
        )
        .unwrap_err()
        .to_string();
        assert!(listed.contains("KUBECONFIG=/a:/b"), "{listed}");
        let settings = load(
            &flags(|o| o.server = Some("http://127.0.0.1:8001".into())),
            &Environment::default(),
        )
        .unwrap();
        assert_eq!(
            (settings.context.as_str(), settings.namespaces[0].as_str()),
            ("http://127.0.0.1:8001/", "default")
        );
    }

    #[test]
    fn contexts_without_a_current_one_are_listed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("config"),
            FILE.replace("current-context: one", ""),
        )
        .unwrap();
        let error = of(folder.path(), &Options::default())
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "no context is chosen; give --context with one of: one, two"
        );
    }

    #[test]
    fn odd_files_load() {
        for text in [
            "",
            "null",
            "contexts: null\nclusters: null\nusers: null",
            "{}",
        ] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("config"), text).unwrap();
            assert!(
                matches!(
                    of(folder.path(), &Options::default()),
                    Err(ConfigError::NoCluster { .. })
                ),
                "{text:?}"
            );
        }
    }
}
