//! While the API server is gone the explorer keeps what it has and says since when; when the server is back so is the
//! explorer, without a key.

use std::time::{Duration, Instant};

use anyhow::ensure;
use libtest_mimic::Trial;

use crate::harness::{Cluster, Needs, Result, Tmux, User, trial};

pub fn trials() -> Vec<Trial> {
    vec![
        trial::own_in_tmux(
            "faults_on_screen/a_killed_server_and_expired_watches",
            Needs::Server,
            // Compacted while the server is gone, the versions of all watches are too old when it is back.
            &["--etcd-compaction-interval=5s"],
            a_killed_server_and_expired_watches,
        ),
        trial::own_in_tmux(
            "faults_on_screen/a_paused_store",
            Needs::Server,
            &[],
            a_paused_store,
        ),
        trial::own_in_tmux(
            "faults_on_screen/a_server_that_comes_later",
            Needs::Server,
            &[],
            a_server_that_comes_later,
        ),
    ]
}

/// The explorer with every fact there.
fn started(cluster: &Cluster) -> Result<Tmux> {
    cluster.apply(&service("before"))?;
    let tmux = Tmux::bartizan(cluster, &cluster.kubeconfig(User::Viewer))?;
    tmux.outer.wait_until("the facts", is_live);
    Ok(tmux)
}

fn is_live(screen: &vt100::Screen) -> bool {
    let text = screen.contents();
    text.contains("live  ") && text.contains("OPEN") && !text.contains("...")
}

/// What changes now is seen: the word alone would prove little.
fn follows(cluster: &Cluster, tmux: &Tmux) -> Result {
    cluster.apply(&service("after"))?;
    let changed = Instant::now();
    tmux.outer.wait_for("svc default/after created");
    eprintln!(
        "faults_on_screen: a change is seen {:?} after kubectl ended",
        changed.elapsed()
    );
    Ok(())
}

/// A server that has only just begun denies what it will allow when it has read the rules.
fn a_server_that_comes_later(cluster: &Cluster) -> Result {
    cluster.apply(&service("before"))?;
    cluster.kill_apiserver()?;
    let tmux = Tmux::bartizan(cluster, &cluster.kubeconfig(User::Viewer))?;
    tmux.outer.wait_for("cannot reach");
    cluster.restart_apiserver()?;
    let back = Instant::now();
    tmux.outer.wait_until("the facts, without a key", is_live);
    eprintln!(
        "faults_on_screen: every fact {:?} after the server was ready",
        back.elapsed()
    );
    ensure!(
        tmux.screen().contains("reads every kind"),
        "{}",
        tmux.screen()
    );
    follows(cluster, &tmux)
}

fn a_paused_store(cluster: &Cluster) -> Result {
    let tmux = started(cluster)?;
    let facts = standing(&tmux.screen());
    cluster.pause_etcd()?;
    let paused = Instant::now();
    // Silence is normal: it takes 15 seconds of it until the server is asked.
    std::thread::sleep(Duration::from_secs(10));
    tmux.outer.wait_for("lost  ");
    eprintln!(
        "faults_on_screen: a paused store is noticed after {:?}",
        paused.elapsed()
    );
    tmux.outer.wait_for("lost  10s");
    let screen = tmux.screen();
    ensure!(screen.contains("its store (etcd) does not"), "{screen}");
    ensure!(
        standing(&screen) == facts,
        "what was seen is gone\n{screen}"
    );
    cluster.resume_etcd()?;
    follows(cluster, &tmux)?;
    tmux.outer.wait_until("the link, without a key", is_live);
    Ok(())
}

fn a_killed_server_and_expired_watches(cluster: &Cluster) -> Result {
    let tmux = started(cluster)?;
    let facts = standing(&tmux.screen());
    cluster.kill_apiserver()?;
    let killed = Instant::now();
    tmux.outer.wait_for("lost  now");
    let noticed = killed.elapsed();
    tmux.outer.wait_for("lost  10s");
    let aged = killed.elapsed();
    eprintln!("faults_on_screen: lost after {noticed:?}, its age after {aged:?}");
    let screen = tmux.screen();
    ensure!(
        standing(&screen) == facts && screen.contains("refused"),
        "what was seen is gone, or nothing says why\n{screen}"
    );
    std::thread::sleep(Duration::from_secs(20).saturating_sub(killed.elapsed()));
    ensure!(tmux.screen().contains("lost  "), "{}", tmux.screen());
    cluster.restart_apiserver()?;
    let back = Instant::now();
    tmux.outer
        .wait_until("the link again, without a key", is_live);
    eprintln!(
        "faults_on_screen: live again {:?} after the server was ready",
        back.elapsed()
    );
    ensure!(standing(&tmux.screen()) == facts, "{}", tmux.screen());
    follows(cluster, &tmux)
}

/// A service that fires a check as soon as it is there.
fn service(name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: default}}\nspec: {{ports: [{{port: 80}}], selector: {{app: x}}, externalIPs: [203.0.113.7]}}\n"
    )
}

/// The rows of the five threats.
fn standing(screen: &str) -> Vec<String> {
    let rows = screen
        .lines()
        .map(|line| line.trim_start_matches([' ', '>']));
    let numbered = |row: &&str| row.starts_with(|c: char| ('1'..='5').contains(&c));
    rows.filter(numbered)
        .map(|row| row.trim().to_owned())
        .collect()
}
