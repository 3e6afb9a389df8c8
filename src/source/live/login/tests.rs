//! When a plugin runs, how often, and who is asked first.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::{SignedDuration, Timestamp};
use kube::config::{Cluster, ExecConfig, ExecInteractiveMode};

use super::ready::renew_at;
use super::*;
use crate::source::live::api::Api;
use crate::source::live::failure::Failure;
use crate::source::live::loopback::Loopback;

/// A plugin that counts its runs in a file and gives `token-N`, with more of a status if wanted.
fn counting(folder: &Path, mode: ExecInteractiveMode, more: &str) -> ExecConfig {
    let runs = folder.join("runs");
    let script = format!(
        r#"echo run >> {0}; n=$(wc -l < {0}); echo '{{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{{"token":"token-'$n'"{more}}}}}'"#,
        runs.display()
    );
    ExecConfig {
        api_version: Some("client.authentication.k8s.io/v1".to_owned()),
        command: Some("sh".to_owned()),
        args: Some(vec!["-c".to_owned(), script]),
        interactive_mode: Some(mode),
        ..ExecConfig::default()
    }
}

fn runs(folder: &Path) -> usize {
    std::fs::read_to_string(folder.join("runs")).map_or(0, |text| text.lines().count())
}

fn api(server: &Loopback, exec: ExecConfig, unconfirmed: bool, ask: Option<Ask>) -> Api {
    let mut config = kube::Config::new(server.url.parse().unwrap());
    config.default_retry = false;
    let plugin = Plugin::new(exec, &Cluster::default(), "jo", unconfirmed).unwrap();
    Api::of_login(Login::new(config, Some(plugin), ask), false, None)
}

async fn version(api: &Api) -> Result<serde_json::Value, Failure> {
    api.get("/version", None).await
}

