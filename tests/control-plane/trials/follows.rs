//! `report --watch` as the plainest way to see that the live source follows: a change appears within a second, and a
//! killed API server, a paused etcd and an expired watch are survived without a restart.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{Cluster, Needs, Result, User, trial};

pub fn trials() -> Vec<Trial> {
    vec![
        trial::own(
            "follows/a_change_within_a_second",
            Needs::Nodes,
            &[],
            a_change_within_a_second,
        ),
        trial::own(
            "follows/through_a_killed_server_and_expired_watches",
            Needs::Server,
            &["--etcd-compaction-interval=5s"],
            through_a_killed_server_and_expired_watches,
        ),
        trial::own(
            "follows/through_a_paused_etcd",
            Needs::Server,
            &[],
            through_a_paused_etcd,
        ),
    ]
}

/// A running `report --watch`, and its rows.
struct Watching {
    child: Child,
    rows: Receiver<Value>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        // Ours, started below; already gone is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Watching {
    fn start(cluster: &Cluster) -> Result<Watching> {
        let mut command = cluster.bartizan(User::Viewer);
        command
            .args(["report", "--watch", "-o", "jsonl"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .stdin(Stdio::null());
        let mut child = command.spawn()?;
        let out = child.stdout.take().context("no stdout")?;
        let (sender, rows) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let row = serde_json::from_str(&line).unwrap_or(Value::Null);
                if sender.send(row).is_err() {
                    return;
                }
            }
        });
        let watching = Watching { child, rows };
        watching.row("the schema", Duration::from_secs(60), |row| {
            row["schema"] == "bartizan.report/1"
        })?;
        Ok(watching)
    }

    /// Waits for a row.
    fn row(&self, what: &str, limit: Duration, is: impl Fn(&Value) -> bool) -> Result<Value> {
        let start = Instant::now();
        while let Some(left) = limit.checked_sub(start.elapsed()) {
            match self.rows.recv_timeout(left) {
                Ok(row) if is(&row) => return Ok(row),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        bail!("{what} did not come within {limit:?}")
    }
}

fn service(name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: default}}\nspec: {{ports: [{{port: 80}}], selector: {{app: x}}, externalIPs: [203.0.113.7]}}\n"
    )
}

fn fires_on(row: &Value, name: &str) -> bool {
    row["check"] == "external-ips" && row["verdict"] == "fires" && row["object"]["name"] == name
}

fn a_change_within_a_second(cluster: &Cluster) -> Result {
    let watching = Watching::start(cluster)?;
    cluster.apply(&service("first"))?;
    watching.row("the first finding", Duration::from_secs(20), |row| {
        fires_on(row, "first")
    })?;
    cluster.admin(&[
        "patch",
        "service",
        "first",
        "-n",
        "default",
        "--type=json",
        "-p",
        r#"[{"op":"remove","path":"/spec/externalIPs"}]"#,
    ])?;
    let patched = Instant::now();
    watching.row("the finding to clear", Duration::from_secs(20), |row| {
        row["check"] == "external-ips"
            && row["verdict"] == "clear"
            && row["object"]["name"] == "first"
    })?;
    // Generous for a busy machine; the median is in the benchmarks.
    ensure!(
        patched.elapsed() < Duration::from_secs(5),
        "it took {:?}",
        patched.elapsed()
    );
    Ok(())
}

fn through_a_killed_server_and_expired_watches(cluster: &Cluster) -> Result {
    let watching = Watching::start(cluster)?;
    cluster.apply(&service("before"))?;
    watching.row("a finding before", Duration::from_secs(20), |row| {
        fires_on(row, "before")
    })?;
    cluster.kill_apiserver()?;
    // Long enough for connections to fail and for the compaction to make the old watches expire.
    std::thread::sleep(Duration::from_secs(20));
    cluster.restart_apiserver()?;
    cluster.apply(&service("after"))?;
    watching.row(
        "a finding after the restart",
        Duration::from_secs(120),
        |row| fires_on(row, "after"),
    )?;
    Ok(())
}

fn through_a_paused_etcd(cluster: &Cluster) -> Result {
    let watching = Watching::start(cluster)?;
    cluster.pause_etcd()?;
    std::thread::sleep(Duration::from_secs(8));
    cluster.resume_etcd()?;
    cluster.apply(&service("after"))?;
    watching.row(
        "a finding after the pause",
        Duration::from_secs(90),
        |row| fires_on(row, "after"),
    )?;
    Ok(())
}
