//! kubeconfig files, flags and the environment, read as kubectl reads them.

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
    let given =
        flags(|o| (o.user, o.kubeconfig) = (Some("u2".into()), Some(folder.path().join("config"))));
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
