//! While the API server is gone the explorer keeps what it has and says since when; when the server is back so is the
//! explorer, without a key.

use std::time::{Duration, Instant};

use anyhow::ensure;
use libtest_mimic::Trial;

use crate::harness::{Cluster, Needs, Result, Tmux, User, trial};

pub fn trials() -> Vec<Trial> {
    vec![trial::own_in_tmux(
        "faults_on_screen/a_killed_server",
        Needs::Server,
        a_killed_server,
    )]
}

fn a_killed_server(cluster: &Cluster) -> Result {
    cluster.apply(&service("before"))?;
    let tmux = Tmux::bartizan(cluster, &cluster.kubeconfig(User::Viewer))?;
    let is_live = |screen: &vt100::Screen| {
        let text = screen.contents();
        text.contains("live  ") && text.contains("OPEN") && !text.contains("...")
    };
    tmux.outer.wait_until("the facts", is_live);
    let facts = standing(&tmux.screen());
    cluster.kill_apiserver()?;
    let killed = Instant::now();
    tmux.outer.wait_for("lost  now");
    let noticed = killed.elapsed();
    tmux.outer.wait_for("lost  10s");
    let aged = killed.elapsed();
    eprintln!("faults_on_screen: lost after {noticed:?}, its age after {aged:?}");
    ensure!(
        standing(&tmux.screen()) == facts,
        "what was seen is gone\n{}",
        tmux.screen()
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
    // Not only the word: what changes now is seen.
    cluster.apply(&service("after"))?;
    let changed = Instant::now();
    tmux.outer.wait_for("after");
    eprintln!(
        "faults_on_screen: a change is seen {:?} after kubectl ended",
        changed.elapsed()
    );
    Ok(())
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
