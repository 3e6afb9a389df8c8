//! Plugins that are run for real: what they are told, what they may take, and what never leaves them.

use secrecy::ExposeSecret;
use serde_json::json;

use super::*;

/// A plugin that runs this shell script.
fn script(script: &str) -> Plugin {
    let exec = ExecConfig {
        api_version: Some("client.authentication.k8s.io/v1".to_owned()),
        command: Some("sh".to_owned()),
        args: Some(vec!["-c".to_owned(), script.to_owned()]),
        env: Some(vec![
            [
                ("name".to_owned(), "REGION".to_owned()),
                ("value".to_owned(), "eu".to_owned()),
            ]
            .into(),
        ]),
        provide_cluster_info: true,
        ..ExecConfig::default()
    };
    let cluster = Cluster {
        server: Some("https://one.example.com".to_owned()),
        certificate_authority_data: Some("Y2E=".to_owned()),
        ..Cluster::default()
    };
    Plugin::new(exec, &cluster, "jo", false).unwrap()
}

fn answer(status: &str) -> String {
    format!(
        r#"echo '{{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{status}}}'"#
    )
}

#[tokio::test]
async fn a_token_with_its_end() {
    let plugin = script(&answer(
        r#"{"token":"t1","expirationTimestamp":"2030-01-01T00:00:00Z"}"#,
    ));
    let credential = plugin.run().await.unwrap();
    assert_eq!(credential.token.unwrap().expose_secret(), "t1");
    assert_eq!(
        credential.expires.unwrap().to_string(),
        "2030-01-01T00:00:00Z"
    );
}

#[tokio::test]
async fn a_certificate_with_its_key() {
    let plugin = script(&answer(
        r#"{"clientCertificateData":"C","clientKeyData":"K"}"#,
    ));
    let (certificate, key) = plugin.run().await.unwrap().identity.unwrap();
    assert_eq!((certificate.as_str(), key.expose_secret()), ("C", "K"));
    let half = script(&answer(r#"{"clientCertificateData":"C"}"#))
        .run()
        .await
        .unwrap_err()
        .to_string();
    assert!(half.contains("needs its key"), "{half}");
}

#[tokio::test]
async fn it_is_told_what_kubectl_would_tell_it() {
    let plugin = script(
        r#"printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s|%s"}}' "$REGION" "$(printf %s "$KUBERNETES_EXEC_INFO" | base64 -w0)""#,
    );
    let token = plugin.run().await.unwrap().token.unwrap();
    let (region, info) = token.expose_secret().split_once('|').unwrap();
    let info: Value =
        serde_json::from_slice(&crate::source::live::base64::decode(info).unwrap()).unwrap();
    assert_eq!(region, "eu");
    assert_eq!(info["kind"], "ExecCredential");
    assert_eq!(
        info["spec"],
        json!({"interactive": false, "cluster": {"server": "https://one.example.com", "certificate-authority-data": "Y2E="}})
    );
}

#[tokio::test]
async fn it_has_no_terminal_and_a_session_of_its_own() {
    // The session's leader is the plugin itself, stdin is at its end, and /dev/tty cannot be opened.
    let plugin = script(
        r#"[ "$(ps -o sid= -p $$ | tr -d ' ')" = "$$" ] || exit 3; read line && exit 4; (: </dev/tty) 2>/dev/null && exit 5; echo done >&2; exit 9"#,
    );
    let error = plugin.run().await.unwrap_err().to_string();
    assert!(
        error.contains("exit status: 9") && error.ends_with("done"),
        "{error}"
    );
}

#[tokio::test]
async fn what_it_writes_to_stdout_is_in_no_error() {
    for end in ["; exit 1", ""] {
        let error = script(&format!("printf s3cr%s 3t-token{end}"))
            .run()
            .await
            .unwrap_err();
        assert!(
            !format!("{error} {error:?}").contains("s3cr3t"),
            "{error:?}"
        );
    }
    let other = script(
        r#"echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"s3cr3t"}}'"#,
    );
    let error = other.run().await.unwrap_err().to_string();
    assert!(
        error.contains("did not answer as client.authentication.k8s.io/v1"),
        "{error}"
    );
    let empty = script(&answer("{}")).run().await.unwrap_err().to_string();
    assert!(
        empty.contains("neither a token nor a certificate"),
        "{empty}"
    );
}

#[tokio::test]
async fn it_may_not_take_for_ever_and_its_children_end_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let mut plugin = script(&format!("(sleep 2; touch {}) & sleep 60", mark.display()));
    plugin.patience = Duration::from_millis(300);
    let started = crate::clock::Stopwatch::start();
    assert!(matches!(plugin.run().await, Err(PluginError::Slow { .. })));
    assert!(started.elapsed() < Duration::from_secs(2));
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert!(!mark.exists(), "a child went on");
}

#[tokio::test]
async fn one_that_is_not_installed_says_how_to_install_it() {
    let exec = ExecConfig {
        api_version: Some("client.authentication.k8s.io/v1beta1".to_owned()),
        command: Some("no-such-plugin-anywhere".to_owned()),
        install_hint: Some("Install it with \u{1b}[1mthe package manager".to_owned()),
        ..ExecConfig::default()
    };
    let plugin = Plugin::new(exec, &Cluster::default(), "jo", false).unwrap();
    let error = plugin.run().await.unwrap_err().to_string();
    assert!(
        error.contains("no-such-plugin-anywhere")
            && error.contains("the package manager")
            && !error.contains('\u{1b}'),
        "{error}"
    );
}

#[test]
fn entries_that_cannot_work_are_refused_before_they_run() {
    let entry = |version: &str, command: Option<&str>| {
        let exec = ExecConfig {
            api_version: Some(version.to_owned()),
            command: command.map(str::to_owned),
            ..ExecConfig::default()
        };
        Plugin::new(exec, &Cluster::default(), "jo", false)
    };
    assert!(
        entry("client.authentication.k8s.io/v1", None)
            .unwrap_err()
            .to_string()
            .contains("names no command")
    );
    assert!(
        entry("client.authentication.k8s.io/v1alpha1", Some("x"))
            .unwrap_err()
            .to_string()
            .contains("v1alpha1")
    );
    assert!(entry("client.authentication.k8s.io/v1", Some("x")).is_ok());
}

#[test]
fn the_command_line_is_cleaned_and_the_variables_are_not_shown() {
    let plugin = script("echo \u{1b}[2J");
    assert!(!plugin.command_line().contains('\u{1b}'));
    assert!(!format!("{plugin:?}").contains("REGION"));
}