fn well() -> Loopback {
    Loopback::new(|_| (200, r#"{"gitVersion":"v1.36.3"}"#.to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn many_requests_run_the_plugin_once() {
    let (folder, server) = (tempfile::tempdir().unwrap(), well());
    let api = api(
        &server,
        counting(folder.path(), ExecInteractiveMode::Never, ""),
        false,
        None,
    );
    let all = futures::future::join_all((0..20).map(|_| version(&api))).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!((runs(folder.path()), server.heads().len()), (1, 20));
    assert!(
        server
            .heads()
            .iter()
            .all(|head| head.contains("authorization: Bearer token-1"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_is_renewed_once_for_all() {
    let folder = tempfile::tempdir().unwrap();
    let server = Loopback::new(|head| {
        if head.contains("token-1") {
            (401, "{}".to_owned())
        } else {
            (200, "{}".to_owned())
        }
    });
    let api = api(
        &server,
        counting(folder.path(), ExecInteractiveMode::Never, ""),
        false,
        None,
    );
    let all = futures::future::join_all((0..10).map(|_| version(&api))).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!(runs(folder.path()), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_every_token_is_not_asked_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let server = Loopback::new(|_| {
        (
            401,
            r#"{"kind":"Status","code":401,"message":"Unauthorized"}"#.to_owned(),
        )
    });
    let api = api(
        &server,
        counting(folder.path(), ExecInteractiveMode::Never, ""),
        false,
        None,
    );
    assert!(matches!(version(&api).await, Err(Failure::Unauthorized(_))));
    assert_eq!((runs(folder.path()), server.heads().len()), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_renewed_before_it_ends_and_not_on_every_request() {
    let (folder, server) = (tempfile::tempdir().unwrap(), well());
    let soon = clock::now() + SignedDuration::from_secs(3);
    let more = format!(r#","expirationTimestamp":"{soon}""#);
    let api = api(
        &server,
        counting(folder.path(), ExecInteractiveMode::Never, &more),
        false,
        None,
    );
    for _ in 0..5 {
        version(&api).await.unwrap();
    }
    assert_eq!(
        runs(folder.path()),
        1,
        "three seconds are left, and half of them are used"
    );
    tokio::time::sleep(Duration::from_millis(1800)).await;
    version(&api).await.unwrap();
    assert_eq!(runs(folder.path()), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plugin_that_fails_rests_and_its_words_reach_the_person() {
    let (folder, server) = (tempfile::tempdir().unwrap(), well());
    let runs_file = folder.path().join("runs");
    let mut exec = counting(folder.path(), ExecInteractiveMode::Never, "");
    exec.args = Some(vec![
        "-c".to_owned(),
        format!(
            "echo run >> {}; echo 'session has ended' >&2; exit 2",
            runs_file.display()
        ),
    ]);
    let api = api(&server, exec, false, None);
    for _ in 0..5 {
        let failure = version(&api).await.unwrap_err();
        assert!(
            matches!(&failure, Failure::Unauthorized(why) if why.contains("session has ended")),
            "{failure:?}"
        );
    }
    assert_eq!((runs(folder.path()), server.heads().len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_of_a_given_file_is_shown_once_before_it_runs() {
    let (folder, server) = (tempfile::tempdir().unwrap(), well());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let yes: Ask = Arc::new(move |asking| {
        count.fetch_add(1, Ordering::SeqCst);
        matches!(asking, Asking::Approve(line) if line.starts_with("sh -c"))
    });
    let allowed = api(
        &server,
        counting(folder.path(), ExecInteractiveMode::Never, ""),
        true,
        Some(yes),
    );
    version(&allowed).await.unwrap();
    version(&allowed).await.unwrap();
    assert_eq!((asked.load(Ordering::SeqCst), runs(folder.path())), (1, 1));
    for no in [None, Some(Arc::new(|_| false) as Ask)] {
        let other = tempfile::tempdir().unwrap();
        let denied = api(
            &server,
            counting(other.path(), ExecInteractiveMode::Never, ""),
            true,
            no,
        );
        let failure = version(&denied).await.unwrap_err();
        assert!(
            failure.to_string().contains("was not allowed to run"),
            "{failure}"
        );
        assert_eq!(runs(other.path()), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plugin_that_must_ask_gets_the_terminal_from_the_person_or_says_what_to_run() {
    let (folder, server) = (tempfile::tempdir().unwrap(), well());
    let exec = || counting(folder.path(), ExecInteractiveMode::Always, "");
    let failure = version(&api(&server, exec(), false, None))
        .await
        .unwrap_err();
    assert!(
        failure
            .to_string()
            .contains("must ask; run `kubectl get ns`"),
        "{failure}"
    );
    assert_eq!(runs(folder.path()), 0);
    let screen: Ask = Arc::new(|asking| match asking {
        Asking::Terminal(run) => {
            run.run();
            true
        }
        Asking::Approve(_) => false,
    });
    version(&api(&server, exec(), false, Some(screen)))
        .await
        .unwrap();
    assert_eq!(runs(folder.path()), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_a_plugin_is_used_to_connect() {
    let (folder, server) = (tempfile::tempdir().unwrap(), well());
    // No certificate at all: building the client must fail, which shows that it was to be used.
    let more = r#","clientCertificateData":"no certificate","clientKeyData":"no key""#;
    let failure = version(&api(
        &server,
        counting(folder.path(), ExecInteractiveMode::Never, more),
        false,
        None,
    ))
    .await;
    assert!(failure.is_err() && server.heads().is_empty(), "{failure:?}");
}

#[test]
fn short_lives_are_renewed_at_half() {
    let in_seconds = |seconds| clock::now() + SignedDuration::from_secs(seconds);
    let left = |at: Timestamp| at.duration_since(clock::now()).as_secs_f64();
    assert!((3535.0..3541.0).contains(&left(renew_at(in_seconds(3600)))));
    assert!((14.0..15.1).contains(&left(renew_at(in_seconds(30)))));
    assert!(left(renew_at(in_seconds(-5))) < 0.0);
}
